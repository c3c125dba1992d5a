//! Aggregates by collecting the matching events into a list, and then computing.

use std::collections::BTreeSet;

use domain::{Decimal, Value};
use rules::checked::{Aggregate, AggregateFunction};

use super::window::is_inside;
use super::{OfEvent, OfUser, PastEvent};
use crate::evaluate::{self, Scope};

/// What is measured over the user's events.
pub(super) fn value(aggregate: &Aggregate, user: &OfUser<'_>) -> Option<Value> {
    let events = matching(aggregate, user);
    let times = || events.iter().map(|event| Value::Time(event.time));
    let values = || events.iter().filter_map(|event| argument(aggregate, event, user));
    let scalars = || values().filter(|value| !matches!(value, Value::List(_) | Value::Object(_)));
    match &aggregate.function {
        AggregateFunction::Count => Some(number(events.len())),
        AggregateFunction::Sum => Some(Value::Number(sum(&numbers(values())))),
        AggregateFunction::Average => {
            let numbers = numbers(values());
            sum(&numbers).div(&Decimal::from(numbers.len())).map(Value::Number)
        }
        AggregateFunction::Minimum(_) => scalars().min(),
        AggregateFunction::Maximum(_) => scalars().max(),
        AggregateFunction::Distinct => Some(number(combinations(aggregate, &events, user).len())),
        AggregateFunction::Periods(unit, zone) => {
            let periods: BTreeSet<i64> =
                events.iter().map(|event| zone.period(*unit, event.time)).collect();
            Some(number(periods.len()))
        }
        AggregateFunction::First(nth, _) => pick(values().collect(), *nth),
        AggregateFunction::Last(nth, _) => pick(reversed(values().collect()), *nth),
        AggregateFunction::FirstTime(nth) => pick(times().collect(), *nth),
        AggregateFunction::LastTime(nth) => pick(reversed(times().collect()), *nth),
    }
}

/// The events that count, in their order.
fn matching<'a>(aggregate: &Aggregate, user: &OfUser<'a>) -> Vec<&'a PastEvent> {
    let bound = |measure: &rules::checked::Measure| evaluate::measure(measure, user);
    let counts = |event: &&PastEvent| {
        event.time <= user.now()
            && aggregate.events.takes(&event.name)
            && is_inside(event.time, &aggregate.window, user.now(), &bound)
            && aggregate
                .filter
                .as_ref()
                .is_none_or(|filter| evaluate::condition(filter, &OfEvent { event, user }))
    };
    let mut events: Vec<&PastEvent> = user.user.events.iter().filter(counts).collect();
    events.sort_by_key(|event| (event.time, event.arrival));
    events
}

/// The one value of an event that is aggregated.
fn argument(aggregate: &Aggregate, event: &PastEvent, user: &OfUser<'_>) -> Option<Value> {
    evaluate::measure(aggregate.arguments.first()?, &OfEvent { event, user })
}

/// The different combinations of arguments of which none is missing.
fn combinations(
    aggregate: &Aggregate,
    events: &[&PastEvent],
    user: &OfUser<'_>,
) -> BTreeSet<Vec<Value>> {
    let combination = |event: &&PastEvent| {
        let arguments = aggregate.arguments.iter();
        arguments.map(|argument| evaluate::measure(argument, &OfEvent { event, user })).collect()
    };
    events.iter().filter_map(combination).collect()
}

fn numbers(values: impl Iterator<Item = Value>) -> Vec<Decimal> {
    values
        .filter_map(|value| match value {
            Value::Number(number) => Some(number),
            _ => None,
        })
        .collect()
}

fn sum(numbers: &[Decimal]) -> Decimal {
    numbers.iter().sum()
}

/// The nth, from 1.
fn pick(values: Vec<Value>, nth: u32) -> Option<Value> {
    values.into_iter().nth(usize::try_from(nth).ok()?.checked_sub(1)?)
}

fn reversed(mut values: Vec<Value>) -> Vec<Value> {
    values.reverse();
    values
}

fn number(count: usize) -> Value {
    Value::Number(Decimal::from(count))
}
