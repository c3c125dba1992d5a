//! The file: opening it, bringing its layout up to date, and transactions.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Row, Sqlite, SqlitePool, Transaction};

use crate::touched::Touched;
use crate::{AllFreshness, Definitions, Error};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// Readers beside the one writer that SQLite allows.
const CONNECTIONS: u32 = 4;
/// What a connection keeps of the file in memory, in KiB; SQLite writes it negative.
const CACHE_KIB: &str = "-65536";
/// How long a writer waits for another.
const PATIENCE: Duration = Duration::from_secs(10);

/// Definitions, import ledgers, runs and settings. Cheap to clone; all clones are one store.
#[derive(Clone, Debug)]
pub struct Catalog {
    pool: SqlitePool,
    definitions: Arc<Mutex<Option<Arc<Definitions>>>>,
    freshness: Arc<Mutex<Option<Arc<AllFreshness>>>>,
    pub(crate) touched: Touched,
}

impl Catalog {
    /// The file's name in the data folder.
    pub const FILE: &'static str = "catalog.sqlite";

    /// Opens the catalogue of a data folder, which must exist; makes it if it is not there.
    ///
    /// # Errors
    /// [`Error::NewerStore`] if a newer Muster has written it, [`Error::Unopened`],
    /// [`Error::Damaged`].
    pub async fn open(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(Self::FILE);
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS);
        let unopened = |error: sqlx::Error| match Error::from(error) {
            Error::Driver(error) => Error::Unopened {
                path: path.clone(),
                reason: error.to_string(),
            },
            other => other,
        };
        let pool = pool
            .connect_with(patient(options))
            .await
            .map_err(unopened)?;
        Self::migrated(pool, &path).await
    }

    /// An empty catalogue that lives as long as its last clone.
    ///
    /// # Errors
    /// [`Error::Driver`], when there is no memory.
    pub async fn in_memory() -> Result<Self, Error> {
        let options = patient(SqliteConnectOptions::new().in_memory(true));
        // Each connection to `:memory:` is a database of its own: one that is never closed.
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options)
            .await?;
        Self::migrated(pool, Path::new(":memory:")).await
    }

    /// Writes everything back and closes the file. Without it nothing is lost either.
    pub async fn close(self) {
        self.pool.close().await;
    }

    async fn migrated(pool: SqlitePool, path: &Path) -> Result<Self, Error> {
        let known = MIGRATIONS.iter().map(|migration| migration.version).max();
        let (found, known) = (last_migration(&pool).await?, known.unwrap_or(0));
        if found > known {
            let path = path.to_path_buf();
            return Err(Error::NewerStore { path, found, known });
        }
        MIGRATIONS.run(&pool).await.map_err(|error| match error {
            sqlx::migrate::MigrateError::Execute(error) => error.into(),
            sqlx::migrate::MigrateError::ExecuteMigration(error, _) => error.into(),
            other => Error::Damaged {
                reason: other.to_string(),
            },
        })?;
        Ok(Self {
            pool,
            definitions: Arc::default(),
            freshness: Arc::default(),
            touched: Touched::default(),
        })
    }

    pub(crate) fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    /// The definitions as they were read last, if they were.
    pub(crate) fn kept_definitions(&self) -> MutexGuard<'_, Option<Arc<Definitions>>> {
        let kept = self.definitions.lock();
        kept.unwrap_or_else(PoisonError::into_inner)
    }

    /// How fresh tags are, if that was read.
    pub(crate) fn kept_freshness(&self) -> MutexGuard<'_, Option<Arc<AllFreshness>>> {
        self.freshness
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// A transaction that is a writer from its start, so that it waits for others rather than
    /// fail half-way.
    pub(crate) async fn write(&self) -> Result<Transaction<'static, Sqlite>, Error> {
        Ok(self.pool.begin_with("BEGIN IMMEDIATE").await?)
    }
}

fn patient(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .pragma("cache_size", CACHE_KIB)
}

/// The number of the last migration that the store has; 0 for a new one.
async fn last_migration(pool: &SqlitePool) -> Result<i64, Error> {
    let tables =
        "select count(*) from sqlite_master where type = 'table' and name = '_sqlx_migrations'";
    let is_new = sqlx::query(tables)
        .fetch_one(pool)
        .await?
        .try_get::<i64, _>(0)?
        == 0;
    if is_new {
        return Ok(0);
    }
    let last = sqlx::query("select coalesce(max(version), 0) from _sqlx_migrations");
    Ok(last.fetch_one(pool).await?.try_get(0)?)
}
