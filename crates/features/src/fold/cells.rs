//! The state of a walk: accumulators in columns by user.

use std::collections::HashMap;

use domain::Decimal;
use rules::checked::Aggregate;

use super::UNRESOLVED;
use super::accumulate::Accumulator;
use super::bind::Bound;
use super::step::Action;
use crate::history::MISSING;
use crate::window::Interval;

/// Accumulators of the features of one block. Writing a user touches a cell per feature; the
/// next users' cells lie beside them, so few cache lines are in use at a time.
pub(super) struct Cells {
    /// By feature: the first cell of each user.
    firsts: Vec<Vec<i64>>,
    /// By feature, where the action needs it: the second cell of each user.
    seconds: Vec<Vec<i64>>,
    /// By feature, for distinct counts: who had the code last.
    seen: Vec<Vec<u32>>,
    /// By feature and user: what a sum held when its cell overflowed.
    spilled: HashMap<(usize, usize), Decimal>,
    general: HashMap<(usize, usize), Accumulator>,
    intervals: Vec<Interval>,
    /// By filter: the last row asked about, and the answer.
    answers: Vec<(usize, bool)>,
    /// Where a write goes that no cell awaits.
    nowhere: i64,
}

impl Cells {
    pub(super) fn new(bound: &Bound<'_>, users: usize) -> Self {
        let features = bound.actions.len();
        let mut cells = Self {
            firsts: Vec::with_capacity(features),
            seconds: vec![Vec::new(); features],
            seen: vec![Vec::new(); features],
            spilled: HashMap::new(),
            general: HashMap::new(),
            intervals: vec![UNRESOLVED; features],
            answers: vec![(usize::MAX, false); bound.filters.len()],
            nowhere: 0,
        };
        for (feature, action) in bound.actions.iter().enumerate() {
            let (first, second) = initial(action.as_ref());
            cells
                .firsts
                .push(first.map_or_else(Vec::new, |initial| vec![initial; users]));
            if let (Some(initial), Some(seconds)) = (second, cells.seconds.get_mut(feature)) {
                *seconds = vec![initial; users];
            }
            if let (Some(Action::Distinct(_, canonical)), Some(seen)) =
                (action, cells.seen.get_mut(feature))
            {
                *seen = vec![0; bound.canonical_len(*canonical)];
            }
        }
        cells
    }

    #[inline]
    pub(super) fn first(&mut self, feature: usize, user: usize) -> &mut i64 {
        slot(&mut self.firsts, feature, user).unwrap_or(&mut self.nowhere)
    }

    #[inline]
    pub(super) fn second(&mut self, feature: usize, user: usize) -> &mut i64 {
        slot(&mut self.seconds, feature, user).unwrap_or(&mut self.nowhere)
    }

    /// Adds to a sum; what no longer fits is kept exactly beside it.
    #[inline]
    pub(super) fn add(&mut self, feature: usize, user: usize, number: i64) {
        let sum = self.first(feature, user);
        if let Some(total) = sum.checked_add(number).filter(|total| *total != MISSING) {
            *sum = total;
            return;
        }
        let held = i128::from(std::mem::replace(sum, number));
        let spilled = self.spilled.entry((feature, user)).or_insert(Decimal::ZERO);
        *spilled = &*spilled + &Decimal::from(held);
    }

    /// Counts a code unless this user had it before.
    pub(super) fn count_if_new(&mut self, feature: usize, user: usize, code: u32) {
        let mark = user as u32 + 1;
        let seen = self
            .seen
            .get_mut(feature)
            .and_then(|seen| seen.get_mut(code as usize));
        if let Some(seen) = seen
            && *seen != mark
        {
            *seen = mark;
            *self.first(feature, user) += 1;
        }
    }

    pub(super) fn accumulator(
        &mut self,
        feature: usize,
        user: usize,
        aggregate: &Aggregate,
    ) -> &mut Accumulator {
        self.general
            .entry((feature, user))
            .or_insert_with(|| Accumulator::new(aggregate))
    }

    pub(super) fn accumulated(&self, feature: usize, user: usize) -> Option<&Accumulator> {
        self.general.get(&(feature, user))
    }

    pub(super) fn firsts(&self, feature: usize) -> &[i64] {
        self.firsts.get(feature).map_or(&[], Vec::as_slice)
    }

    pub(super) fn seconds(&self, feature: usize) -> &[i64] {
        self.seconds.get(feature).map_or(&[], Vec::as_slice)
    }

    /// What a sum holds beside its cell, as a mantissa.
    pub(super) fn spilled(&self, feature: usize, user: usize) -> Option<&Decimal> {
        if self.spilled.is_empty() {
            None
        } else {
            self.spilled.get(&(feature, user))
        }
    }

    #[inline]
    pub(super) fn interval(&self, feature: usize) -> Interval {
        self.intervals.get(feature).copied().unwrap_or(UNRESOLVED)
    }

    pub(super) fn set_interval(&mut self, feature: usize, interval: Interval) {
        if let Some(slot) = self.intervals.get_mut(feature) {
            *slot = interval;
        }
        // A filter may depend on what this walk has measured since.
        self.answers.fill((usize::MAX, false));
    }

    #[inline]
    pub(super) fn remembered(&self, filter: usize, row: usize) -> Option<bool> {
        self.answers
            .get(filter)
            .filter(|(asked, _)| *asked == row)
            .map(|(_, answer)| *answer)
    }

    pub(super) fn remember(&mut self, filter: usize, row: usize, answer: bool) {
        if let Some(slot) = self.answers.get_mut(filter) {
            *slot = (row, answer);
        }
    }
}

/// The entry of a number column.
#[inline]
pub(super) fn cell(numbers: &[i64], row: usize) -> i64 {
    numbers.get(row).copied().unwrap_or(MISSING)
}

#[inline]
fn slot(columns: &mut [Vec<i64>], feature: usize, user: usize) -> Option<&mut i64> {
    columns.get_mut(feature)?.get_mut(user)
}

/// What the first and the second cell hold before the walk; `None` needs no cell.
fn initial(action: Option<&Action<'_>>) -> (Option<i64>, Option<i64>) {
    match action {
        None => (Some(MISSING), None),
        Some(Action::General) => (None, None),
        Some(Action::Count | Action::Sum(_) | Action::Distinct(..)) => (Some(0), None),
        Some(Action::Average(_)) => (Some(0), Some(0)),
        Some(Action::Periods(..)) => (Some(0), Some(MISSING)),
        Some(_) => (Some(MISSING), None),
    }
}
