//! The results of a run: who has which tag value.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use domain::{TagKey, Time, UserNumber, UserSet, Value};

use crate::population::Populations;
use crate::rows::UserRows;
use crate::slot::TagSlot;
use crate::values::MetricValues;

/// Who has which tag value, as of one run. Immutable; a refresh makes new results that share
/// what has not changed.
#[derive(Clone, Debug, PartialEq)]
pub struct TagResults {
    content: RunContent,
    /// The places of each tag's slots.
    places: Arc<HashMap<TagKey, Vec<usize>>>,
    /// What is known among all users; not kept in stores.
    populations: Option<Arc<Populations>>,
}

/// What results are made of.
#[derive(Clone, Debug, PartialEq)]
pub struct RunContent {
    /// Runs are numbered from 1.
    pub run: u64,
    /// The instant of evaluation.
    pub now: Time,
    /// The known users.
    pub universe: Arc<UserSet>,
    /// What each bitmap stands for.
    pub slots: Arc<[TagSlot]>,
    /// The members of each slot.
    pub members: Vec<Arc<UserSet>>,
    /// The values of metric tags.
    pub values: BTreeMap<TagKey, Arc<MetricValues>>,
    /// The slots of each user.
    pub rows: UserRows,
}

/// A tag that a user has.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldTag<'a> {
    /// Tag and, for a layered tag, value.
    pub slot: &'a TagSlot,
    /// The value of a metric tag.
    pub value: Option<Value>,
}

impl TagResults {
    /// Results of that content, which holds together.
    #[must_use]
    pub fn new(content: RunContent) -> Self {
        let mut places: HashMap<TagKey, Vec<usize>> = HashMap::new();
        for (place, slot) in content.slots.iter().enumerate() {
            places.entry(slot.tag.clone()).or_default().push(place);
        }
        Self {
            content,
            places: Arc::new(places),
            populations: None,
        }
    }

    /// Results that follow others; what is known about equal slots is shared.
    pub(crate) fn after(before: Option<&Self>, content: RunContent) -> Self {
        match before {
            Some(before) if before.content.slots == content.slots => {
                let places = Arc::clone(&before.places);
                Self {
                    content,
                    places,
                    populations: None,
                }
            }
            _ => Self::new(content),
        }
    }

    /// The same with what is known among all users.
    pub(crate) fn with_populations(self, populations: Option<Arc<Populations>>) -> Self {
        Self {
            populations,
            ..self
        }
    }

    /// What is known among all users; nothing where the results come from a store.
    #[must_use]
    pub fn populations(&self) -> Option<&Arc<Populations>> {
        self.populations.as_ref()
    }

    /// The number of the run.
    #[must_use]
    pub fn run(&self) -> u64 {
        self.content.run
    }

    /// The instant of evaluation.
    #[must_use]
    pub fn now(&self) -> Time {
        self.content.now
    }

    /// The known users.
    #[must_use]
    pub fn universe(&self) -> &Arc<UserSet> {
        &self.content.universe
    }

    /// What each bitmap stands for, in the order of the numbers in user rows.
    #[must_use]
    pub fn slots(&self) -> &Arc<[TagSlot]> {
        &self.content.slots
    }

    /// The slots and their members, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&TagSlot, &Arc<UserSet>)> {
        self.content.slots.iter().zip(&self.content.members)
    }

    /// The slots of a tag and their members, in order; `None` if there is no such tag.
    pub fn slots_of(
        &self,
        tag: &TagKey,
    ) -> Option<impl Iterator<Item = (&TagSlot, &Arc<UserSet>)>> {
        let slot = |place: &usize| {
            let slot = self.content.slots.get(*place)?;
            Some((slot, self.content.members.get(*place)?))
        };
        Some(self.places.get(tag)?.iter().filter_map(slot))
    }

    /// The members of a slot by its number.
    #[must_use]
    pub fn members_of_slot(&self, slot: usize) -> Option<&Arc<UserSet>> {
        self.content.members.get(slot)
    }

    /// The members of a slot that probably has that number.
    pub(crate) fn members_near(&self, slot: &TagSlot, place: usize) -> Option<&Arc<UserSet>> {
        if self.content.slots.get(place) == Some(slot) {
            return self.content.members.get(place);
        }
        self.members_with_slot(slot)
    }

    /// The users with a value of a layered tag.
    #[must_use]
    pub fn members_with(&self, tag: &TagKey, value: &str) -> Option<&Arc<UserSet>> {
        self.members_with_slot(&TagSlot {
            tag: tag.clone(),
            value: Some(Arc::from(value)),
        })
    }

    /// The members of a slot.
    #[must_use]
    pub fn members_with_slot(&self, slot: &TagSlot) -> Option<&Arc<UserSet>> {
        let places = self.places.get(&slot.tag)?;
        let place = places
            .iter()
            .find(|place| self.content.slots.get(**place) == Some(slot));
        self.content.members.get(*place?)
    }

    /// The users who have a tag, whatever its value; `None` if there is no such tag.
    #[must_use]
    pub fn members(&self, tag: &TagKey) -> Option<Arc<UserSet>> {
        let sets: Vec<_> = self
            .places
            .get(tag)?
            .iter()
            .filter_map(|place| self.content.members.get(*place))
            .collect();
        match sets.as_slice() {
            [one] => Some(Arc::clone(one)),
            several => Some(Arc::new(
                several.iter().fold(UserSet::new(), |all, set| all.or(set)),
            )),
        }
    }

    /// The values of a metric tag.
    #[must_use]
    pub fn values(&self, tag: &TagKey) -> Option<&Arc<MetricValues>> {
        self.content.values.get(tag)
    }

    /// The values of all metric tags.
    #[must_use]
    pub fn all_values(&self) -> &BTreeMap<TagKey, Arc<MetricValues>> {
        &self.content.values
    }

    /// The packed rows of users.
    #[must_use]
    pub fn rows(&self) -> &UserRows {
        &self.content.rows
    }

    /// The tags of a user, in the order of slots.
    pub fn tags_of(&self, user: UserNumber) -> impl Iterator<Item = HeldTag<'_>> {
        self.content.rows.slots(user).filter_map(move |slot| {
            let slot = self.content.slots.get(slot as usize)?;
            let value = self
                .content
                .values
                .get(&slot.tag)
                .and_then(|values| values.value(user));
            Some(HeldTag { slot, value })
        })
    }

    /// The content, to make other results of.
    #[must_use]
    pub fn content(&self) -> &RunContent {
        &self.content
    }
}
