//! Changes of definitions: each is a version, and mostly the one in force from then on.

use domain::{ListDefinition, ListKey, ListKind, Signature, TagDefinition, TagStatus};
use serde::Serialize;
use sqlx::SqliteConnection;

use super::row::{Sort, StoredRow, not_found, read, row_of};
use crate::change::{Applied, Change};
use crate::versions::Numbered;
use crate::{Error, members, supply, versions};

/// Makes one change.
pub(super) async fn apply(
    writing: &mut SqliteConnection,
    change: &Change,
    signature: &Signature,
) -> Result<Applied, Error> {
    let mut put = Put { writing, signature };
    match change {
        Change::PutTag(tag) => put.tag(tag).await,
        Change::PutAudience(audience) => {
            put.version(Sort::Audience, audience.key.as_str(), audience)
                .await
        }
        Change::PutList(list) => {
            refuse_change_of_kind(put.writing, list).await?;
            members::make_contents(put.writing, &list.key).await?;
            put.version(Sort::List, list.key.as_str(), list).await
        }
        Change::SetMembers(list, wanted) => {
            require_list(put.writing, list).await?;
            members::set(put.writing, list, wanted).await
        }
        Change::PutTable(table) => {
            table.table().map_err(invalid)?;
            put.version(Sort::Table, table.key.as_str(), table).await
        }
        Change::PutEvent(event) => {
            event.check().map_err(invalid)?;
            put.version(Sort::Event, event.key.as_str(), event).await
        }
        Change::RemoveEvent(key) => put.removal(Sort::Event, key.as_str()).await,
        Change::RemoveTable(key) => put.removal(Sort::Table, key.as_str()).await,
        Change::RemoveTag(key) => put.removal(Sort::Tag, key.as_str()).await,
        Change::RemoveAudience(key) => put.removal(Sort::Audience, key.as_str()).await,
        Change::RemoveList(key) => {
            let outcome = put.removal(Sort::List, key.as_str()).await?;
            members::set(put.writing, key, &[]).await?;
            Ok(outcome)
        }
    }
}

fn invalid(error: domain::Error) -> Error {
    Error::Invalid {
        problem: error.to_string(),
    }
}

/// Refuses to go on if there is no such list.
pub(crate) async fn require_list(
    connection: &mut SqliteConnection,
    list: &ListKey,
) -> Result<(), Error> {
    match row_of(connection, Sort::List, list.as_str()).await? {
        Some(row) if row.removed_at.is_none() => Ok(()),
        _ => Err(not_found(connection, Sort::List, list.as_str()).await?),
    }
}

async fn refuse_change_of_kind(
    connection: &mut SqliteConnection,
    list: &ListDefinition,
) -> Result<(), Error> {
    let Some(row) = row_of(connection, Sort::List, list.key.as_str()).await? else {
        return Ok(());
    };
    let before: ListDefinition = read(&row.definition, Sort::List, list.key.as_str())?;
    if before.kind == list.kind || members::count(connection, &list.key).await? == 0 {
        return Ok(());
    }
    let is = |kind| match kind {
        ListKind::Users => "users",
        ListKind::Values => "values",
    };
    Err(Error::Conflict {
        problem: format!(
            "list `{}` has members that are {}: empty it before it becomes a list of {}",
            list.key,
            is(before.kind),
            is(list.kind)
        ),
    })
}

/// A change that is being written.
struct Put<'w> {
    writing: &'w mut SqliteConnection,
    signature: &'w Signature,
}

impl Put<'_> {
    /// A tag that is a draft or in review is put beside the version in force; all others in its place, where a draft
    /// stays unless it is that very text. What is in force already, again, withdraws the draft.
    async fn tag(&mut self, tag: &TagDefinition) -> Result<Applied, Error> {
        supply::keep_apart(self.writing, tag).await?;
        // To be published is to have no other state: so it is written one way.
        let status = tag.status.filter(|status| *status != TagStatus::Published);
        let tag = TagDefinition {
            status,
            ..tag.clone()
        };
        let (sort, key) = (Sort::Tag, tag.key.as_str());
        let text = json(sort, key, &tag)?;
        let before = row_of(self.writing, sort, key).await?;
        let Some(row) = before.as_ref().filter(|row| row.removed_at.is_none()) else {
            return self.put(before, (sort, key), (&text, None)).await;
        };
        let in_force: TagDefinition = read(&row.definition, sort, key)?;
        let draft = match row.draft {
            Some(number) => versions::text(self.writing, Numbered { sort, key, number }).await?,
            None => None,
        };
        if tag.state().is_proposal() && !in_force.state().is_proposal() {
            if draft.as_ref() == Some(&text) {
                return Ok(Applied::Unchanged);
            }
            return self.stand_beside(row.newest + 1, key, &text).await;
        }
        if row.definition == text && draft.is_none() {
            return Ok(Applied::Unchanged);
        }
        let kept = match draft {
            Some(draft) if row.definition != text => {
                let draft: TagDefinition = read(&draft, sort, key)?;
                let is_published = TagDefinition { status, ..draft } == tag;
                row.draft.filter(|_| !is_published)
            }
            _ => None,
        };
        self.put(before, (sort, key), (&text, kept)).await
    }

    async fn version(
        &mut self,
        sort: Sort,
        key: &str,
        definition: &impl Serialize,
    ) -> Result<Applied, Error> {
        let text = json(sort, key, definition)?;
        let before = row_of(self.writing, sort, key).await?;
        let there = before.as_ref().filter(|row| row.removed_at.is_none());
        if there.is_some_and(|row| row.definition == text) {
            return Ok(Applied::Unchanged);
        }
        self.put(before, (sort, key), (&text, None)).await
    }

    /// Puts a new version in force, and perhaps keeps the draft beside it.
    async fn put(
        &mut self,
        before: Option<StoredRow>,
        (sort, key): (Sort, &str),
        (text, draft): (&str, Option<i64>),
    ) -> Result<Applied, Error> {
        let number = before.as_ref().map_or(1, |row| row.newest + 1);
        let version = Numbered { sort, key, number };
        versions::append(self.writing, version, Some(text), self.signature).await?;
        let at = self.signature.at.millis();
        let query = match &before {
            None => sqlx::query(
                "insert into definitions \
                 (created_at, definition, updated_at, version, newest, draft, kind, definition_key) \
                 values (?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(at),
            Some(_) => sqlx::query(
                "update definitions set definition = ?, updated_at = ?, version = ?, newest = ?, draft = ?, \
                 removed_at = null where kind = ? and definition_key = ?",
            ),
        };
        let query = query.bind(text).bind(at).bind(number).bind(number);
        let query = query.bind(draft).bind(sort.name()).bind(key);
        query.execute(&mut *self.writing).await?;
        Ok(match before {
            Some(row) if row.removed_at.is_none() => Applied::Changed,
            _ => Applied::Added,
        })
    }

    async fn stand_beside(&mut self, number: i64, key: &str, text: &str) -> Result<Applied, Error> {
        let sort = Sort::Tag;
        let version = Numbered { sort, key, number };
        versions::append(self.writing, version, Some(text), self.signature).await?;
        let sql =
            "update definitions set newest = ?, draft = ? where kind = ? and definition_key = ?";
        let query = sqlx::query(sql).bind(number).bind(number);
        let query = query.bind(sort.name()).bind(key);
        query.execute(&mut *self.writing).await?;
        Ok(Applied::Changed)
    }

    async fn removal(&mut self, sort: Sort, key: &str) -> Result<Applied, Error> {
        let before = row_of(self.writing, sort, key).await?;
        let Some(row) = before.filter(|row| row.removed_at.is_none()) else {
            return Err(not_found(self.writing, sort, key).await?);
        };
        let number = row.newest + 1;
        let version = Numbered { sort, key, number };
        versions::append(self.writing, version, None, self.signature).await?;
        let sql = "update definitions set removed_at = ?, version = ?, newest = ?, draft = null \
                   where kind = ? and definition_key = ?";
        let query = sqlx::query(sql).bind(self.signature.at.millis());
        let query = query.bind(number).bind(number);
        query
            .bind(sort.name())
            .bind(key)
            .execute(&mut *self.writing)
            .await?;
        Ok(Applied::Removed)
    }
}

fn json(sort: Sort, key: &str, definition: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(definition).map_err(|error| Error::Invalid {
        problem: format!("{} `{key}` cannot be written as JSON: {error}", sort.name()),
    })
}
