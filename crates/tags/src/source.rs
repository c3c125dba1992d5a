//! What tags are compiled from: checked rules, given members, audiences, lists.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use domain::{AudienceKey, ListKey, TagKey, Time, UserSet};
use features::ValueLists;
use rules::CheckedRule;
use rules::checked::{Body, Condition};

use crate::Error;
use crate::given::GivenTag;
use crate::ports::Identities;
use crate::slot::Form;

/// A tag of a run.
#[derive(Clone, Debug)]
pub struct TagSource {
    /// What rules call it.
    pub key: TagKey,
    /// Where its members come from.
    pub origin: Origin,
}

/// Where the members of a tag come from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// They are computed.
    Rule {
        /// Who has it.
        rule: CheckedRule,
        /// A snapshot: it is computed as of this instant for ever. One that is not yet over is
        /// computed as of now.
        as_of: Option<Time>,
    },
    /// They are there already.
    Given(GivenTag),
}

impl TagSource {
    /// A tag that a rule decides, as of the instant of the run.
    #[must_use]
    pub fn of_rule(key: TagKey, rule: CheckedRule) -> Self {
        let as_of = None;
        Self {
            key,
            origin: Origin::Rule { rule, as_of },
        }
    }

    /// The rule of a tag that is computed.
    #[must_use]
    pub fn rule(&self) -> Option<&CheckedRule> {
        match &self.origin {
            Origin::Rule { rule, .. } => Some(rule),
            Origin::Given(_) => None,
        }
    }

    pub(crate) fn definition(&self) -> Definition<'_> {
        match &self.origin {
            Origin::Rule { rule, as_of } => Definition::of_rule(&self.key, rule.body(), *as_of),
            Origin::Given(given) => Definition {
                key: &self.key,
                meaning: Meaning::Given(given),
            },
        }
    }
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
    pub meaning: Meaning<'a>,
}

/// Who has a tag.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Meaning<'a> {
    Rule { body: &'a Body, as_of: Option<Time> },
    Given(&'a GivenTag),
}

impl<'a> Definition<'a> {
    /// A tag that is computed.
    pub fn of_rule(key: &'a TagKey, body: &'a Body, as_of: Option<Time>) -> Self {
        let meaning = Meaning::Rule { body, as_of };
        Self { key, meaning }
    }

    /// What a tag that is computed is computed by.
    pub fn body(&self) -> Option<&'a Body> {
        match self.meaning {
            Meaning::Rule { body, .. } => Some(body),
            Meaning::Given(_) => None,
        }
    }

    /// The members of a tag that is given.
    pub fn given(&self) -> Option<&'a GivenTag> {
        match self.meaning {
            Meaning::Rule { .. } => None,
            Meaning::Given(members) => Some(members),
        }
    }

    /// The instant that a tag is to be computed as of.
    pub fn as_of(&self) -> Option<Time> {
        match self.meaning {
            Meaning::Rule { as_of, .. } => as_of,
            Meaning::Given(_) => None,
        }
    }

    /// The form of its values.
    pub fn form(&self) -> Form {
        match self.meaning {
            Meaning::Rule { body, .. } => Form::of_body(body),
            Meaning::Given(members) => Form::of_given(members),
        }
    }
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
