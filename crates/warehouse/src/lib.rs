//! Adapter: histories and results in ClickHouse, embedded in the process.
//!
//! `chdb` binds the engine's C API (the only unsafe code of the crate), `Store` is the data folder with its schema
//! and its pooled connections. The engine serves one data folder per process.

mod batches;
pub mod chdb;
mod error;
mod folder_lock;
mod histories;
mod homes;
mod identities;
mod known;
mod messages;
mod native;
mod news;
mod ports;
mod promoted;
mod recent;
mod results;
mod row_binary;
mod sandbox;
mod sql;
mod statistics;
mod store;
mod users;
mod write_batch;
mod writes;

pub use batches::{BatchNumber, BatchOrigin};
pub use error::{ErrorKind, WarehouseError};
pub use histories::{HistoryPlan, UserSelection};
pub use identities::Homes;
pub use news::News;
pub use promoted::{PromotedColumn, PromotedForm};
pub use recent::{StoredChange, StoredEvent, StoredPairs};
pub use results::{RecordedRun, RunChange};
pub use row_binary::{RowReader, RowWriter};
pub use sandbox::{
    Limit, QueryAnswer, QueryLimits, QueryProblem, QueryProblemKind, QueryReads, QueryRow,
    QueryShape, Sandbox, sandbox_version,
};
pub use statistics::{PropertyStatistics, Scope, ValueCounts};
pub use store::{PooledConnection, Retention, Store, StoreOptions};
pub use write_batch::{EventRow, TraitRow, WriteBatch};
