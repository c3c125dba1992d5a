//! The engine on its data folder: opening, connecting, and closing all connections before the process ends.

use std::ffi::{CString, c_char};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::connection::{Connection, Format, run};
use super::handle::{Closing, Handle};
use super::library;
use super::params::Params;
use super::registry::{self, ShutdownOutcome};
use super::symbols::Symbols;
use crate::WarehouseError;
use crate::folder_lock::FolderLock;

/// How the engine is opened.
#[derive(Clone, Debug)]
pub struct EngineOptions {
    /// The data folder; made where it is not there.
    pub dir: PathBuf,
    /// The most memory that the engine may hold, in bytes; a query that needs more fails.
    pub memory_cap_bytes: u64,
    /// The number of threads that one query may use.
    pub threads: usize,
}

/// Few threads while idle, and nothing that polls.
const QUIET: &[&str] = &[
    // Fewer than some four places for merges and conversions, and each conversion waits for seconds before it begins.
    "--background_pool_size=2",
    "--background_merges_mutations_concurrency_ratio=4",
    "--background_schedule_pool_size=1",
    "--background_common_pool_size=1",
    "--background_move_pool_size=1",
    "--background_fetches_pool_size=1",
    "--background_message_broker_schedule_pool_size=1",
    "--background_distributed_schedule_pool_size=1",
    "--background_buffer_flush_schedule_pool_size=1",
    "--tables_loader_foreground_pool_size=1",
    "--tables_loader_background_pool_size=1",
    "--max_thread_pool_free_size=0",
    "--memory_worker_period_ms=1000",
    "--jemalloc_enable_background_threads=0",
];

/// Statements mean what they say: no implied `SELECT`, no insert that is answered before it is stored. A batch may span
/// all partitions that there can be.
const STRICT: &[&str] = &[
    "--implicit_select=0",
    "--async_insert=0",
    "--allow_introspection_functions=0",
    "--max_partitions_per_insert_block=2000",
];

/// Read instead of whatever `config.xml` lies in the current directory.
const CONFIGURATION: &str =
    "<clickhouse>\n    <logger><level>error</level></logger>\n</clickhouse>\n";

/// How often a shutdown looks again at connections that are still busy.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// The engine, open on one data folder.
#[derive(Clone)]
pub struct Engine {
    state: Arc<EngineState>,
}

/// What the engine's users share.
pub(super) struct EngineState {
    symbols: &'static Symbols,
    dir: PathBuf,
    arguments: Vec<CString>,
    closing: Arc<AtomicBool>,
    next: AtomicU64,
    handles: Mutex<Vec<Arc<Handle>>>,
    control: Mutex<Option<Arc<Handle>>>,
    lock: Mutex<Option<FolderLock>>,
}

impl Engine {
    /// Opens the engine on a data folder.
    ///
    /// # Errors
    /// When the library is missing or wrong, the folder is in use by another process, this process has a folder
    /// open already, or the engine cannot read its data.
    pub fn open(options: &EngineOptions) -> Result<Self, WarehouseError> {
        let mut current = registry::current();
        if let Some(open) = current
            .upgrade()
            .filter(|open| lock_of(&open.lock).is_some())
        {
            return Err(WarehouseError::OtherFolderOpen {
                open: open.dir.clone(),
            });
        }
        let symbols = library::load()?;
        let lock = FolderLock::take(&options.dir)?;
        let state = Arc::new(EngineState {
            symbols,
            dir: options.dir.clone(),
            arguments: arguments(options)?,
            closing: Arc::new(AtomicBool::new(false)),
            next: AtomicU64::new(0),
            handles: Mutex::new(Vec::new()),
            control: Mutex::new(None),
            lock: Mutex::new(Some(lock)),
        });
        *lock_of(&state.control) = Some(state.connect_raw(&[])?);
        *current = Arc::downgrade(&state);
        Ok(Self { state })
    }

    /// Opens a connection that works in `database`, which must be there.
    ///
    /// # Errors
    /// What the engine says; [`WarehouseError::ShuttingDown`] while it is being closed.
    pub fn connect(&self, database: &str) -> Result<Connection, WarehouseError> {
        self.connect_with(database, &[])
    }

    /// The same with settings of its own, `name=value` each, which hold for that connection only and win over the
    /// engine's.
    ///
    /// # Errors
    /// As [`Engine::connect`].
    pub fn connect_with(
        &self,
        database: &str,
        settings: &[String],
    ) -> Result<Connection, WarehouseError> {
        let mut handles = lock_of(&self.state.handles);
        if self.state.closing.load(Ordering::SeqCst) {
            return Err(WarehouseError::ShuttingDown);
        }
        let handle = self.state.connect_raw(settings)?;
        handles.push(Arc::clone(&handle));
        drop(handles);
        let mut connection = Connection::new(handle, Arc::clone(&self.state));
        connection.execute(
            &format!("USE {}", crate::sql::identifier(database)),
            &Params::new(),
        )?;
        Ok(connection)
    }

    /// Makes a database of the engine's plain kind where it is not there. (`default` is another kind, in which files
    /// can be read as tables.)
    ///
    /// # Errors
    /// What the engine says.
    pub fn create_database(&self, database: &str) -> Result<(), WarehouseError> {
        let name = crate::sql::identifier(database);
        self.state.control(
            &format!("CREATE DATABASE IF NOT EXISTS {name} ENGINE = Atomic"),
            &Params::new(),
        )
    }

    /// The data folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.state.dir
    }

    /// Whether it is being closed: what fails now has not failed by itself.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        self.state.closing.load(Ordering::SeqCst)
    }

    /// Stops what runs, and closes all connections and the folder; waits at most `deadline`.
    /// Every later call on a connection fails with [`WarehouseError::ShuttingDown`].
    #[must_use]
    pub fn close(&self, deadline: Duration) -> ShutdownOutcome {
        self.state.close(deadline)
    }
}

impl EngineState {
    /// One more connection of the engine, with settings and a mark of its own.
    fn connect_raw(&self, settings: &[String]) -> Result<Arc<Handle>, WarehouseError> {
        let mark = format!("muster-{}", self.next.fetch_add(1, Ordering::Relaxed));
        let mut arguments = self.arguments.clone();
        for setting in settings {
            let name = setting.split_once('=').map_or("", |(name, _)| name);
            let same = format!("--{name}=");
            arguments.retain(|known| !known.to_bytes().starts_with(same.as_bytes()));
            arguments.push(argument(&format!("--{setting}"))?);
        }
        arguments.push(argument(&format!("--log_comment={mark}"))?);
        let mut pointers: Vec<*mut c_char> = arguments
            .iter()
            .map(|text| text.as_ptr().cast_mut())
            .collect();
        let count = i32::try_from(pointers.len())
            .map_err(|error| WarehouseError::Invalid(error.to_string()))?;
        // SAFETY: `count` pointers to texts that end with NUL and live during the call; the engine only reads them.
        let place = unsafe { (self.symbols.chdb_connect)(count, pointers.as_mut_ptr()) };
        if place.is_null() {
            return Err(WarehouseError::NotOpened {
                dir: self.dir.clone(),
            });
        }
        Ok(Handle::new(
            mark,
            self.symbols,
            Arc::clone(&self.closing),
            place,
        ))
    }

    /// Asks the engine to stop what runs on the connection with this mark.
    pub(super) fn kill(&self, mark: &str) -> Result<(), WarehouseError> {
        let sql = "KILL QUERY WHERE Settings['log_comment'] = {mark:String} ASYNC";
        self.control(sql, &Params::new().text("mark", mark))
    }

    /// Runs a statement on the connection that is kept for control.
    fn control(&self, sql: &str, params: &Params) -> Result<(), WarehouseError> {
        let control = lock_of(&self.control);
        let Some(handle) = control.as_ref() else {
            return Err(WarehouseError::ShuttingDown);
        };
        run(&handle.begin_control()?, sql, params, Format::TabSeparated).map(drop)
    }

    /// A connection that was closed needs no closing at the end.
    pub(super) fn forget(&self, handle: &Arc<Handle>) {
        lock_of(&self.handles).retain(|known| !Arc::ptr_eq(known, handle));
    }

    /// See [`Engine::close`].
    pub(super) fn close(&self, deadline: Duration) -> ShutdownOutcome {
        let start = Instant::now();
        self.closing.store(true, Ordering::SeqCst);
        loop {
            let busy = self.close_idle();
            if busy.is_empty() {
                break;
            }
            if start.elapsed() >= deadline {
                return ShutdownOutcome::StillBusy(busy.len());
            }
            for handle in &busy {
                if let Err(error) = self.kill(&handle.mark) {
                    tracing::debug!(%error, "a statement could not be stopped");
                }
            }
            thread::sleep(LOOK_AGAIN);
        }
        if let Some(control) = lock_of(&self.control).take() {
            control.close();
        }
        lock_of(&self.lock).take();
        ShutdownOutcome::Closed
    }

    /// Closes the connections on which nothing runs, and returns the others.
    fn close_idle(&self) -> Vec<Arc<Handle>> {
        let mut handles = lock_of(&self.handles);
        handles.retain(|handle| matches!(handle.close_if_idle(), Closing::Busy));
        handles.clone()
    }
}

impl Drop for EngineState {
    fn drop(&mut self) {
        // Connections keep the state alive, so that only the control connection can be open here.
        if let Some(control) = lock_of(&self.control).take() {
            control.close();
        }
    }
}

fn arguments(options: &EngineOptions) -> Result<Vec<CString>, WarehouseError> {
    let dir = std::path::absolute(&options.dir)
        .map_err(|error| WarehouseError::io(&options.dir, error))?;
    let configuration = dir.join("clickhouse.xml");
    fs::write(&configuration, CONFIGURATION)
        .map_err(|error| WarehouseError::io(&configuration, error))?;
    let mut arguments = vec![argument("muster")?];
    arguments.push(argument(&format!(
        "--path={}",
        dir.join("clickhouse").display()
    ))?);
    arguments.push(argument(&format!(
        "--config-file={}",
        configuration.display()
    ))?);
    arguments.push(argument(&format!(
        "--max_server_memory_usage={}",
        options.memory_cap_bytes
    ))?);
    arguments.push(argument(&format!(
        "--max_memory_usage={}",
        options.memory_cap_bytes
    ))?);
    arguments.push(argument(&format!(
        "--max_bytes_before_external_group_by={}",
        options.memory_cap_bytes / 2
    ))?);
    arguments.push(argument(&format!(
        "--max_bytes_before_external_sort={}",
        options.memory_cap_bytes / 2
    ))?);
    arguments.push(argument(&format!("--max_threads={}", options.threads))?);
    for fixed in QUIET.iter().chain(STRICT) {
        arguments.push(argument(fixed)?);
    }
    Ok(arguments)
}

fn argument(text: &str) -> Result<CString, WarehouseError> {
    CString::new(text).map_err(|_| WarehouseError::Invalid(format!("`{text}` holds a NUL")))
}

fn lock_of<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
