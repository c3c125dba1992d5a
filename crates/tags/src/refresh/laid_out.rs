//! Results before, laid out by the slots of a program. The values of given tags come and go, also where only some
//! users are refreshed.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::{TagKey, UserSet};

use crate::compile::TagProgram;
use crate::results::RunContent;
use crate::rows::UserRows;
use crate::slot::TagSlot;

/// The results before with the slots of a program; `None` where a tag that is computed had others. Tags that are not
/// in the program any more are left out.
pub(super) fn laid_out<'b>(
    program: &TagProgram,
    before: &'b RunContent,
) -> Option<Cow<'b, RunContent>> {
    if before.slots == program.slots {
        return Some(Cow::Borrowed(before));
    }
    let given: HashSet<&TagKey> = program.given_tags().collect();
    let computed = |slot: &&TagSlot| !given.contains(&slot.tag);
    let wanted: HashSet<&TagSlot> = program.slots.iter().filter(computed).collect();
    let tags: HashSet<&TagKey> = wanted.iter().map(|slot| &slot.tag).collect();
    let there = before.slots.iter().filter(|slot| tags.contains(&slot.tag));
    if there.collect::<HashSet<_>>() != wanted {
        return None;
    }
    let known: HashMap<_, _> = before.slots.iter().zip(&before.members).collect();
    let nobody = Arc::new(UserSet::new());
    let of_slot = |slot| known.get(slot).copied().unwrap_or(&nobody);
    let members: Vec<_> = program.slots.iter().map(of_slot).cloned().collect();
    Some(Cow::Owned(RunContent {
        slots: Arc::clone(&program.slots),
        rows: UserRows::of_members(&members),
        members,
        ..before.clone()
    }))
}
