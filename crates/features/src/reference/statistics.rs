//! Functions of a list of values.

use std::sync::Arc;

use domain::{Decimal, Span, Value};

use rules::checked::{AggregateFunction, Place};

use crate::place::convert;

/// A function of single values; the values are in the order of their events.
pub(super) fn of(function: &AggregateFunction, values: &[Value]) -> Option<Value> {
    match function {
        AggregateFunction::Sum => Some(Value::Number(numbers(values).iter().sum())),
        AggregateFunction::Average => {
            let numbers = numbers(values);
            let sum: Decimal = numbers.iter().sum();
            sum.div(&Decimal::from(numbers.len())).map(Value::Number)
        }
        AggregateFunction::Minimum(_) => values.iter().min().cloned(),
        AggregateFunction::Maximum(_) => values.iter().max().cloned(),
        AggregateFunction::Percentile(percent) => percentile(values, percent),
        AggregateFunction::Deviation => deviation(values),
        AggregateFunction::Top(count, _) => top(values, *count),
        _ => None,
    }
}

/// A function of numbers, of the milliseconds of durations; a duration, which is cut to such.
pub(super) fn of_durations(function: &AggregateFunction, durations: &[Value]) -> Option<Value> {
    let millis = |duration: &Value| match duration {
        Value::Span(span) => Some(Value::from(span.millis())),
        _ => None,
    };
    let millis: Vec<Value> = durations.iter().filter_map(millis).collect();
    match of(function, &millis)? {
        Value::Number(number) => {
            let whole = number.trunc().to_i64()?;
            Some(Value::Span(Span::from_millis(whole)))
        }
        _ => None,
    }
}

/// The number at (n − 1) × percent / 100 among all numbers, between its neighbours.
pub(super) fn percentile(values: &[Value], percent: &Decimal) -> Option<Value> {
    let mut numbers = numbers(values);
    numbers.sort();
    let hundred = Decimal::from(100);
    let position = &Decimal::from(numbers.len().checked_sub(1)?) * percent;
    let mut below = 0;
    while &Decimal::from(below + 1) * &hundred <= position {
        below += 1;
    }
    let after = &position - &(&Decimal::from(below) * &hundred);
    let low = numbers.get(below)?;
    let high = numbers.get(below + 1).unwrap_or(low);
    let weighted = &(low * &(&hundred - &after)) + &(high * &after);
    weighted.div(&hundred).map(Value::Number)
}

/// The greatest number of 18 places that is no more than √(Σ(x − mean)² / n), found by halving.
pub(super) fn deviation(values: &[Value]) -> Option<Value> {
    let numbers = numbers(values);
    let count = Decimal::from(numbers.len());
    let sum: Decimal = numbers.iter().sum();
    // n times the distance of each number from the mean, which keeps everything whole.
    let distances = numbers.iter().map(|number| &(number * &count) - &sum);
    let spread: Decimal = distances.map(|distance| &distance * &distance).sum();
    let bound = &(&count * &count) * &count;
    let is_below = |root: &Decimal| &(root * root) * &bound <= spread;
    let step = Decimal::from_mantissa(1, 18);
    let (mut low, mut high) = (Decimal::ZERO, &spread + &Decimal::ONE);
    while &high - &low > step {
        let half = (&high - &low).div(&Decimal::from(2))?;
        let middle = &low + &half.cut(18);
        if is_below(&middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    (!numbers.is_empty()).then_some(Value::Number(low))
}

/// The most frequent values; of equals the one that comes last in the list, then by text.
fn top(values: &[Value], count: u32) -> Option<Value> {
    let mut different: Vec<&Value> = Vec::new();
    for value in values {
        if !different.contains(&value) {
            different.push(value);
        }
    }
    let times = |value: &Value| values.iter().filter(|other| *other == value).count();
    let newest = |value: &Value| values.iter().rposition(|other| other == value);
    let text = |value: &Value| convert(value.clone(), Place::Text);
    different.sort_by(|one, other| {
        (times(other), newest(other))
            .cmp(&(times(one), newest(one)))
            .then_with(|| text(one).cmp(&text(other)))
    });
    list(different.into_iter().cloned(), count)
}

/// The first of the values as a list; none of none.
pub(super) fn list(values: impl Iterator<Item = Value>, count: u32) -> Option<Value> {
    let first: Vec<Value> = values.take(count as usize).collect();
    (!first.is_empty()).then(|| Value::List(Arc::from(first)))
}

fn numbers(values: &[Value]) -> Vec<Decimal> {
    let number = |value: &Value| match value {
        Value::Number(number) => Some(number.clone()),
        _ => None,
    };
    values.iter().filter_map(number).collect()
}
