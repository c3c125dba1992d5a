//! What earlier passes have found, for those after them.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::UserSet;
use features::FeatureColumn;

use crate::compile::TagProgram;
use crate::pass::Pass;
use crate::population::{PopulationValues, Populations, put_together};
use crate::ports::in_memory::IdentitiesInMemory;
use crate::values::MetricValues;

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
    /// Knows the values among all users of a run before; `None` where one of them is missing.
    pub fn recalling(program: &TagProgram, before: Option<&Populations>) -> Option<Self> {
        let mut populations = BTreeMap::new();
        for (number, key) in program.populations.iter().enumerate() {
            let values = before?.values.get(key)?;
            populations.insert(number, Arc::clone(values));
        }
        Some(Self {
            populations,
            ..Self::default()
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
    pub fn given(&self, numbers: &[usize], users: &[u32]) -> Vec<FeatureColumn> {
        let column = |number: &usize| match self.populations.get(number) {
            Some(values) => values.column(users),
            None => FeatureColumn::Any(vec![None; users.len()]),
        };
        numbers.iter().map(column).collect()
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
