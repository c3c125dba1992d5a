//! The members of lists: up to millions of texts each.

use std::collections::{BTreeMap, BTreeSet};

use domain::ListKey;
use sqlx::{AssertSqlSafe, Row, SqliteConnection};

use crate::change::Applied;
use crate::counters::Counter;
use crate::number::stored;
use crate::{Catalog, Error, counters, definitions};

/// Rows of one statement; SQLite takes 32,766 parameters.
const ROWS_PER_STATEMENT: usize = 1000;
/// Letters of the longest member, so that it can be a key everywhere.
const LONGEST: usize = 512;

impl Catalog {
    /// Adds members to a list; those that it has already change nothing. Says how many are new.
    ///
    /// Members are kept as they are written: the text of a user's key, or a value's canonical
    /// text. Either all are added or, with an error, none.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown list, [`Error::Invalid`] for an empty member or one of
    /// more than 512 letters.
    pub async fn add_members<M: AsRef<str>>(
        &self,
        list: &ListKey,
        members: &[M],
    ) -> Result<u64, Error> {
        let mut writing = self.write().await?;
        definitions::require_list(&mut writing, list).await?;
        let list_id = list_id(&mut writing, list).await?;
        let added = add(&mut writing, list_id, members).await?;
        if added > 0 {
            counters::advance(&mut writing, Counter::Revision, 1).await?;
        }
        writing.commit().await?;
        self.touched.list(list);
        Ok(added)
    }

    /// Takes members out of a list; says how many it had.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown list.
    pub async fn remove_members<M: AsRef<str>>(
        &self,
        list: &ListKey,
        members: &[M],
    ) -> Result<u64, Error> {
        let mut writing = self.write().await?;
        definitions::require_list(&mut writing, list).await?;
        let list_id = list_id(&mut writing, list).await?;
        let mut removed = 0;
        for member in members {
            let query = sqlx::query("delete from list_members where list_id = ? and member = ?");
            let done = query
                .bind(list_id)
                .bind(member.as_ref())
                .execute(&mut *writing)
                .await?;
            removed += done.rows_affected();
        }
        if removed > 0 {
            count_more(&mut writing, list_id, -stored(removed)?).await?;
            counters::advance(&mut writing, Counter::Revision, 1).await?;
        }
        writing.commit().await?;
        self.touched.list(list);
        Ok(removed)
    }

    /// All members of a list, in the order of their bytes.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown list.
    pub async fn members(&self, list: &ListKey) -> Result<Vec<String>, Error> {
        let mut reading = self.pool().begin().await?;
        definitions::require_list(&mut reading, list).await?;
        let list_id = list_id(&mut reading, list).await?;
        read(&mut reading, list_id).await
    }
}

/// How many members a list has; 0 for an unknown one.
pub(crate) async fn count(connection: &mut SqliteConnection, list: &ListKey) -> Result<u64, Error> {
    let query = sqlx::query("select member_count from list_contents where list_key = ?");
    let row = query.bind(list.as_str()).fetch_optional(connection).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get(0))?;
    Ok(count.unsigned_abs())
}

/// How many members each list has.
pub(crate) async fn counts(
    connection: &mut SqliteConnection,
) -> Result<BTreeMap<ListKey, u64>, Error> {
    let sql = "select c.list_key, c.member_count from list_contents c join definitions d \
               on d.kind = 'list' and d.definition_key = c.list_key and d.removed_at is null";
    let rows = sqlx::query(sql).fetch_all(connection).await?;
    let mut counts = BTreeMap::new();
    for row in rows {
        let key = ListKey::new(row.try_get(0)?).map_err(|error| Error::Damaged {
            reason: error.to_string(),
        })?;
        counts.insert(key, row.try_get::<i64, _>(1)?.unsigned_abs());
    }
    Ok(counts)
}

/// Sees to it that the list has a place for members.
pub(crate) async fn make_contents(
    writing: &mut SqliteConnection,
    list: &ListKey,
) -> Result<(), Error> {
    let known = sqlx::query("select list_id from list_contents where list_key = ?");
    if known
        .bind(list.as_str())
        .fetch_optional(&mut *writing)
        .await?
        .is_some()
    {
        return Ok(());
    }
    let last: i64 = sqlx::query("select coalesce(max(list_id), 0) from list_contents")
        .fetch_one(&mut *writing)
        .await?
        .try_get(0)?;
    let query =
        sqlx::query("insert into list_contents (list_id, list_key, member_count) values (?, ?, 0)");
    query
        .bind(last + 1)
        .bind(list.as_str())
        .execute(writing)
        .await?;
    Ok(())
}

/// Makes exactly these the members of a list that is there.
pub(crate) async fn set(
    writing: &mut SqliteConnection,
    list: &ListKey,
    wanted: &[String],
) -> Result<Applied, Error> {
    let list_id = list_id(writing, list).await?;
    let before = read(writing, list_id).await?;
    let after: BTreeSet<&str> = wanted.iter().map(String::as_str).collect();
    if before.iter().map(String::as_str).eq(after.iter().copied()) {
        return Ok(Applied::Unchanged);
    }
    let delete = sqlx::query("delete from list_members where list_id = ?");
    let deleted = delete.bind(list_id).execute(&mut *writing).await?;
    count_more(writing, list_id, -stored(deleted.rows_affected())?).await?;
    let after: Vec<&str> = after.into_iter().collect();
    add(writing, list_id, &after).await?;
    Ok(Applied::Changed)
}

/// All members in the order of their bytes.
async fn read(connection: &mut SqliteConnection, list_id: i64) -> Result<Vec<String>, Error> {
    let sql = "select member from list_members where list_id = ? order by member";
    let query = sqlx::query_scalar(sql).bind(list_id);
    Ok(query.fetch_all(connection).await?)
}

/// Adds members, and says how many are new.
async fn add<M: AsRef<str>>(
    writing: &mut SqliteConnection,
    list_id: i64,
    members: &[M],
) -> Result<u64, Error> {
    // In the order in which they are kept, neighbours share a page.
    let mut members: Vec<&str> = members.iter().map(AsRef::as_ref).collect();
    members.sort_unstable();
    let mut added = 0;
    for rows in members.chunks(ROWS_PER_STATEMENT) {
        // Safe: the text is made of nothing but question marks.
        let places = vec!["(?, ?)"; rows.len()].join(", ");
        let sql = format!("insert or ignore into list_members (list_id, member) values {places}");
        let mut query =
            sqlx::query(AssertSqlSafe(sql)).persistent(rows.len() == ROWS_PER_STATEMENT);
        for member in rows {
            query = query.bind(list_id).bind(checked(member)?);
        }
        added += query.execute(&mut *writing).await?.rows_affected();
    }
    count_more(writing, list_id, stored(added)?).await?;
    Ok(added)
}

fn checked(member: &str) -> Result<&str, Error> {
    if !member.is_empty() && member.chars().count() <= LONGEST {
        return Ok(member);
    }
    let start: String = member.chars().take(40).collect();
    Err(Error::Invalid {
        problem: format!("`{start}` cannot be in a list: a member has 1 to {LONGEST} letters"),
    })
}

async fn list_id(connection: &mut SqliteConnection, list: &ListKey) -> Result<i64, Error> {
    let query = sqlx::query("select list_id from list_contents where list_key = ?");
    Ok(query
        .bind(list.as_str())
        .fetch_one(connection)
        .await?
        .try_get(0)?)
}

async fn count_more(
    writing: &mut SqliteConnection,
    list_id: i64,
    difference: i64,
) -> Result<(), Error> {
    let sql = "update list_contents set member_count = member_count + ? where list_id = ?";
    let query = sqlx::query(sql).bind(difference).bind(list_id);
    query.execute(writing).await?;
    Ok(())
}
