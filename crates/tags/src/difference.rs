//! Who entered and who left, one run against the run before.

use std::num::NonZeroUsize;
use std::sync::Arc;

use domain::{Time, UserSet};

use crate::Error;
use crate::parallel::in_parallel;
use crate::results::TagResults;
use crate::slot::TagSlot;

/// All changes of membership of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Changes {
    /// The number of the run.
    pub run: u64,
    /// Its instant of evaluation.
    pub now: Time,
    /// The slots that have changed, in the order of the run's slots; slots that exist no more
    /// come last.
    pub changes: Vec<Change>,
}

/// The changes of one slot.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The tag and its value.
    pub slot: TagSlot,
    /// Who is in it now and was not before.
    pub entered: Arc<UserSet>,
    /// Who was in it before and is not now.
    pub left: Arc<UserSet>,
}

/// The changes between two results. Slots are the same if tag and value are.
///
/// # Errors
/// Where a thread panics.
pub fn difference(
    before: Option<&TagResults>,
    after: &TagResults,
    threads: NonZeroUsize,
) -> Result<Changes, Error> {
    let nobody = Arc::new(UserSet::new());
    let slots = after.slots();
    let found = in_parallel(
        threads,
        slots.len(),
        || (),
        |(), place| {
            let Some(slot) = slots.get(place) else {
                return Ok(None);
            };
            let old = before.and_then(|before| before.members_near(slot, place));
            let new = after.members_of_slot(place).unwrap_or(&nobody);
            Ok(change(slot, old.unwrap_or(&nobody), new))
        },
    )?;
    let mut changes: Vec<Change> = found.into_iter().flatten().collect();
    let old = before.into_iter().flat_map(TagResults::iter).enumerate();
    let gone = old.filter(|(place, (slot, _))| after.members_near(slot, *place).is_none());
    changes.extend(gone.filter_map(|(_, (slot, members))| change(slot, members, &nobody)));
    Ok(Changes {
        run: after.run(),
        now: after.now(),
        changes,
    })
}

/// The change of one slot, if there is any.
fn change(slot: &TagSlot, before: &Arc<UserSet>, after: &Arc<UserSet>) -> Option<Change> {
    if Arc::ptr_eq(before, after) {
        return None;
    }
    let only_in = |set: &Arc<UserSet>, other: &Arc<UserSet>| {
        if other.is_empty() {
            Arc::clone(set)
        } else {
            Arc::new(set.minus(other))
        }
    };
    let entered = only_in(after, before);
    let left = only_in(before, after);
    let changed = !entered.is_empty() || !left.is_empty();
    changed.then(|| Change {
        slot: slot.clone(),
        entered,
        left,
    })
}
