//! Adapter: histories and results in ClickHouse, embedded in the process.
//!
//! `chdb` binds the engine's C API (the only unsafe code of the crate), `Store` is the data folder with its schema
//! and its pooled connections. The engine serves one data folder per process.

pub mod chdb;
mod error;
mod folder_lock;
mod row_binary;
mod sql;

pub use error::{ErrorKind, WarehouseError};
pub use row_binary::{RowReader, RowWriter};
