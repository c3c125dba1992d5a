//! Leaves: conditions that are made of no others become tests of columns.

use std::sync::Arc;

use domain::{AudienceKey, Keep, Value};
use features::evaluate;
use features::place::convert;
use rules::checked::{Condition, Function, Measure, Place};

use super::{Lowering, Test};
use crate::Error;
use crate::circuit::Operand;
use crate::compile::cases::{self, Cases};
use crate::compile::references::{self, Dependence};
use crate::compile::rewrite::{self, ColumnId, Replacement, fill, hole};
use crate::compile::shape::{Shape, place_of};
use crate::scope::ValueScope;

impl<'d> Lowering<'d> {
    /// A condition that is made of no others.
    pub(super) fn leaf(&mut self, leaf: &Condition) -> Result<Operand, Error> {
        match rewrite::test_of(leaf) {
            Some((value, test)) => match self.cases_of(value)? {
                Some(cases) => self.any_case(cases, &test),
                None => self.tested(value, &test),
            },
            None => self.several(leaf),
        }
    }

    /// The users for whom the measure of their case passes a test.
    fn any_case(&mut self, cases: Cases, test: &Condition) -> Result<Operand, Error> {
        let mut passing = Vec::with_capacity(cases.len());
        for (measure, users) in cases {
            let passes = match measure {
                _ if users == Operand::FALSE => Operand::FALSE,
                Some(measure) => self.tested(&measure, test)?,
                None => self.holds_for(test, None),
            };
            passing.push(self.circuit.all(vec![users, passes]));
        }
        Ok(self.circuit.any(passing))
    }

    /// A condition over several values that differ by user.
    fn several(&mut self, leaf: &Condition) -> Result<Operand, Error> {
        let Condition::Compare {
            left,
            comparison,
            right,
            zone,
        } = leaf
        else {
            return self.general(leaf);
        };
        let sides = self.cases_of(left)?.zip(self.cases_of(right)?);
        let Some((left, right)) = sides.filter(cases::is_worth_telling_apart) else {
            return self.general(leaf);
        };
        let mut passing = Vec::new();
        for (left, of_left) in &left {
            for (right, of_right) in &right {
                let users = self.circuit.all(vec![*of_left, *of_right]);
                if let (Some(left), Some(right)) = (left, right)
                    && users != Operand::FALSE
                {
                    let holds = self.leaf(&Condition::Compare {
                        left: left.clone(),
                        comparison: *comparison,
                        right: right.clone(),
                        zone: zone.clone(),
                    })?;
                    passing.push(self.circuit.all(vec![users, holds]));
                }
            }
        }
        Ok(self.circuit.any(passing))
    }

    /// The users for whom a measure passes a test with a hole.
    fn tested(&mut self, value: &Measure, test: &Condition) -> Result<Operand, Error> {
        match (references::dependence(value), value) {
            (Dependence::Nothing, _) => {
                let value = evaluate::exact(value, &self.of_nobody());
                Ok(self.holds_for(test, value))
            }
            (Dependence::Tags, Measure::TagValue { tag, place }) => {
                let shape = self.shape(tag)?.clone();
                self.tag_test(value, test, &shape, *place)
            }
            (Dependence::Tags, _) => self.general(&fill(test, value.clone())),
            (Dependence::Feature(feature), _) if is_tested_by_value(feature, value) => {
                let column = self.feature(feature);
                let remainder = rewrite::measure(value, &mut OneFeature(feature))?;
                Ok(self.test(column, fill(test, remainder)))
            }
            _ => {
                let column = self.computed(value)?;
                Ok(self.test(column, fill(test, hole())))
            }
        }
    }

    /// Everyone or nobody, as a test is passed by the value or not.
    fn holds_for(&self, test: &Condition, value: Option<Value>) -> Operand {
        let scope = ValueScope {
            value,
            ..self.of_nobody()
        };
        if evaluate::condition(test, &scope) {
            Operand::TRUE
        } else {
            Operand::FALSE
        }
    }

    fn test(&mut self, column: ColumnId, condition: Condition) -> Operand {
        let key = (column, condition);
        if let Some(signal) = self.known_tests.get(&key) {
            return Operand::of(*signal);
        }
        let signal = self.circuit.signal();
        self.tests.push(Test {
            column,
            condition: key.1.clone(),
            signal,
        });
        self.known_tests.insert(key, signal);
        Operand::of(signal)
    }

    /// A test of the value of another tag, which is none of a few.
    fn tag_test(
        &mut self,
        value: &Measure,
        test: &Condition,
        shape: &Shape,
        place: Place,
    ) -> Result<Operand, Error> {
        match shape {
            Shape::Layered {
                keep: Keep::All,
                values,
                has,
            } => {
                let placed = |text: &Arc<str>| convert(Value::Text(Arc::clone(text)), place);
                Ok(match test {
                    Condition::IsSet(_) => *has,
                    Condition::HasAll { of, .. } => {
                        let mut operands = vec![*has];
                        for wanted in of {
                            let is_wanted =
                                |_: &Self, text: &_| placed(text).as_ref() == Some(wanted);
                            operands.push(self.any_value(values, is_wanted));
                        }
                        self.circuit.all(operands)
                    }
                    _ => self.any_value(values, |lowering, text| {
                        lowering.holds_for(test, placed(text)) == Operand::TRUE
                    }),
                })
            }
            Shape::Metric { written, .. }
                if place == Place::Any || place_of(written) == Some(place) =>
            {
                self.leaf(&fill(test, written.clone()))
            }
            _ => self.general(&fill(test, value.clone())),
        }
    }

    /// What differs by no user.
    pub(in crate::compile) fn of_nobody(&self) -> ValueScope<'d> {
        ValueScope {
            now: self.now,
            lists: self.definitions.value_lists,
            value: None,
        }
    }

    /// The users with any of the values that pass.
    fn any_value(
        &mut self,
        values: &[(Arc<str>, Operand)],
        passes: impl Fn(&Self, &Arc<str>) -> bool,
    ) -> Operand {
        let passing = values.iter().filter(|(value, _)| passes(self, value));
        let operands = passing.map(|(_, operand)| *operand).collect();
        self.circuit.any(operands)
    }
}

/// Whether a test puts each value of the feature into the whole of the measure, rather than
/// have the measure computed once per user: where there are few values, or where the test is a
/// range of instants.
fn is_tested_by_value(feature: &Measure, measure: &Measure) -> bool {
    // A bucket differs from user to user as the key does that it is made of.
    let is_computed_once = |part: &Measure| {
        let function = match part {
            Measure::Function { function, .. } => Some(function),
            _ => None,
        };
        matches!(part, Measure::Collection(_)) || matches!(function, Some(Function::Bucket { .. }))
    };
    match place_of(feature) {
        _ if feature == measure => true,
        _ if features::feature::any_measure(measure, &is_computed_once) => false,
        Some(Place::Number) | None => false,
        Some(Place::Moment) => crate::moment_chain::is_monotone(measure),
        Some(_) => true,
    }
}

/// Puts the hole in the place of one feature.
struct OneFeature<'a>(&'a Measure);

impl Replacement for OneFeature<'_> {
    fn measure(&mut self, measure: &Measure) -> Option<Measure> {
        (measure == self.0).then(hole)
    }

    fn audience(&mut self, audience: &AudienceKey) -> Result<Condition, Error> {
        Ok(Condition::InAudience(audience.clone()))
    }
}
