//! Conditions are taken out of measures: a measure becomes cases, each a simpler measure and the users for whom it
//! stands. Points, values of layered tags and whatever else conditions choose among constants are then tested by gates,
//! for many users at once; what is left is arithmetic on columns.

use std::collections::HashMap;
use std::sync::Arc;

use domain::{Keep, TagKey, Value};
use features::evaluate;
use features::place::convert;
use rules::checked::{Condition, Measure, Place};

use super::lower::Lowering;
use super::references::{Dependence, dependence};
use super::shape::Shape;
use crate::Error;
use crate::circuit::Operand;

/// So many cases may come of two measures put together, if all are constants.
const MOST_CONSTANTS: usize = 1_024;

/// So many otherwise: each may need a column.
const MOST_COLUMNS: usize = 16;

/// What a measure is, and for whom. Every user is in one case. Nothing is no value; what differs by no user is a
/// constant, before the last judgement.
pub(super) type Cases = Vec<(Option<Measure>, Operand)>;

/// Gives the users for whom a condition holds.
type Asking<'d> = fn(&mut Lowering<'d>, &Condition) -> Result<Operand, Error>;

impl<'d> Lowering<'d> {
    /// The cases of a measure; nothing where they are too many.
    pub(super) fn cases_of(&mut self, measure: &Measure) -> Result<Option<Cases>, Error> {
        // Conditions become gates only when it is known that they serve.
        match self.told_apart(measure, |_, _| Ok(Operand::TRUE))? {
            Some(cases) if cases.len() > 1 => self.told_apart(measure, Self::condition),
            one_or_too_many => Ok(one_or_too_many),
        }
    }

    fn told_apart(
        &mut self,
        measure: &Measure,
        asking: Asking<'d>,
    ) -> Result<Option<Cases>, Error> {
        match measure {
            fixed if dependence(fixed) == Dependence::Nothing => {
                Ok(Some(vec![(self.fixed(fixed), Operand::TRUE)]))
            }
            Measure::If {
                condition,
                then,
                otherwise,
            } => {
                let holds = asking(self, condition)?;
                let then = self.told_apart(then, asking)?;
                let otherwise = self.told_apart(otherwise, asking)?;
                Ok(then.zip(otherwise).map(|(then, otherwise)| {
                    let mut chosen = self.among(holds, then);
                    chosen.extend(self.among(holds.not(), otherwise));
                    self.joined(chosen)
                }))
            }
            Measure::Coalesce(parts) => self.first_there(parts, asking),
            Measure::Arithmetic {
                operator,
                left,
                right,
            } => {
                let left = self.told_apart(left, asking)?;
                let right = self.told_apart(right, asking)?;
                let pairs = left.zip(right).and_then(|(left, right)| {
                    self.pairs(&left, &right, |left, right| Measure::Arithmetic {
                        operator: *operator,
                        left: Box::new(left),
                        right: Box::new(right),
                    })
                });
                Ok(pairs)
            }
            Measure::Function { function, of } => {
                let of = self.told_apart(of, asking)?;
                let applied = |of: Measure| Measure::Function {
                    function: function.clone(),
                    of: Box::new(of),
                };
                Ok(of.map(|of| {
                    let applied = of.into_iter().map(|(of, users)| {
                        let value = of.and_then(|of| self.simplified(applied(of)));
                        (value, users)
                    });
                    let applied = applied.collect();
                    self.joined(applied)
                }))
            }
            Measure::TagValue { tag, place } => self.of_tag(tag, *place).map(Some),
            other => Ok(Some(vec![(Some(other.clone()), Operand::TRUE)])),
        }
    }

    /// The first of some measures that has a value.
    fn first_there(
        &mut self,
        parts: &[Measure],
        asking: Asking<'d>,
    ) -> Result<Option<Cases>, Error> {
        let Some((first, rest)) = parts.split_first() else {
            return Ok(Some(vec![(None, Operand::TRUE)]));
        };
        let first = self.told_apart(first, asking)?;
        let rest = self.first_there(rest, asking)?;
        let Some((first, rest)) = first.zip(rest) else {
            return Ok(None);
        };
        let (mut found, mut without) = (Vec::new(), Vec::new());
        for (measure, users) in first {
            let there = match &measure {
                None => Operand::FALSE,
                Some(Measure::Constant(_)) => Operand::TRUE,
                Some(measure) => asking(self, &Condition::IsSet(measure.clone()))?,
            };
            without.push(self.circuit.all(vec![users, there.not()]));
            found.push((measure, self.circuit.all(vec![users, there])));
        }
        let without = self.circuit.any(without);
        found.extend(self.among(without, rest));
        Ok(Some(self.joined(found)).filter(|found| are_few(found, found.len())))
    }

    /// What is made of two measures; nothing where the cases are too many.
    fn pairs(
        &mut self,
        left: &Cases,
        right: &Cases,
        make: impl Fn(Measure, Measure) -> Measure,
    ) -> Option<Cases> {
        let count = left.len() * right.len();
        if count > 1 && !are_few(left.iter().chain(right), count) {
            return None;
        }
        let mut pairs = Vec::with_capacity(count);
        for (one, of_left) in left {
            for (other, of_right) in right {
                let both = one.clone().zip(other.clone());
                let made = both.and_then(|(one, other)| self.simplified(make(one, other)));
                pairs.push((made, self.circuit.all(vec![*of_left, *of_right])));
            }
        }
        Some(self.joined(pairs))
    }

    /// The value of a tag.
    fn of_tag(&mut self, tag: &TagKey, place: Place) -> Result<Cases, Error> {
        let shape = self.shape(tag)?;
        let valued: Vec<(Value, Operand)> = match shape {
            Shape::Plain { holds } => vec![(Value::Bool(true), *holds)],
            Shape::Layered {
                keep: Keep::First,
                values,
                ..
            } => {
                let values = values.iter();
                let values = values.map(|(text, users)| (Value::Text(Arc::clone(text)), *users));
                values.collect()
            }
            _ => {
                let tag = tag.clone();
                let value = Measure::TagValue { tag, place };
                return Ok(vec![(Some(value), Operand::TRUE)]);
            }
        };
        let without = (None, shape.has().not());
        let valued = valued.into_iter();
        let cases =
            valued.map(|(value, users)| (convert(value, place).map(Measure::Constant), users));
        let cases = cases.chain([without]).collect();
        Ok(self.joined(cases))
    }

    /// The cases of some users.
    fn among(&mut self, among: Operand, cases: Cases) -> Cases {
        let cases = cases.into_iter();
        cases
            .map(|(measure, users)| (measure, self.circuit.all(vec![among, users])))
            .collect()
    }

    /// Each measure once.
    fn joined(&mut self, cases: Cases) -> Cases {
        let mut places: HashMap<Option<Measure>, usize> = HashMap::new();
        let mut found: Vec<(Option<Measure>, Vec<Operand>)> = Vec::new();
        for (measure, users) in cases {
            let place = *places.entry(measure).or_insert_with_key(|measure| {
                found.push((measure.clone(), Vec::new()));
                found.len() - 1
            });
            if let Some((_, operands)) = found.get_mut(place) {
                operands.push(users);
            }
        }
        let found = found.into_iter();
        found
            .map(|(measure, users)| (measure, self.circuit.any(users)))
            .collect()
    }

    /// The measure, or its value if that differs by no user.
    fn simplified(&self, measure: Measure) -> Option<Measure> {
        match dependence(&measure) {
            Dependence::Nothing => self.fixed(&measure),
            _ => Some(measure),
        }
    }

    /// The value of a measure that differs by no user.
    fn fixed(&self, measure: &Measure) -> Option<Measure> {
        evaluate::exact(measure, &self.of_nobody()).map(Measure::Constant)
    }
}

/// Whether two sides are better compared case by case, for their number.
pub(super) fn is_worth_telling_apart((left, right): &(Cases, Cases)) -> bool {
    let count = left.len() * right.len();
    count > 1 && are_few(left.iter().chain(right), count)
}

/// Whether so many cases made of these are few.
fn are_few<'c>(
    cases: impl IntoIterator<Item = &'c (Option<Measure>, Operand)>,
    count: usize,
) -> bool {
    let is_constant =
        |case: &(Option<Measure>, Operand)| matches!(case, (None | Some(Measure::Constant(_)), _));
    let most = if cases.into_iter().all(is_constant) {
        MOST_CONSTANTS
    } else {
        MOST_COLUMNS
    };
    count <= most
}
