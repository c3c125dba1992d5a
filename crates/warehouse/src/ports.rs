//! The ports of the stages, served from the store.

use domain::Time;
use features::{HistoryBlock, Wanted};
use tags::PortError;
use tags::ports::{Histories, Selection};

use crate::histories::UserSelection;
use crate::store::Store;

impl Histories for Store {
    fn extent(&self) -> Result<u32, PortError> {
        Ok(self.directory().extent())
    }

    /// Rows later than `now` come too; events that are no longer kept then do not.
    fn read(
        &self,
        users: &Selection,
        wanted: &Wanted,
        now: Time,
    ) -> Result<HistoryBlock, PortError> {
        let mut block = HistoryBlock::default();
        self.read_into(users, wanted, now, &mut block)?;
        Ok(block)
    }

    fn read_into(
        &self,
        users: &Selection,
        wanted: &Wanted,
        now: Time,
        block: &mut HistoryBlock,
    ) -> Result<(), PortError> {
        let users = match users {
            Selection::Range(range) => UserSelection::Range(range.clone()),
            Selection::List(list) => UserSelection::Listed(list),
        };
        loop {
            let plan = self.plan_histories(wanted)?;
            self.histories_into(&plan, &users, self.kept_since(now), block)?;
            // Values that were written meanwhile may need other columns.
            if self.plan_histories(wanted)? == plan {
                return Ok(());
            }
        }
    }
}
