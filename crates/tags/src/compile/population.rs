//! The order of values among all users: each in a pass of its own instant, after those that it is
//! made of; all that can be are served by one walk.

use std::collections::{BTreeSet, HashMap};

use domain::{AudienceKey, Time};
use rules::checked::{Condition, Measure, Population};

use super::Compiler;
use super::lower::{Input, Lowering};
use super::order::{Order, needs_of_population};
use super::references::{self, Reference};
use super::rewrite::ColumnId;
use crate::Error;
use crate::circuit::Operand;
use crate::pass::{Metric, Pass, Step};
use crate::population::PopulationKey;
use crate::source::Definitions;

/// The values among all users that tags ask for, each once for an instant.
#[derive(Debug, Default)]
pub(crate) struct Populations<'d> {
    /// By number.
    pub all: Vec<(Option<Time>, &'d Population)>,
    numbers: HashMap<(Option<Time>, &'d Population), usize>,
    /// For each group of tags, as `Order::early` and then the tags of now: the numbers of what has
    /// to be there before, level by level.
    pub levels: Vec<Vec<Vec<usize>>>,
}

impl<'d> Populations<'d> {
    /// What all tags ask for.
    pub fn new(definitions: &'d Definitions<'d>, order: &Order) -> Self {
        let mut populations = Self::default();
        for group in &order.early {
            populations.add(definitions, order, &group.tags, Some(group.now));
        }
        let own: Vec<usize> = (0..definitions.tags.len())
            .filter(|tag| order.is_local(*tag, None))
            .collect();
        populations.add(definitions, order, &own, None);
        populations
    }

    /// What all of them are, by number.
    pub fn keys(&self) -> Vec<PopulationKey> {
        let key = |(as_of, population): &(Option<Time>, &Population)| PopulationKey {
            as_of: *as_of,
            population: (*population).clone(),
        };
        self.all.iter().map(key).collect()
    }

    /// The number of a value at an instant.
    pub fn number(&self, instant: Option<Time>, population: &Population) -> Option<usize> {
        self.numbers.get(&(instant, population)).copied()
    }

    fn add(
        &mut self,
        definitions: &'d Definitions<'d>,
        order: &Order,
        own: &[usize],
        instant: Option<Time>,
    ) {
        let mut levels = Levels {
            definitions,
            order,
            instant,
            tags: HashMap::new(),
            audiences: HashMap::new(),
            populations: HashMap::new(),
            found: Vec::new(),
        };
        for tag in order.closure(own, instant) {
            levels.add_tag(tag);
        }
        let found = levels.found.into_iter();
        let numbered = |level: Vec<&'d Population>| {
            let of_instant = level.into_iter().map(|population| (instant, population));
            of_instant.filter_map(|key| self.new_number(key)).collect()
        };
        let levels: Vec<Vec<usize>> = found.map(numbered).collect();
        self.levels.push(levels);
    }

    /// A number, for what has none yet.
    fn new_number(&mut self, key: (Option<Time>, &'d Population)) -> Option<usize> {
        if self.numbers.contains_key(&key) {
            return None;
        }
        self.numbers.insert(key, self.all.len());
        self.all.push(key);
        Some(self.all.len() - 1)
    }
}

/// How many values among all users have to be there before another, one after the other.
struct Levels<'o, 'd> {
    definitions: &'d Definitions<'d>,
    order: &'o Order,
    instant: Option<Time>,
    tags: HashMap<usize, usize>,
    audiences: HashMap<&'d AudienceKey, usize>,
    populations: HashMap<&'d Population, usize>,
    found: Vec<Vec<&'d Population>>,
}

impl<'d> Levels<'_, 'd> {
    /// Adds a tag, after all that it needs.
    fn add_tag(&mut self, tag: usize) {
        let definition = self.definitions.tags.get(tag);
        let Some(body) = definition.and_then(|tag| tag.body()) else {
            return;
        };
        let mut found = Vec::new();
        references::of_body(body, &mut |reference| found.push(reference));
        let level = self.deepest(found);
        self.tags.insert(tag, level);
    }

    fn deepest(&mut self, found: Vec<Reference<'d>>) -> usize {
        let levels = found.into_iter().map(|reference| self.level(reference));
        levels.max().unwrap_or(0)
    }

    /// How many passes have to come before what is named.
    fn level(&mut self, reference: Reference<'d>) -> usize {
        match reference {
            Reference::Tag(tag) => {
                let place = self.definitions.places.get(tag);
                let local = place.filter(|tag| self.order.is_local(**tag, self.instant));
                local
                    .and_then(|tag| self.tags.get(tag))
                    .copied()
                    .unwrap_or(0)
            }
            Reference::Audience(audience) => self.audience(audience),
            Reference::Feature(Measure::Population(population)) => self.population(population) + 1,
            Reference::Feature(_) | Reference::UserList(_) => 0,
        }
    }

    fn audience(&mut self, audience: &'d AudienceKey) -> usize {
        if let Some(known) = self.audiences.get(audience) {
            return *known;
        }
        let mut found = Vec::new();
        if let Some(condition) = self.definitions.audiences.get(audience) {
            references::of_condition(condition, &mut |reference| found.push(reference));
        }
        let level = self.deepest(found);
        self.audiences.insert(audience, level);
        level
    }

    fn population(&mut self, population: &'d Population) -> usize {
        if let Some(known) = self.populations.get(population) {
            return *known;
        }
        let mut found = Vec::new();
        references::of_population(population, &mut |reference| found.push(reference));
        let level = self.deepest(found);
        self.populations.insert(population, level);
        if self.found.len() <= level {
            self.found.resize(level + 1, Vec::new());
        }
        if let Some(found) = self.found.get_mut(level) {
            found.push(population);
        }
        level
    }
}

impl Compiler<'_> {
    /// A pass that serves values among all users.
    pub(super) fn population_pass(
        &self,
        numbers: &[usize],
        instant: Option<Time>,
        now: Time,
    ) -> Result<Pass, Error> {
        let mut lowering = Lowering::new(self.definitions, now, (instant, self.populations));
        let mut read = BTreeSet::new();
        let populations = || {
            numbers.iter().filter_map(|number| {
                let (_, population) = self.populations.all.get(*number)?;
                Some((*number, *population))
            })
        };
        for (_, population) in populations() {
            read.extend(needs_of_population(self.definitions, population)?);
        }
        let (local, recorded): (Vec<usize>, Vec<usize>) = read
            .into_iter()
            .partition(|tag| self.order.is_local(*tag, instant));
        for tag in recorded {
            self.add_recorded(&mut lowering, tag);
        }
        self.add(&mut lowering, &local, instant)?;
        let (mut metrics, mut steps) = (Vec::new(), Vec::new());
        for (number, population) in populations() {
            let first = metrics.len();
            metrics.extend(parts(&mut lowering, population)?);
            steps.push(Step {
                number,
                population: population.clone(),
                parts: first..metrics.len(),
            });
        }
        Ok(Pass {
            populations: steps,
            ..self.seal(lowering, Vec::new(), metrics)
        })
    }
}

/// What has to be kept of each user.
fn parts(lowering: &mut Lowering<'_>, population: &Population) -> Result<Vec<Metric>, Error> {
    let condition = match population.condition() {
        Some(condition) => lowering.condition(condition)?,
        None => Operand::TRUE,
    };
    let measures = population.measures();
    let mut all_there = condition;
    if population.ranking().is_some() {
        for measure in &measures {
            let there = lowering.condition(&Condition::IsSet((*measure).clone()))?;
            all_there = lowering.circuit.all(vec![all_there, there]);
        }
    }
    let mut parts = Vec::with_capacity(measures.len());
    for measure in measures {
        let there = lowering.condition(&Condition::IsSet(measure.clone()))?;
        let has = lowering.circuit.all(vec![all_there, there]);
        parts.push(Metric {
            tag: None,
            has,
            sources: lowering.metric_sources(measure)?,
        });
    }
    Ok(parts)
}

impl Lowering<'_> {
    /// The column of a value among all users.
    pub(super) fn given(&mut self, population: &Population) -> ColumnId {
        let (instant, populations) = self.populations;
        let number = populations
            .number(instant, population)
            .unwrap_or(usize::MAX);
        let place = self.given.iter().position(|given| *given == number);
        let place = place.unwrap_or_else(|| {
            self.given.push(number);
            self.given.len() - 1
        });
        ColumnId::Given(place as u32)
    }

    /// The users for whom something among all users is true.
    pub(super) fn of_population(&mut self, population: &Population) -> Operand {
        let (instant, populations) = self.populations;
        match populations.number(instant, population) {
            Some(number) => self.input(Input::Population(number)),
            None => Operand::FALSE,
        }
    }
}
