//! Whether batches are being written, counted so that a reader can tell that nothing was written meanwhile.

use std::sync::atomic::{AtomicU64, Ordering};

/// The writes of a store so far.
#[derive(Debug, Default)]
pub(crate) struct Writes {
    begun: AtomicU64,
    ended: AtomicU64,
}

/// A write that is under way; it ends when dropped.
pub(crate) struct Write<'writes>(&'writes Writes);

impl Writes {
    /// Begins a write.
    pub(crate) fn begin(&self) -> Write<'_> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        Write(self)
    }

    /// The number of writes so far, when none is under way. Where it is the same before and after, none was between.
    pub(crate) fn quiet(&self) -> Option<u64> {
        let ended = self.ended.load(Ordering::SeqCst);
        (self.begun.load(Ordering::SeqCst) == ended).then_some(ended)
    }
}

impl Drop for Write<'_> {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Ordering::SeqCst);
    }
}
