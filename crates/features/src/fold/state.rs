//! States: what features that no cell can hold know of the user being walked.
//!
//! There is one state for each such feature, whatever the number of users. It lives through
//! one walk over one user's history: it takes the events that count, batch by batch, gives its
//! value when the walk ends, and is cleared for the next user with its memory kept. Only states
//! that took an event are asked; of all others the value over nothing is known beforehand.

mod distinct;
mod gap;
mod matched;
mod nth;
mod numbers;
mod sequence;
mod steps;
mod top;
mod valued;
mod values;

use domain::Value;
use rules::checked::{Aggregate, AggregateFunction, Place};

use self::distinct::Distinct;
use self::gap::Gaps;
pub(super) use self::matched::matched;
use self::nth::Nth;
use self::numbers::{ColumnDeviation, ColumnPercentile, Numbers};
use self::sequence::Sequence;
use self::top::Top;
use self::valued::Valued;
use self::values::{ValueNumbers, Values};
use super::batch::Events;
use super::bind::Bound;
use super::scope::RowScope;
use super::step::Action;
use crate::history::Column;

/// What one feature knows of the user being walked.
pub(super) trait State {
    /// Takes the next events that count, in the order of the history.
    fn take(&mut self, events: &Events<'_>);
    /// The value over all events taken; over none it must be the same for all users. The user is
    /// forgotten, the memory kept.
    fn finish(&mut self, user: &RowScope<'_>) -> Option<Value>;
}

/// The states of all features that have one, by feature.
pub(super) struct States<'b>(Vec<Option<Box<dyn State + 'b>>>);

impl<'b> States<'b> {
    pub(super) fn new(bound: &'b Bound<'b>) -> Self {
        let mut numbers = ValueNumbers::default();
        let state = |feature| state(bound, feature, &mut numbers);
        Self((0..bound.actions.len()).map(state).collect())
    }

    /// Lets a feature's state take events.
    pub(super) fn take(&mut self, feature: usize, events: &Events<'_>) {
        if let Some(Some(state)) = self.0.get_mut(feature) {
            state.take(events);
        }
    }

    /// The value of a feature's state, which is cleared.
    pub(super) fn finish(&mut self, feature: usize, user: &RowScope<'_>) -> Option<Value> {
        self.0.get_mut(feature)?.as_mut()?.finish(user)
    }

    /// By feature: its state's value over nothing.
    pub(super) fn over_nothing(&mut self, nobody: &RowScope<'_>) -> Vec<Option<Value>> {
        let states = self.0.iter_mut();
        states.map(|state| state.as_mut()?.finish(nobody)).collect()
    }
}

/// The state of a feature, if it has one.
fn state<'b>(
    bound: &'b Bound<'b>,
    feature: usize,
    numbers: &mut ValueNumbers<'b>,
) -> Option<Box<dyn State + 'b>> {
    let Action::State(_) = bound.actions.get(feature)?.as_ref()? else {
        return None;
    };
    let aggregate = bound.aggregate(feature)?;
    let mut values = |measure, place| Values::new([Some(measure)], place, bound, numbers);
    match (&aggregate.function, aggregate.arguments.as_slice()) {
        (AggregateFunction::Top(count, place), [measure]) => {
            return Some(Box::new(Top::new(values(measure, *place), *count)));
        }
        (AggregateFunction::Distinct, arguments) => {
            let arguments = arguments.iter();
            let values = arguments.map(|measure| values(measure, Place::Text));
            return Some(Box::new(Distinct::new(values.collect())));
        }
        _ => {}
    }
    if let Some(sequence) = Sequence::new(bound, feature, numbers) {
        return Some(Box::new(sequence));
    }
    if let Some(gaps) = Gaps::new(bound, feature, numbers) {
        return Some(Box::new(gaps));
    }
    if let Some(nth) = Nth::new(aggregate) {
        return Some(Box::new(nth));
    }
    narrow(bound, aggregate).or_else(|| Some(Box::new(Valued::new(aggregate))))
}

/// The state of an aggregate over a column of narrow numbers.
fn narrow<'b>(bound: &'b Bound<'b>, aggregate: &'b Aggregate) -> Option<Box<dyn State + 'b>> {
    let Column::Number { scale, mantissas } = bound.column_argument(aggregate)?.column else {
        return None;
    };
    let numbers = Numbers {
        mantissas,
        scale: *scale,
    };
    match &aggregate.function {
        AggregateFunction::Percentile(percent) => {
            Some(Box::new(ColumnPercentile::new(numbers, percent)))
        }
        AggregateFunction::Deviation => Some(Box::new(ColumnDeviation::new(numbers))),
        _ => None,
    }
}
