//! What this run has found so far of tags whose recorded memberships are read: for whoever reads
//! them, the run has recorded it already.

use std::sync::Arc;

use domain::{TagKey, Time};
use features::HistoryBlock;
use features::membership::Members;

use crate::compile::TagProgram;
use crate::earlier::Earlier;
use crate::pass::Pass;

/// See the module.
#[derive(Clone, Debug, Default)]
pub struct Fresh {
    found: Vec<(TagKey, Members)>,
}

impl Fresh {
    /// What earlier passes have found, for a pass of the run's own instant. Passes of earlier
    /// instants do not see it.
    pub(crate) fn of(program: &TagProgram, pass: &Pass, earlier: &Earlier) -> Self {
        if pass.program.now() < program.now {
            return Self::default();
        }
        let slots = || program.slots.iter().enumerate();
        let members = |tag: &TagKey| -> Members {
            slots()
                .filter(|(_, slot)| slot.tag == *tag)
                .filter_map(|(number, slot)| {
                    let members = earlier.members.get(&number)?;
                    Some((slot.value.clone(), Arc::clone(members)))
                })
                .collect()
        };
        let wanted = pass.program.wanted().memberships.iter();
        Self {
            found: wanted.map(|tag| (tag.clone(), members(tag))).collect(),
        }
    }

    /// Puts it behind what is recorded of the users of a block.
    pub(crate) fn add_to(&self, history: &mut HistoryBlock, now: Time) {
        for (tag, members) in &self.found {
            history.record(tag, now, members);
        }
    }
}
