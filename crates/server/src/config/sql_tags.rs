//! How much the query of a SQL tag may take.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use warehouse::QueryLimits;

use super::{ByteSize, Length};

/// How much the query of a SQL tag may take.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SqlTagsConfig {
    /// How long it may run.
    pub time: Length,
    /// The most rows that it may read.
    pub rows_read: u64,
    /// The most rows that it may return.
    pub result_rows: u64,
    /// The most memory that it may hold, with its unit.
    pub memory: ByteSize,
    /// Threads that it may use.
    pub threads: usize,
}

impl SqlTagsConfig {
    /// The limits of a sandbox.
    pub fn limits(&self) -> QueryLimits {
        QueryLimits {
            time: Duration::from_millis(self.time.0.millis().unsigned_abs()),
            rows_read: self.rows_read,
            result_rows: self.result_rows,
            memory_bytes: self.memory.0,
            threads: self.threads.max(1),
        }
    }
}
