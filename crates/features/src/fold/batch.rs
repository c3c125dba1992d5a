//! Events on their way to the states: in batches, so that a state takes many at once.
//!
//! Features that look at the same events share a batch. A batch is handed over when the user's
//! history ends, or when it is full and its instant is over: the events of one instant are never
//! in different batches.

use super::bind::Bound;
use super::cells::Cells;
use super::scope::RowScope;
use super::step::Visit;

/// Of so many events a batch is full.
const FULL: usize = 4_096;

/// The batches of the user being walked.
pub(super) struct Batches {
    /// By batch.
    batches: Vec<Batch>,
    /// Those that have had events.
    begun: Vec<usize>,
}

#[derive(Default)]
struct Batch {
    rows: Vec<usize>,
    /// The instant of the last row.
    time: i64,
    has_begun: bool,
}

impl Batches {
    pub(super) fn new(bound: &Bound<'_>) -> Self {
        let mut batches = Vec::new();
        batches.resize_with(bound.listing.batches(), Batch::default);
        Self {
            batches,
            begun: Vec::new(),
        }
    }

    /// Adds an event; gives the rows of those before it if they have to be handed over.
    #[inline]
    pub(super) fn add(&mut self, number: usize, visit: Visit) -> Option<Vec<usize>> {
        let batch = self.batches.get_mut(number)?;
        let mut over = None;
        if batch.rows.len() >= FULL && batch.time != visit.time {
            over = Some(std::mem::take(&mut batch.rows));
        } else if !batch.has_begun {
            batch.has_begun = true;
            self.begun.push(number);
        }
        batch.rows.push(visit.row);
        batch.time = visit.time;
        over
    }

    /// A batch that has had events, and the rows that are not handed over yet.
    pub(super) fn next(&mut self) -> Option<(usize, Vec<usize>)> {
        let number = self.begun.pop()?;
        let batch = self.batches.get_mut(number)?;
        batch.has_begun = false;
        Some((number, std::mem::take(&mut batch.rows)))
    }

    /// Makes use of the memory of rows again.
    pub(super) fn reuse(&mut self, number: usize, mut rows: Vec<usize>) {
        rows.clear();
        if let Some(batch) = self.batches.get_mut(number) {
            batch.rows = rows;
        }
    }
}

/// Events of one user that a state takes, in their order.
pub(super) struct Events<'s> {
    pub(super) bound: &'s Bound<'s>,
    pub(super) cells: &'s Cells,
    pub(super) user: usize,
    pub(super) rows: &'s [usize],
}

impl<'s> Events<'s> {
    /// Each event, as a scope.
    pub(super) fn scopes(&self) -> impl DoubleEndedIterator<Item = RowScope<'s>> {
        self.rows.iter().map(|row| self.scope(*row))
    }

    /// The rows of each instant.
    pub(super) fn instants(&self) -> impl Iterator<Item = &'s [usize]> {
        let time = |row: &usize| self.scope(*row).event().map(|(time, _)| time);
        self.rows.chunk_by(move |one, next| time(one) == time(next))
    }

    /// One of the events, as a scope.
    #[inline]
    pub(super) fn scope(&self, row: usize) -> RowScope<'s> {
        RowScope {
            bound: self.bound,
            cells: self.cells,
            user: self.user,
            row,
        }
    }
}
