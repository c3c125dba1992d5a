//! Which steps of a sequence an event can be of, and its values of what is equal in them.

use std::ops::Range;

use domain::{EventName, Value};
use rules::checked::{Aggregate, Place, Step};

use super::sequence::Filling;
use super::values::{ValueNumbers, Values};
use crate::fold::bind::Bound;
use crate::fold::scope::RowScope;
use crate::program::{Plan, Reach};
use crate::window::Interval;

/// The steps of a feature.
pub(super) struct Steps<'b> {
    reach: Reach,
    /// The steps that take events of each name, later ones first, one name after the other.
    taking: Vec<usize>,
    /// By event-name code: where those of the name end.
    ends: Vec<u32>,
    steps: Vec<BoundStep>,
    /// By equality: the values of the steps.
    equalities: Vec<Values<'b>>,
    values: Vec<u32>,
}

struct BoundStep {
    /// Whether its event is demanded, and has to lie in the window.
    is_present: bool,
    filter: Option<usize>,
}

impl<'b> Steps<'b> {
    /// `None` for features without steps.
    pub(super) fn new(
        bound: &'b Bound<'b>,
        feature: usize,
        numbers: &mut ValueNumbers<'b>,
    ) -> Option<Self> {
        let Some(Plan::Aggregate {
            aggregate,
            reach,
            step_filters,
            ..
        }) = bound.program.plans.get(feature)
        else {
            return None;
        };
        let steps = aggregate.steps();
        let (mut taking, mut ends) = (Vec::new(), Vec::new());
        let mut add = |takes: &dyn Fn(&Step) -> bool| {
            let numbered = steps.iter().enumerate().rev();
            taking.extend(
                numbered
                    .filter(|(_, step)| takes(step))
                    .map(|(step, _)| step),
            );
            ends.push(taking.len() as u32);
        };
        for name in bound.name_texts {
            let name = EventName::new(name);
            add(&|step| step.events.takes(&name));
        }
        for change in &bound.program.derived {
            add(&|step| step.events.derived.contains(change));
        }
        let filters = step_filters.iter().copied();
        Some(Self {
            reach: *reach,
            taking,
            ends,
            steps: steps
                .iter()
                .zip(filters)
                .map(|(step, filter)| BoundStep {
                    is_present: step.is_present(),
                    filter,
                })
                .collect(),
            equalities: equalities(aggregate, bound, numbers),
            values: Vec::new(),
        })
    }

    /// Hands over each step that an event can be of, later ones first, with the event's time and
    /// its values of what is equal. It may fill some steps only.
    #[inline]
    pub(super) fn each(
        &mut self,
        event: &RowScope<'_>,
        filling: Filling,
        mut take: impl FnMut(usize, i64, &[u32]),
    ) {
        let Some((time, code)) = event.event() else {
            return;
        };
        let interval = match self.reach {
            Reach::Common(interval) => interval,
            Reach::OfUser(window) => event.cells.interval(window),
        };
        let is_inside = contains(interval, time) && filling == Filling::Any;
        for number in self.taking.get(self.range(code)).unwrap_or_default() {
            let Some(step) = self.steps.get(*number) else {
                continue;
            };
            let passes = |filter: usize| event.passes(filter);
            if (step.is_present && !is_inside) || !step.filter.is_none_or(passes) {
                continue;
            }
            self.values.clear();
            let values = self.equalities.iter_mut();
            self.values
                .extend(values.map_while(|equality| equality.number(*number, event)));
            if self.values.len() == self.equalities.len() {
                take(*number, time, &self.values);
            }
        }
    }

    /// Where the steps are that take events of a name.
    #[inline]
    fn range(&self, code: u32) -> Range<usize> {
        let end = |code: usize| self.ends.get(code).map_or(0, |end| *end as usize);
        let code = code as usize;
        code.checked_sub(1).map_or(0, end)..end(code)
    }
}

fn contains(interval: Interval, time: i64) -> bool {
    interval.from <= time && time < interval.until
}

fn equalities<'b>(
    aggregate: &'b Aggregate,
    bound: &'b Bound<'b>,
    numbers: &mut ValueNumbers<'b>,
) -> Vec<Values<'b>> {
    let steps = aggregate.steps();
    let count = steps.first().map_or(0, |step: &Step| step.same.len());
    let mut values = |equality: usize| {
        let of_steps = steps
            .iter()
            .map(|step| step.same.get(equality).and_then(Option::as_ref));
        Values::new(of_steps, Place::Text, bound, numbers)
    };
    (0..count).map(&mut values).collect()
}

/// Counts are numbers.
pub(super) fn number(count: i64) -> Option<Value> {
    Some(Value::from(count))
}
