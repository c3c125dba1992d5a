//! The binding of the embedded ClickHouse: its C API through a library loaded at run time.
//!
//! The engine lives in the process once, on one data folder. [`Engine`] opens it, hands out [`Connection`]s and
//! closes all of them before the process ends, because an exit with an open connection crashes or hangs in the
//! engine's destructors. One connection runs one statement at a time.
#![allow(
    unsafe_code,
    reason = "the engine has a C API only; this module is its safe face"
)]

mod connection;
mod engine;
mod handle;
mod insert;
mod library;
mod params;
mod registry;
mod statements;
mod stream;
mod symbols;

pub use connection::{Cancel, Connection, Format, ResultBytes};
pub use engine::{Engine, EngineOptions};
pub use insert::{Insert, InsertFormat, Written};
pub use library::{CLICKHOUSE_VERSION, find_library};
pub use params::Params;
pub use registry::{ShutdownOutcome, exit, shutdown};
pub use statements::{StatementClass, Statements};
pub use stream::ResultStream;
