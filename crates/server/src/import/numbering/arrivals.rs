//! The order of arrival of rows that come as two columns.

/// Arrival numbers in the order of the file, for rows that come as two columns.
pub(super) struct Arrivals<'r> {
    first: u64,
    own: &'r [u64],
    other: &'r [u64],
    /// Rows of the other column that stand before the row asked for last.
    passed: usize,
}

impl<'r> Arrivals<'r> {
    pub(super) fn new(first: u64, own: &'r [u64], other: &'r [u64]) -> Self {
        Self {
            first,
            own,
            other,
            passed: 0,
        }
    }

    /// Goes over to the other column.
    pub(super) fn next_kind(&mut self) {
        std::mem::swap(&mut self.own, &mut self.other);
        self.passed = 0;
    }

    pub(super) fn of(&mut self, row: usize) -> u64 {
        let position = self.own.get(row).copied().unwrap_or(u64::MAX);
        let after = self.other.get(self.passed..).unwrap_or_default();
        self.passed += after.iter().take_while(|other| **other < position).count();
        self.first + (row + self.passed) as u64
    }
}
