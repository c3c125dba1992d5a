//! What the steps of a sequence are called: by their event, or as they are named.

use std::collections::{BTreeMap, BTreeSet};

use domain::nearest;

use super::Checker;
use crate::diagnostic::{Code, Diagnostic};
use crate::located::Located;
use crate::tree::{EventPattern, Step};

/// The places of the steps by their names.
#[derive(Default)]
pub(super) struct StepNames {
    places: BTreeMap<String, Vec<usize>>,
}

impl Checker<'_> {
    /// The names of the steps; a name given with `as` is that of one step alone.
    pub(super) fn step_names(&mut self, steps: &[Step]) -> StepNames {
        let mut names = StepNames::default();
        let mut given: BTreeSet<&str> = BTreeSet::new();
        for (place, step) in steps.iter().enumerate() {
            let Some(name) = &step.name else { continue };
            if given.insert(&name.node) {
                names.places.insert(name.node.clone(), vec![place]);
            } else {
                let message = format!("two steps are called `{}`", name.node);
                self.fail::<()>(Code::Ambiguous, name.range, message);
            }
        }
        for (place, step) in steps.iter().enumerate() {
            if let [event] = step.events.as_slice()
                && let EventPattern::Name(name) | EventPattern::Event(name) = &event.node
                && !given.contains(name.as_str())
            {
                names.places.entry(name.clone()).or_default().push(place);
            }
        }
        names
    }

    /// The steps of that name, at least one.
    pub(super) fn steps_called<'n>(
        &mut self,
        name: &Located<String>,
        names: &'n StepNames,
    ) -> Option<&'n [usize]> {
        if let Some(places) = names.places.get(&name.node) {
            return Some(places);
        }
        let meant = nearest(&name.node, names.places.keys().map(String::as_str));
        let message = format!("no step is called `{}`", name.node);
        self.refuse(match meant {
            Some(meant) => {
                let message = format!("{message}: did you mean `{meant}`?");
                Diagnostic::error(Code::UnknownStep, name.range, message)
                    .with_fix(crate::print::printed_name(meant))
            }
            None => {
                let message = format!(
                    "{message}: a step is called by its event, or as in `swap as first`; a window stands behind a comma"
                );
                Diagnostic::error(Code::UnknownStep, name.range, message)
            }
        })
    }

    /// The one step of that name that demands an event and stands before a place.
    pub(super) fn earlier_step(
        &mut self,
        name: &Located<String>,
        before: usize,
        (steps, names): (&[Step], &StepNames),
    ) -> Option<usize> {
        let places = self.steps_called(name, names)?;
        let is_present = |place: &&usize| steps.get(**place).is_some_and(|step| !step.not);
        let earlier: Vec<usize> = places
            .iter()
            .filter(|place| **place < before)
            .filter(is_present)
            .copied()
            .collect();
        match earlier.as_slice() {
            [place] => Some(*place),
            [] => {
                let message = format!(
                    "`{}` is no step before this one that happens: `within` counts from such a one",
                    name.node
                );
                self.fail(Code::NotAllowedHere, name.range, message)
            }
            _ => {
                let written = crate::print::printed_name(&name.node);
                let message = format!(
                    "`{}` could be several steps: name the one that is meant, as in `{written} as first`",
                    name.node
                );
                self.fail(Code::Ambiguous, name.range, message)
            }
        }
    }
}
