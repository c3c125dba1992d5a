//! Tallies: functions of single values, whatever the values are of.

use domain::{Span, Value};
use rules::checked::{AggregateFunction, Place};

use super::deviation::Deviation;
use super::extreme::{Direction, Extreme};
use super::nth::{First, Last};
use super::number::{Mean, Sum};
use super::percentile::Percentile;
use super::top::Top;

/// What is known of the values added so far.
pub(crate) trait Tally {
    /// Adds the next value.
    fn add(&mut self, value: Value);
    /// The result over all values added.
    fn value(&mut self) -> Option<Value>;
    /// Forgets all values.
    fn clear(&mut self);
}

/// The tally of a function of single values; none for a function of something else.
pub(crate) fn tally(function: &AggregateFunction) -> Option<Box<dyn Tally>> {
    Some(match function {
        AggregateFunction::Sum => Box::new(Sum::default()),
        AggregateFunction::Average => Box::new(Mean::default()),
        AggregateFunction::Minimum(_) => Box::new(Extreme::new(Direction::Least)),
        AggregateFunction::Maximum(_) => Box::new(Extreme::new(Direction::Greatest)),
        AggregateFunction::Percentile(percent) => Box::new(Percentile::new(percent.clone())),
        AggregateFunction::Deviation => Box::new(Deviation::default()),
        AggregateFunction::First(nth, _) | AggregateFunction::FirstTime(nth) => {
            Box::new(First::new(*nth))
        }
        AggregateFunction::Last(nth, _) | AggregateFunction::LastTime(nth) => {
            Box::new(Last::new(*nth))
        }
        AggregateFunction::Top(count, _) => Box::new(Top::new(*count)),
        _ => return None,
    })
}

/// The same of values of a place: a function of numbers takes the milliseconds of durations, and
/// gives a duration, which is cut to such.
pub(crate) fn tally_in(function: &AggregateFunction, place: Place) -> Option<Box<dyn Tally>> {
    let tally = tally(function)?;
    Some(match (function.place(), place) {
        (Place::Number, Place::Span) => Box::new(OfDurations(tally)),
        _ => tally,
    })
}

/// A function of numbers, of the milliseconds of durations.
struct OfDurations(Box<dyn Tally>);

impl Tally for OfDurations {
    fn add(&mut self, value: Value) {
        if let Value::Span(span) = value {
            self.0.add(Value::from(span.millis()));
        }
    }

    fn value(&mut self) -> Option<Value> {
        let Value::Number(millis) = self.0.value()? else {
            return None;
        };
        let millis = millis.trunc().to_i64()?;
        Some(Value::Span(Span::from_millis(millis)))
    }

    fn clear(&mut self) {
        self.0.clear();
    }
}
