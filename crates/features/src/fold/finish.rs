//! From cells to feature columns.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use domain::{Decimal, Value};
use rules::checked::{Aggregate, Path, Place};

use super::bind::{Bound, BoundColumn};
use super::cells::{Cells, Place as CellPlace};
use super::outcome::{Outcome, mantissa, meaning_of};
use super::step::Action;
use crate::block::{FeatureColumn, NumberMeaning};
use crate::history::{Column, MISSING, NO_CODE};
use crate::place::convert;
use crate::program::Plan;

/// The values of one feature for a range of the block's users.
pub(super) fn column(
    bound: &Bound<'_>,
    cells: &Cells,
    feature: usize,
    users: Range<usize>,
) -> FeatureColumn {
    match bound.program.plans.get(feature) {
        Some(Plan::Attribute { path, place }) => {
            attribute(bound, cells, feature, path, *place, users)
        }
        Some(Plan::TagAt { .. }) => packed(cells.finished(feature, users)),
        Some(Plan::HeldSince { .. }) => {
            let place_of = bound.places.get(feature).copied().unwrap_or_default();
            let kept = cells.column(place_of.first, users);
            plain(0, NumberMeaning::Time, kept.to_vec())
        }
        Some(Plan::Aggregate { aggregate, .. }) => {
            aggregated(bound, cells, feature, aggregate, users)
        }
        None => FeatureColumn::Any(vec![None; users.len()]),
    }
}

fn attribute(
    bound: &Bound<'_>,
    cells: &Cells,
    feature: usize,
    path: &Path,
    place: Place,
    users: Range<usize>,
) -> FeatureColumn {
    let place_of = bound.places.get(feature).copied().unwrap_or_default();
    let kept = cells.column(place_of.first, users.clone());
    let Some(source) = bound.attribute_column(path, place) else {
        return FeatureColumn::Any(vec![None; users.len()]);
    };
    match source.column {
        Column::Number { scale, .. } => plain(*scale, NumberMeaning::Number, kept),
        Column::WideNumber { .. } => {
            let value = |row: &i64| usize::try_from(*row).ok().and_then(|row| source.value(row));
            packed(kept.iter().map(value).collect())
        }
        Column::Text { .. } => texts(source, &kept, place),
    }
}

fn aggregated(
    bound: &Bound<'_>,
    cells: &Cells,
    feature: usize,
    aggregate: &Aggregate,
    users: Range<usize>,
) -> FeatureColumn {
    let place_of = bound.places.get(feature).copied().unwrap_or_default();
    let kept = cells.column(place_of.first, users.clone());
    let scale = match bound.argument(aggregate).map(|argument| argument.column) {
        Some(Column::Number { scale, .. }) => *scale,
        _ => 0,
    };
    match bound.actions.get(feature).and_then(Option::as_ref) {
        Some(Action::Count | Action::Distinct(..) | Action::Periods(..)) => {
            plain(0, NumberMeaning::Number, kept)
        }
        Some(Action::Sum(_)) => sums(cells, place_of.first, scale, kept, users),
        Some(Action::Average(_)) => means(cells, place_of, scale, kept, users),
        Some(Action::FirstTime | Action::LastTime) => plain(0, NumberMeaning::Time, kept),
        Some(Action::FirstText(_) | Action::LastText(_)) => match bound.argument(aggregate) {
            Some(source) => texts(source, &kept, Place::Text),
            None => FeatureColumn::Any(vec![None; users.len()]),
        },
        Some(Action::State(Outcome::Number { scale, meaning })) => FeatureColumn::Number {
            scale: *scale,
            meaning: *meaning,
            mantissas: kept,
            wide: cells.kept_apart(feature, users),
        },
        Some(Action::State(Outcome::Code)) => FeatureColumn::Text {
            codes: kept
                .iter()
                .map(|code| u32::try_from(*code).unwrap_or(NO_CODE))
                .collect(),
            texts: cells.coded(feature).to_vec(),
        },
        Some(Action::State(Outcome::Value)) | None => packed(cells.finished(feature, users)),
        Some(_) => plain(scale, NumberMeaning::Number, kept),
    }
}

fn plain(scale: u8, meaning: NumberMeaning, mantissas: Vec<i64>) -> FeatureColumn {
    FeatureColumn::Number {
        scale,
        meaning,
        mantissas,
        wide: BTreeMap::new(),
    }
}

fn sums(
    cells: &Cells,
    column: usize,
    scale: u8,
    mut mantissas: Vec<i64>,
    users: Range<usize>,
) -> FeatureColumn {
    let mut wide = BTreeMap::new();
    for ((index, user), mantissa) in users.enumerate().zip(&mut mantissas) {
        if let Some(total) = wide_sum(cells, column, user, *mantissa, scale) {
            *mantissa = MISSING;
            wide.insert(index as u32, Value::Number(total));
        }
    }
    FeatureColumn::Number {
        scale,
        meaning: NumberMeaning::Number,
        mantissas,
        wide,
    }
}

/// The sum of a user whose cell overflowed.
fn wide_sum(cells: &Cells, column: usize, user: usize, rest: i64, scale: u8) -> Option<Decimal> {
    let total = cells.spilled(column, user)? + &Decimal::from(rest);
    Some(&total * &Decimal::from_mantissa(1, scale))
}

fn means(
    cells: &Cells,
    place: CellPlace,
    sum_scale: u8,
    sums: Vec<i64>,
    users: Range<usize>,
) -> FeatureColumn {
    let scale = sum_scale.saturating_add(2);
    let mut counts = cells.column(place.second, users.clone());
    let mut wide = BTreeMap::new();
    let mut halves = Vec::with_capacity(sums.len());
    for (((index, user), sum), count) in users.enumerate().zip(&sums).zip(&mut counts) {
        let spilled = wide_sum(cells, place.first, user, *sum, sum_scale);
        let half = if spilled.is_some() {
            None
        } else {
            half(*sum, *count)
        };
        if *count != 0 && half.is_none() {
            let sum =
                spilled.unwrap_or_else(|| Decimal::from_mantissa(i128::from(*sum), sum_scale));
            let mean = sum.div(&Decimal::from(std::mem::take(count)));
            wide.extend(mean.map(|mean| (index as u32, Value::Number(mean))));
        }
        halves.push(half.unwrap_or(MISSING));
    }
    FeatureColumn::Ratio {
        scale,
        sum_scale,
        sums,
        counts,
        halves,
        wide,
    }
}

/// 2 × ⌊100 × sum / count⌋, and 1 more where that is not whole. (A mean is cut at 18 places, far
/// behind the two that are kept here: with fewer than 10^12 events the cut changes no half.)
fn half(sum: i64, count: i64) -> Option<i64> {
    if count == 0 {
        return None;
    }
    let scaled = sum.checked_mul(100)?;
    let whole = scaled.div_euclid(count).checked_mul(2)?;
    Some(whole + i64::from(scaled.rem_euclid(count) != 0))
}

/// Codes of a text column of the history as values in a place.
fn texts(source: &BoundColumn<'_>, kept: &[i64], place: Place) -> FeatureColumn {
    let mut numbers: HashMap<i64, Option<Value>> = HashMap::new();
    let mut value = |code: i64| -> Option<Value> {
        let decode = || {
            let stored = source.decoded().get(usize::try_from(code).ok()?)?.clone();
            convert(stored?, place)
        };
        numbers.entry(code).or_insert_with(decode).clone()
    };
    if place == Place::Text || place == Place::Any {
        let mut codes = Vec::with_capacity(kept.len());
        let mut known: HashMap<Value, u32> = HashMap::new();
        let mut by_code: HashMap<i64, u32> = HashMap::new();
        for kept in kept {
            codes.push(*by_code.entry(*kept).or_insert_with(|| match value(*kept) {
                None => NO_CODE,
                Some(value) => {
                    let next = known.len() as u32;
                    *known.entry(value).or_insert(next)
                }
            }));
        }
        return FeatureColumn::Text {
            codes,
            texts: in_code_order(known),
        };
    }
    packed(kept.iter().map(|code| value(*code)).collect())
}

fn in_code_order(known: HashMap<Value, u32>) -> Vec<Value> {
    let mut texts: Vec<(u32, Value)> = known.into_iter().map(|(text, code)| (code, text)).collect();
    texts.sort_unstable_by_key(|(code, _)| *code);
    texts.into_iter().map(|(_, text)| text).collect()
}

/// Values as a number column if they are all numbers, or all times, truths or durations, and fit.
fn packed(values: Vec<Option<Value>>) -> FeatureColumn {
    let numbers = || -> Option<FeatureColumn> {
        let meaning = meaning_of(values.iter().flatten().next()?)?;
        let places = |value: &Value| match value {
            Value::Number(number) => number.scale().min(18),
            _ => 0,
        };
        let scale = values.iter().flatten().map(places).max()?;
        let fitting = |value: &Option<Value>| match value {
            None => Some(MISSING),
            Some(value) => mantissa(value, scale).filter(|_| meaning_of(value) == Some(meaning)),
        };
        let mantissas = values.iter().map(fitting).collect::<Option<_>>()?;
        Some(plain(scale, meaning, mantissas))
    };
    numbers().unwrap_or(FeatureColumn::Any(values))
}
