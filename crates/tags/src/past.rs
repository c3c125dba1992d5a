//! Members of tags as they were: those of now, with what changed since taken back.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use domain::{TagKey, UserSet};

use crate::difference::Change;
use crate::results::TagResults;
use crate::slot::TagSlot;

static NOBODY: LazyLock<Arc<UserSet>> = LazyLock::new(Arc::default);

/// The members of some tags after some run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past {
    members: BTreeMap<TagSlot, Arc<UserSet>>,
}

impl Past {
    /// The members of some tags after the latest run. A tag that the run does not have has none.
    #[must_use]
    pub fn of(latest: &TagResults, tags: &[TagKey]) -> Self {
        let of_tag = |tag| latest.slots_of(tag).into_iter().flatten();
        let members = tags.iter().flat_map(of_tag);
        Self {
            members: members
                .map(|(slot, members)| (slot.clone(), Arc::clone(members)))
                .collect(),
        }
    }

    /// Goes back before a change. The changes of later runs have to be taken back first, in any order within one run.
    pub fn take_back(&mut self, change: &Change) {
        let after = self.members_with(&change.slot);
        let before = after.minus(&change.entered).or(&change.left);
        self.members.insert(change.slot.clone(), Arc::new(before));
    }

    /// The members of a tag, or of one value of it.
    #[must_use]
    pub fn members_with(&self, slot: &TagSlot) -> &Arc<UserSet> {
        self.members.get(slot).unwrap_or(&NOBODY)
    }

    /// The members of a tag, whatever its value.
    #[must_use]
    pub fn members(&self, tag: &TagKey) -> Arc<UserSet> {
        let mut sets = self.slots_of(tag).map(|(_, members)| members);
        match (sets.next(), sets.next()) {
            (None, _) => Arc::clone(&NOBODY),
            (Some(one), None) => Arc::clone(one),
            (Some(one), Some(other)) => {
                Arc::new(sets.fold(one.or(other), |all, members| all.or(members)))
            }
        }
    }

    /// The values of a tag that anybody may have had, each with its members; of a tag without values one slot.
    pub fn slots_of<'p>(
        &'p self,
        tag: &'p TagKey,
    ) -> impl Iterator<Item = (&'p TagSlot, &'p Arc<UserSet>)> {
        let first = TagSlot {
            tag: tag.clone(),
            value: None,
        };
        self.members
            .range(first..)
            .take_while(move |(slot, _)| slot.tag == *tag)
    }

    /// Every set as something else.
    #[must_use]
    pub fn map(self, as_other: impl Fn(&Arc<UserSet>) -> Arc<UserSet>) -> Self {
        let members = self.members.into_iter();
        Self {
            members: members
                .map(|(slot, members)| (slot, as_other(&members)))
                .collect(),
        }
    }
}
