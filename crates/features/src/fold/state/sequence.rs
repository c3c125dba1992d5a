//! The matches of a sequence.

use domain::Value;
use rules::checked::AggregateFunction;

use super::State;
use super::steps::{Steps, number};
use super::values::ValueNumbers;
use crate::fold::batch::Events;
use crate::fold::bind::Bound;
use crate::fold::scope::RowScope;
use crate::sequence::Matcher;

/// `sequence(…)`, `count_sequences(…)`
pub(super) struct Sequence<'b> {
    bound: &'b Bound<'b>,
    steps: Steps<'b>,
    matcher: Matcher,
}

impl<'b> Sequence<'b> {
    /// `None` for features of another kind.
    pub(super) fn new(
        bound: &'b Bound<'b>,
        feature: usize,
        numbers: &mut ValueNumbers<'b>,
    ) -> Option<Self> {
        let AggregateFunction::Sequence(sequence) = &bound.aggregate(feature)?.function else {
            return None;
        };
        Some(Self {
            bound,
            steps: Steps::new(bound, feature, numbers)?,
            matcher: Matcher::new(sequence, bound.program.now().millis()),
        })
    }
}

/// Which steps an event may fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filling {
    /// Any.
    Any,
    /// Only those whose events must be absent.
    Absent,
}

impl Sequence<'_> {
    /// Takes an event that may fill some steps only.
    #[inline]
    pub(super) fn take_as(&mut self, event: &RowScope<'_>, filling: Filling) {
        let position = self.bound.position(event.row);
        let matcher = &mut self.matcher;
        self.steps.each(event, filling, |step, time, values| {
            matcher.take(step, (time, position), values);
        });
    }

    /// Takes an event that is the only one of its instant.
    #[inline]
    fn take_alone(&mut self, event: &RowScope<'_>) {
        let matcher = &mut self.matcher;
        self.steps.each(event, Filling::Any, |step, time, values| {
            matcher.take_alone(step, time, values);
        });
    }

    /// How many matches the events taken so far have; they are forgotten.
    pub(super) fn end(&mut self) -> i64 {
        let count = self.matcher.count();
        self.matcher.clear();
        count
    }
}

impl State for Sequence<'_> {
    fn take(&mut self, events: &Events<'_>) {
        for rows in events.instants() {
            match rows {
                [row] => self.take_alone(&events.scope(*row)),
                rows => rows
                    .iter()
                    .for_each(|row| self.take_as(&events.scope(*row), Filling::Any)),
            }
        }
    }

    fn finish(&mut self, _user: &RowScope<'_>) -> Option<Value> {
        number(self.end())
    }
}
