//! States: what features that no cell can hold know of the user being walked.
//!
//! There is one state for each such feature, whatever the number of users. It lives through
//! one walk over one user's history: it takes the events that count, gives its value when the
//! walk ends, and is cleared for the next user with its memory kept. Only states that took an
//! event are asked; of all others the value over nothing is known beforehand.

mod equal;
mod gap;
mod matched;
mod numbers;
mod sequence;
mod steps;
mod texts;
mod valued;

use domain::Value;
use rules::checked::{Aggregate, AggregateFunction, Place};

use self::equal::ValueNumbers;
use self::gap::Gaps;
pub(super) use self::matched::matched;
use self::numbers::{NarrowDeviation, NarrowPercentile, Numbers};
use self::sequence::Sequence;
use self::texts::TopTexts;
use self::valued::Valued;
use super::bind::Bound;
use super::scope::RowScope;
use super::step::Action;
use crate::history::Column;

/// What one feature knows of the user being walked.
pub(super) trait State {
    /// Takes the next event that counts, in the order of the history.
    fn take(&mut self, event: &RowScope<'_>);
    /// The value over all events taken. Over none it must be the same for all users.
    fn value(&mut self, user: &RowScope<'_>) -> Option<Value>;
    /// Forgets the user, but keeps the memory.
    fn clear(&mut self);
}

/// The states of all features that have one.
pub(super) struct States<'b> {
    /// By feature.
    slots: Vec<Option<Slot<'b>>>,
    /// The features whose states took an event since they were last finished.
    touched: Vec<usize>,
}

struct Slot<'b> {
    state: Box<dyn State + 'b>,
    is_touched: bool,
}

impl<'b> States<'b> {
    pub(super) fn new(bound: &'b Bound<'b>) -> Self {
        let mut numbers = ValueNumbers::default();
        let slot = |feature| {
            let state = state(bound, feature, &mut numbers)?;
            Some(Slot {
                state,
                is_touched: false,
            })
        };
        Self {
            slots: (0..bound.actions.len()).map(slot).collect(),
            touched: Vec::new(),
        }
    }

    /// Lets a feature's state take an event.
    pub(super) fn take(&mut self, feature: usize, event: &RowScope<'_>) {
        let Some(Some(slot)) = self.slots.get_mut(feature) else {
            return;
        };
        if !std::mem::replace(&mut slot.is_touched, true) {
            self.touched.push(feature);
        }
        slot.state.take(event);
    }

    /// A feature whose state took an event and is not finished yet.
    pub(super) fn next_touched(&mut self) -> Option<usize> {
        self.touched.pop()
    }

    /// The value of a feature's state, which is cleared.
    pub(super) fn finish(&mut self, feature: usize, user: &RowScope<'_>) -> Option<Value> {
        let slot = self.slots.get_mut(feature)?.as_mut()?;
        let value = slot.state.value(user);
        slot.state.clear();
        slot.is_touched = false;
        value
    }

    /// By feature: its state's value over nothing.
    pub(super) fn over_nothing(&mut self, nobody: &RowScope<'_>) -> Vec<Option<Value>> {
        let value = |slot: &mut Option<Slot<'b>>| slot.as_mut()?.state.value(nobody);
        self.slots.iter_mut().map(value).collect()
    }
}

/// The state of a feature, if it has one.
fn state<'b>(
    bound: &'b Bound<'b>,
    feature: usize,
    numbers: &mut ValueNumbers<'b>,
) -> Option<Box<dyn State + 'b>> {
    let Action::State = bound.actions.get(feature)?.as_ref()? else {
        return None;
    };
    let aggregate = bound.aggregate(feature)?;
    match &aggregate.function {
        AggregateFunction::Sequence(_) => Some(Box::new(Sequence::new(bound, feature, numbers)?)),
        AggregateFunction::Gap(_) => Some(Box::new(Gaps::new(bound, feature, numbers)?)),
        _ => narrow(bound, aggregate).or_else(|| Some(Box::new(Valued::new(aggregate)))),
    }
}

/// The state of an aggregate over a column in its narrow form.
fn narrow<'b>(bound: &'b Bound<'b>, aggregate: &'b Aggregate) -> Option<Box<dyn State + 'b>> {
    let argument = bound.column_argument(aggregate)?;
    match (&aggregate.function, argument.column) {
        (function, Column::Number { scale, mantissas }) => {
            let numbers = Numbers {
                mantissas,
                scale: *scale,
            };
            match function {
                AggregateFunction::Percentile(percent) => {
                    Some(Box::new(NarrowPercentile::new(numbers, percent)))
                }
                AggregateFunction::Deviation => Some(Box::new(NarrowDeviation::new(numbers))),
                _ => None,
            }
        }
        (AggregateFunction::Top(count, Place::Text), Column::Text { codes, .. }) => {
            Some(Box::new(TopTexts::new(codes, argument.texts(), *count)))
        }
        _ => None,
    }
}
