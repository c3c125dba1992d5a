//! The results of runs: members of tags as bitmaps that SQL can join, values of metric tags, who entered and who left.

mod bitmap;
mod read;
mod value;
mod write;

use std::sync::Arc;

use tags::ports::Results;
use tags::{Changes, PortError, TagResults};

use crate::store::Store;

impl Results for Store {
    fn latest(&self) -> Result<Option<Arc<TagResults>>, PortError> {
        Ok(read::latest(&mut *self.connection()?)?.map(Arc::new))
    }

    fn store(&self, results: &Arc<TagResults>, changes: &Changes) -> Result<(), PortError> {
        Ok(write::run(&mut *self.connection()?, results, changes)?)
    }
}
