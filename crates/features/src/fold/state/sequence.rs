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

impl State for Sequence<'_> {
    fn take(&mut self, event: &RowScope<'_>) {
        let Some((time, _)) = event.event() else {
            return;
        };
        let moment = (time, self.bound.position(event.row));
        let matcher = &mut self.matcher;
        self.steps
            .each(event, |step, values| matcher.take(step, moment, values));
    }

    fn value(&mut self, _user: &RowScope<'_>) -> Option<Value> {
        number(self.matcher.count())
    }

    fn clear(&mut self) {
        self.matcher.clear();
    }
}
