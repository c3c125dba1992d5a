//! Aggregates value by value: for whatever no typed column serves.

use std::collections::{HashSet, VecDeque};

use domain::{Decimal, Time, Value};
use rules::checked::{Aggregate, AggregateFunction, Place};

use super::scope::RowScope;
use crate::evaluate;
use crate::place::{convert, judged};

/// The state of one aggregate of one user.
#[derive(Clone, Debug)]
pub(super) enum Accumulator {
    /// A number of events.
    Count(i64),
    /// A sum of numbers.
    Sum(Decimal),
    /// A sum and how many numbers it has.
    Average(Decimal, i64),
    /// The least value so far.
    Minimum(Option<Value>),
    /// The greatest value so far.
    Maximum(Option<Value>),
    /// The different combinations so far.
    Distinct(HashSet<Vec<Value>>),
    /// How many are still to come, then the value.
    First(u32, Option<Value>),
    /// The newest values, as many as are asked for.
    Last(u32, VecDeque<Value>),
    /// The calendar periods so far.
    Periods(domain::Unit, domain::Zone, HashSet<i64>),
}

impl Accumulator {
    pub(super) fn new(aggregate: &Aggregate) -> Self {
        match &aggregate.function {
            AggregateFunction::Count => Self::Count(0),
            AggregateFunction::Sum => Self::Sum(Decimal::ZERO),
            AggregateFunction::Average => Self::Average(Decimal::ZERO, 0),
            AggregateFunction::Minimum(_) => Self::Minimum(None),
            AggregateFunction::Maximum(_) => Self::Maximum(None),
            AggregateFunction::Distinct => Self::Distinct(HashSet::new()),
            AggregateFunction::First(nth, _) | AggregateFunction::FirstTime(nth) => {
                Self::First(*nth, None)
            }
            AggregateFunction::Last(nth, _) | AggregateFunction::LastTime(nth) => {
                Self::Last(*nth, VecDeque::new())
            }
            AggregateFunction::Periods(unit, zone) => {
                Self::Periods(*unit, zone.clone(), HashSet::new())
            }
        }
    }

    /// The aggregate's arguments for one event; `None` where one is missing.
    pub(super) fn arguments(aggregate: &Aggregate, scope: &RowScope<'_>) -> Option<Vec<Value>> {
        let place = match aggregate.function {
            AggregateFunction::Sum | AggregateFunction::Average => Place::Number,
            AggregateFunction::Minimum(place)
            | AggregateFunction::Maximum(place)
            | AggregateFunction::First(_, place)
            | AggregateFunction::Last(_, place) => place,
            AggregateFunction::Distinct => Place::Text,
            _ => Place::Any,
        };
        let value = |argument| {
            evaluate::exact(argument, scope)
                .and_then(|value| placed(aggregate, value, place))
                .filter(|value| {
                    place == Place::Any
                        || !matches!(value, Value::List(_))
                        || keeps_lists(aggregate)
                })
        };
        aggregate.arguments.iter().map(value).collect()
    }

    /// Takes one event: its arguments, and its time.
    pub(super) fn add(&mut self, arguments: Option<Vec<Value>>, time: Time) {
        if let Self::Periods(unit, zone, periods) = self {
            periods.insert(zone.period(*unit, time));
            return;
        }
        let Some(arguments) = arguments else { return };
        match self {
            Self::Count(count) => *count += 1,
            Self::Distinct(seen) => {
                seen.insert(arguments);
            }
            _ => {
                let value = arguments.into_iter().next().unwrap_or(Value::Time(time));
                self.take(value);
            }
        }
    }

    fn take(&mut self, value: Value) {
        match (self, value) {
            (Self::Sum(sum), Value::Number(number)) => *sum = &*sum + &number,
            (Self::Average(sum, count), Value::Number(number)) => {
                *sum = &*sum + &number;
                *count += 1;
            }
            (Self::Minimum(least), value) if least.as_ref().is_none_or(|least| value < *least) => {
                *least = Some(value);
            }
            (Self::Maximum(greatest), value)
                if greatest.as_ref().is_none_or(|greatest| value > *greatest) =>
            {
                *greatest = Some(value);
            }
            (Self::First(remaining, first), value) if *remaining > 0 => {
                *remaining -= 1;
                if *remaining == 0 {
                    *first = Some(value);
                }
            }
            (Self::Last(nth, newest), value) => {
                newest.push_back(value);
                if newest.len() > *nth as usize {
                    newest.pop_front();
                }
            }
            _ => {}
        }
    }

    /// The value so far.
    pub(super) fn value(&self) -> Option<Value> {
        match self {
            Self::Count(count) => Some(Value::Number(Decimal::from(*count))),
            Self::Sum(sum) => Some(Value::Number(sum.clone())),
            Self::Average(sum, count) => sum.div(&Decimal::from(*count)).map(Value::Number),
            Self::Minimum(value) | Self::Maximum(value) | Self::First(_, value) => value.clone(),
            Self::Distinct(seen) => Some(Value::Number(Decimal::from(seen.len()))),
            Self::Periods(_, _, periods) => Some(Value::Number(Decimal::from(periods.len()))),
            Self::Last(nth, newest) => newest
                .front()
                .filter(|_| newest.len() == *nth as usize)
                .cloned(),
        }
    }
}

/// The value in its place, judged; numbers that are added are judged only when all are added up.
fn placed(aggregate: &Aggregate, value: Value, place: Place) -> Option<Value> {
    match (&aggregate.function, value) {
        (AggregateFunction::Sum | AggregateFunction::Average, Value::Number(number)) => {
            Some(Value::Number(number))
        }
        (_, value) => convert(judged(value)?, place),
    }
}

/// First and last give lists as they are; elsewhere a list is no value.
fn keeps_lists(aggregate: &Aggregate) -> bool {
    matches!(
        aggregate.function,
        AggregateFunction::First(..) | AggregateFunction::Last(..)
    )
}
