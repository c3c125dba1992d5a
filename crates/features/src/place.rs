//! Values in their places: conversion by use, and comparison (rules.md, Meaning 3, 5 and 11).

use std::cmp::Ordering;
use std::sync::Arc;

use domain::{Kind, Time, Value, Zone};
use rules::checked::{Comparison, Place};

/// The value as its place demands it, or missing. In a list, the elements that convert remain.
pub fn convert(value: Value, place: Place) -> Option<Value> {
    if let Value::List(elements) = &value
        && place != Place::Any
    {
        let converted: Vec<Value> = elements
            .iter()
            .filter_map(|element| convert(element.clone(), place))
            .collect();
        return Some(Value::List(Arc::from(converted)));
    }
    match place {
        Place::Any => Some(value),
        Place::Text => value.convert(Kind::Text),
        Place::Truth => value.convert(Kind::Truth),
        Place::Span => value.convert(Kind::Span),
        Place::Moment => match value {
            Value::Time(_) | Value::Date(_) => Some(value),
            other => other
                .convert(Kind::Date)
                .or_else(|| other.convert(Kind::Time)),
        },
        Place::Number => judged(value.convert(Kind::Number)?),
    }
}

/// The last judgement over a number: outside the range it is missing.
pub fn judged(value: Value) -> Option<Value> {
    match value {
        Value::Number(number) => number.judged().map(Value::Number),
        other => Some(other),
    }
}

/// What makes a value the same one as another, whatever the type in which it was sent: the text of
/// a scalar, the elements of a list. An object is an object: what is in it are other attributes.
pub fn identity(value: Value) -> Value {
    match value {
        Value::Object(_) => Value::Object(Arc::default()),
        other => identity_inside(other),
    }
}

fn identity_inside(value: Value) -> Value {
    match value {
        Value::List(elements) => elements.iter().cloned().map(identity_inside).collect(),
        Value::Object(members) => {
            let inside = |(name, member): (&Arc<str>, &Value)| {
                (Arc::clone(name), identity_inside(member.clone()))
            };
            Value::Object(Arc::new(members.iter().map(inside).collect()))
        }
        scalar => scalar.canonical_text().map_or(scalar, Value::Text),
    }
}

/// Whether the comparison holds for at least one pair of elements.
pub fn compare(left: &Value, comparison: Comparison, right: &Value, zone: Option<&Zone>) -> bool {
    elements(left).iter().any(|left| {
        elements(right)
            .iter()
            .any(|right| compare_scalars(left, comparison, right, zone))
    })
}

/// Whether one element lies between one of the lower and one of the upper ends, both included.
pub fn lies_between(value: &Value, low: &Value, high: &Value, zone: Option<&Zone>) -> bool {
    elements(value).iter().any(|element| {
        compare(element, Comparison::AtLeast, low, zone)
            && compare(element, Comparison::AtMost, high, zone)
    })
}

/// The elements of a list; a scalar is a list of one.
pub fn elements(value: &Value) -> &[Value] {
    match value {
        Value::List(elements) => elements,
        scalar => std::slice::from_ref(scalar),
    }
}

fn compare_scalars(
    left: &Value,
    comparison: Comparison,
    right: &Value,
    zone: Option<&Zone>,
) -> bool {
    let ordering = match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.cmp(right),
        (Value::Text(left), Value::Text(right)) => left.cmp(right),
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::Span(left), Value::Span(right)) => left.cmp(right),
        (Value::Time(left), Value::Time(right)) => left.cmp(right),
        (Value::Date(left), Value::Date(right)) => left.cmp(right),
        (Value::Time(time), Value::Date(_)) => time_against_day(*time, right, zone),
        (Value::Date(_), Value::Time(time)) => time_against_day(*time, left, zone).reverse(),
        _ => return false,
    };
    holds(comparison, ordering)
}

/// Before, inside or after a whole day.
fn time_against_day(time: Time, day: &Value, zone: Option<&Zone>) -> Ordering {
    let Value::Date(day) = day else {
        return Ordering::Equal;
    };
    let date = zone.map_or_else(|| Zone::utc().date(time), |zone| zone.date(time));
    date.cmp(day)
}

/// Whether an ordering of two sides satisfies a comparison.
pub fn holds(comparison: Comparison, ordering: Ordering) -> bool {
    match comparison {
        Comparison::Equal => ordering.is_eq(),
        Comparison::Less => ordering.is_lt(),
        Comparison::AtMost => ordering.is_le(),
        Comparison::Greater => ordering.is_gt(),
        Comparison::AtLeast => ordering.is_ge(),
    }
}
