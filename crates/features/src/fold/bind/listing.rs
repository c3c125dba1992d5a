//! What events do, listed by their names.

use std::collections::HashMap;

use domain::EventName;
use rules::checked::{Aggregate, Step as SequenceStep};

use super::Bound;
use crate::fold::step::{Action, Step, StepGroup};
use crate::program::{Plan, Reach};
use crate::window::Interval;

/// What events do.
#[derive(Default)]
pub(in crate::fold) struct Listing<'b> {
    /// By walk and by event-name code: what an event of that name does. The codes of changes come
    /// behind those of the table.
    walks: Vec<Vec<Vec<StepGroup<'b>>>>,
    /// By batch: the features whose states take it.
    batches: Vec<Vec<usize>>,
    /// The batches of features that look at the same events.
    numbers: HashMap<Sight, usize>,
}

/// Which events a feature looks at.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Sight {
    walk: usize,
    reach: Reach,
    filter: Option<usize>,
    /// The codes of their names.
    codes: Vec<usize>,
}

impl<'b> Listing<'b> {
    /// Of all features of a program whose actions are bound.
    pub(super) fn new(bound: &Bound<'b>) -> Self {
        let program = bound.program;
        let names = bound.name_texts.iter();
        let names: Vec<EventName> = names.map(|name| EventName::new(name)).collect();
        let codes = names.len() + program.derived.len();
        let mut listing = Self {
            walks: vec![vec![Vec::new(); codes]; program.walks],
            ..Self::default()
        };
        let codes = |aggregate: &Aggregate| {
            let sent = names.iter().map(|name| aggregate.events.takes(name));
            let changes = program.derived.iter();
            let changes = changes.map(|change| aggregate.events.derived.contains(change));
            let taken = sent.chain(changes).enumerate().filter(|(_, taken)| *taken);
            taken.map(|(code, _)| code).collect()
        };
        let actions = bound.places.iter().zip(&bound.actions).enumerate();
        for (plan, (feature, (place, action))) in program.plans.iter().zip(actions) {
            if let (
                Plan::Aggregate {
                    aggregate,
                    walk,
                    reach,
                    filter,
                    ..
                },
                Some(action),
            ) = (plan, action)
            {
                let sight = Sight {
                    walk: *walk,
                    reach: concerned(bound, aggregate, *reach),
                    filter: *filter,
                    codes: codes(aggregate),
                };
                let step = Step {
                    feature,
                    place: *place,
                    action: action.clone(),
                };
                listing.add(sight, step);
            }
        }
        listing
    }

    /// What an event of a name does in a walk, by the code of the name.
    pub(in crate::fold) fn walk(&self, walk: usize) -> &[Vec<StepGroup<'b>>] {
        self.walks.get(walk).map_or(&[], Vec::as_slice)
    }

    /// The features whose states take a batch.
    pub(in crate::fold) fn batch(&self, batch: usize) -> &[usize] {
        self.batches.get(batch).map_or(&[], Vec::as_slice)
    }

    /// How many batches there are.
    pub(in crate::fold) fn batches(&self) -> usize {
        self.batches.len()
    }

    /// Adds what the events of a feature do.
    fn add(&mut self, sight: Sight, step: Step<'b>) {
        if let Action::State(_) = step.action {
            return self.add_to_batch(sight, step.feature);
        }
        for code in &sight.codes {
            if let Some(group) = self.group(&sight, *code) {
                group.steps.push(step.clone());
            }
        }
    }

    fn add_to_batch(&mut self, sight: Sight, feature: usize) {
        if let Some(batch) = self.numbers.get(&sight) {
            self.batches
                .get_mut(*batch)
                .into_iter()
                .for_each(|features| features.push(feature));
            return;
        }
        let batch = self.batches.len();
        for code in &sight.codes {
            if let Some(group) = self.group(&sight, *code) {
                group.batches.push(batch);
            }
        }
        self.numbers.insert(sight, batch);
        self.batches.push(vec![feature]);
    }

    /// The group of the steps of a name that share filter and times.
    fn group(&mut self, sight: &Sight, code: usize) -> Option<&mut StepGroup<'b>> {
        let groups = self.walks.get_mut(sight.walk)?.get_mut(code)?;
        let shares =
            |group: &StepGroup<'_>| group.filter == sight.filter && group.reach == sight.reach;
        let place = groups.iter().position(shares).unwrap_or_else(|| {
            groups.push(StepGroup {
                reach: sight.reach,
                filter: sight.filter,
                steps: Vec::new(),
                batches: Vec::new(),
            });
            groups.len() - 1
        });
        groups.get_mut(place)
    }
}

/// The times of the events that concern an aggregate: what must be absent from a sequence is
/// looked for outside its window, too.
fn concerned(bound: &Bound<'_>, aggregate: &Aggregate, reach: Reach) -> Reach {
    if aggregate.steps().iter().all(SequenceStep::is_present) {
        return reach;
    }
    let from = i64::MIN;
    let until = bound.program.now.millis().saturating_add(1);
    Reach::Common(Interval { from, until })
}
