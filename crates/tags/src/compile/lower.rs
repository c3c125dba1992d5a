//! Rules become circuits: conditions down to leaves, equal leaves of different tags once.

mod leaf;

use std::collections::HashMap;
use std::sync::Arc;

use domain::{AudienceKey, Keep, ListKey, TagKey, Time};
use features::FeatureSet;
use features::evaluate;
use rules::checked::{Body, Case, Condition, Measure};

use super::population::Populations;
use super::references::{self, Dependence, Reference};
use super::rewrite::{self, ColumnId, Replacement};
use super::shape::Shape;
use crate::Error;
use crate::circuit::{Circuit, Operand, Step};
use crate::pass::MetricSource;
use crate::slot::Form;
use crate::source::Definitions;

/// A test of one value of a column; the value stands in the condition's hole.
#[derive(Clone, Debug)]
pub(crate) struct Test {
    pub column: ColumnId,
    pub condition: Condition,
    pub signal: u32,
}

/// A set of users that is there before the pass.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Input {
    /// A list of users.
    List(ListKey),
    /// What is given, or an earlier pass found, for a slot.
    Slot(usize),
    /// Something among all users that is true or false.
    Population(usize),
}

/// What one pass over the users computes, in the making.
#[derive(Debug)]
pub(crate) struct Lowering<'d> {
    definitions: &'d Definitions<'d>,
    pub now: Time,
    pub features: FeatureSet,
    pub circuit: Circuit,
    pub computed: Vec<Measure>,
    pub tests: Vec<Test>,
    pub inputs: Vec<(Input, u32)>,
    /// Conditions over several columns, user by user, and their signals.
    pub conditions: Vec<(Condition, u32)>,
    /// Conditions that read tags.
    pub late: Vec<Condition>,
    pub shapes: HashMap<TagKey, Shape>,
    /// The numbers of the values among all users that are read as columns.
    pub given: Vec<usize>,
    /// The instant of snapshots, and what is known among all users.
    pub(super) populations: (Option<Time>, &'d Populations<'d>),
    known_computed: HashMap<Measure, u32>,
    known_tests: HashMap<(ColumnId, Condition), u32>,
    known_inputs: HashMap<Input, u32>,
    known_conditions: HashMap<Condition, u32>,
    known_audiences: HashMap<AudienceKey, Operand>,
}

impl<'d> Lowering<'d> {
    /// An empty pass of an instant.
    pub fn new(
        definitions: &'d Definitions<'d>,
        now: Time,
        populations: (Option<Time>, &'d Populations<'d>),
    ) -> Self {
        Self {
            definitions,
            now,
            features: FeatureSet::default(),
            circuit: Circuit::new(),
            computed: Vec::new(),
            tests: Vec::new(),
            inputs: Vec::new(),
            conditions: Vec::new(),
            late: Vec::new(),
            shapes: HashMap::new(),
            given: Vec::new(),
            populations,
            known_computed: HashMap::new(),
            known_tests: HashMap::new(),
            known_inputs: HashMap::new(),
            known_conditions: HashMap::new(),
            known_audiences: HashMap::new(),
        }
    }

    /// Adds a tag, after all that it needs.
    pub fn tag(&mut self, key: &TagKey, body: &Body) -> Result<(), Error> {
        let shape = match body {
            Body::Condition(condition) => Shape::Plain {
                holds: self.condition(condition)?,
            },
            Body::Cases {
                cases,
                otherwise,
                keep,
            } => self.cases(cases, otherwise.as_ref(), *keep)?,
            Body::Measure(measure) => Shape::Metric {
                written: measure.clone(),
                rewritten: rewrite::measure(measure, self)?,
                has: self.condition(&Condition::IsSet(measure.clone()))?,
            },
        };
        self.shapes.insert(key.clone(), shape);
        Ok(())
    }

    /// Adds a tag that is there already, given or computed by an earlier pass: its slots and their values.
    pub fn recorded(&mut self, place: usize, key: &TagKey, form: Form, first_slot: usize) {
        let mut slots = |count: usize| -> Vec<Operand> {
            let slots = first_slot..first_slot + count;
            slots.map(|slot| self.input(Input::Slot(slot))).collect()
        };
        let (slots, values) = match &form {
            Form::Layered { values, .. } => (slots(values.len()), values.clone()),
            Form::Plain | Form::Metric => (slots(1), Vec::new()),
        };
        let has = self.circuit.any(slots.clone());
        let shape = match form {
            Form::Plain => Shape::Plain { holds: has },
            Form::Metric => Shape::Recorded { tag: place, has },
            Form::Layered { keep, .. } => Shape::Layered {
                keep,
                values: values.into_iter().zip(slots).collect(),
                has,
            },
        };
        self.shapes.insert(key.clone(), shape);
    }

    fn cases(
        &mut self,
        cases: &[Case],
        otherwise: Option<&Arc<str>>,
        keep: Keep,
    ) -> Result<Shape, Error> {
        let mut values: Vec<(Arc<str>, Vec<Operand>)> = Vec::new();
        let mut add =
            |value: &Arc<str>, operand| match values.iter_mut().find(|(known, _)| known == value) {
                Some((_, operands)) => operands.push(operand),
                None => values.push((Arc::clone(value), vec![operand])),
            };
        let mut before = Operand::FALSE;
        for case in cases {
            let holds = self.condition(&case.when)?;
            add(
                &case.value,
                match keep {
                    Keep::First => self.circuit.all(vec![holds, before.not()]),
                    Keep::All => holds,
                },
            );
            before = self.circuit.any(vec![before, holds]);
        }
        if let Some(value) = otherwise {
            add(value, before.not());
        }
        let values = values
            .into_iter()
            .map(|(value, operands)| (value, self.circuit.any(operands)))
            .collect();
        let has = if otherwise.is_some() {
            Operand::TRUE
        } else {
            before
        };
        Ok(Shape::Layered { keep, values, has })
    }

    /// The users for whom a condition holds.
    pub fn condition(&mut self, condition: &Condition) -> Result<Operand, Error> {
        let several = |lowering: &mut Self, parts: &[Condition]| {
            parts
                .iter()
                .map(|part| lowering.condition(part))
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(match condition {
            Condition::Constant(true) => Operand::TRUE,
            Condition::Constant(false) => Operand::FALSE,
            Condition::All(parts) => {
                let operands = several(self, parts)?;
                self.circuit.all(operands)
            }
            Condition::Any(parts) => {
                let operands = several(self, parts)?;
                self.circuit.any(operands)
            }
            Condition::Not(part) => self.condition(part)?.not(),
            Condition::AtLeast { count, of } => {
                let operands = several(self, of)?;
                self.circuit.at_least(*count, operands)
            }
            Condition::HasTag(tag) => self.shape(tag)?.has(),
            Condition::InAudience(audience) => self.audience(audience)?,
            Condition::UserInList(list) => self.input(Input::List(list.clone())),
            Condition::Holds(Measure::Population(population)) if population.is_truth() => {
                self.of_population(population)
            }
            leaf => self.leaf(leaf)?,
        })
    }

    fn audience(&mut self, key: &AudienceKey) -> Result<Operand, Error> {
        if let Some(known) = self.known_audiences.get(key) {
            return Ok(*known);
        }
        let condition = self.audience_condition(key)?;
        let operand = self.condition(condition)?;
        self.known_audiences.insert(key.clone(), operand);
        Ok(operand)
    }

    fn audience_condition(&self, key: &AudienceKey) -> Result<&'d Condition, Error> {
        self.definitions
            .audiences
            .get(key)
            .copied()
            .ok_or_else(|| Error::UnknownAudience {
                by: "a rule".to_owned(),
                audience: key.clone(),
            })
    }

    pub(super) fn shape(&self, tag: &TagKey) -> Result<&Shape, Error> {
        self.shapes.get(tag).ok_or_else(|| Error::UnknownTag {
            by: "a rule".to_owned(),
            tag: tag.clone(),
        })
    }

    pub(super) fn input(&mut self, input: Input) -> Operand {
        if let Some(signal) = self.known_inputs.get(&input) {
            return Operand::of(*signal);
        }
        let signal = self.circuit.signal();
        self.inputs.push((input.clone(), signal));
        self.known_inputs.insert(input, signal);
        Operand::of(signal)
    }

    /// A condition that is asked user by user.
    fn general(&mut self, condition: &Condition) -> Result<Operand, Error> {
        let mut reads_tags = false;
        references::of_condition(condition, &mut |reference| {
            reads_tags |= matches!(reference, Reference::Tag(_) | Reference::Audience(_));
        });
        let rewritten = rewrite::condition(condition, self)?;
        if let Some(signal) = self.known_conditions.get(&rewritten) {
            return Ok(Operand::of(*signal));
        }
        let signal = self.circuit.signal();
        self.known_conditions.insert(rewritten.clone(), signal);
        if reads_tags {
            self.circuit.steps.push(Step::Condition {
                condition: self.late.len() as u32,
                signal,
            });
            self.late.push(rewritten);
        } else {
            self.conditions.push((rewritten, signal));
        }
        Ok(Operand::of(signal))
    }

    fn feature(&mut self, feature: &Measure) -> ColumnId {
        if let Measure::Population(population) = feature {
            return self.given(population);
        }
        self.features.add_measure(feature);
        let number = self.features.number_of(feature).unwrap_or(usize::MAX);
        ColumnId::Feature(number as u32)
    }

    /// The column of a measure that is no feature itself and reads no tags.
    fn computed(&mut self, measure: &Measure) -> Result<ColumnId, Error> {
        if references::dependence(measure) == Dependence::Feature(measure) {
            return Ok(self.feature(measure));
        }
        let rewritten = rewrite::measure(measure, self)?;
        if let Some(number) = self.known_computed.get(&rewritten) {
            return Ok(ColumnId::Computed(*number));
        }
        let number = self.computed.len() as u32;
        self.computed.push(rewritten.clone());
        self.known_computed.insert(rewritten, number);
        Ok(ColumnId::Computed(number))
    }

    /// Where the values of a metric tag come from, and for whom.
    pub fn metric_sources(
        &mut self,
        measure: &Measure,
    ) -> Result<Vec<(MetricSource, Operand)>, Error> {
        let whole = || vec![(Some(measure.clone()), Operand::TRUE)];
        let cases = self.cases_of(measure)?.unwrap_or_else(whole);
        let mut sources = Vec::with_capacity(cases.len());
        for (measure, users) in cases {
            if let Some(measure) = measure.filter(|_| users != Operand::FALSE) {
                sources.push((self.metric_source(&measure)?, users));
            }
        }
        Ok(sources)
    }

    fn metric_source(&mut self, measure: &Measure) -> Result<MetricSource, Error> {
        Ok(match references::dependence(measure) {
            Dependence::Nothing => {
                MetricSource::Constant(evaluate::measure(measure, &self.of_nobody()))
            }
            Dependence::Tags => MetricSource::Measure(rewrite::measure(measure, self)?),
            _ => MetricSource::Column(self.computed(measure)?),
        })
    }
}

/// Columns in the place of features.
impl Replacement for Lowering<'_> {
    fn measure(&mut self, measure: &Measure) -> Option<Measure> {
        match measure {
            Measure::Attribute { .. }
            | Measure::Aggregate(_)
            | Measure::HeldSince(_)
            | Measure::TagAt { .. }
            | Measure::Population(_) => Some(self.feature(measure).measure()),
            _ => None,
        }
    }

    fn audience(&mut self, audience: &AudienceKey) -> Result<Condition, Error> {
        let condition = self.audience_condition(audience)?;
        rewrite::condition(condition, self)
    }
}
