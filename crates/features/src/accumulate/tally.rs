//! Tallies: functions of single values, whatever the values are of.

use domain::Value;
use rules::checked::AggregateFunction;

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
