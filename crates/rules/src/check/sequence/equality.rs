//! What is equal in the events of a sequence: `same p`, `same a.p = b.q`.

use super::names::StepNames;
use super::{Checker, StepEvents};
use crate::check::scope::Scope;
use crate::checked::Measure;
use crate::mistake::Sequences;
use crate::tree::{Expression, OfStep, Same};

/// For each step its value, if the equality concerns it.
type Equality = Vec<Option<Measure>>;

impl Checker<'_> {
    /// The equalities, each once and in an order of their own.
    pub(super) fn equalities(
        &mut self,
        same: &[Same],
        names: &StepNames,
        events: &[StepEvents],
    ) -> Option<Vec<Equality>> {
        let equalities: Vec<Option<Equality>> = same
            .iter()
            .map(|same| match same {
                Same::Everywhere(value) => self.everywhere(value, events),
                Same::Between(of) => self.between_steps(of, names, events),
            })
            .collect();
        let mut equalities: Vec<Equality> = equalities.into_iter().collect::<Option<_>>()?;
        equalities.sort_by_cached_key(|equality| format!("{equality:?}"));
        equalities.dedup();
        Some(equalities)
    }

    /// `same p`
    fn everywhere(&mut self, value: &Expression, events: &[StepEvents]) -> Option<Equality> {
        let values: Vec<Option<Measure>> = events
            .iter()
            .map(|events| self.value_of_event(value, events))
            .collect();
        values.into_iter().map(|value| value.map(Some)).collect()
    }

    /// `same a.p = b.q`
    fn between_steps(
        &mut self,
        of: &[OfStep],
        names: &StepNames,
        events: &[StepEvents],
    ) -> Option<Equality> {
        let mut equality: Equality = vec![None; events.len()];
        let mut is_right = true;
        for OfStep { step, value } in of {
            let Some(places) = self.steps_called(step, names) else {
                is_right = false;
                continue;
            };
            for place in places {
                let Some(events) = events.get(*place) else {
                    continue;
                };
                let measure = self.value_of_event(value, events);
                is_right &= measure.is_some();
                let Some(slot) = equality.get_mut(*place) else {
                    continue;
                };
                if slot.is_some() {
                    let mistake = Sequences::SameStep { name: &step.node };
                    return self.fail(step.range, mistake);
                }
                *slot = measure;
            }
        }
        is_right.then_some(equality)
    }

    fn value_of_event(&mut self, value: &Expression, events: &StepEvents) -> Option<Measure> {
        let scope = Scope::Event(&events.scope);
        let place = self.default_place(value, scope);
        self.measure(value, place, scope)
    }
}
