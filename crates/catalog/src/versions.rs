//! The versions of definitions: each change is kept with its author, its reason and its instant.

use domain::{
    AudienceDefinition, AudienceKey, EventDefinition, EventName, ListDefinition, ListKey,
    Signature, TableDefinition, TableKey, TagDefinition, TagKey, Time,
};
use serde::de::DeserializeOwned;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Row, Sqlite, SqliteConnection};

use crate::definitions::{Sort, not_found, read};
use crate::{Catalog, Error};

/// One version of a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version<T> {
    /// 1 for the first, one more for each change.
    pub number: u64,
    /// What was defined; `None`: it was removed.
    pub definition: Option<T>,
    /// Who changed it, why, and when.
    pub signature: Signature,
}

impl Catalog {
    /// All versions of a tag, the newest first, also of one that was removed.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the nearest key.
    pub async fn tag_versions(&self, key: &TagKey) -> Result<Vec<Version<TagDefinition>>, Error> {
        self.versions(Sort::Tag, key.as_str()).await
    }

    /// All versions of an audience, as those of a tag.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the nearest key.
    pub async fn audience_versions(
        &self,
        key: &AudienceKey,
    ) -> Result<Vec<Version<AudienceDefinition>>, Error> {
        self.versions(Sort::Audience, key.as_str()).await
    }

    /// All versions of a list's definition, as those of a tag. Its members have none.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the nearest key.
    pub async fn list_versions(
        &self,
        key: &ListKey,
    ) -> Result<Vec<Version<ListDefinition>>, Error> {
        self.versions(Sort::List, key.as_str()).await
    }

    /// All versions of a table with its rows, as those of a tag.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the nearest key.
    pub async fn table_versions(
        &self,
        key: &TableKey,
    ) -> Result<Vec<Version<TableDefinition>>, Error> {
        self.versions(Sort::Table, key.as_str()).await
    }

    /// All versions of an event of the tracking plan, as those of a tag.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the nearest key.
    pub async fn event_versions(
        &self,
        key: &EventName,
    ) -> Result<Vec<Version<EventDefinition>>, Error> {
        self.versions(Sort::Event, key.as_str()).await
    }

    async fn versions<T: DeserializeOwned>(
        &self,
        sort: Sort,
        key: &str,
    ) -> Result<Vec<Version<T>>, Error> {
        let mut reading = self.pool().begin().await?;
        let sql = "select version, definition, author, reason, made_at from definition_versions \
                   where kind = ? and definition_key = ? order by version desc";
        let query = sqlx::query(sql).bind(sort.name()).bind(key);
        let rows = query.fetch_all(&mut *reading).await?;
        if rows.is_empty() {
            return Err(not_found(&mut reading, sort, key).await?);
        }
        rows.iter().map(|row| version(row, sort, key)).collect()
    }
}

fn version<T: DeserializeOwned>(
    row: &SqliteRow,
    sort: Sort,
    key: &str,
) -> Result<Version<T>, Error> {
    let text: Option<&str> = row.try_get("definition")?;
    Ok(Version {
        number: row.try_get::<i64, _>("version")?.unsigned_abs(),
        definition: text.map(|text| read(text, sort, key)).transpose()?,
        signature: Signature {
            author: row.try_get("author")?,
            reason: row.try_get("reason")?,
            at: Time::from_millis(row.try_get("made_at")?),
        },
    })
}

/// Which version of what.
#[derive(Clone, Copy)]
pub(crate) struct Numbered<'k> {
    pub sort: Sort,
    pub key: &'k str,
    pub number: i64,
}

type Query<'q> = sqlx::query::Query<'q, Sqlite, SqliteArguments>;

impl<'k> Numbered<'k> {
    /// The query with sort, key and number at its first places.
    fn bound(self, query: Query<'k>) -> Query<'k> {
        let query = query.bind(self.sort.name()).bind(self.key);
        query.bind(self.number)
    }
}

/// Writes a version; without a text it is a removal.
pub(crate) async fn append(
    writing: &mut SqliteConnection,
    version: Numbered<'_>,
    text: Option<&str>,
    signature: &Signature,
) -> Result<(), Error> {
    let sql = "insert into definition_versions \
               (kind, definition_key, version, definition, author, reason, made_at) \
               values (?, ?, ?, ?, ?, ?, ?)";
    let query = version.bound(sqlx::query(sql));
    let query = query.bind(text).bind(&signature.author);
    let query = query.bind(&signature.reason).bind(signature.at.millis());
    query.execute(writing).await?;
    Ok(())
}

/// The text of a version; `None` for a removal.
pub(crate) async fn text(
    connection: &mut SqliteConnection,
    version: Numbered<'_>,
) -> Result<Option<String>, Error> {
    let sql = "select definition from definition_versions \
               where kind = ? and definition_key = ? and version = ?";
    let query = version.bound(sqlx::query(sql));
    Ok(query.fetch_one(connection).await?.try_get(0)?)
}
