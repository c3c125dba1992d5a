//! Events of one user in an order.

use domain::Span;

use super::{AggregateFunction, Condition, EventSelector, Measure};

/// Steps in their order. A choice of events, one for each step that demands one, is a match if
/// each is later than the one before (by time, then position), all lie in the window, the limits
/// and equalities hold, and what must be absent is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sequence {
    /// At least one of them demands an event.
    pub steps: Vec<Step>,
}

/// One step of a sequence.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Step {
    /// Whether there has to be such an event.
    pub demand: Demand,
    /// Which events.
    pub events: EventSelector,
    /// Which of them.
    pub filter: Option<Condition>,
    /// For each equality of the sequence: the value of the event that is equal to those of other
    /// steps, as canonical text; `None` where the equality does not concern the step. An event
    /// without such a value, or with a list, is no event of the step.
    pub same: Vec<Option<Measure>>,
}

/// What a step demands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Demand {
    /// An event, perhaps not long after that of another step.
    Present(Option<Limit>),
    /// No event later than that of the step before and earlier than that of the step after (of
    /// those that demand one), whether in the window or not. At the start: none at all before,
    /// or none in that time before the step after. At the end: none up to now, or none in that
    /// time after the step before, which has to be over.
    Absent(Option<Span>),
}

/// How long after the event of another step an event is at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limit {
    /// How long; this long is not too long.
    pub span: Span,
    /// The other step, an earlier one that demands an event.
    pub after: usize,
}

/// The durations from each event of a first step to the next one of a second.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Gap {
    /// What is measured of the durations; of numbers it gives milliseconds, which are cut.
    pub function: AggregateFunction,
    /// Two steps that demand an event, without limits.
    pub between: Sequence,
}

impl Step {
    /// Whether there has to be such an event.
    pub fn is_present(&self) -> bool {
        matches!(self.demand, Demand::Present(_))
    }
}

impl Sequence {
    /// How many equalities there are.
    pub fn equalities(&self) -> usize {
        self.steps.first().map_or(0, |step| step.same.len())
    }

    /// What must be absent after the last event.
    pub fn absent_at_end(&self) -> &[Step] {
        let last = self.steps.iter().rposition(Step::is_present);
        let after = last.map_or(0, |last| last + 1);
        self.steps.get(after..).unwrap_or_default()
    }
}
