//! The matches of a sequence.

use domain::Value;
use rules::checked::AggregateFunction;

use super::State;
use super::equal::ValueNumbers;
use super::steps::{Steps, number};
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
    pub(super) fn take_as(&mut self, event: &RowScope<'_>, filling: Filling) {
        let Some((time, _)) = event.event() else {
            return;
        };
        let moment = (time, self.bound.position(event.row));
        let matcher = &mut self.matcher;
        self.steps.each_as(event, filling, |step, values| {
            matcher.take(step, moment, values);
        });
    }

    /// Whether the events taken so far have a match; they are forgotten.
    pub(super) fn ends_with_match(&mut self) -> bool {
        let count = self.matcher.count();
        self.matcher.clear();
        count > 0
    }
}

impl State for Sequence<'_> {
    fn take(&mut self, event: &RowScope<'_>) {
        self.take_as(event, Filling::Any);
    }

    fn value(&mut self, _user: &RowScope<'_>) -> Option<Value> {
        number(self.matcher.count())
    }

    fn clear(&mut self) {
        self.matcher.clear();
    }
}
