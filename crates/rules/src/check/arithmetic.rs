//! Arithmetic: on numbers, and of times with durations.

use domain::Value;

use super::Checker;
use super::scope::Scope;
use crate::checked::{Measure, Operator, Place};
use crate::mistake::{Conditions, Types};
use crate::tree::{ArithmeticOperator, Expression};

/// What both sides of an operator have to be, and what comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Typing {
    pub left: Place,
    pub right: Place,
    /// Nothing if the place of use still decides.
    pub result: Option<Place>,
}

impl Typing {
    fn of(left: Place, right: Place, result: Place) -> Self {
        Self {
            left,
            right,
            result: Some(result),
        }
    }
}

/// The types of an operation, from what both sides are by themselves and what is demanded. Names
/// are never durations, since no attribute is one.
pub(super) fn typing(
    operator: ArithmeticOperator,
    left: Option<Place>,
    right: Option<Place>,
    demanded: Option<Place>,
) -> Result<Typing, Types<'static>> {
    use Place::{Moment, Number, Span};
    let numbers = Typing::of(Number, Number, Number);
    match (operator, left, right) {
        (ArithmeticOperator::Add, Some(Moment), Some(Moment)) => Err(Types::TimesAdded),
        (ArithmeticOperator::Add, Some(Span), Some(Span)) => Ok(Typing::of(Span, Span, Span)),
        (ArithmeticOperator::Add, Some(Span), None | Some(Moment)) => {
            Ok(Typing::of(Span, Moment, Moment))
        }
        (ArithmeticOperator::Add, None | Some(Moment), Some(Span))
        | (ArithmeticOperator::Add, Some(Moment), None) => Ok(Typing::of(Moment, Span, Moment)),
        (ArithmeticOperator::Add, None, Some(Moment)) => Ok(Typing::of(Span, Moment, Moment)),
        (ArithmeticOperator::Subtract, Some(Span), Some(Span) | None) => {
            Ok(Typing::of(Span, Span, Span))
        }
        (ArithmeticOperator::Subtract, None | Some(Moment), Some(Span)) => {
            Ok(Typing::of(Moment, Span, Moment))
        }
        (ArithmeticOperator::Subtract, Some(Moment), None | Some(Moment))
        | (ArithmeticOperator::Subtract, None, Some(Moment)) => {
            Ok(Typing::of(Moment, Moment, Span))
        }
        (ArithmeticOperator::Subtract, None, None) if demanded == Some(Span) => {
            Ok(Typing::of(Moment, Moment, Span))
        }
        (ArithmeticOperator::Subtract, None, None) if demanded.is_none() => Ok(Typing {
            result: None,
            ..numbers
        }),
        (ArithmeticOperator::Multiply, Some(Span), None | Some(Number)) => {
            Ok(Typing::of(Span, Number, Span))
        }
        (ArithmeticOperator::Multiply, None | Some(Number), Some(Span)) => {
            Ok(Typing::of(Number, Span, Span))
        }
        (ArithmeticOperator::Divide, Some(Span), Some(Span)) => Ok(Typing::of(Span, Span, Number)),
        (ArithmeticOperator::Divide, Some(Span), None | Some(Number)) => {
            Ok(Typing::of(Span, Number, Span))
        }
        _ => Ok(numbers),
    }
}

impl Checker<'_> {
    pub(super) fn arithmetic(
        &mut self,
        whole: &Expression,
        (left, operator, right): (&Expression, ArithmeticOperator, &Expression),
        place: Place,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        if matches!(
            operator,
            ArithmeticOperator::Add | ArithmeticOperator::Subtract
        ) {
            self.warn_of_units([left, right], scope);
        }
        let sides = (self.natural(left, scope), self.natural(right, scope));
        let typing = match typing(operator, sides.0, sides.1, Some(place)) {
            Ok(typing) => typing,
            Err(mistake) => return self.fail(whole.range, mistake),
        };
        let mut side = |side: &Expression, place| match place {
            Place::Moment => self.instant(side, scope),
            _ => self.measure(side, place, scope),
        };
        let (left, right) = (side(left, typing.left), side(right, typing.right));
        let (left, right) = (left?, right?);
        let result = typing.result.unwrap_or(Place::Number);
        if !matches!(place, Place::Any) && place != result {
            let mistake = Types::ThisIs {
                wanted: place,
                is: result,
            };
            return self.fail(whole.range, mistake);
        }
        if operator == ArithmeticOperator::Divide && right == Measure::Constant(Value::from(0)) {
            self.remark(whole.range, Conditions::DividedByZero);
        }
        Some(folded(checked_operator(operator), left, right))
    }

    /// `-x`
    pub(super) fn negated(
        &mut self,
        of: &Expression,
        place: Place,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        let place = if place == Place::Any {
            self.default_place(of, scope)
        } else {
            place
        };
        let zero = match place {
            Place::Number => Value::from(0),
            Place::Span => Value::Span(domain::Span::ZERO),
            _ => return self.mismatch(of, Place::Number),
        };
        let of = self.measure(of, place, scope)?;
        Some(folded(Operator::Subtract, Measure::Constant(zero), of))
    }
}

fn checked_operator(operator: ArithmeticOperator) -> Operator {
    match operator {
        ArithmeticOperator::Add => Operator::Add,
        ArithmeticOperator::Subtract => Operator::Subtract,
        ArithmeticOperator::Multiply => Operator::Multiply,
        ArithmeticOperator::Divide => Operator::Divide,
    }
}

/// The operation, or its result if both sides are constants.
fn folded(operator: Operator, left: Measure, right: Measure) -> Measure {
    let value = match (operator, &left, &right) {
        (_, Measure::Constant(Value::Number(a)), Measure::Constant(Value::Number(b))) => {
            let exact = match operator {
                Operator::Add => Some(a.add(b)),
                Operator::Subtract => Some(a.sub(b)),
                Operator::Multiply => Some(a.mul(b)),
                Operator::Divide => None,
            };
            // Outside the range only the end is judged, so an intermediate result stays unfolded.
            exact.and_then(domain::Decimal::judged).map(Value::Number)
        }
        (Operator::Add, Measure::Constant(Value::Span(a)), Measure::Constant(Value::Span(b))) => {
            a.checked_add(*b).map(Value::Span)
        }
        (
            Operator::Subtract,
            Measure::Constant(Value::Span(a)),
            Measure::Constant(Value::Span(b)),
        ) => b
            .millis()
            .checked_neg()
            .and_then(|b| a.checked_add(domain::Span::from_millis(b)))
            .map(Value::Span),
        (
            Operator::Multiply,
            Measure::Constant(Value::Span(a)),
            Measure::Constant(Value::Number(b)),
        )
        | (
            Operator::Multiply,
            Measure::Constant(Value::Number(b)),
            Measure::Constant(Value::Span(a)),
        ) => a.times(b).map(Value::Span),
        _ => None,
    };
    match value {
        Some(value) => Measure::Constant(value),
        None => Measure::Arithmetic {
            operator,
            left: Box::new(left),
            right: Box::new(right),
        },
    }
}
