//! Aggregates by collecting the matching events into a list, and then computing.

use std::borrow::Cow;
use std::collections::BTreeSet;

use domain::{Decimal, Unit, Value, Zone};
use rules::checked::{Aggregate, AggregateFunction, EventSelector, Measure};

use super::window::is_inside;
use super::{OfEvent, OfUser, PastEvent, days, derived, group, sequence, statistics};
use crate::evaluate::{self, Scope};

/// What is measured over the user's events.
pub(super) fn value(aggregate: &Aggregate, user: &OfUser<'_>) -> Option<Value> {
    let events = match &aggregate.function {
        // What must be absent is looked for outside the window, too.
        AggregateFunction::Sequence(_) | AggregateFunction::Gap(_) => visible(aggregate, user),
        _ => matching(aggregate, user),
    };
    over(aggregate, &events, user)
}

/// What is measured over these events.
pub(super) fn over(
    aggregate: &Aggregate,
    events: &[Cow<'_, PastEvent>],
    user: &OfUser<'_>,
) -> Option<Value> {
    let times = || events.iter().map(|event| Value::Time(event.time)).collect();
    let values = || -> Vec<Value> {
        events
            .iter()
            .filter_map(|event| argument(aggregate, event, user))
            .collect()
    };
    let scalars = || -> Vec<Value> { values().into_iter().filter(is_scalar).collect() };
    let periods = |unit, zone: &Zone| -> BTreeSet<i64> {
        let times = events.iter().map(|event| event.time);
        times.map(|time| zone.period(unit, time)).collect()
    };
    match &aggregate.function {
        AggregateFunction::Count => Some(number(events.len())),
        AggregateFunction::Sum | AggregateFunction::Average => {
            statistics::of(&aggregate.function, &addends(aggregate, events, user))
        }
        AggregateFunction::Minimum(_)
        | AggregateFunction::Maximum(_)
        | AggregateFunction::Percentile(_)
        | AggregateFunction::Deviation
        | AggregateFunction::Top(..) => statistics::of(&aggregate.function, &scalars()),
        AggregateFunction::Distinct => Some(number(combinations(aggregate, events, user).len())),
        AggregateFunction::Periods(unit, zone) => Some(number(periods(*unit, zone).len())),
        AggregateFunction::Streak(zone) => {
            let days = periods(Unit::Day, zone);
            Some(number(days::current_streak(&days, user.now(), zone)))
        }
        AggregateFunction::LongestStreak(zone) => {
            let days = periods(Unit::Day, zone);
            Some(number(days::longest_streak(&days, zone)))
        }
        AggregateFunction::Groups(grouping) => group::value(aggregate, grouping, events, user),
        AggregateFunction::First(nth, _) => pick(values(), *nth),
        AggregateFunction::Last(nth, _) => pick(reversed(values()), *nth),
        AggregateFunction::FirstTime(nth) => pick(times(), *nth),
        AggregateFunction::LastTime(nth) => pick(reversed(times()), *nth),
        AggregateFunction::Sequence(sequence) => {
            Some(number(sequence::count(sequence, aggregate, events, user)))
        }
        AggregateFunction::Gap(gap) => sequence::measured(gap, aggregate, events, user),
    }
}

/// The events of the selector that are there, in their order.
fn visible<'a>(aggregate: &Aggregate, user: &OfUser<'a>) -> Vec<Cow<'a, PastEvent>> {
    let mut events = selected(&aggregate.events, user);
    events.retain(|event| event.time <= user.now());
    events
}

/// The events that count, in their order.
fn matching<'a>(aggregate: &Aggregate, user: &OfUser<'a>) -> Vec<Cow<'a, PastEvent>> {
    let bound = |measure: &Measure| evaluate::measure(measure, user);
    let counts = |event: &PastEvent| {
        is_inside(event.time, &aggregate.window, user.now(), &bound)
            && aggregate
                .filter
                .as_ref()
                .is_none_or(|filter| evaluate::condition(filter, &OfEvent { event, user }))
    };
    let mut events = visible(aggregate, user);
    events.retain(|event| counts(event));
    events
}

/// The events that a selector takes, in their order: those that were sent, and those that follow
/// from the history.
fn selected<'a>(selector: &EventSelector, user: &OfUser<'a>) -> Vec<Cow<'a, PastEvent>> {
    let sent = user.user.events.iter().map(Cow::Borrowed);
    let mut events: Vec<Cow<'a, PastEvent>> =
        sent.filter(|event| selector.takes(&event.name)).collect();
    for change in &selector.derived {
        let derived = derived::events(change, user.user, user.now());
        events.extend(derived.into_iter().map(Cow::Owned));
    }
    events.sort_by_key(|event| (event.time, event.arrival));
    events
}

/// The one value of an event that is aggregated.
fn argument(aggregate: &Aggregate, event: &PastEvent, user: &OfUser<'_>) -> Option<Value> {
    evaluate::measure(aggregate.arguments.first()?, &OfEvent { event, user })
}

/// The numbers that are added: exact, for only the sum is judged (rules.md, Meaning 4).
fn addends(aggregate: &Aggregate, events: &[Cow<'_, PastEvent>], user: &OfUser<'_>) -> Vec<Value> {
    let Some(argument) = aggregate.arguments.first() else {
        return Vec::new();
    };
    let addend = |event: &Cow<'_, PastEvent>| evaluate::exact(argument, &OfEvent { event, user });
    let is_number = |value: &Value| matches!(value, Value::Number(_));
    events.iter().filter_map(addend).filter(is_number).collect()
}

/// The different combinations of arguments of which none is missing, and none a list.
fn combinations(
    aggregate: &Aggregate,
    events: &[Cow<'_, PastEvent>],
    user: &OfUser<'_>,
) -> BTreeSet<Vec<Value>> {
    let combination = |event: &Cow<'_, PastEvent>| {
        let scope = OfEvent { event, user };
        let value = |measure| evaluate::measure(measure, &scope).filter(is_scalar);
        aggregate.arguments.iter().map(value).collect()
    };
    events.iter().filter_map(combination).collect()
}

/// Lists and objects are values only for the first and the last.
fn is_scalar(value: &Value) -> bool {
    !matches!(value, Value::List(_) | Value::Object(_))
}

/// The nth, from 1.
fn pick(values: Vec<Value>, nth: u32) -> Option<Value> {
    values
        .into_iter()
        .nth(usize::try_from(nth).ok()?.checked_sub(1)?)
}

fn reversed(mut values: Vec<Value>) -> Vec<Value> {
    values.reverse();
    values
}

fn number(count: usize) -> Value {
    Value::Number(Decimal::from(count))
}
