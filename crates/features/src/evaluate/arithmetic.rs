//! Exact arithmetic on numbers, times and durations.

use domain::{Decimal, Span, Value};
use rules::checked::Operator;

/// Two values and an operator; missing where they do not go together.
pub(super) fn arithmetic(operator: Operator, left: Value, right: Value) -> Option<Value> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            numbers(operator, &left, &right).map(Value::Number)
        }
        (Value::Time(at), Value::Span(span)) => match operator {
            Operator::Add => at.checked_add(span).map(Value::Time),
            Operator::Subtract => at.checked_sub(span).map(Value::Time),
            _ => None,
        },
        (Value::Span(span), Value::Time(at)) if operator == Operator::Add => {
            at.checked_add(span).map(Value::Time)
        }
        (Value::Time(left), Value::Time(right)) if operator == Operator::Subtract => {
            Some(span(left.millis().checked_sub(right.millis())?))
        }
        (Value::Span(left), Value::Span(right)) => spans(operator, left, right),
        (Value::Span(length), Value::Number(factor)) => scaled(operator, length, &factor),
        (Value::Number(factor), Value::Span(length)) if operator == Operator::Multiply => {
            scaled(operator, length, &factor)
        }
        _ => None,
    }
}

fn numbers(operator: Operator, left: &Decimal, right: &Decimal) -> Option<Decimal> {
    match operator {
        Operator::Add => Some(left + right),
        Operator::Subtract => Some(left - right),
        Operator::Multiply => Some(left * right),
        Operator::Divide => left.div(right),
    }
}

fn spans(operator: Operator, left: Span, right: Span) -> Option<Value> {
    let (left, right) = (left.millis(), right.millis());
    match operator {
        Operator::Add => left.checked_add(right).map(span),
        Operator::Subtract => left.checked_sub(right).map(span),
        Operator::Divide => Decimal::from(left)
            .div(&Decimal::from(right))
            .map(Value::Number),
        Operator::Multiply => None,
    }
}

fn scaled(operator: Operator, length: Span, factor: &Decimal) -> Option<Value> {
    let millis = numbers(operator, &Decimal::from(length.millis()), factor)?;
    millis.trunc().to_i64().map(span)
}

/// A duration.
pub(super) fn span(millis: i64) -> Value {
    Value::Span(Span::from_millis(millis))
}
