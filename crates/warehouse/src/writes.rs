//! Whether batches are being written, counted so that a reader can tell that nothing was written meanwhile.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::statistics::Scope;

/// The writes of a store so far.
#[derive(Debug, Default)]
pub(crate) struct Writes {
    begun: AtomicU64,
    ended: AtomicU64,
    /// The number of writes at which each table was seen merged, and one: 0 is never. It stays so until the next write.
    merged_events: AtomicU64,
    merged_traits: AtomicU64,
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

    /// Whether a table was seen merged after so many writes.
    pub(crate) fn is_known_merged(&self, scope: Scope, writes: u64) -> bool {
        self.merged(scope).load(Ordering::SeqCst) == writes + 1
    }

    /// Notes that a table was seen merged after so many writes.
    pub(crate) fn note_merged(&self, scope: Scope, writes: u64) {
        self.merged(scope).store(writes + 1, Ordering::SeqCst);
    }

    fn merged(&self, scope: Scope) -> &AtomicU64 {
        match scope {
            Scope::Events => &self.merged_events,
            Scope::Traits => &self.merged_traits,
        }
    }
}

impl Drop for Write<'_> {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Ordering::SeqCst);
    }
}
