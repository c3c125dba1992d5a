//! What is given and what earlier passes have found, for those after them.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{TagKey, UserSet};
use features::FeatureColumn;

use crate::compile::TagProgram;
use crate::given::GivenTag;
use crate::pass::Pass;
use crate::population::{PopulationValues, Populations, put_together};
use crate::ports::in_memory::IdentitiesInMemory;
use crate::results::RunContent;
use crate::source::Definitions;
use crate::values::MetricValues;

/// The values of a metric tag.
pub(crate) type TagValues = (TagKey, Arc<MetricValues>);

/// What given tags have.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    /// The members of slots, known or not.
    pub members: BTreeMap<usize, Arc<UserSet>>,
    /// The slots and the values of metric tags, by the tags' places.
    metrics: BTreeMap<usize, (usize, Arc<MetricValues>)>,
}

impl Given {
    /// Of all tags; where each tag's slots start.
    pub fn of(definitions: &Definitions<'_>, starts: &[usize]) -> Self {
        let mut all = Self::default();
        for ((place, tag), start) in definitions.tags.iter().enumerate().zip(starts) {
            let Some(given) = tag.given() else {
                continue;
            };
            all.members.extend((*start..).zip(given.sets()));
            if let GivenTag::Metric { values, .. } = given {
                all.metrics.insert(place, (*start, Arc::clone(values)));
            }
        }
        all
    }

    /// Whether nothing is given.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The members of all slots: of the given ones those who are known, of the others what was found, in order. The
    /// sets of a run before where they are equal.
    pub fn beside(
        &self,
        found: Vec<Arc<UserSet>>,
        known: &UserSet,
        before: Option<&RunContent>,
    ) -> Vec<Arc<UserSet>> {
        let count = found.len() + self.members.len();
        let mut found = found.into_iter();
        let members = |slot: usize| {
            let Some(given) = self.members.get(&slot) else {
                return found.next().unwrap_or_default();
            };
            let members = match given.is_subset(known) {
                true => Arc::clone(given),
                false => Arc::new(given.and(known)),
            };
            let old = before.and_then(|before| before.members.get(slot));
            old.filter(|old| **old == members)
                .map_or(members, Arc::clone)
        };
        (0..count).map(members).collect()
    }
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Earlier {
    /// The members of slots.
    pub members: BTreeMap<usize, Arc<UserSet>>,
    /// The values of metric tags, by the tags' places.
    pub values: BTreeMap<usize, Arc<MetricValues>>,
    /// The values among all users, by number.
    populations: BTreeMap<usize, Arc<PopulationValues>>,
}

impl Earlier {
    /// Knows only what is given.
    pub fn given_by(program: &TagProgram) -> Self {
        let Given { members, metrics } = &program.given;
        let values = |(tag, (_, values)): (&usize, &(usize, _))| (*tag, Arc::clone(values));
        Self {
            members: members.clone(),
            values: metrics.iter().map(values).collect(),
            populations: BTreeMap::new(),
        }
    }

    /// Knows the values among all users of a run before; `None` where one of them is missing.
    pub fn recalling(program: &TagProgram, before: Option<&Populations>) -> Option<Self> {
        let mut populations = BTreeMap::new();
        for (number, key) in program.populations.iter().enumerate() {
            let values = before?.values.get(key)?;
            populations.insert(number, Arc::clone(values));
        }
        Some(Self {
            populations,
            ..Self::given_by(program)
        })
    }

    /// Takes over what a pass has found: members in the order of its outputs, values in the order
    /// of its metrics.
    pub fn take(
        &mut self,
        program: &TagProgram,
        pass: &Pass,
        members: &[Arc<UserSet>],
        values: Vec<Arc<MetricValues>>,
    ) {
        let slots = pass.outputs.iter().map(|output| output.slot);
        self.members.extend(slots.zip(members.iter().cloned()));
        let nobody = IdentitiesInMemory::default();
        let identities = program.identities.as_deref().unwrap_or(&nobody);
        for step in &pass.populations {
            let parts = values.get(step.parts.clone()).unwrap_or_default();
            let values = put_together(&step.population, parts, identities);
            self.populations.insert(step.number, Arc::new(values));
        }
        let tags = pass.metrics.iter().map(|metric| metric.tag);
        let values = tags
            .zip(values)
            .filter_map(|(tag, values)| Some((tag?, values)));
        self.values.extend(values);
    }

    /// Those for whom something among all users is true.
    pub fn users_of_population(&self, number: usize) -> Option<&UserSet> {
        match self.populations.get(&number)?.as_ref() {
            PopulationValues::Users(users) => Some(users),
            PopulationValues::Values { .. } => None,
        }
    }

    /// The values among all users of the users of a block, ascending.
    pub fn columns(&self, numbers: &[usize], users: &[u32]) -> Vec<FeatureColumn> {
        let column = |number: &usize| match self.populations.get(number) {
            Some(values) => values.column(users),
            None => FeatureColumn::Any(vec![None; users.len()]),
        };
        numbers.iter().map(column).collect()
    }

    /// Takes the values of metric tags of users of whom these are known. Who else is given a value, has none.
    pub fn take_values(&mut self, program: &TagProgram, known: &UserSet) -> Vec<TagValues> {
        let of_tag = |(tag, values): (usize, Arc<MetricValues>)| {
            let given = program.given.metrics.get(&tag);
            let members = given.and_then(|(slot, _)| program.given.members.get(slot));
            let values = match members {
                Some(members) if !members.is_subset(known) => Arc::new(values.within(known)),
                _ => values,
            };
            Some((program.metrics.get(&tag)?.clone(), values))
        };
        let values = std::mem::take(&mut self.values).into_iter();
        values.filter_map(of_tag).collect()
    }

    /// The values among all users, by what they are.
    pub fn into_populations(self, program: &TagProgram) -> Populations {
        let keyed = |(number, values): (usize, Arc<PopulationValues>)| {
            Some((program.populations.get(number)?.clone(), values))
        };
        Populations {
            as_of: program.now(),
            values: self.populations.into_iter().filter_map(keyed).collect(),
        }
    }
}
