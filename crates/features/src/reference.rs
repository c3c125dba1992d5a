//! The naive reference evaluator: what a rule means, made executable over one user's history.
//!
//! Plain lists, plain loops, no cleverness: attributes by replaying every change, windows by
//! asking each event, aggregates by collecting what matches and then computing. Only the
//! meaning of single values (`place`, `evaluate`) is shared with the engine. The fold and the
//! SQL translation are tested against this, and every sentence of the language's meaning can
//! be looked up here.

mod aggregate;
mod days;
mod derived;
mod group;
mod held;
mod memberships;
mod population;
mod sequence;
mod statistics;
#[cfg(test)]
mod tests;
mod user;
mod window;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{AudienceKey, Keep, ListKey, TagKey, Time, Value};
use rules::checked::{
    Aggregate, Body, Case, CheckedRule, Condition, IdentityValue, Measure, Path, Place, Population,
};

use crate::evaluate::{self, Scope};
use crate::identity;
use crate::place;
use crate::program::ValueLists;

pub use self::user::{Change, PastEvent, User};
pub use self::window::is_inside;

/// What is the same for all users.
#[derive(Clone, Debug)]
pub struct World {
    /// The instant of evaluation.
    pub now: Time,
    /// The lists of values that rules name.
    pub lists: ValueLists,
    /// All users, where rules ask for values among them.
    pub users: Arc<[User]>,
}

/// What a rule gives one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Of a condition.
    Holds(bool),
    /// Of a layered tag: its value; several where all cases are kept; none.
    Values(Vec<Arc<str>>),
    /// Of an expression; missing is `None`.
    Measured(Option<Value>),
}

/// What the rule gives the user.
pub fn evaluate(rule: &CheckedRule, user: &User, world: &World) -> Outcome {
    match rule.body() {
        Body::Condition(condition) => Outcome::Holds(holds(condition, user, world)),
        Body::Measure(measure) => Outcome::Measured(value(measure, user, world)),
        Body::Cases {
            cases,
            otherwise,
            keep,
        } => Outcome::Values(values(cases, otherwise.as_ref(), *keep, user, world)),
    }
}

/// Whether the condition holds for the user.
pub fn holds(condition: &Condition, user: &User, world: &World) -> bool {
    evaluate::condition(condition, &OfUser::new(user, world))
}

/// The value of the measure for the user.
pub fn value(measure: &Measure, user: &User, world: &World) -> Option<Value> {
    evaluate::measure(measure, &OfUser::new(user, world))
}

/// Of the values that hold, each once, in the order in which the cases first name them.
fn values(
    cases: &[Case],
    otherwise: Option<&Arc<str>>,
    keep: Keep,
    user: &User,
    world: &World,
) -> Vec<Arc<str>> {
    let mut values = Vec::new();
    for case in cases {
        let is_named = |other: &&Case| other.value == case.value;
        let mut named = cases.iter().filter(is_named);
        let holds = match keep {
            Keep::First => holds(&case.when, user, world),
            Keep::All => named.any(|other| holds(&other.when, user, world)),
        };
        if holds && !values.contains(&case.value) {
            values.push(Arc::clone(&case.value));
        }
        if holds && keep == Keep::First {
            return values;
        }
    }
    if values.is_empty() {
        values.extend(otherwise.cloned());
    }
    values
}

/// The leaves of a rule, for one user.
struct OfUser<'a> {
    user: &'a User,
    world: &'a World,
    attributes: BTreeMap<Path, Value>,
}

impl<'a> OfUser<'a> {
    fn new(user: &'a User, world: &'a World) -> Self {
        Self::at(world.now, user, world)
    }

    /// With the attributes as they were at an instant.
    fn at(instant: Time, user: &'a User, world: &'a World) -> Self {
        Self {
            user,
            world,
            attributes: user.attributes(instant),
        }
    }
}

impl Scope for OfUser<'_> {
    fn now(&self) -> Time {
        self.world.now
    }

    fn attribute(&self, path: &Path, place: Place) -> Option<Value> {
        let value = match IdentityValue::at(path) {
            Some(of) => identity::value(&of, &self.user.identities),
            None => self.attributes.get(path).cloned(),
        };
        place::convert(value?, place)
    }

    fn aggregate(&self, aggregate: &Aggregate) -> Option<Value> {
        aggregate::value(aggregate, self)
    }

    fn population(&self, population: &Population) -> Option<Value> {
        population::value(population, self)
    }

    fn tag_at(&self, tag: &TagKey, at: &Measure, place: Place) -> Option<Value> {
        match evaluate::measure(at, self)? {
            Value::Time(at) => {
                let instant = at.min(self.now());
                place::convert(memberships::tag_at(tag, instant, self.user)?, place)
            }
            _ => None,
        }
    }

    fn held_since(&self, test: &Condition) -> Option<Value> {
        held::since(test, self).map(Value::Time)
    }

    fn tag_value(&self, tag: &TagKey, place: Place) -> Option<Value> {
        place::convert(self.user.tags.get(tag)?.clone(), place)
    }

    fn has_tag(&self, tag: &TagKey) -> bool {
        self.user.tags.contains_key(tag)
    }

    fn in_audience(&self, audience: &AudienceKey) -> bool {
        self.user.audiences.contains(audience)
    }

    fn user_in_list(&self, list: &ListKey) -> bool {
        self.user.lists.contains(list)
    }

    fn value_in_list(&self, list: &ListKey, text: &str) -> bool {
        self.world
            .lists
            .get(list)
            .is_some_and(|texts| texts.contains(text))
    }
}

/// The leaves of a filter or an argument, for one event: its own, and the user's attributes.
struct OfEvent<'a> {
    event: &'a PastEvent,
    user: &'a OfUser<'a>,
}

impl Scope for OfEvent<'_> {
    fn now(&self) -> Time {
        self.user.now()
    }

    fn attribute(&self, path: &Path, place: Place) -> Option<Value> {
        self.user.attribute(path, place)
    }

    fn property(&self, path: &Path, place: Place) -> Option<Value> {
        place::convert(self.event.property(path)?, place)
    }

    fn event_time(&self) -> Option<Time> {
        Some(self.event.time)
    }

    fn event_source(&self) -> Option<Value> {
        Some(Value::Text(Arc::clone(&self.event.source)))
    }

    fn event_name(&self) -> Option<Value> {
        Some(Value::text(self.event.name.as_str()))
    }

    fn value_in_list(&self, list: &ListKey, text: &str) -> bool {
        self.user.value_in_list(list, text)
    }
}
