//! The rows of one user in their total order, out of the sorted runs of a table.

use std::ops::Range;

use crate::history::Table;

/// Hands out users' rows; users are asked for in ascending order.
pub(super) struct RowOrder<'t> {
    table: &'t Table,
    /// The rows of each run that are not handed out yet.
    runs: Vec<Range<usize>>,
    found: Vec<Range<usize>>,
}

/// Ranges of rows; one after the other, they are in order.
pub(super) type Rows<'o> = std::borrow::Cow<'o, [Range<usize>]>;

impl<'t> RowOrder<'t> {
    pub(super) fn new(table: &'t Table) -> Self {
        Self {
            table,
            runs: table.runs(),
            found: Vec::new(),
        }
    }

    /// The rows of a user, by time, then arrival.
    pub(super) fn rows_of(&mut self, user: u32) -> Rows<'_> {
        self.found.clear();
        for run in &mut self.runs {
            let range = take_user(&self.table.users, run, user);
            if !range.is_empty() {
                self.found.push(range);
            }
        }
        if self.found.len() < 2 {
            return Rows::Borrowed(&self.found);
        }
        let time = |row: usize| self.table.times.get(row).copied().unwrap_or_default();
        self.found.sort_by_key(|range| time(range.start));
        let overlap = self.found.iter().zip(self.found.iter().skip(1));
        if overlap
            .into_iter()
            .all(|(before, after)| time(before.end - 1) < time(after.start))
        {
            return Rows::Borrowed(&self.found);
        }
        Rows::Owned(merged(self.table, &self.found))
    }
}

/// Takes the user's rows from the front of a run, and leaves out those of lower users.
fn take_user(users: &[u32], run: &mut Range<usize>, user: u32) -> Range<usize> {
    let rest = users.get(run.clone()).unwrap_or_default();
    let skipped = match rest.first() {
        Some(first) if *first < user => rest.partition_point(|row| *row < user),
        _ => 0,
    };
    let own = rest
        .iter()
        .skip(skipped)
        .take_while(|row| **row == user)
        .count();
    let start = run.start + skipped;
    run.start = start + own;
    start..start + own
}

/// Rows that interleave, one range each.
fn merged(table: &Table, ranges: &[Range<usize>]) -> Vec<Range<usize>> {
    let key = |row: &usize| {
        let time = table.times.get(*row).copied().unwrap_or_default();
        let arrival = table.arrivals.get(*row).copied().unwrap_or_default();
        (time, arrival, *row)
    };
    let mut rows: Vec<usize> = ranges.iter().flat_map(Clone::clone).collect();
    rows.sort_by_key(key);
    rows.into_iter().map(|row| row..row + 1).collect()
}
