//! Tags become a program: passes over the users, each with its features and its circuit.

pub(crate) mod cases;
pub(crate) mod lower;
pub(crate) mod order;
pub(crate) mod population;
pub(crate) mod references;
pub(crate) mod rewrite;
pub(crate) mod shape;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{AudienceKey, ListKey, TagKey, Time, UserSet};
use features::{Feature, Program, Wanted};
use rules::checked::{Body, Condition};

use self::lower::Lowering;
use self::order::Order;
use self::population::Populations;
use crate::Error;
use crate::earlier::Given;
use crate::pass::{Metric, Output, Pass, by_column};
use crate::population::PopulationKey;
use crate::ports::Identities;
use crate::slot::{Form, TagSlot, slots};
use crate::source::{Definition, Definitions, Inputs, TagSource};

/// All tags, compiled for one instant.
#[derive(Debug)]
pub struct TagProgram {
    pub(crate) now: Time,
    pub(crate) slots: Arc<[TagSlot]>,
    /// The keys of metric tags, by the tags' places.
    pub(crate) metrics: BTreeMap<usize, TagKey>,
    /// What is there before all passes.
    pub(crate) given: Given,
    /// In order; the last one finds all slots that are not given.
    pub(crate) passes: Vec<Pass>,
    pub(crate) user_lists: BTreeMap<ListKey, Arc<UserSet>>,
    /// The values among all users, by number.
    pub(crate) populations: Vec<PopulationKey>,
    pub(crate) identities: Option<Arc<dyn Identities>>,
}

impl TagProgram {
    /// Compiles tags for an instant.
    ///
    /// # Errors
    /// Where tags need one another in a circle, a key is there twice, or a rule names what does
    /// not exist.
    pub fn compile(tags: &[TagSource], now: Time, inputs: &Inputs) -> Result<Self, Error> {
        let definitions = tags.iter().map(TagSource::definition);
        Self::of_definitions(
            definitions.collect(),
            inputs.audience_conditions()?,
            now,
            inputs,
        )
    }

    /// The same out of rules without the seal of the checker; the audiences of `inputs` are left.
    pub(crate) fn of_definitions<'a>(
        tags: Vec<Definition<'a>>,
        audiences: BTreeMap<&'a AudienceKey, &'a Condition>,
        now: Time,
        inputs: &'a Inputs,
    ) -> Result<Self, Error> {
        let (slots, starts) = slots(&tags);
        let definitions = Definitions::new(tags, audiences, inputs)?;
        let order = Order::new(&definitions, now)?;
        let populations = Populations::new(&definitions, &order);
        let compiler = Compiler {
            definitions: &definitions,
            order: &order,
            populations: &populations,
            starts: &starts,
        };
        let mut passes = Vec::with_capacity(order.early.len() + 1);
        let mut levels = populations.levels.iter();
        for group in &order.early {
            for level in levels.next().into_iter().flatten() {
                passes.push(compiler.population_pass(level, Some(group.now), group.now)?);
            }
            passes.push(compiler.pass(&group.tags, Some(group.now), group.now)?);
        }
        for level in levels.next().into_iter().flatten() {
            passes.push(compiler.population_pass(level, None, now)?);
        }
        passes.push(compiler.last_pass(now)?);
        let metrics = definitions.tags.iter().enumerate();
        let metrics = metrics
            .filter(|(_, tag)| tag.form() == Form::Metric)
            .map(|(place, tag)| (place, tag.key.clone()))
            .collect();
        let given = Given::of(&definitions, &starts);
        let user_lists = inputs.user_lists.clone();
        Ok(Self {
            now,
            slots: slots.into(),
            metrics,
            given,
            passes,
            user_lists,
            populations: populations.keys(),
            identities: inputs.identities.clone(),
        })
    }

    /// The instant of evaluation.
    #[must_use]
    pub fn now(&self) -> Time {
        self.now
    }

    /// What each bitmap stands for, in the order of the numbers in user rows.
    #[must_use]
    pub fn slots(&self) -> &[TagSlot] {
        &self.slots
    }

    /// The tags that are given, each once for each of its slots.
    pub(crate) fn given_tags(&self) -> impl Iterator<Item = &TagKey> {
        let slots = self.given.members.keys();
        slots.filter_map(|slot| Some(&self.slots.get(*slot)?.tag))
    }

    /// What is measured of each user, in all passes.
    pub fn features(&self) -> impl Iterator<Item = &Feature> {
        self.passes
            .iter()
            .flat_map(|pass| pass.program.features().features())
    }

    /// The instants of the passes over the users, and what each reads. The last is `now`.
    pub fn reads(&self) -> impl Iterator<Item = (Time, &Wanted)> {
        self.passes
            .iter()
            .map(|pass| (pass.program.now(), pass.program.wanted()))
    }
}

/// What compiling the passes needs.
struct Compiler<'d> {
    definitions: &'d Definitions<'d>,
    order: &'d Order,
    populations: &'d Populations<'d>,
    /// The first slot of each tag.
    starts: &'d [usize],
}

impl Compiler<'_> {
    /// A pass that finds the slots of its own tags.
    fn pass(&self, own: &[usize], instant: Option<Time>, now: Time) -> Result<Pass, Error> {
        let mut lowering = Lowering::new(self.definitions, now, (instant, self.populations));
        self.add(&mut lowering, own, instant)?;
        self.finish(lowering, own, own)
    }

    /// The pass of `now`: it computes all tags without an instant of their own, and finds the
    /// slots of all that are not given.
    fn last_pass(&self, now: Time) -> Result<Pass, Error> {
        let tags = self.definitions.tags.iter().enumerate();
        let all: Vec<usize> = tags
            .filter(|(_, tag)| tag.given().is_none())
            .map(|(place, _)| place)
            .collect();
        let own: Vec<usize> = all
            .iter()
            .copied()
            .filter(|tag| self.order.is_local(*tag, None))
            .collect();
        let mut lowering = Lowering::new(self.definitions, now, (None, self.populations));
        for tag in &all {
            if !self.order.is_local(*tag, None) {
                self.add_recorded(&mut lowering, *tag);
            }
        }
        self.add(&mut lowering, &own, None)?;
        self.finish(lowering, &all, &own)
    }

    fn add(
        &self,
        lowering: &mut Lowering<'_>,
        own: &[usize],
        instant: Option<Time>,
    ) -> Result<(), Error> {
        for tag in self.order.closure(own, instant) {
            for need in self.order.needs.get(tag).into_iter().flatten() {
                if !self.order.is_local(*need, instant) {
                    self.add_recorded(lowering, *need);
                }
            }
            if let Some(definition) = self.definitions.tags.get(tag)
                && let Some(body) = definition.body()
            {
                lowering.tag(definition.key, body)?;
            }
        }
        Ok(())
    }

    fn add_recorded(&self, lowering: &mut Lowering<'_>, tag: usize) {
        let definition = self.definitions.tags.get(tag);
        if let (Some(definition), Some(start)) = (definition, self.starts.get(tag))
            && !lowering.shapes.contains_key(definition.key)
        {
            lowering.recorded(tag, definition.key, definition.form(), *start);
        }
    }

    /// Seals a pass: the slots of the tags in `found`, the values of the metric tags in `own`.
    fn finish(
        &self,
        mut lowering: Lowering<'_>,
        found: &[usize],
        own: &[usize],
    ) -> Result<Pass, Error> {
        let mut outputs = Vec::new();
        for tag in found {
            let shape = self
                .definitions
                .tags
                .get(*tag)
                .and_then(|tag| lowering.shapes.get(tag.key));
            let start = self.starts.get(*tag).copied().unwrap_or_default();
            let operands = shape.map(shape::Shape::slots).unwrap_or_default();
            outputs.extend(
                (start..)
                    .zip(operands)
                    .map(|(slot, operand)| Output { slot, operand }),
            );
        }
        let mut metrics = Vec::new();
        for tag in own {
            let Some(definition) = self.definitions.tags.get(*tag) else {
                continue;
            };
            let shape = lowering.shapes.get(definition.key).cloned();
            let (Some(Body::Measure(measure)), Some(shape)) = (definition.body(), shape) else {
                continue;
            };
            metrics.push(Metric {
                tag: Some(*tag),
                has: shape.has(),
                sources: lowering.metric_sources(measure)?,
            });
        }
        Ok(self.seal(lowering, outputs, metrics))
    }

    /// A pass that finds and keeps what it is given to.
    fn seal(&self, mut lowering: Lowering<'_>, outputs: Vec<Output>, metrics: Vec<Metric>) -> Pass {
        lowering.circuit.finish();
        Pass {
            program: Program::new(
                lowering.features,
                lowering.now,
                self.definitions.value_lists.clone(),
            ),
            computed: lowering.computed,
            tests: by_column(lowering.tests),
            inputs: lowering.inputs,
            conditions: lowering.conditions,
            late: lowering.late,
            circuit: lowering.circuit,
            shapes: lowering.shapes,
            outputs,
            metrics,
            given: lowering.given,
            populations: Vec::new(),
        }
    }
}
