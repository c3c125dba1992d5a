//! The results of runs: members of tags as bitmaps that SQL can join, values of metric tags, who entered and who left.

mod bitmap;
mod fold;
mod layout;
mod pieces;
mod read;
mod record;
mod value;
mod values;
mod write;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;

use domain::{TagKey, Time, UserNumber};
use tags::ports::Results;
use tags::{Changes, PortError, TagResults};

pub(crate) use self::layout::KeptResults;
pub use self::record::{RecordedRun, RunChange};
use crate::WarehouseError;
use crate::store::{PooledConnection, Store};

/// The most connections that sets are written and read by at once: each holds many of them in memory.
const MOST_CONNECTIONS: usize = 4;

impl Store {
    /// The last instant at which a user who has left a tag still had it by the results: that of
    /// the last run with changes before the one in which the user left.
    ///
    /// # Errors
    /// What the engine says.
    pub fn last_membership(
        &self,
        tag: &TagKey,
        user: UserNumber,
    ) -> Result<Option<Time>, WarehouseError> {
        read::last_membership(&mut *self.connection()?, tag, user)
    }
}

impl Results for Store {
    fn latest(&self) -> Result<Option<Arc<TagResults>>, PortError> {
        let mut kept = self.kept_results();
        if kept.is_none() {
            *kept = read::latest(self)?;
        }
        Ok(kept.as_ref().map(|kept| Arc::clone(&kept.results)))
    }

    fn store(&self, results: &Arc<TagResults>, changes: &Changes) -> Result<(), PortError> {
        let before = self.kept_results().clone();
        let layout = write::run(self, before.as_ref(), results, changes)?;
        *self.kept_results() = Some(KeptResults {
            results: Arc::clone(results),
            layout,
        });
        if let Err(error) = fold::fold(self, results.now()) {
            tracing::warn!(
                error = %error,
                "old changes of tags could not be folded: the run is stored, and the next one tries again"
            );
        }
        Ok(())
    }
}

/// Connections for work in pieces, one for each processor.
fn connections(store: &Store) -> Result<Vec<PooledConnection<'_>>, WarehouseError> {
    let processors = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    (0..processors.min(MOST_CONNECTIONS))
        .map(|_| store.connection())
        .collect()
}
