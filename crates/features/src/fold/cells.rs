//! What a walk leaves: cells in columns by user, and what states left of users.

use std::collections::HashMap;
use std::ops::Range;

use domain::{Decimal, Value};

use super::UNRESOLVED;
use super::bind::Bound;
use super::derived::DerivedRows;
use super::step::Action;
use crate::history::MISSING;
use crate::window::Interval;

/// What the features of one block are measured in. Writing a user touches a cell per feature; the
/// next users' cells lie beside them, so few cache lines are in use at a time.
pub(super) struct Cells {
    /// One column after the other.
    cells: Vec<i64>,
    /// From one column to the next.
    stride: usize,
    /// What each column holds before the walk.
    initial: Vec<i64>,
    /// By feature, for distinct counts: who had the code last.
    seen: Vec<Vec<u32>>,
    /// By feature and user: what a sum held when its cell overflowed.
    spilled: HashMap<(usize, usize), Decimal>,
    /// By feature: what states left of the users walked so far.
    finished: Vec<Vec<Finished>>,
    /// By feature: what its state leaves of users without an event.
    over_nothing: Vec<Option<Value>>,
    intervals: Vec<Interval>,
    /// The changes of the user being walked.
    pub(super) derived: DerivedRows,
    /// By filter: the last row asked about, and the answer.
    answers: Vec<(usize, bool)>,
    /// Where a write goes that no cell awaits.
    nowhere: i64,
}

/// What a state left of a user.
struct Finished {
    user: usize,
    value: Option<Value>,
}

/// The columns of cells of one feature, as offsets of their first cells.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    /// The first column.
    pub(super) first: usize,
    /// The second one, where there is one.
    pub(super) second: usize,
}

impl Cells {
    /// Cells for the features of a program, for one block.
    pub(super) fn new(bound: &Bound<'_>) -> Self {
        let seen = |action: &Option<Action<'_>>| match action {
            Some(Action::Distinct(_, canonical)) => vec![0; bound.canonical_len(*canonical)],
            _ => Vec::new(),
        };
        let mut cells = Self {
            cells: vec![0; bound.initial.len() * bound.stride],
            stride: bound.stride,
            initial: bound.initial.clone(),
            seen: bound.actions.iter().map(seen).collect(),
            spilled: HashMap::new(),
            finished: bound.actions.iter().map(|_| Vec::new()).collect(),
            over_nothing: Vec::new(),
            intervals: vec![UNRESOLVED; bound.actions.len()],
            derived: DerivedRows::new(bound),
            answers: vec![(usize::MAX, false); bound.filters.len()],
            nowhere: 0,
        };
        cells.reset();
        cells
    }

    /// Says, by feature, what states leave of users without an event.
    pub(super) fn set_over_nothing(&mut self, over_nothing: Vec<Option<Value>>) {
        self.over_nothing = over_nothing;
    }

    /// Makes the cells ready for the next block.
    pub(super) fn reset(&mut self) {
        for (column, initial) in self.cells.chunks_mut(self.stride.max(1)).zip(&self.initial) {
            column.fill(*initial);
        }
        self.seen.iter_mut().for_each(|seen| seen.fill(0));
        self.spilled.clear();
        self.finished.iter_mut().for_each(Vec::clear);
    }

    #[inline]
    pub(super) fn cell(&mut self, column: usize, user: usize) -> &mut i64 {
        self.cells
            .get_mut(column + user)
            .unwrap_or(&mut self.nowhere)
    }

    /// Adds to a sum; what no longer fits is kept exactly beside it.
    #[inline]
    pub(super) fn add(&mut self, column: usize, user: usize, number: i64) {
        let sum = self.cell(column, user);
        match sum.checked_add(number) {
            Some(total) if total != MISSING => *sum = total,
            _ => self.spill(column, user, number),
        }
    }

    #[cold]
    fn spill(&mut self, column: usize, user: usize, number: i64) {
        let held = i128::from(std::mem::replace(self.cell(column, user), number));
        let spilled = self.spilled.entry((column, user)).or_insert(Decimal::ZERO);
        *spilled = &*spilled + &Decimal::from(held);
    }

    /// Counts a code unless this user had it before.
    #[inline]
    pub(super) fn count_if_new(&mut self, feature: usize, column: usize, user: usize, code: u32) {
        let mark = user as u32 + 1;
        let seen = self
            .seen
            .get_mut(feature)
            .and_then(|seen| seen.get_mut(code as usize));
        if let Some(seen) = seen
            && *seen != mark
        {
            *seen = mark;
            *self.cell(column, user) += 1;
        }
    }

    /// Keeps what a state leaves of a user; users come in ascending order.
    pub(super) fn finish(&mut self, feature: usize, user: usize, value: Option<Value>) {
        if let Some(finished) = self.finished.get_mut(feature) {
            finished.push(Finished { user, value });
        }
    }

    /// What a feature's state left of a range of users.
    pub(super) fn finished(&self, feature: usize, users: Range<usize>) -> Vec<Option<Value>> {
        let over_nothing = self.over_nothing.get(feature).cloned().flatten();
        let mut values = vec![over_nothing; users.len()];
        let all = self.finished.get(feature).map_or(&[][..], Vec::as_slice);
        let first = all.partition_point(|finished| finished.user < users.start);
        let inside = all.get(first..).unwrap_or_default();
        for finished in inside
            .iter()
            .take_while(|finished| finished.user < users.end)
        {
            if let Some(value) = values.get_mut(finished.user - users.start) {
                value.clone_from(&finished.value);
            }
        }
        values
    }

    /// A column's cells of a range of users.
    pub(super) fn column(&self, column: usize, users: Range<usize>) -> &[i64] {
        self.cells
            .get(column + users.start..column + users.end)
            .unwrap_or_default()
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

/// What the columns of an action hold before the walk: none, one or two.
pub(super) fn initial(action: Option<&Action<'_>>) -> &'static [i64] {
    match action {
        None => &[MISSING],
        Some(Action::State) => &[],
        Some(Action::Count | Action::Sum(_) | Action::Distinct(..)) => &[0],
        Some(Action::Average(_)) => &[0, 0],
        Some(Action::Periods(..)) => &[0, MISSING],
        Some(_) => &[MISSING],
    }
}
