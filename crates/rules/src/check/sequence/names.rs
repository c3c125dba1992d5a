//! What the steps of a sequence are called: by their event, or as they are named.

use std::collections::{BTreeMap, BTreeSet};

use domain::nearest;

use super::Checker;
use crate::diagnostic::Diagnostic;
use crate::located::Located;
use crate::mistake::Sequences;
use crate::print::printed_name;
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
                let mistake = Sequences::SameName { name: &name.node };
                self.fail::<()>(name.range, mistake);
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
        let (range, name) = (name.range, name.node.as_str());
        let Some(meant) = nearest(name, names.places.keys().map(String::as_str)) else {
            return self.fail(range, Sequences::UnknownStep { name });
        };
        let diagnostic = Diagnostic::at(range, Sequences::MisspeltStep { name, meant });
        self.refuse(diagnostic.with_fix(printed_name(meant)))
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
                let mistake = Sequences::NotBefore { name: &name.node };
                self.fail(name.range, mistake)
            }
            _ => {
                let mistake = Sequences::SeveralSteps {
                    name: &name.node,
                    written: &printed_name(&name.node),
                };
                self.fail(name.range, mistake)
            }
        }
    }
}
