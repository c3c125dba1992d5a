//! Who entered and who left, one run against the run before.

use std::collections::HashMap;
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
    let old: HashMap<&TagSlot, &Arc<UserSet>> =
        before.into_iter().flat_map(TagResults::iter).collect();
    let new: Vec<(&TagSlot, &Arc<UserSet>)> = after.iter().collect();
    let mut changes: Vec<Change> = in_parallel(
        threads,
        new.len(),
        || (),
        |(), place| {
            let change = new.get(place).and_then(|(slot, members)| {
                change(slot, old.get(slot).copied().unwrap_or(&nobody), members)
            });
            Ok(change)
        },
    )?
    .into_iter()
    .flatten()
    .collect();
    let still: std::collections::HashSet<&TagSlot> = new.iter().map(|(slot, _)| *slot).collect();
    let gone = before
        .into_iter()
        .flat_map(TagResults::iter)
        .filter(|(slot, _)| !still.contains(slot));
    changes.extend(gone.filter_map(|(slot, members)| change(slot, members, &nobody)));
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
