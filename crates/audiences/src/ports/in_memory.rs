//! The ports in memory, for tests and small tools.

use std::collections::HashMap;
use std::sync::Arc;

use domain::{AudienceKey, ListKey, TagKey, UserSet};
use rules::checked::Condition;

use super::{Rulebook, Sets, TagForm};

/// The members of a tag: one set without a value, or one for each value.
pub type SetsByValue = Vec<(Option<Arc<str>>, Arc<UserSet>)>;

/// Sets and rules that are simply there.
#[derive(Clone, Debug, Default)]
pub struct SetsInMemory {
    /// The number of the run.
    pub run: u64,
    /// The known users.
    pub universe: Arc<UserSet>,
    /// The members of yes/no tags, and of each value of layered ones.
    pub tags: HashMap<TagKey, SetsByValue>,
    /// The users in lists.
    pub lists: HashMap<ListKey, Arc<UserSet>>,
    /// The rules of audiences.
    pub audiences: HashMap<AudienceKey, Condition>,
}

impl Sets for SetsInMemory {
    fn run(&self) -> u64 {
        self.run
    }

    fn universe(&self) -> Arc<UserSet> {
        Arc::clone(&self.universe)
    }

    fn tag(&self, tag: &TagKey) -> Option<Arc<UserSet>> {
        let sets = self.tags.get(tag)?.iter();
        Some(Arc::new(
            sets.fold(UserSet::new(), |all, (_, set)| all.or(set)),
        ))
    }

    fn tag_with(&self, tag: &TagKey, value: &str) -> Option<Arc<UserSet>> {
        let mut sets = self.tags.get(tag)?.iter();
        sets.find(|(other, _)| other.as_deref() == Some(value))
            .map(|(_, set)| Arc::clone(set))
    }

    fn list(&self, list: &ListKey) -> Option<Arc<UserSet>> {
        self.lists.get(list).cloned()
    }
}

impl Rulebook for SetsInMemory {
    fn audience(&self, audience: &AudienceKey) -> Option<&Condition> {
        self.audiences.get(audience)
    }

    fn tag(&self, tag: &TagKey) -> Option<TagForm> {
        let values: Vec<Arc<str>> = self
            .tags
            .get(tag)?
            .iter()
            .filter_map(|(value, _)| value.clone())
            .collect();
        Some(if values.is_empty() {
            TagForm::YesNo
        } else {
            TagForm::SomeOf(values)
        })
    }
}
