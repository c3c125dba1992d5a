//! Given tags: whose members do not follow from a rule in this run. They were imported, set by hand, found by
//! another method, or are as an earlier run has left them.
//!
//! Other rules read them like any tag. Who of them is not known, has none: being named makes nobody a known user.
//! They have no past of their own: a snapshot of an earlier instant reads them as they are given.

use std::sync::Arc;

use domain::{Keep, TagKey, UserNumber, UserSet, Value};

use crate::results::TagResults;
use crate::slot::TagSlot;
use crate::values::MetricValues;

/// Who has a given tag, known or not.
#[derive(Clone, Debug, PartialEq)]
pub enum GivenTag {
    /// Yes or no.
    Flag(Arc<UserSet>),
    /// A set for each value, as a layered tag has; each value once.
    Layers {
        /// Whether a user has one value, or a list of them. Sets of one value have no user in common.
        keep: Keep,
        /// The values in the order of the tag's slots.
        values: Vec<(Arc<str>, Arc<UserSet>)>,
    },
    /// A value of its own for each member, as a metric tag has.
    Metric {
        /// Those with a value.
        members: Arc<UserSet>,
        /// Their values.
        values: Arc<MetricValues>,
    },
}

impl GivenTag {
    /// The tag as results have it; `None` where they have no such tag. `keep` is what the tag keeps, if it is
    /// layered: the results do not tell.
    #[must_use]
    pub fn as_it_was(results: &TagResults, tag: &TagKey, keep: Keep) -> Option<Self> {
        let slots: Vec<_> = results.slots_of(tag)?.collect();
        Some(match (slots.as_slice(), results.values(tag)) {
            ([(_, members)], Some(values)) => Self::Metric {
                members: Arc::clone(members),
                values: Arc::clone(values),
            },
            ([(slot, members)], None) if slot.value.is_none() => Self::Flag(Arc::clone(members)),
            _ => {
                let value = |(slot, members): &(&TagSlot, &Arc<UserSet>)| {
                    Some((Arc::clone(slot.value.as_ref()?), Arc::clone(members)))
                };
                let values = slots.iter().filter_map(value).collect();
                Self::Layers { keep, values }
            }
        })
    }

    /// A value for each member.
    #[must_use]
    pub fn metric(values: MetricValues) -> Self {
        Self::Metric {
            members: Arc::new(values.iter().map(|(user, _)| user).collect()),
            values: Arc::new(values),
        }
    }

    /// What the tag gives a user, if the user has it: true, a value, or a list of values.
    #[must_use]
    pub fn value(&self, user: UserNumber) -> Option<Value> {
        match self {
            Self::Flag(members) => members.contains(user).then_some(Value::Bool(true)),
            Self::Layers { keep, values } => {
                let held = values.iter().filter(|(_, members)| members.contains(user));
                let mut held = held.map(|(value, _)| Value::Text(Arc::clone(value)));
                match keep {
                    Keep::First => held.next(),
                    Keep::All => {
                        let held: Vec<Value> = held.collect();
                        (!held.is_empty()).then(|| Value::List(held.into()))
                    }
                }
            }
            Self::Metric { values, .. } => values.value(user),
        }
    }

    /// The members of each slot.
    pub(crate) fn sets(&self) -> Vec<Arc<UserSet>> {
        match self {
            Self::Flag(members) | Self::Metric { members, .. } => vec![Arc::clone(members)],
            Self::Layers { values, .. } if values.is_empty() => vec![Arc::default()],
            Self::Layers { values, .. } => {
                let sets = values.iter().map(|(_, members)| Arc::clone(members));
                sets.collect()
            }
        }
    }
}
