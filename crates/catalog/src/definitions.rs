//! Definitions of tags, audiences, lists, tables and events, with their versions.

use std::collections::BTreeMap;

use domain::{
    AudienceDefinition, AudienceKey, EventDefinition, ListDefinition, ListKey, ListKind,
    TableDefinition, TagDefinition, TagKey, Time, nearest,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use crate::change::{Applied, Change};
use crate::counters::Counter;
use crate::{Catalog, Error, counters, members};

/// A definition as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned<T> {
    /// What was defined.
    pub definition: T,
    /// 1 for the first, one more for each change; it goes on when a removed key comes back.
    pub version: u64,
    /// When the key was first defined.
    pub created_at: Time,
    /// When this version was defined.
    pub updated_at: Time,
}

/// Everything that is defined, as of one instant, each sort in the order of its keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Definitions {
    /// Tags.
    pub tags: Vec<Versioned<TagDefinition>>,
    /// Audiences.
    pub audiences: Vec<Versioned<AudienceDefinition>>,
    /// Lists, without their members.
    pub lists: Vec<Versioned<ListDefinition>>,
    /// Tables, with their rows.
    pub tables: Vec<Versioned<TableDefinition>>,
    /// The events of the tracking plan.
    pub events: Vec<Versioned<EventDefinition>>,
    /// How many members each list has.
    pub member_counts: BTreeMap<ListKey, u64>,
    /// Grows with every change of a definition or of a list's members.
    pub revision: u64,
}

/// The sorts of definitions, as the table names them.
#[derive(Clone, Copy)]
enum Sort {
    Tag,
    Audience,
    List,
    Table,
    Event,
}

impl Sort {
    fn name(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Audience => "audience",
            Self::List => "list",
            Self::Table => "table",
            Self::Event => "event",
        }
    }
}

impl Catalog {
    /// Everything that is defined.
    ///
    /// # Errors
    /// [`Error::Damaged`] for a definition that cannot be read back.
    pub async fn definitions(&self) -> Result<Definitions, Error> {
        let mut reading = self.pool().begin().await?;
        Ok(Definitions {
            tags: all(&mut reading, Sort::Tag).await?,
            audiences: all(&mut reading, Sort::Audience).await?,
            lists: all(&mut reading, Sort::List).await?,
            tables: all(&mut reading, Sort::Table).await?,
            events: all(&mut reading, Sort::Event).await?,
            member_counts: members::counts(&mut reading).await?,
            revision: counters::value(&mut reading, Counter::Revision).await?,
        })
    }

    /// The number that grows with every change of a definition or of a list's members.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn revision(&self) -> Result<u64, Error> {
        let mut connection = self.pool().acquire().await?;
        counters::value(&mut connection, Counter::Revision).await
    }

    /// The tag of that key.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the nearest key.
    pub async fn tag(&self, key: &TagKey) -> Result<Versioned<TagDefinition>, Error> {
        self.one(Sort::Tag, key.as_str()).await
    }

    /// The audience of that key.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the nearest key.
    pub async fn audience(
        &self,
        key: &AudienceKey,
    ) -> Result<Versioned<AudienceDefinition>, Error> {
        self.one(Sort::Audience, key.as_str()).await
    }

    /// The list of that key, without its members.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the nearest key.
    pub async fn list(&self, key: &ListKey) -> Result<Versioned<ListDefinition>, Error> {
        self.one(Sort::List, key.as_str()).await
    }

    /// Makes all the changes, in their order, or none of them; says of each what became of it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the removal or the members of what is not there,
    /// [`Error::Conflict`] for a list with members that would change its kind,
    /// [`Error::Invalid`] for a member that cannot be kept.
    pub async fn apply(&self, changes: &[Change], at: Time) -> Result<Vec<Applied>, Error> {
        let mut writing = self.write().await?;
        let mut outcomes = Vec::with_capacity(changes.len());
        for change in changes {
            outcomes.push(apply_one(&mut writing, change, at).await?);
        }
        if outcomes
            .iter()
            .any(|outcome| *outcome != Applied::Unchanged)
        {
            counters::advance(&mut writing, Counter::Revision, 1).await?;
        }
        writing.commit().await?;
        Ok(outcomes)
    }

    async fn one<T: DeserializeOwned>(&self, sort: Sort, key: &str) -> Result<Versioned<T>, Error> {
        let mut reading = self.pool().begin().await?;
        match row_of(&mut reading, sort, key).await? {
            Some(row) if row.removed_at.is_none() => row.versioned(sort, key),
            _ => Err(not_found(&mut reading, sort, key).await?),
        }
    }
}

async fn apply_one(
    writing: &mut SqliteConnection,
    change: &Change,
    at: Time,
) -> Result<Applied, Error> {
    match change {
        Change::PutTag(tag) => put(writing, Sort::Tag, tag.key.as_str(), tag, at).await,
        Change::PutAudience(audience) => {
            put(writing, Sort::Audience, audience.key.as_str(), audience, at).await
        }
        Change::PutList(list) => {
            refuse_change_of_kind(writing, list).await?;
            members::make_contents(writing, &list.key).await?;
            put(writing, Sort::List, list.key.as_str(), list, at).await
        }
        Change::SetMembers(list, wanted) => {
            require_list(writing, list).await?;
            members::set(writing, list, wanted).await
        }
        Change::PutTable(table) => {
            table.table().map_err(invalid)?;
            put(writing, Sort::Table, table.key.as_str(), table, at).await
        }
        Change::PutEvent(event) => {
            event.check().map_err(invalid)?;
            put(writing, Sort::Event, event.key.as_str(), event, at).await
        }
        Change::RemoveEvent(key) => remove(writing, Sort::Event, key.as_str(), at).await,
        Change::RemoveTable(key) => remove(writing, Sort::Table, key.as_str(), at).await,
        Change::RemoveTag(key) => remove(writing, Sort::Tag, key.as_str(), at).await,
        Change::RemoveAudience(key) => remove(writing, Sort::Audience, key.as_str(), at).await,
        Change::RemoveList(key) => {
            let outcome = remove(writing, Sort::List, key.as_str(), at).await?;
            members::set(writing, key, &[]).await?;
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
    let before: ListDefinition = row.versioned(Sort::List, list.key.as_str())?.definition;
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

/// One row of the table of definitions.
struct StoredRow {
    definition: String,
    version: i64,
    created_at: i64,
    updated_at: i64,
    removed_at: Option<i64>,
}

impl StoredRow {
    fn read(row: &SqliteRow) -> Result<Self, Error> {
        Ok(Self {
            definition: row.try_get("definition")?,
            version: row.try_get("version")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
            removed_at: row.try_get("removed_at")?,
        })
    }

    fn versioned<T: DeserializeOwned>(self, sort: Sort, key: &str) -> Result<Versioned<T>, Error> {
        let damaged = |error: serde_json::Error| Error::Damaged {
            reason: format!(
                "the definition of {} `{key}` cannot be read: {error}",
                sort.name()
            ),
        };
        Ok(Versioned {
            definition: serde_json::from_str(&self.definition).map_err(damaged)?,
            version: self.version.unsigned_abs(),
            created_at: Time::from_millis(self.created_at),
            updated_at: Time::from_millis(self.updated_at),
        })
    }
}

async fn all<T: DeserializeOwned>(
    connection: &mut SqliteConnection,
    sort: Sort,
) -> Result<Vec<Versioned<T>>, Error> {
    let sql = "select definition_key, definition, version, created_at, updated_at, removed_at from definitions \
               where kind = ? and removed_at is null order by definition_key";
    let rows = sqlx::query(sql)
        .bind(sort.name())
        .fetch_all(connection)
        .await?;
    let read = |row: &SqliteRow| {
        let key: &str = row.try_get("definition_key")?;
        StoredRow::read(row)?.versioned(sort, key)
    };
    rows.iter().map(read).collect()
}

async fn row_of(
    connection: &mut SqliteConnection,
    sort: Sort,
    key: &str,
) -> Result<Option<StoredRow>, Error> {
    let sql = "select definition, version, created_at, updated_at, removed_at from definitions \
               where kind = ? and definition_key = ?";
    let row = sqlx::query(sql)
        .bind(sort.name())
        .bind(key)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(StoredRow::read).transpose()
}

async fn put<T: Serialize>(
    writing: &mut SqliteConnection,
    sort: Sort,
    key: &str,
    definition: &T,
    at: Time,
) -> Result<Applied, Error> {
    let invalid = |error: serde_json::Error| Error::Invalid {
        problem: format!("{} `{key}` cannot be written as JSON: {error}", sort.name()),
    };
    let text = serde_json::to_string(definition).map_err(invalid)?;
    let before = row_of(writing, sort, key).await?;
    let outcome = match &before {
        None => Applied::Added,
        Some(row) if row.removed_at.is_some() => Applied::Added,
        Some(row) if row.definition == text => return Ok(Applied::Unchanged),
        Some(_) => Applied::Changed,
    };
    let query = match before {
        Some(_) => sqlx::query(
            "update definitions set definition = ?, updated_at = ?, removed_at = null, version = version + 1 \
             where kind = ? and definition_key = ?",
        )
        .bind(text),
        None => sqlx::query(
            "insert into definitions (definition, updated_at, created_at, version, kind, definition_key) \
             values (?, ?, ?, 1, ?, ?)",
        )
        .bind(text)
        .bind(at.millis()),
    };
    query
        .bind(at.millis())
        .bind(sort.name())
        .bind(key)
        .execute(writing)
        .await?;
    Ok(outcome)
}

async fn remove(
    writing: &mut SqliteConnection,
    sort: Sort,
    key: &str,
    at: Time,
) -> Result<Applied, Error> {
    let sql = "update definitions set removed_at = ? where kind = ? and definition_key = ? and removed_at is null";
    let query = sqlx::query(sql)
        .bind(at.millis())
        .bind(sort.name())
        .bind(key);
    if query.execute(&mut *writing).await?.rows_affected() == 0 {
        return Err(not_found(writing, sort, key).await?);
    }
    Ok(Applied::Removed)
}

async fn not_found(
    connection: &mut SqliteConnection,
    sort: Sort,
    key: &str,
) -> Result<Error, Error> {
    let sql = "select definition_key from definitions where kind = ? and removed_at is null order by definition_key";
    let rows = sqlx::query(sql)
        .bind(sort.name())
        .fetch_all(connection)
        .await?;
    let keys = rows
        .iter()
        .map(|row| row.try_get::<&str, _>(0))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Error::NotFound {
        what: sort.name(),
        key: key.to_owned(),
        hint: nearest(key, keys).map(str::to_owned),
    })
}
