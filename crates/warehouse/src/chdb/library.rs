//! Finds and loads the engine's library, once per process.

use std::env;
use std::ffi::CStr;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::symbols::Symbols;
use crate::WarehouseError;

/// The version of the embedded ClickHouse that this binding was made for, as its package is named.
pub const CLICKHOUSE_VERSION: &str = "26.7.3-stable.1";

/// What the library says of itself: releases of one series share the C API.
const SERIES: &str = "26.7.";

const FILE: &str = "libchdb.so";

/// The library, once it is loaded; it stays mapped for the life of the process.
static LOADED: Mutex<Option<&'static Symbols>> = Mutex::new(None);

/// The library's file: `MUSTER_CLICKHOUSE_LIBRARY`, else beside the executable, else the cache that
/// `scripts/fetch-clickhouse.sh` fills.
///
/// # Errors
/// [`WarehouseError::LibraryNotFound`] with the places that were looked at.
pub fn find_library() -> Result<PathBuf, WarehouseError> {
    let places = places();
    match places.iter().find(|place| place.is_file()) {
        Some(place) => Ok(place.clone()),
        None => Err(WarehouseError::LibraryNotFound {
            looked_at: places
                .iter()
                .map(|place| format!("`{}`", place.display()))
                .collect(),
        }),
    }
}

fn places() -> Vec<PathBuf> {
    if let Some(named) = env::var_os("MUSTER_CLICKHOUSE_LIBRARY") {
        return vec![named.into()];
    }
    let beside = env::current_exe()
        .ok()
        .and_then(|exe| Some(exe.parent()?.join(FILE)));
    let cache = env::var_os("MUSTER_CLICKHOUSE_DIR")
        .map(PathBuf::from)
        .or_else(|| {
            let cache = env::var_os("XDG_CACHE_HOME")
                .map(PathBuf::from)
                .or_else(|| Some(Path::new(&env::var_os("HOME")?).join(".cache")))?;
            Some(
                cache
                    .join("muster")
                    .join(format!("clickhouse-{CLICKHOUSE_VERSION}")),
            )
        });
    beside
        .into_iter()
        .chain(cache.map(|dir| dir.join(FILE)))
        .collect()
}

/// The engine's functions, loading the library at the first call.
pub(super) fn load() -> Result<&'static Symbols, WarehouseError> {
    let mut loaded = LOADED
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(symbols) = *loaded {
        return Ok(symbols);
    }
    let path = find_library()?;
    let unusable = |reason: String| WarehouseError::LibraryUnusable {
        path: path.clone(),
        reason,
    };
    // SAFETY: loading runs the library's initialisers; this is the engine that the user pointed at.
    let library = unsafe {
        libloading::os::unix::Library::open(Some(&path), libc::RTLD_NOW | libc::RTLD_LOCAL)
    }
    .map_err(|error| unusable(error.to_string()))?;
    // Unloading an engine that has threads and exit handlers crashes, so it is never unloaded.
    let library: &'static libloading::Library = Box::leak(Box::new(library.into()));
    // SAFETY: the version is checked below, before any function that depends on it is called; never unloaded.
    let symbols = unsafe { Symbols::of(library) }.map_err(|error| unusable(error.to_string()))?;
    // SAFETY: takes nothing and returns a static text that ends with NUL.
    let version = unsafe { CStr::from_ptr((symbols.chdb_version)()) }.to_string_lossy();
    if !version.starts_with(SERIES) {
        return Err(unusable(format!(
            "it is version {version}, and {SERIES}x is needed"
        )));
    }
    let symbols: &'static Symbols = Box::leak(Box::new(symbols));
    // Before the first connect: the engine's own handlers would make an abort hang for ever.
    // SAFETY: takes a C boolean; no connection is open yet.
    unsafe { (symbols.chdb_set_signal_handlers_enabled)(0) };
    *loaded = Some(symbols);
    Ok(symbols)
}
