//! `points(1 when C, 2 when D)`: the sum of what each condition that holds is worth.

use domain::{Decimal, Value};

use super::Checker;
use super::scope::Scope;
use crate::checked::{Measure, Operator, Place, number};
use crate::mistake::Functions;
use crate::tree::{Expression, Weighted};

impl Checker<'_> {
    pub(super) fn points(
        &mut self,
        expression: &Expression,
        of: &[Weighted],
        place: Place,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        self.demand(expression, Place::Number, place)?;
        let checked: Vec<Option<Measure>> = of
            .iter()
            .map(|weighted| self.weighted(weighted, scope))
            .collect();
        Some(sum(&checked.into_iter().collect::<Option<Vec<_>>>()?))
    }

    /// The points if the condition holds, else none.
    fn weighted(&mut self, weighted: &Weighted, scope: Scope<'_>) -> Option<Measure> {
        let range = weighted.weight.range;
        let weight = self.number(&weighted.weight.node, range);
        if weight.as_ref() == Some(&Decimal::ZERO) {
            self.remark(range, Functions::ZeroPoints);
        }
        let condition = Box::new(self.condition(&weighted.when, scope)?);
        Some(Measure::If {
            condition,
            then: Box::new(Measure::Constant(Value::Number(weight?))),
            otherwise: Box::new(number(0)),
        })
    }
}

/// The sum of all, each half by itself, so that many are no deep tree.
fn sum(of: &[Measure]) -> Measure {
    match of {
        [] => number(0),
        [one] => one.clone(),
        several => {
            let (left, right) = several.split_at(several.len() / 2);
            Measure::Arithmetic {
                operator: Operator::Add,
                left: Box::new(sum(left)),
                right: Box::new(sum(right)),
            }
        }
    }
}
