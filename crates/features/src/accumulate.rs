//! Accumulators: what an aggregate knows of the items that it has taken, value by value.
//!
//! An item is an event of a user, or an element of a collection: whatever answers as a
//! [`Scope`]. Items come in their order. An accumulator serves one user (or one group of a
//! user's items) at a time; it is cleared for the next one and keeps its memory. This is the
//! general form of each aggregate, one file for each family; where a typed column serves,
//! `fold` has a faster one.

mod count;
mod distinct;
mod extreme;
mod nth;
mod number;
mod periods;

use domain::{Decimal, Value};
use rules::checked::{Aggregate, AggregateFunction, Measure, Place};

use self::count::Count;
use self::distinct::Distinct;
use self::extreme::{Direction, Extreme};
use self::nth::{First, Last};
use self::number::{Mean, Sum};
use self::periods::Periods;
use crate::evaluate::{self, Scope};
use crate::place::{convert, judged};

/// What is known of the items taken so far.
pub(crate) trait Accumulator {
    /// Takes the next item.
    fn take(&mut self, item: &dyn Scope);
    /// The value over all items taken, for a user (`now`, attributes).
    fn value(&mut self, user: &dyn Scope) -> Option<Value>;
    /// Forgets all items.
    fn clear(&mut self);
}

/// An accumulator for an aggregate's function. Which items count (names, filter, window) is
/// asked by whoever hands them over.
pub(crate) fn accumulator(aggregate: &Aggregate) -> Box<dyn Accumulator + '_> {
    let arguments = aggregate.arguments.as_slice();
    let argument = arguments.first();
    match &aggregate.function {
        AggregateFunction::Count => Box::new(Count::default()),
        AggregateFunction::Sum => Box::new(Sum::new(argument)),
        AggregateFunction::Average => Box::new(Mean::new(argument)),
        AggregateFunction::Minimum(place) => {
            Box::new(Extreme::new(argument, *place, Direction::Least))
        }
        AggregateFunction::Maximum(place) => {
            Box::new(Extreme::new(argument, *place, Direction::Greatest))
        }
        AggregateFunction::Distinct => Box::new(Distinct::new(arguments)),
        AggregateFunction::Periods(unit, zone) => Box::new(Periods::new(*unit, zone)),
        AggregateFunction::First(nth, place) => Box::new(First::new(argument, *place, *nth)),
        AggregateFunction::Last(nth, place) => Box::new(Last::new(argument, *place, *nth)),
        AggregateFunction::FirstTime(nth) => {
            Box::new(First::new(Some(&Measure::EventTime), Place::Moment, *nth))
        }
        AggregateFunction::LastTime(nth) => {
            Box::new(Last::new(Some(&Measure::EventTime), Place::Moment, *nth))
        }
    }
}

/// The value of an item in a place, judged.
fn value(argument: Option<&Measure>, place: Place, item: &dyn Scope) -> Option<Value> {
    convert(evaluate::measure(argument?, item)?, place)
}

/// The same where a list is no value: everywhere but in first and last.
fn scalar(argument: Option<&Measure>, place: Place, item: &dyn Scope) -> Option<Value> {
    value(argument, place, item).filter(|value| !matches!(value, Value::List(_) | Value::Object(_)))
}

/// A number that is added: exact, for only the sum is judged (rules.md, Meaning 4).
fn addend(argument: Option<&Measure>, item: &dyn Scope) -> Option<Decimal> {
    match evaluate::exact(argument?, item)? {
        Value::Number(number) => Some(number),
        _ => None,
    }
}

/// A number of items.
fn whole(number: usize) -> Option<Value> {
    judged(Value::Number(Decimal::from(number)))
}
