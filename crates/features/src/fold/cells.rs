//! What a walk leaves: cells by user and column, and what states left of users.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use domain::{Decimal, Value};

use super::UNRESOLVED;
use super::bind::Bound;
use super::derived::DerivedRows;
use super::memberships::Memberships;
use super::outcome::{Dictionary, Outcome};
use super::step::Action;
use crate::history::MISSING;
use crate::window::Interval;

/// How many users' cells lie side by side: a cache line of each column.
pub(super) const TILE_USERS: usize = 8;

/// What the features of one block are measured in. All cells of a few users are a tile, which stays in the first-level
/// cache while they are walked.
pub(super) struct Cells {
    /// Tile after tile; in a tile one column after the other.
    cells: Vec<i64>,
    /// A tile before the walk.
    initial: Vec<i64>,
    /// By feature, for distinct counts: who had the code last.
    seen: Vec<Vec<u32>>,
    /// By feature and user: what a sum held when its cell overflowed.
    spilled: HashMap<(usize, usize), Decimal>,
    /// By feature: the codes of what its state leaves, where that has codes.
    dictionaries: Vec<Dictionary>,
    /// By feature: what states left of the users walked so far that fits no cell.
    finished: Vec<Vec<Finished>>,
    /// By feature: what its state leaves of users without an event.
    over_nothing: Vec<Option<Value>>,
    /// By anchored window: its times for the user being walked.
    intervals: Vec<Interval>,
    /// The changes of the user being walked.
    pub(super) derived: DerivedRows,
    /// What the user being walked has had of tags.
    pub(super) memberships: Memberships,
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

/// The columns of cells of one feature, as offsets of their first cells in a tile.
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
        let initial: Vec<i64> = bound
            .initial
            .iter()
            .flat_map(|cell| [*cell; TILE_USERS])
            .collect();
        Self {
            cells: initial.repeat(bound.block_users.div_ceil(TILE_USERS)),
            initial,
            seen: bound.actions.iter().map(seen).collect(),
            spilled: HashMap::new(),
            dictionaries: bound
                .actions
                .iter()
                .map(|_| Dictionary::default())
                .collect(),
            finished: bound.actions.iter().map(|_| Vec::new()).collect(),
            over_nothing: Vec::new(),
            intervals: vec![UNRESOLVED; bound.program.anchored.len()],
            derived: DerivedRows::new(bound),
            memberships: Memberships::default(),
            answers: vec![(usize::MAX, false); bound.filters.len()],
            nowhere: 0,
        }
    }

    /// Says, by feature, what states leave of users without an event.
    pub(super) fn set_over_nothing(&mut self, bound: &Bound<'_>, over_nothing: Vec<Option<Value>>) {
        let actions = bound.actions.iter().zip(&bound.places);
        let actions = actions.zip(&mut self.dictionaries);
        for (((action, place), known), value) in actions.zip(&over_nothing) {
            if let Some(Action::State(outcome)) = action
                && let Some(cell) = outcome.cell(value.as_ref(), known)
                && let Some(cells) = self.initial.get_mut(place.first..place.second)
            {
                cells.fill(cell);
            }
        }
        self.over_nothing = over_nothing;
    }

    /// Makes ready for the next block; its cells are made ready by [`Cells::begin`].
    pub(super) fn reset(&mut self) {
        self.seen.iter_mut().for_each(|seen| seen.fill(0));
        self.spilled.clear();
        self.finished.iter_mut().for_each(Vec::clear);
    }

    /// Makes the cells of a tile ready before its first user is walked.
    pub(super) fn begin(&mut self, user: usize) {
        if user.is_multiple_of(TILE_USERS) {
            let first = self.place(0, user);
            if let Some(tile) = self.cells.get_mut(first..first + self.initial.len()) {
                tile.copy_from_slice(&self.initial);
            }
        }
    }

    #[inline]
    fn place(&self, column: usize, user: usize) -> usize {
        user / TILE_USERS * self.initial.len() + column + user % TILE_USERS
    }

    #[inline]
    pub(super) fn cell(&mut self, column: usize, user: usize) -> &mut i64 {
        let place = self.place(column, user);
        self.cells.get_mut(place).unwrap_or(&mut self.nowhere)
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

    /// Keeps what a feature's state leaves of a user in its cell; whether it fits there.
    pub(super) fn keep(
        &mut self,
        (feature, place): (usize, Place),
        user: usize,
        outcome: Outcome,
        value: Option<&Value>,
    ) -> bool {
        if let Outcome::Value = outcome {
            return false;
        }
        let known = self.dictionaries.get_mut(feature);
        let fitting = known.and_then(|known| outcome.cell(value, known));
        *self.cell(place.first, user) = fitting.unwrap_or(MISSING);
        fitting.is_some()
    }

    /// What the codes of a feature stand for.
    pub(super) fn coded(&self, feature: usize) -> &[Value] {
        self.dictionaries
            .get(feature)
            .map_or(&[], Dictionary::values)
    }

    /// Keeps what a state leaves of a user that fits no cell; users come in ascending order.
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

    /// Of a range of users: those whose values no cell can hold.
    pub(super) fn kept_apart(&self, feature: usize, users: Range<usize>) -> BTreeMap<u32, Value> {
        let all = self.finished.get(feature).into_iter().flatten();
        let inside = all.filter(|finished| users.contains(&finished.user));
        let value = |finished: &Finished| {
            let value = finished.value.clone()?;
            Some(((finished.user - users.start) as u32, value))
        };
        inside.filter_map(value).collect()
    }

    /// A column's cells of a range of users.
    pub(super) fn column(&self, column: usize, users: Range<usize>) -> Vec<i64> {
        let mut kept = Vec::with_capacity(users.len());
        let mut next = users.start;
        while next < users.end {
            let end = (next / TILE_USERS * TILE_USERS + TILE_USERS).min(users.end);
            let first = self.place(column, next);
            let of_tile = self.cells.get(first..first + (end - next));
            kept.extend_from_slice(of_tile.unwrap_or_default());
            next = end;
        }
        kept
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
    pub(super) fn interval(&self, window: usize) -> Interval {
        self.intervals.get(window).copied().unwrap_or(UNRESOLVED)
    }

    pub(super) fn set_interval(&mut self, window: usize, interval: Interval) {
        if let Some(slot) = self.intervals.get_mut(window) {
            *slot = interval;
        }
    }

    /// Forgets the answers of filters, which may depend on what has been measured since.
    pub(super) fn forget_answers(&mut self) {
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
pub(super) fn initial(action: Option<&Action<'_>>) -> Vec<i64> {
    match action {
        Some(Action::State(Outcome::Value)) => Vec::new(),
        Some(Action::Count | Action::Sum(_) | Action::Distinct(..)) => vec![0],
        Some(Action::Average(_)) => vec![0, 0],
        Some(Action::Periods(..)) => vec![0, MISSING],
        _ => vec![MISSING],
    }
}
