//! The data folder: the engine, its schema, and pooled connections.

mod migrations;

use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use domain::{Span, Time};

use crate::WarehouseError;
use crate::batches::{self, BatchNumber};
use crate::chdb::{Connection, Engine, EngineOptions, ShutdownOutcome};
use crate::histories::KeptPlan;
use crate::homes;
use crate::known::Known;
use crate::results::KeptResults;
use crate::writes::Writes;

pub(crate) use self::migrations::schema_version;

/// How a store is opened.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// The data folder; made where it is not there.
    pub dir: PathBuf,
    /// The most memory that the engine may hold, in bytes.
    pub memory_cap_bytes: u64,
    /// The number of threads that one query may use.
    pub threads: usize,
    /// The instant as of which it is known who is who; see [`Store::settle`].
    pub now: Time,
    /// How long what is kept.
    pub retention: Retention,
}

/// How long things are kept; `None` is for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// Events, by their own time. Older ones are read by nobody.
    pub events: Option<Span>,
    /// Who entered and left tags, by the time of the run. What is older is folded into the members of then.
    pub changes: Option<Span>,
}

/// The database that a data folder has.
const DATABASE: &str = "muster";

/// Histories and results on disk.
pub struct Store {
    engine: Engine,
    database: String,
    idle: Mutex<Vec<Connection>>,
    last_batch: AtomicU64,
    settled_batch: AtomicU64,
    promotion: Mutex<()>,
    writes: Writes,
    plan: Mutex<Option<KeptPlan>>,
    results: Mutex<Option<KeptResults>>,
    known: Known,
    retention: Retention,
    /// Held by readers of histories, and alone by who moves rows.
    moving: RwLock<()>,
    moves_are_due: AtomicBool,
    /// How many queries of people did not stop when they should have.
    stubborn: Arc<AtomicUsize>,
}

impl Store {
    /// Opens the store of a data folder: takes the folder, brings the schema up to date, and takes back the rows of
    /// batches that a crash cut short.
    ///
    /// # Errors
    /// As [`Engine::open`]; [`WarehouseError::NewerStore`] when a newer Muster wrote it.
    pub fn open(options: &StoreOptions) -> Result<Self, WarehouseError> {
        let engine = Engine::open(&EngineOptions {
            dir: options.dir.clone(),
            memory_cap_bytes: options.memory_cap_bytes,
            threads: options.threads,
        })?;
        Self::on_as_of(engine, DATABASE, options.now, options.retention)
    }

    /// Opens a store in a database of an engine that is open already; tests have one each in the same engine. All that is
    /// said of identities holds at once, and everything is kept for ever.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn on(engine: Engine, database: &str) -> Result<Self, WarehouseError> {
        Self::on_as_of(engine, database, Time::MAX, Retention::default())
    }

    /// The same, knowing who is who as of an instant, and keeping things so long.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn on_as_of(
        engine: Engine,
        database: &str,
        now: Time,
        retention: Retention,
    ) -> Result<Self, WarehouseError> {
        engine.create_database(database)?;
        let store = Self {
            engine,
            database: database.to_owned(),
            idle: Mutex::new(Vec::new()),
            last_batch: AtomicU64::new(0),
            settled_batch: AtomicU64::new(0),
            promotion: Mutex::new(()),
            writes: Writes::default(),
            plan: Mutex::new(None),
            results: Mutex::new(None),
            known: Known::default(),
            retention,
            moving: RwLock::new(()),
            // What was written before a crash may lie elsewhere.
            moves_are_due: AtomicBool::new(true),
            stubborn: Arc::default(),
        };
        let mut connection = store.connection()?;
        migrations::apply(&mut connection)?;
        batches::take_back_unfinished(&mut connection)?;
        homes::clear_all(&mut connection)?;
        store
            .last_batch
            .store(batches::last(&mut connection)?, Ordering::SeqCst);
        let known = Known::read([&mut connection, &mut *store.connection()?], now)?;
        drop(connection);
        let store = Self { known, ..store };
        Ok(store)
    }

    /// A connection of the pool, a new one where none is idle; it returns to the pool when dropped.
    ///
    /// # Errors
    /// As [`Engine::connect`].
    pub fn connection(&self) -> Result<PooledConnection<'_>, WarehouseError> {
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.engine.connect(&self.database)?,
        };
        Ok(PooledConnection {
            connection,
            store: self,
        })
    }

    /// Whether it is being closed: what fails now has not failed by itself.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        self.engine.is_closing()
    }

    /// Stops what runs, and closes the engine with all its stores; waits at most `deadline`.
    #[must_use]
    pub fn close(&self, deadline: Duration) -> ShutdownOutcome {
        self.engine.close(deadline)
    }

    /// A number for a new batch.
    pub(crate) fn next_batch(&self) -> BatchNumber {
        BatchNumber(self.last_batch.fetch_add(1, Ordering::SeqCst) + 1)
    }

    /// A batch such that it and all before it are wholly in the store, or will never be: whoever reads from now on has
    /// them. The last one, unless one is being written.
    pub fn settled_batch(&self) -> BatchNumber {
        let last = self.last_batch.load(Ordering::SeqCst);
        if self.writes.quiet().is_some() {
            self.settled_batch.fetch_max(last, Ordering::SeqCst);
        }
        BatchNumber(self.settled_batch.load(Ordering::SeqCst))
    }

    /// The plan of the last reading of histories.
    pub(crate) fn kept_plan(&self) -> MutexGuard<'_, Option<KeptPlan>> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The results of the last run, once they were asked for or stored.
    pub(crate) fn kept_results(&self) -> MutexGuard<'_, Option<KeptResults>> {
        self.results.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The writes so far.
    pub(crate) fn writes(&self) -> &Writes {
        &self.writes
    }

    /// What is known of what is written.
    pub(crate) fn known(&self) -> &Known {
        &self.known
    }

    /// The last instant of which events are not kept at another: only later ones are visible; `None` where all are.
    #[must_use]
    pub fn kept_since(&self, now: Time) -> Option<Time> {
        let retention = self.retention.events?.millis();
        Some(Time::from_millis(now.millis().saturating_sub(retention)))
    }

    /// How long the record of changes is kept; `None` is for ever.
    pub(crate) fn change_retention(&self) -> Option<Span> {
        self.retention.changes
    }

    /// Held by readers of histories, and alone by who moves rows.
    pub(crate) fn moving(&self) -> &RwLock<()> {
        &self.moving
    }

    /// Whether something was said about identities since rows were moved.
    pub(crate) fn moves_are_due(&self) -> &AtomicBool {
        &self.moves_are_due
    }

    /// How many queries of people did not stop when they should have, and run on.
    pub(crate) fn stubborn(&self) -> &Arc<AtomicUsize> {
        &self.stubborn
    }

    /// The engine in which the store is.
    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The name of the store's database.
    pub(crate) fn database(&self) -> &str {
        &self.database
    }

    /// Held while typed columns are made.
    pub(crate) fn promotion(&self) -> MutexGuard<'_, ()> {
        self.promotion
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that returns to its store's pool when dropped.
pub struct PooledConnection<'store> {
    connection: Connection,
    store: &'store Store,
}

impl Deref for PooledConnection<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for PooledConnection<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

impl Drop for PooledConnection<'_> {
    fn drop(&mut self) {
        self.store.idle().push(self.connection.twin());
    }
}
