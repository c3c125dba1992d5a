//! Rows of the table of definitions: the version in force of each.

use domain::{Time, nearest};
use serde::de::DeserializeOwned;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::Versioned;
use crate::Error;

/// The sorts of definitions, as the table names them.
#[derive(Clone, Copy)]
pub(crate) enum Sort {
    Tag,
    Audience,
    List,
    Table,
    Event,
}

impl Sort {
    pub fn name(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Audience => "audience",
            Self::List => "list",
            Self::Table => "table",
            Self::Event => "event",
        }
    }
}

/// One row of the table of definitions.
pub(crate) struct StoredRow {
    pub definition: String,
    pub version: i64,
    /// The newest version: the one in force, the draft, or one that was withdrawn.
    pub newest: i64,
    /// The draft that stands beside the version in force.
    pub draft: Option<i64>,
    created_at: i64,
    updated_at: i64,
    pub removed_at: Option<i64>,
}

impl StoredRow {
    fn read(row: &SqliteRow) -> Result<Self, Error> {
        Ok(Self {
            definition: row.try_get("definition")?,
            version: row.try_get("version")?,
            newest: row.try_get("newest")?,
            draft: row.try_get("draft")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
            removed_at: row.try_get("removed_at")?,
        })
    }

    pub fn versioned<T: DeserializeOwned>(
        &self,
        sort: Sort,
        key: &str,
    ) -> Result<Versioned<T>, Error> {
        Ok(Versioned {
            definition: read(&self.definition, sort, key)?,
            version: self.version.unsigned_abs(),
            created_at: Time::from_millis(self.created_at),
            updated_at: Time::from_millis(self.updated_at),
        })
    }
}

/// A definition out of its JSON.
pub(crate) fn read<T: DeserializeOwned>(json: &str, sort: Sort, key: &str) -> Result<T, Error> {
    serde_json::from_str(json).map_err(|error| Error::Damaged {
        reason: format!(
            "the definition of {} `{key}` cannot be read: {error}",
            sort.name()
        ),
    })
}

/// All that are not removed, in the order of keys.
pub(super) async fn all<T: DeserializeOwned>(
    connection: &mut SqliteConnection,
    sort: Sort,
) -> Result<Vec<Versioned<T>>, Error> {
    let sql = "select definition_key, definition, version, newest, draft, created_at, updated_at, removed_at \
               from definitions where kind = ? and removed_at is null order by definition_key";
    keyed(connection, sort, sql).await
}

/// The drafts that stand beside versions in force, in the order of keys.
pub(super) async fn beside<T: DeserializeOwned>(
    connection: &mut SqliteConnection,
    sort: Sort,
) -> Result<Vec<Versioned<T>>, Error> {
    let sql = "select d.definition_key, v.definition, v.version, d.newest, d.draft, d.created_at, \
               v.made_at as updated_at, d.removed_at \
               from definitions d join definition_versions v on v.kind = d.kind \
               and v.definition_key = d.definition_key and v.version = d.draft \
               where d.kind = ? and d.removed_at is null order by d.definition_key";
    keyed(connection, sort, sql).await
}

async fn keyed<T: DeserializeOwned>(
    connection: &mut SqliteConnection,
    sort: Sort,
    sql: &'static str,
) -> Result<Vec<Versioned<T>>, Error> {
    let query = sqlx::query(sql).bind(sort.name());
    let rows = query.fetch_all(connection).await?;
    let read = |row: &SqliteRow| {
        let key: &str = row.try_get("definition_key")?;
        StoredRow::read(row)?.versioned(sort, key)
    };
    rows.iter().map(read).collect()
}

pub(crate) async fn row_of(
    connection: &mut SqliteConnection,
    sort: Sort,
    key: &str,
) -> Result<Option<StoredRow>, Error> {
    let sql = "select definition, version, newest, draft, created_at, updated_at, removed_at from definitions \
               where kind = ? and definition_key = ?";
    let row = sqlx::query(sql)
        .bind(sort.name())
        .bind(key)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(StoredRow::read).transpose()
}

pub(crate) async fn not_found(
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
