//! Stores with nothing in them, and what tests ask of every store.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;
use warehouse::chdb::{Engine, EngineOptions, Format, Params};
use warehouse::{Store, WarehouseError};

/// One engine for all tests of this process, because it serves one folder.
static ENGINE: LazyLock<(TempDir, Engine)> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let options = EngineOptions {
        dir: dir.path().to_owned(),
        memory_cap_bytes: 2 << 30,
        threads: 2,
    };
    let engine = Engine::open(&options).unwrap();
    (dir, engine)
});

/// The engine.
pub fn engine() -> Engine {
    ENGINE.1.clone()
}

/// The name of a database that no other test has.
pub fn database() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The store in a database, if it can be opened.
pub fn try_open(database: &str) -> Result<Store, WarehouseError> {
    Store::on(engine(), database)
}

/// The store in a database: opened again, it knows nothing but what is stored.
pub fn open(database: &str) -> Store {
    try_open(database).unwrap()
}

/// A store with nothing in it.
pub fn store() -> Store {
    open(&database())
}

/// The answer of a query as text, columns between tabs.
pub fn text(store: &Store, sql: &str) -> String {
    let mut connection = store.connection().unwrap();
    let answer = connection.query(sql, &Params::new(), Format::TabSeparated);
    String::from_utf8(answer.unwrap())
        .unwrap()
        .trim_end()
        .to_owned()
}
