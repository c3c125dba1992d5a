//! Which steps of a sequence an event can be of, and its values of what is equal in them.

use domain::{EventName, Value};
use rules::checked::{Aggregate, Step};

use super::equal::{Equality, ValueNumbers};
use super::sequence::Filling;
use crate::fold::bind::Bound;
use crate::fold::scope::RowScope;
use crate::program::{Plan, Reach};
use crate::window::Interval;

/// The steps of a feature.
pub(super) struct Steps<'b> {
    feature: usize,
    reach: Reach,
    /// By event-name code: the steps that take such events, later ones first.
    by_code: Vec<Vec<usize>>,
    steps: Vec<BoundStep>,
    equalities: Vec<Equality<'b>>,
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
        let taking = |takes: &dyn Fn(&Step) -> bool| {
            let taking = steps.iter().enumerate().filter(|(_, step)| takes(step));
            taking.map(|(place, _)| place).rev().collect()
        };
        let sent = bound.name_texts.iter().map(|name| {
            let name = EventName::new(name);
            taking(&|step| step.events.takes(&name))
        });
        let derived = bound.program.derived.iter();
        let derived = derived.map(|change| taking(&|step| step.events.derived.contains(change)));
        let filters = step_filters.iter().copied();
        Some(Self {
            feature,
            reach: *reach,
            by_code: sent.chain(derived).collect(),
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

    /// Hands over each step that an event can be of, later ones first, with the event's values of
    /// what is equal.
    #[inline]
    pub(super) fn each(&mut self, event: &RowScope<'_>, take: impl FnMut(usize, &[u32])) {
        self.each_as(event, Filling::Any, take);
    }

    /// The same of an event that may fill some steps only.
    #[inline]
    pub(super) fn each_as(
        &mut self,
        event: &RowScope<'_>,
        filling: Filling,
        mut take: impl FnMut(usize, &[u32]),
    ) {
        let Some((time, code)) = event.event() else {
            return;
        };
        let interval = match self.reach {
            Reach::Common(interval) => interval,
            Reach::OfUser => event.cells.interval(self.feature),
        };
        let is_inside = contains(interval, time) && filling == Filling::Any;
        let Some(taking) = self.by_code.get(code as usize) else {
            return;
        };
        for number in taking {
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
                .extend(values.map_while(|equality| equality.value(*number, event)));
            if self.values.len() == self.equalities.len() {
                take(*number, &self.values);
            }
        }
    }
}

fn contains(interval: Interval, time: i64) -> bool {
    interval.from <= time && time < interval.until
}

fn equalities<'b>(
    aggregate: &'b Aggregate,
    bound: &'b Bound<'b>,
    numbers: &mut ValueNumbers<'b>,
) -> Vec<Equality<'b>> {
    let steps = aggregate.steps();
    let count = steps.first().map_or(0, |step: &Step| step.same.len());
    (0..count)
        .map(|equality| {
            let of_steps = steps
                .iter()
                .map(|step| step.same.get(equality).and_then(Option::as_ref))
                .collect();
            Equality::new(of_steps, bound, numbers)
        })
        .collect()
}

/// Counts are numbers.
pub(super) fn number(count: i64) -> Option<Value> {
    Some(Value::from(count))
}
