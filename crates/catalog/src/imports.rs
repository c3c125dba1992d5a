//! The import ledger: which source was imported with which mapping, and how far.

use std::fmt;
use std::str::FromStr;

use domain::Time;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use crate::number::stored;
use crate::{Catalog, Error};

/// A digest of 256 bits, of a source's bytes or of how its columns are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl FromStr for Digest {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let invalid = || Error::Invalid {
            problem: format!("`{text}` is not a digest of 64 hexadecimal digits"),
        };
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return Err(invalid());
        }
        for (place, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(digits).map_err(|_| invalid())?;
            *place = u8::from_str_radix(digits, 16).map_err(|_| invalid())?;
        }
        Ok(Self(bytes))
    }
}

/// The number of an import. It never changes and is never given again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImportId(pub u64);

/// What is about to be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportStart {
    /// Of the source's bytes.
    pub source: Digest,
    /// Of everything that decides what the bytes mean: columns, types, formats, names.
    pub mapping: Digest,
    /// What people call the source: a file's path, or `stdin`.
    pub source_name: String,
}

/// How far an import is. All numbers count from the start of the source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportProgress {
    /// Where to go on: whatever number the source resumes by (rows, bytes, row groups).
    pub position: u64,
    /// Batches that are stored.
    pub batches: u64,
    /// Rows read.
    pub rows_read: u64,
    /// Rows that added something.
    pub rows_added: u64,
    /// Rows refused.
    pub rows_rejected: u64,
}

/// Whether an import has come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportState {
    /// It runs, or was interrupted.
    Open,
    /// The whole source is imported.
    Done,
}

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRecord {
    /// Its number.
    pub id: ImportId,
    /// What was imported.
    pub start: ImportStart,
    /// Whether it has come to its end.
    pub state: ImportState,
    /// How far it is.
    pub progress: ImportProgress,
    /// When it first started.
    pub started_at: Time,
    /// When its progress was last written.
    pub updated_at: Time,
}

/// What the ledger knows of a source about to be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// It was never seen with this mapping: start at its beginning.
    New(ImportId),
    /// It was interrupted: go on from the progress of the record.
    Resumed(ImportRecord),
    /// It is imported already: there is nothing to do.
    Done(ImportRecord),
}

/// The columns of a [`ImportRecord`], with what chooses and orders the rows.
macro_rules! select {
    ($rows:literal) => {
        concat!(
            "select import_id, source_digest, mapping_digest, source_name, state, position, batches, \
             rows_read, rows_added, rows_rejected, started_at, updated_at from imports ",
            $rows
        )
    };
}

impl Catalog {
    /// Opens the ledger's line of a source and a mapping, or writes a new one.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn open_import(&self, start: &ImportStart, at: Time) -> Result<Opened, Error> {
        let mut writing = self.write().await?;
        if let Some(record) = find(&mut writing, start).await? {
            writing.commit().await?;
            return Ok(match record.state {
                ImportState::Open => Opened::Resumed(record),
                ImportState::Done => Opened::Done(record),
            });
        }
        let last: i64 = sqlx::query("select coalesce(max(import_id), 0) from imports")
            .fetch_one(&mut *writing)
            .await?
            .try_get(0)?;
        let sql = "insert into imports (import_id, source_digest, mapping_digest, source_name, state, position, \
                   batches, rows_read, rows_added, rows_rejected, started_at, updated_at) \
                   values (?, ?, ?, ?, 'open', 0, 0, 0, 0, 0, ?, ?)";
        sqlx::query(sql)
            .bind(last + 1)
            .bind(start.source.to_string())
            .bind(start.mapping.to_string())
            .bind(&start.source_name)
            .bind(at.millis())
            .bind(at.millis())
            .execute(&mut *writing)
            .await?;
        writing.commit().await?;
        Ok(Opened::New(ImportId((last + 1).unsigned_abs())))
    }

    /// Writes how far an import is. Call it only when the batches it counts are stored.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown import.
    pub async fn advance_import(
        &self,
        id: ImportId,
        progress: &ImportProgress,
        at: Time,
    ) -> Result<(), Error> {
        self.write_progress(id, (progress, ImportState::Open), at)
            .await
    }

    /// Writes that an import has come to its end.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown import.
    pub async fn finish_import(
        &self,
        id: ImportId,
        progress: &ImportProgress,
        at: Time,
    ) -> Result<(), Error> {
        self.write_progress(id, (progress, ImportState::Done), at)
            .await
    }

    /// The ledger, the newest import first.
    ///
    /// # Errors
    /// [`Error::Damaged`] for a line that cannot be read back.
    pub async fn imports(&self) -> Result<Vec<ImportRecord>, Error> {
        let sql = select!("order by import_id desc");
        let rows = sqlx::query(sql).fetch_all(self.pool()).await?;
        rows.iter().map(record).collect()
    }

    async fn write_progress(
        &self,
        id: ImportId,
        (progress, state): (&ImportProgress, ImportState),
        at: Time,
    ) -> Result<(), Error> {
        let mut writing = self.write().await?;
        let sql = "update imports set state = ?, position = ?, batches = ?, rows_read = ?, rows_added = ?, \
                   rows_rejected = ?, updated_at = ? where import_id = ?";
        let done = sqlx::query(sql)
            .bind(state.name())
            .bind(stored(progress.position)?)
            .bind(stored(progress.batches)?)
            .bind(stored(progress.rows_read)?)
            .bind(stored(progress.rows_added)?)
            .bind(stored(progress.rows_rejected)?)
            .bind(at.millis())
            .bind(stored(id.0)?)
            .execute(&mut *writing)
            .await?;
        if done.rows_affected() == 0 {
            return Err(Error::NotFound {
                what: "import",
                key: id.0.to_string(),
                hint: None,
            });
        }
        writing.commit().await?;
        Ok(())
    }
}

impl ImportState {
    fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
        }
    }
}

async fn find(
    connection: &mut SqliteConnection,
    start: &ImportStart,
) -> Result<Option<ImportRecord>, Error> {
    let query = sqlx::query(select!("where source_digest = ? and mapping_digest = ?"));
    let query = query
        .bind(start.source.to_string())
        .bind(start.mapping.to_string());
    query
        .fetch_optional(connection)
        .await?
        .as_ref()
        .map(record)
        .transpose()
}

fn record(row: &SqliteRow) -> Result<ImportRecord, Error> {
    let number = |column: &str| row.try_get::<i64, _>(column).map(i64::unsigned_abs);
    let state = match row.try_get("state")? {
        "open" => ImportState::Open,
        "done" => ImportState::Done,
        other => {
            return Err(Error::Damaged {
                reason: format!("an import has the unknown state `{other}`"),
            });
        }
    };
    Ok(ImportRecord {
        id: ImportId(number("import_id")?),
        start: ImportStart {
            source: row.try_get::<&str, _>("source_digest")?.parse()?,
            mapping: row.try_get::<&str, _>("mapping_digest")?.parse()?,
            source_name: row.try_get("source_name")?,
        },
        state,
        progress: ImportProgress {
            position: number("position")?,
            batches: number("batches")?,
            rows_read: number("rows_read")?,
            rows_added: number("rows_added")?,
            rows_rejected: number("rows_rejected")?,
        },
        started_at: Time::from_millis(row.try_get("started_at")?),
        updated_at: Time::from_millis(row.try_get("updated_at")?),
    })
}
