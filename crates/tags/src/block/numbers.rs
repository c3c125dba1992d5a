//! Tests of a number column, all at once: every value becomes a code of one byte, its rank
//! among the bounds of all tests, and each test a range of codes.

use std::collections::BTreeSet;

use features::history::UNTOUCHED;
use features::number_range::NumberRange;
use rules::checked::Condition;

use super::ranges::NumberForm;
use crate::scope::ValueScope;

/// The least mantissa that is a value.
const LOWEST: i64 = UNTOUCHED + 1;

/// The most bounds whose ranks fit a byte.
const MOST_BOUNDS: usize = 255;

/// Up to so many bounds are compared one by one.
const MOST_COMPARED: usize = 12;

/// Bounds that span no more than this are looked up.
const WIDEST_TABLE: i64 = 4_096;

/// A test as a range of codes: `code - low <= width`, in wrapping arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CodeRange {
    pub low: u8,
    pub width: u8,
    pub signal: u32,
}

/// Tests that share their codes.
#[derive(Clone, Debug)]
pub(crate) struct Coded {
    pub ranks: Ranks,
    /// The first range of a test: it sets the signal.
    pub first: Vec<CodeRange>,
    /// Further ranges: they add to the signal.
    pub further: Vec<CodeRange>,
}

/// How a column's tests are done while it has one form.
#[derive(Clone, Debug)]
pub(crate) struct NumberPlan {
    pub form: NumberForm,
    pub coded: Vec<Coded>,
    /// The signals of tests that no number passes.
    pub never: Vec<u32>,
    /// The places of tests that are no ranges.
    pub others: Vec<usize>,
}

impl NumberPlan {
    /// Plans the tests of a column.
    pub fn new(form: NumberForm, tests: &[(Condition, u32)], scope: &ValueScope<'_>) -> Self {
        let mut plan = Self { form, coded: Vec::new(), never: Vec::new(), others: Vec::new() };
        let mut ranges: Vec<(NumberRange, u32)> = Vec::with_capacity(tests.len());
        for (place, (test, signal)) in tests.iter().enumerate() {
            let Some(found) = form.ranges(test, scope) else {
                plan.others.push(place);
                continue;
            };
            let before = ranges.len();
            let found = found.into_iter().filter(|range| range.least <= range.greatest);
            ranges.extend(found.map(|range| (range, *signal)));
            if ranges.len() == before {
                plan.never.push(*signal);
            }
        }
        ranges.sort_unstable_by_key(|(range, signal)| (range.least, range.greatest, *signal));
        plan.code(&ranges);
        plan
    }

    fn code(&mut self, ranges: &[(NumberRange, u32)]) {
        let mut written = BTreeSet::new();
        let mut rest = ranges;
        while !rest.is_empty() {
            let mut bounds = BTreeSet::new();
            let fitting = rest.iter().take_while(|(range, _)| {
                let new = bounds_of(*range).filter(|bound| !bounds.contains(bound)).count();
                let fits = bounds.len() + new <= MOST_BOUNDS;
                if fits {
                    bounds.extend(bounds_of(*range));
                }
                fits
            });
            let (now, later) = rest.split_at(fitting.count());
            let bounds: Vec<i64> = bounds.into_iter().collect();
            let mut coded =
                Coded { ranks: Ranks::new(&bounds), first: Vec::new(), further: Vec::new() };
            for (range, signal) in now {
                let code = code_range(&bounds, *range, *signal);
                let list = if written.insert(*signal) { &mut coded.first } else { &mut coded.further };
                list.push(code);
            }
            self.coded.push(coded);
            rest = later;
        }
    }
}

/// The values at which a range begins and after which it ends.
fn bounds_of(range: NumberRange) -> impl Iterator<Item = i64> {
    [Some(range.least), range.greatest.checked_add(1)].into_iter().flatten()
}

/// The codes of a range among sorted bounds: a value's code is the number of bounds up to it.
fn code_range(bounds: &[i64], range: NumberRange, signal: u32) -> CodeRange {
    let place = |bound: i64| bounds.partition_point(|other| *other < bound);
    let low = place(range.least) + 1;
    let high = range.greatest.checked_add(1).map_or(bounds.len(), place);
    // Both are at most 255, and low <= high.
    CodeRange { low: low as u8, width: high.saturating_sub(low) as u8, signal }
}

/// A way to find a value's rank: the number of bounds that are not greater.
#[derive(Clone, Debug)]
pub(crate) struct Ranks {
    /// Whether the first bound only divides missing from there.
    pub(crate) counts_missing: bool,
    pub(crate) search: Search,
}

/// How ranks among the other bounds are found.
#[derive(Clone, Debug)]
pub(crate) enum Search {
    /// By comparing with each bound.
    Each(Vec<i64>),
    /// In a table of codes for the values from `least` on.
    Table { least: i64, codes: Vec<u8> },
    /// By halving: the bounds, filled up with the greatest number.
    Halving { bounds: Box<[i64; 256]>, count: usize },
}

impl Ranks {
    /// A way for these bounds: sorted, each once, at most 255.
    pub fn new(bounds: &[i64]) -> Self {
        let (counts_missing, rest) = match bounds {
            [first, rest @ ..] if *first == LOWEST => (true, rest),
            all => (false, all),
        };
        Self { counts_missing, search: Search::new(rest) }
    }
}

impl Search {
    fn new(bounds: &[i64]) -> Self {
        let span = match bounds {
            [first, .., last] => last.checked_sub(*first),
            _ => Some(0),
        };
        if bounds.len() <= MOST_COMPARED {
            return Self::Each(bounds.to_vec());
        }
        if let (Some(span), Some(first)) = (span, bounds.first())
            && span <= WIDEST_TABLE
            && let Some(least) = first.checked_sub(1)
        {
            let rank = |value| bounds.partition_point(|bound| *bound <= value) as u8;
            return Self::Table { least, codes: (least..=least + span + 1).map(rank).collect() };
        }
        let mut filled = Box::new([i64::MAX; 256]);
        filled.iter_mut().zip(bounds).for_each(|(entry, bound)| *entry = *bound);
        Self::Halving { bounds: filled, count: bounds.len() }
    }
}
