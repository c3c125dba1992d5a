//! Tests of a number column, all at once: every value is ranked among the bounds of all tests,
//! and each test becomes a range of ranks.
//!
//! Ranks are compared as codes of one byte. Where there are more bounds than a byte can tell
//! apart, they are cut into chunks, each with codes of its own: 0 for a missing value, 1 for one
//! below the chunk's bounds, 2 to 254 for the ranks within the chunk, 255 for all above.

use std::collections::BTreeSet;

use features::number_range::NumberRange;
use rules::checked::Condition;

use super::ranges::NumberForm;
use super::ranks::{LOWEST, Ranks};
use crate::scope::ValueScope;

/// The bounds of one chunk.
const CHUNK_BOUNDS: usize = 253;

/// A test with more ranges is asked by value.
const MOST_RANGES: usize = 64;

/// The most bounds of a column; ranks have 16 bits.
const MOST_BOUNDS: usize = 60_000;

/// A test as a range of codes: `code - low <= width`, in wrapping arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CodeRange {
    pub low: u8,
    pub width: u8,
    pub signal: u32,
}

/// What is done with the codes of one chunk.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chunk {
    /// The number of bounds in the chunks before.
    pub start: u16,
    /// The first range of each test: it sets the signal.
    pub set: Vec<CodeRange>,
    /// Further ranges of a test: they add to the signal.
    pub add: Vec<CodeRange>,
}

/// The tests of a column that are ranges of its numbers.
#[derive(Debug)]
pub(crate) struct NumberPlan {
    pub ranks: Ranks,
    pub chunks: Vec<Chunk>,
    /// The signals of tests that no number passes.
    pub never: Vec<u32>,
    /// The places of tests that are no ranges.
    pub others: Vec<usize>,
}

impl NumberPlan {
    /// Plans the tests of a column.
    pub fn new(form: NumberForm, tests: &[(Condition, u32)], scope: &ValueScope<'_>) -> Self {
        let (mut never, mut others) = (Vec::new(), Vec::new());
        let mut bounds = BTreeSet::new();
        let mut ranges: Vec<(NumberRange, u32)> = Vec::with_capacity(tests.len());
        for (place, (test, signal)) in tests.iter().enumerate() {
            let found = form.ranges(test, scope).map(joined);
            match found {
                Some(found) if found.is_empty() => never.push(*signal),
                Some(found) if found.len() <= MOST_RANGES && bounds.len() < MOST_BOUNDS => {
                    bounds.extend(found.iter().flat_map(|range| bounds_of(*range)));
                    ranges.extend(found.into_iter().map(|range| (range, *signal)));
                }
                _ => others.push(place),
            }
        }
        let bounds: Vec<i64> = bounds.into_iter().collect();
        let chunks = Chunk::all(&bounds, &ranges);
        Self {
            ranks: Ranks::new(bounds),
            chunks,
            never,
            others,
        }
    }

    /// For a column without numbers: so many tests, none of which is a range.
    pub fn of_none(tests: usize) -> Self {
        Self {
            ranks: Ranks::new(Vec::new()),
            chunks: Vec::new(),
            never: Vec::new(),
            others: (0..tests).collect(),
        }
    }
}

/// Ranges in order, without empty ones, those that touch made one.
fn joined(mut ranges: Vec<NumberRange>) -> Vec<NumberRange> {
    ranges.retain(|range| range.least <= range.greatest);
    ranges.sort_unstable_by_key(|range| range.least);
    let mut joined: Vec<NumberRange> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.least <= last.greatest.saturating_add(1) => {
                last.greatest = last.greatest.max(range.greatest);
            }
            _ => joined.push(range),
        }
    }
    joined
}

/// The values at which a range begins and after which it ends. The least and the greatest value
/// bound nothing.
fn bounds_of(range: NumberRange) -> impl Iterator<Item = i64> {
    let least = Some(range.least).filter(|least| *least > LOWEST);
    [least, range.greatest.checked_add(1)].into_iter().flatten()
}

impl Chunk {
    /// The chunks that ranges need among sorted bounds. The ranges of one test stand together, in
    /// ascending order.
    fn all(bounds: &[i64], ranges: &[(NumberRange, u32)]) -> Vec<Self> {
        let count = bounds.len().div_ceil(CHUNK_BOUNDS).max(1);
        let mut chunks: Vec<Self> = (0..count)
            .map(|chunk| Self {
                start: (chunk * CHUNK_BOUNDS) as u16,
                ..Self::default()
            })
            .collect();
        let mut begun = None;
        for (range, signal) in ranges {
            for (place, low, high) in codes(bounds, *range, count) {
                let Some(chunk) = chunks.get_mut(place) else {
                    continue;
                };
                let list = if begun == Some(*signal) {
                    &mut chunk.add
                } else {
                    &mut chunk.set
                };
                list.push(CodeRange {
                    low,
                    width: high - low,
                    signal: *signal,
                });
                begun = Some(*signal);
            }
        }
        chunks
    }
}

/// The codes of a range: chunk, least and greatest code, in ascending order.
fn codes(bounds: &[i64], range: NumberRange, chunks: usize) -> Vec<(usize, u8, u8)> {
    let rank = |value: i64| bounds.partition_point(|bound| *bound <= value);
    let chunk_of = |rank: usize| rank.saturating_sub(1) / CHUNK_BOUNDS;
    // At most 255, since the rank is one of the chunk.
    let code = |rank: usize| (rank - chunk_of(rank) * CHUNK_BOUNDS + 1) as u8;
    let (first, last) = (rank(range.least), rank(range.greatest));
    let from = Some(first).filter(|_| range.least > LOWEST);
    let to = Some(last).filter(|_| range.greatest < i64::MAX);
    match (from, to) {
        (None, None) => vec![(0, 1, 255)],
        (None, Some(last)) => vec![(chunk_of(last), 1, code(last))],
        (Some(first), None) => vec![(chunk_of(first), code(first), 255)],
        (Some(first), Some(last)) => (chunk_of(first)..=chunk_of(last).min(chunks - 1))
            .map(|chunk| {
                let low = if chunk == chunk_of(first) {
                    code(first)
                } else {
                    2
                };
                let high = if chunk == chunk_of(last) {
                    code(last)
                } else {
                    254
                };
                (chunk, low, high)
            })
            .collect(),
    }
}
