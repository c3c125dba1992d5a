//! What one event does to one feature.

use domain::{Time, Unit, Zone};

use super::bind::Bound;
use super::cells::{Cells, Place, cell};
use super::outcome::Outcome;
use crate::history::{MISSING, NO_CODE};
use crate::program::Reach;

/// Steps of one event name that share filter and times, so that both are asked once.
#[derive(Clone, Debug)]
pub(super) struct StepGroup<'b> {
    pub(super) reach: Reach,
    pub(super) filter: Option<usize>,
    /// Of features with cells.
    pub(super) steps: Vec<Step<'b>>,
    /// Of features with states: the batches that the events join.
    pub(super) batches: Vec<usize>,
}

/// One feature's interest in events of one name.
#[derive(Clone, Debug)]
pub(super) struct Step<'b> {
    pub(super) feature: usize,
    pub(super) place: Place,
    pub(super) action: Action<'b>,
}

/// An event on the walk.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visit {
    /// The user's place in the block.
    pub(super) user: usize,
    /// The row of the history.
    pub(super) row: usize,
    /// When, in milliseconds.
    pub(super) time: i64,
}

/// What is done; the slices are columns of the history.
#[derive(Clone, Debug)]
pub(super) enum Action<'b> {
    /// One more.
    Count,
    /// Adds a number.
    Sum(&'b [i64]),
    /// Adds a number and counts it.
    Average(&'b [i64]),
    /// Keeps the least number.
    Minimum(&'b [i64]),
    /// Keeps the greatest number.
    Maximum(&'b [i64]),
    /// Keeps the first number.
    FirstNumber(&'b [i64]),
    /// Keeps the newest number.
    LastNumber(&'b [i64]),
    /// Keeps the first text's code.
    FirstText(&'b [u32]),
    /// Keeps the newest text's code.
    LastText(&'b [u32]),
    /// Keeps the first time.
    FirstTime,
    /// Keeps the newest time.
    LastTime,
    /// Counts the calendar periods.
    Periods(Unit, &'b Zone),
    /// Counts different texts; the second is the code of each code's canonical text.
    Distinct(&'b [u32], usize),
    /// Everything else: the feature has a state of its own.
    State(Outcome),
}

impl Step<'_> {
    #[inline]
    pub(super) fn apply(&self, bound: &Bound<'_>, cells: &mut Cells, visit: Visit) {
        let Visit { user, row, time } = visit;
        let Place { first, second } = self.place;
        match &self.action {
            Action::Count => *cells.cell(first, user) += 1,
            Action::Sum(numbers) => {
                if let Some(number) = present(numbers, row) {
                    cells.add(first, user, number);
                }
            }
            Action::Average(numbers) => {
                if let Some(number) = present(numbers, row) {
                    cells.add(first, user, number);
                    *cells.cell(second, user) += 1;
                }
            }
            Action::Minimum(numbers) => {
                if let Some(number) = present(numbers, row) {
                    let least = cells.cell(first, user);
                    if *least == MISSING || number < *least {
                        *least = number;
                    }
                }
            }
            // MISSING is the least of all, so the greater wins.
            Action::Maximum(numbers) => {
                let greatest = cells.cell(first, user);
                *greatest = cell(numbers, row).max(*greatest);
            }
            Action::FirstNumber(numbers) => {
                let first = cells.cell(first, user);
                if *first == MISSING {
                    *first = cell(numbers, row);
                }
            }
            Action::LastNumber(numbers) => {
                if let Some(number) = present(numbers, row) {
                    *cells.cell(first, user) = number;
                }
            }
            Action::FirstTime => {
                let first = cells.cell(first, user);
                if *first == MISSING {
                    *first = time;
                }
            }
            Action::LastTime => *cells.cell(first, user) = time,
            Action::FirstText(codes) => {
                let first = cells.cell(first, user);
                if *first == MISSING
                    && let Some(code) = coded(codes, row)
                {
                    *first = i64::from(code);
                }
            }
            Action::LastText(codes) => {
                if let Some(code) = coded(codes, row) {
                    *cells.cell(first, user) = i64::from(code);
                }
            }
            Action::Periods(unit, zone) => {
                let period = zone.period(*unit, Time::from_millis(time));
                let last = cells.cell(second, user);
                if *last != period {
                    *last = period;
                    *cells.cell(first, user) += 1;
                }
            }
            Action::Distinct(codes, canonical) => {
                if let Some(code) = coded(codes, row)
                    && let Some(code) = bound.canonical_code(*canonical, code)
                {
                    cells.count_if_new(self.feature, first, user, code);
                }
            }
            // The walk puts these into batches.
            Action::State(_) => {}
        }
    }
}

fn present(numbers: &[i64], row: usize) -> Option<i64> {
    numbers
        .get(row)
        .copied()
        .filter(|number| *number != MISSING)
}

fn coded(codes: &[u32], row: usize) -> Option<u32> {
    codes.get(row).copied().filter(|code| *code != NO_CODE)
}
