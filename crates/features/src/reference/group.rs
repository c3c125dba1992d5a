//! Groups by putting the events of each into a list, and measuring each list.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use domain::{Decimal, ListKey, Time, Value};
use rules::checked::{Aggregate, Condition, GroupedBy, Grouping, Path, Place};

use super::sequence::{Event, takes};
use super::{OfEvent, OfUser, PastEvent, aggregate, days, statistics};
use crate::evaluate::{self, Scope};
use crate::place::convert;

/// What the events of a group have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Period(i64),
    Values(Vec<Value>),
}

/// What is made of the groups of the events.
pub(super) fn value(
    outer: &Aggregate,
    grouping: &Grouping,
    events: &[Cow<'_, PastEvent>],
    user: &OfUser<'_>,
) -> Option<Value> {
    let groups = groups(outer, grouping, events, user);
    let number = |count: usize| Some(Value::Number(Decimal::from(count)));
    match grouping {
        Grouping::Count(_, having) => {
            let holds = |group: &&Group<'_>| evaluate::condition(having, *group);
            number(groups.iter().filter(holds).count())
        }
        Grouping::Streak(zone, having) => {
            let days = days_having(having, &groups);
            number(days::current_streak(&days, user.now(), zone))
        }
        Grouping::LongestStreak(zone, having) => {
            number(days::longest_streak(&days_having(having, &groups), zone))
        }
        Grouping::Fold(_, function, measure) => {
            let measured = groups.iter().map(|group| evaluate::measure(measure, group));
            let values: Vec<Value> = measured.flatten().collect();
            match (function.place(), measure.place()) {
                (Place::Number, Place::Span) => statistics::of_durations(function, &values),
                _ => statistics::of(function, &values),
            }
        }
        Grouping::Top(count, _, measure) => {
            let mut ranked: Vec<_> = groups
                .iter()
                .filter_map(|group| {
                    let measured = evaluate::measure(measure, group)?;
                    let newest = group.events.last().map(|event| (event.time, event.arrival));
                    let value = group.value()?;
                    let text = convert(value.clone(), Place::Text);
                    Some(((Reverse(measured), Reverse(newest), text), value))
                })
                .collect();
            ranked.sort_by(|(one, _), (other, _)| one.cmp(other));
            statistics::list(ranked.into_iter().map(|(_, value)| value), *count)
        }
    }
}

fn groups<'a>(
    outer: &Aggregate,
    grouping: &Grouping,
    events: &[Cow<'a, PastEvent>],
    user: &'a OfUser<'a>,
) -> Vec<Group<'a>> {
    let mut groups: BTreeMap<Key, Vec<Cow<'a, PastEvent>>> = BTreeMap::new();
    for event in events {
        if let Some(key) = key(outer, grouping, event, user) {
            groups.entry(key).or_default().push(event.clone());
        }
    }
    let group = |(key, events)| Group { key, events, user };
    groups.into_iter().map(group).collect()
}

fn key(
    outer: &Aggregate,
    grouping: &Grouping,
    event: &PastEvent,
    user: &OfUser<'_>,
) -> Option<Key> {
    match grouping.by() {
        GroupedBy::Period(unit, zone) => Some(Key::Period(zone.period(unit, event.time))),
        GroupedBy::Values(place) => {
            let scope = OfEvent { event, user };
            let mut values = Vec::new();
            for argument in &outer.arguments {
                let value = convert(evaluate::measure(argument, &scope)?, place)?;
                if matches!(value, Value::List(_) | Value::Object(_)) {
                    return None;
                }
                values.push(value);
            }
            Some(Key::Values(values))
        }
    }
}

fn days_having(having: &Condition, groups: &[Group<'_>]) -> BTreeSet<i64> {
    let day = |group: &Group<'_>| match group.key {
        Key::Period(day) if evaluate::condition(having, group) => Some(day),
        _ => None,
    };
    groups.iter().filter_map(day).collect()
}

/// The leaves of what is measured in a group: its own events, and the user's attributes.
struct Group<'a> {
    key: Key,
    events: Vec<Cow<'a, PastEvent>>,
    user: &'a OfUser<'a>,
}

impl Group<'_> {
    /// The one value that its events have in common.
    fn value(&self) -> Option<Value> {
        match &self.key {
            Key::Values(values) => values.first().cloned(),
            Key::Period(_) => None,
        }
    }

    /// Whether an event counts for an aggregate of the group.
    fn counts(&self, inner: &Aggregate, event: &Event<'_>) -> bool {
        let scope = OfEvent {
            event,
            user: self.user,
        };
        takes(&inner.events, event)
            && inner
                .filter
                .as_ref()
                .is_none_or(|filter| evaluate::condition(filter, &scope))
    }
}

impl Scope for Group<'_> {
    fn outer(&self) -> Option<&dyn Scope> {
        Some(self.user)
    }

    fn now(&self) -> Time {
        self.user.now()
    }

    fn attribute(&self, path: &Path, place: Place) -> Option<Value> {
        self.user.attribute(path, place)
    }

    fn aggregate(&self, inner: &Aggregate) -> Option<Value> {
        let mut events = self.events.clone();
        events.retain(|event| self.counts(inner, event));
        aggregate::over(inner, &events, self.user)
    }

    fn value_in_list(&self, list: &ListKey, text: &str) -> bool {
        self.user.value_in_list(list, text)
    }
}
