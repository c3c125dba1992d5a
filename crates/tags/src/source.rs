//! What tags are compiled from: checked rules, audiences, lists.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use domain::{AudienceKey, ListKey, TagKey, Time, UserSet};
use features::ValueLists;
use rules::CheckedRule;
use rules::checked::{Body, Condition};

use crate::Error;
use crate::ports::Identities;

/// A tag to compute.
#[derive(Clone, Debug)]
pub struct TagSource {
    /// What rules call it.
    pub key: TagKey,
    /// Who has it.
    pub rule: CheckedRule,
    /// A snapshot: it is computed as of this instant for ever. One that is not yet over is
    /// computed as of now.
    pub as_of: Option<Time>,
}

/// What rules of tags name beside tags and features.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// The rules of audiences.
    pub audiences: BTreeMap<AudienceKey, CheckedRule>,
    /// The members of lists of users; those who are not known do not matter.
    pub user_lists: BTreeMap<ListKey, Arc<UserSet>>,
    /// The members of lists of values.
    pub value_lists: ValueLists,
    /// Whom texts identify; nobody, if nothing is given.
    pub identities: Option<Arc<dyn Identities>>,
}

/// A tag's definition without the seal of the checker.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Definition<'a> {
    pub key: &'a TagKey,
    pub body: &'a Body,
    pub as_of: Option<Time>,
}

/// All that is compiled together.
#[derive(Debug)]
pub(crate) struct Definitions<'a> {
    pub tags: Vec<Definition<'a>>,
    /// Places in `tags`.
    pub places: HashMap<&'a TagKey, usize>,
    pub audiences: BTreeMap<&'a AudienceKey, &'a Condition>,
    pub user_lists: &'a BTreeMap<ListKey, Arc<UserSet>>,
    pub value_lists: &'a ValueLists,
}

impl Inputs {
    /// The conditions of the audiences.
    pub(crate) fn audience_conditions(&self) -> Result<BTreeMap<&AudienceKey, &Condition>, Error> {
        let mut conditions = BTreeMap::new();
        for (key, rule) in &self.audiences {
            let Body::Condition(condition) = rule.body() else {
                return Err(Error::AudienceWithoutCondition {
                    audience: key.clone(),
                });
            };
            conditions.insert(key, condition);
        }
        Ok(conditions)
    }
}

impl<'a> Definitions<'a> {
    /// The definitions, by key.
    pub fn new(
        tags: Vec<Definition<'a>>,
        audiences: BTreeMap<&'a AudienceKey, &'a Condition>,
        inputs: &'a Inputs,
    ) -> Result<Self, Error> {
        let mut places = HashMap::with_capacity(tags.len());
        for (place, tag) in tags.iter().enumerate() {
            if places.insert(tag.key, place).is_some() {
                return Err(Error::DefinedTwice {
                    key: tag.key.clone(),
                });
            }
        }
        Ok(Self {
            tags,
            places,
            audiences,
            user_lists: &inputs.user_lists,
            value_lists: &inputs.value_lists,
        })
    }
}
