//! The durations from an event to the next one of another step.

use domain::Value;
use rules::checked::AggregateFunction;

use super::State;
use super::sequence::Filling;
use super::steps::Steps;
use super::values::ValueNumbers;
use crate::fold::batch::Events;
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
    fn take(&mut self, events: &Events<'_>) {
        let gaps = &mut self.gaps;
        for event in events.scopes() {
            self.steps.each(&event, Filling::Any, |step, time, values| {
                gaps.take(step, time, values);
            });
        }
    }

    fn finish(&mut self, _user: &RowScope<'_>) -> Option<Value> {
        let measured = self.gaps.measured();
        self.gaps.clear();
        measured
    }
}
