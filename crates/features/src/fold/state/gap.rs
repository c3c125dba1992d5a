//! The durations from an event to the next one of another step.

use domain::Value;
use rules::checked::AggregateFunction;

use super::State;
use super::equal::ValueNumbers;
use super::steps::Steps;
use crate::fold::bind::Bound;
use crate::fold::scope::RowScope;
use crate::sequence;

/// `avg(gap(A -> B))`
pub(super) struct Gaps<'b> {
    steps: Steps<'b>,
    gaps: sequence::Gaps,
}

impl<'b> Gaps<'b> {
    /// `None` for features of another kind.
    pub(super) fn new(
        bound: &'b Bound<'b>,
        feature: usize,
        numbers: &mut ValueNumbers<'b>,
    ) -> Option<Self> {
        let AggregateFunction::Gap(gap) = &bound.aggregate(feature)?.function else {
            return None;
        };
        Some(Self {
            steps: Steps::new(bound, feature, numbers)?,
            gaps: sequence::Gaps::new(gap)?,
        })
    }
}

impl State for Gaps<'_> {
    fn take(&mut self, event: &RowScope<'_>) {
        let Some((time, _)) = event.event() else {
            return;
        };
        let gaps = &mut self.gaps;
        self.steps
            .each(event, |step, values| gaps.take(step, time, values));
    }

    fn value(&mut self, _user: &RowScope<'_>) -> Option<Value> {
        self.gaps.measured()
    }

    fn clear(&mut self) {
        self.gaps.clear();
    }
}
