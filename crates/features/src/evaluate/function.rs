//! Functions of one value.

use std::sync::Arc;

use domain::{Decimal, Value};
use rules::checked::{Function, Place, TimePart};

use super::arithmetic::span;
use crate::identity;
use crate::place::convert;

/// A function of a value; missing where it has none.
pub(super) fn apply(function: &Function, value: Value) -> Option<Value> {
    match (function, value) {
        (Function::Seen, value) => Some(seen(value)),
        (Function::Absolute, Value::Number(number)) => Some(Value::Number(number.abs())),
        (Function::Absolute, Value::Span(length)) => length.millis().checked_abs().map(span),
        (Function::Round(places), Value::Number(number)) => {
            Some(Value::Number(number.round(*places)))
        }
        (Function::Lower, value) => match convert(value, Place::Text)? {
            Value::Text(text) => Some(Value::Text(Arc::from(text.to_lowercase()))),
            _ => None,
        },
        (Function::Version, value) => match convert(value, Place::Text)? {
            Value::Text(text) => rules::version::sortable(&text).map(|text| Value::text(&text)),
            _ => None,
        },
        (Function::Bucket { salt, count: of }, Value::Text(key)) => Some(Value::Number(
            Decimal::from(identity::bucket(salt, &key, *of)),
        )),
        (Function::Length, Value::List(elements)) => Some(count(elements.len())),
        (Function::Length, value) => match convert(value, Place::Text)? {
            Value::Text(text) => Some(count(text.chars().count())),
            _ => None,
        },
        (Function::Instant(_), Value::List(elements)) => {
            let elements = elements.iter().cloned();
            Some(
                elements
                    .filter_map(|element| apply(function, element))
                    .collect(),
            )
        }
        (Function::Instant(_), Value::Time(at)) => Some(Value::Time(at)),
        (Function::Instant(zone), Value::Date(day)) => Some(Value::Time(zone.start_of_date(day))),
        (Function::Part(part, zone), value) => {
            let Value::Time(at) = apply(&Function::Instant(zone.clone()), value)? else {
                return None;
            };
            let parts = zone.parts(at);
            Some(count(match part {
                TimePart::Hour => parts.hour as usize,
                TimePart::Weekday => parts.weekday as usize,
                TimePart::DayOfMonth => parts.day as usize,
                TimePart::Month => parts.month as usize,
                TimePart::Year => return Some(Value::from(i64::from(parts.year))),
            }))
        }
        _ => None,
    }
}

fn count(number: usize) -> Value {
    Value::Number(Decimal::from(number))
}

/// A value as what it is by itself; of a list, each element. A truth is its text, as which it is stored.
fn seen(value: Value) -> Value {
    match value {
        Value::List(elements) => elements.iter().cloned().map(seen).collect(),
        Value::Text(_) => convert(value.clone(), Place::Number)
            .or_else(|| convert(value.clone(), Place::Moment))
            .or_else(|| value.canonical_text().map(Value::Text))
            .unwrap_or(value),
        Value::Bool(_) => value.canonical_text().map_or(value, Value::Text),
        other => other,
    }
}

#[cfg(test)]
mod tests;
