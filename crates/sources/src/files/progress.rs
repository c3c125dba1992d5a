//! How far a file has been read.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How far a file has been read; a clone shows the same file from another thread.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    read: Arc<AtomicU64>,
    total: u64,
}

impl Progress {
    /// Nothing read yet of so many bytes.
    pub(crate) fn of(total: u64) -> Self {
        Self {
            read: Arc::default(),
            total,
        }
    }

    /// Bytes read of the file as it lies on disk, compressed where it is compressed. Of a
    /// Parquet file the share of its rows.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Bytes of the file as it lies on disk.
    #[must_use]
    pub fn bytes_total(&self) -> u64 {
        self.total
    }

    pub(crate) fn add(&self, bytes: u64) {
        self.read.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn set(&self, bytes: u64) {
        self.read.store(bytes, Ordering::Relaxed);
    }
}
