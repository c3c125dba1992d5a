//! Accumulators: what an aggregate knows of the items that it has taken, value by value.
//!
//! An item is an event of a user, or an element of a collection: whatever answers as a
//! [`Scope`]. Items come in their order. An accumulator serves one user (or one group of a
//! user's items) at a time; it is cleared for the next one and keeps its memory. This is the
//! general form of each aggregate, one file for each family; where a typed column serves,
//! `fold` has a faster one.

mod count;
mod deviation;
mod distinct;
mod extreme;
mod groups;
mod in_order;
mod nth;
mod number;
mod percentile;
mod periods;
mod streak;
mod tally;
mod top;

use domain::{Decimal, Value};
use rules::checked::{Aggregate, AggregateFunction, Measure, Place};

use self::count::Count;
pub(crate) use self::deviation::deviation;
use self::distinct::Distinct;
use self::groups::Groups;
use self::in_order::{Gaps, Matches};
pub(crate) use self::percentile::NarrowPercentile;
use self::periods::Periods;
use self::streak::{Streak, Wanted};
pub(crate) use self::tally::{Tally, tally, tally_in};
pub(crate) use self::top::{Frequency, list};
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
    match &aggregate.function {
        AggregateFunction::Distinct => Box::new(Distinct::new(&aggregate.arguments)),
        AggregateFunction::Periods(unit, zone) => Box::new(Periods::new(*unit, zone)),
        AggregateFunction::Streak(zone) => Box::new(Streak::new(zone, Wanted::Current)),
        AggregateFunction::LongestStreak(zone) => Box::new(Streak::new(zone, Wanted::Longest)),
        AggregateFunction::Groups(grouping) => Box::new(Groups::new(aggregate, grouping)),
        AggregateFunction::Sequence(sequence) => Box::new(Matches::new(sequence)),
        AggregateFunction::Gap(gap) => Box::new(Gaps::new(gap)),
        function => match tally(function) {
            Some(tally) => Box::new(OfOneValue { aggregate, tally }),
            None => Box::new(Count::default()),
        },
    }
}

/// A function of one value of each item.
struct OfOneValue<'a> {
    aggregate: &'a Aggregate,
    tally: Box<dyn Tally>,
}

impl Accumulator for OfOneValue<'_> {
    fn take(&mut self, item: &dyn Scope) {
        if let Some(value) = value_of(self.aggregate, item) {
            self.tally.add(value);
        }
    }

    fn value(&mut self, _user: &dyn Scope) -> Option<Value> {
        self.tally.value()
    }

    fn clear(&mut self) {
        self.tally.clear();
    }
}

/// The one value that a function takes of an item.
pub(crate) fn value_of(aggregate: &Aggregate, item: &dyn Scope) -> Option<Value> {
    let argument = aggregate.arguments.first();
    match &aggregate.function {
        AggregateFunction::Sum | AggregateFunction::Average => addend(argument, item),
        AggregateFunction::First(_, place) | AggregateFunction::Last(_, place) => {
            placed(argument, *place, item)
        }
        AggregateFunction::FirstTime(_) | AggregateFunction::LastTime(_) => {
            item.event_time().map(Value::Time)
        }
        function => scalar(argument, function.place(), item),
    }
}

/// A number that is added: exact, for only the sum is judged (rules.md, Meaning 4).
fn addend(argument: Option<&Measure>, item: &dyn Scope) -> Option<Value> {
    evaluate::exact(argument?, item).filter(|value| matches!(value, Value::Number(_)))
}

/// The value of an item in a place, judged.
fn placed(argument: Option<&Measure>, place: Place, item: &dyn Scope) -> Option<Value> {
    convert(evaluate::measure(argument?, item)?, place)
}

/// The same where a list is no value: everywhere but in first and last.
fn scalar(argument: Option<&Measure>, place: Place, item: &dyn Scope) -> Option<Value> {
    placed(argument, place, item)
        .filter(|value| !matches!(value, Value::List(_) | Value::Object(_)))
}

/// A number of items.
fn whole(number: usize) -> Option<Value> {
    judged(Value::Number(Decimal::from(number)))
}
