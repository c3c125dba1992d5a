//! Into which parts a feature falls, and how many users are in each.

use std::collections::HashMap;
use std::sync::Arc;

use domain::{PartRange, UserSet, Value};

use crate::values::{MetricValues, is_scalar};

/// Into how many parts of equal size all users are cut, and those of the seed.
const ALL_PARTS: usize = 10;
const SEED_PARTS: usize = 5;

/// The most texts that have a part of their own.
const MOST_TEXTS: usize = 30;

/// A part of a feature and how many users are in it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Counted {
    pub range: PartRange,
    pub seed: u64,
    pub others: u64,
}

impl Counted {
    fn new(range: PartRange) -> Self {
        Self {
            range,
            seed: 0,
            others: 0,
        }
    }

    fn count(&mut self, is_seed: bool) {
        if is_seed {
            self.seed += 1;
        } else {
            self.others += 1;
        }
    }
}

/// Those for whom a condition holds, and all others.
pub(super) fn parts_of_flag(members: &UserSet, seed: &UserSet, universe: &UserSet) -> Vec<Counted> {
    let members = members.and(universe);
    let of_seed = members.intersection_len(seed);
    let of_others = members.len() - of_seed;
    let all_others = universe.len().saturating_sub(seed.len());
    vec![
        Counted {
            range: PartRange::Holds(true),
            seed: of_seed,
            others: of_others,
        },
        Counted {
            range: PartRange::Holds(false),
            seed: seed.len() - of_seed,
            others: all_others - of_others,
        },
    ]
}

/// The parts of values, and those without a value; `None` for lists.
pub(super) fn parts_of_values(
    values: &MetricValues,
    seed: &UserSet,
    universe: &UserSet,
) -> Option<Vec<Counted>> {
    let known = values.iter().filter(|(user, _)| universe.contains(*user));
    let mut all: Vec<(Value, bool)> = known
        .map(|(user, value)| (value, seed.contains(user)))
        .collect();
    if all.iter().any(|(value, _)| !is_scalar(value)) {
        return None;
    }
    if all.iter().all(|(value, _)| matches!(value, Value::Bool(_))) {
        let holds = values
            .iter()
            .filter(|(_, value)| *value == Value::Bool(true));
        let members: UserSet = holds.map(|(user, _)| user).collect();
        return Some(parts_of_flag(&members, seed, universe));
    }
    let is_text = |(value, _): &(Value, bool)| matches!(value, Value::Text(_));
    let mut parts = if all.iter().all(is_text) {
        texts(&all)
    } else {
        all.retain(|value| !is_text(value));
        all.sort_unstable();
        ranges(&all)
    };
    let counted = |of: fn(&Counted) -> u64| parts.iter().map(of).sum::<u64>();
    let missing = Counted {
        range: PartRange::Missing,
        seed: seed.len() - counted(|part| part.seed),
        others: universe.len() - seed.len() - counted(|part| part.others),
    };
    if missing.seed + missing.others > 0 {
        parts.push(missing);
    }
    Some(parts)
}

/// Ranges of sorted values: bounds lie where all users, and those of the seed, fall into parts of
/// equal size, so that there are some wherever either are many.
fn ranges(sorted: &[(Value, bool)]) -> Vec<Counted> {
    let of_all: Vec<&Value> = sorted.iter().map(|(value, _)| value).collect();
    let of_seed = sorted.iter().filter(|(_, is_seed)| *is_seed);
    let of_seed: Vec<&Value> = of_seed.map(|(value, _)| value).collect();
    let mut bounds = cuts(&of_all, ALL_PARTS);
    bounds.extend(cuts(&of_seed, SEED_PARTS));
    bounds.sort_unstable();
    bounds.dedup();
    // What is least needs no bound: nothing lies below.
    bounds.retain(|bound| of_all.first().is_some_and(|least| bound > least));
    let texts: Vec<String> = bounds.iter().map(|bound| constant(bound)).collect();
    let at = |place: usize| texts.get(place).cloned();
    let range = |place: usize| {
        let least = place.checked_sub(1).and_then(at);
        Counted::new(PartRange::Between(least, at(place)))
    };
    let mut parts: Vec<Counted> = (0..=texts.len()).map(range).collect();
    for (value, is_seed) in sorted {
        let place = bounds.partition_point(|bound| *bound <= value);
        if let Some(part) = parts.get_mut(place) {
            part.count(*is_seed);
        }
    }
    parts
}

/// The values that cut sorted ones into so many parts of equal size.
fn cuts<'v>(sorted: &[&'v Value], parts: usize) -> Vec<&'v Value> {
    let cut = |number: usize| sorted.get(number * sorted.len() / parts).copied();
    (1..parts).filter_map(cut).collect()
}

/// The value as a rule writes it.
fn constant(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Time(time) => time.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Span(span) => span.to_string(),
        Value::Bool(_) | Value::Text(_) | Value::List(_) | Value::Object(_) => String::new(),
    }
}

/// A part for each of the texts that most users have, one for all other texts.
fn texts(values: &[(Value, bool)]) -> Vec<Counted> {
    let mut found: HashMap<Arc<str>, [u64; 2]> = HashMap::new();
    for (value, is_seed) in values {
        let Value::Text(text) = value else {
            continue;
        };
        let [seed, others] = found.entry(Arc::clone(text)).or_default();
        *(if *is_seed { seed } else { others }) += 1;
    }
    let mut found: Vec<(Arc<str>, [u64; 2])> = found.into_iter().collect();
    found.sort_by(|(text, counts), (other, others)| {
        let sum = |counts: &[u64; 2]| counts.iter().sum::<u64>();
        sum(others).cmp(&sum(counts)).then_with(|| text.cmp(other))
    });
    let (own, rest) = found.split_at(found.len().min(MOST_TEXTS));
    let part = |(text, [seed, others]): &(Arc<str>, [u64; 2])| Counted {
        range: PartRange::OneOf(vec![text.to_string()]),
        seed: *seed,
        others: *others,
    };
    let mut parts: Vec<Counted> = own.iter().map(part).collect();
    if !rest.is_empty() {
        let texts = own.iter().map(|(text, _)| text.to_string()).collect();
        parts.push(Counted {
            range: PartRange::NoneOf(texts),
            seed: rest.iter().map(|(_, [seed, _])| seed).sum(),
            others: rest.iter().map(|(_, [_, others])| others).sum(),
        });
    }
    parts
}
