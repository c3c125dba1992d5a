//! Which moments belong to which values of what is equal.

/// In place of a value: the equality does not concern the step, or the value was not met yet.
pub(crate) const NO_VALUE: u32 = u32::MAX;

/// Rows of values, each found by its values, numbered in the order in which they were added.
#[derive(Debug)]
pub(crate) struct ValueTable {
    /// How many values a row has.
    width: usize,
    rows: Vec<u32>,
    len: usize,
    /// Open addressing: row numbers + 1, 0 where there is none. A power of two long.
    slots: Vec<u32>,
}

impl ValueTable {
    pub(crate) fn new(width: usize) -> Self {
        Self {
            width,
            rows: Vec::new(),
            len: 0,
            slots: vec![0; 16],
        }
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The values of a row.
    pub(super) fn row(&self, number: usize) -> &[u32] {
        let start = number * self.width;
        self.rows.get(start..start + self.width).unwrap_or_default()
    }

    /// The number of the row with these values, and whether it is a new one.
    #[inline]
    pub(crate) fn find_or_add(&mut self, values: &[u32]) -> (usize, IsNew) {
        // Without values there is one row.
        if self.width == 0 && self.len == 1 {
            return (0, IsNew::No);
        }
        // A few are found soonest by looking at them, the newest first.
        let is_row = |row: &usize| self.row(*row).iter().eq(values);
        let found = if self.len <= FEW {
            (0..self.len).rev().find(is_row)
        } else {
            self.look_up(values)
        };
        match found {
            Some(found) => (found, IsNew::No),
            None => (self.add(values), IsNew::Yes),
        }
    }

    fn add(&mut self, values: &[u32]) -> usize {
        self.rows.extend_from_slice(values);
        self.len += 1;
        if self.len == FEW + 1 || self.len * 2 > self.slots.len() {
            self.index_all();
        } else if self.len > FEW {
            self.index(self.len - 1);
        }
        self.len - 1
    }

    /// Forgets all rows.
    pub(crate) fn clear(&mut self) {
        self.rows.clear();
        self.len = 0;
    }

    fn look_up(&self, values: &[u32]) -> Option<usize> {
        let mask = self.slots.len() - 1;
        let mut slot = hash(values) & mask;
        loop {
            let row = (*self.slots.get(slot)? as usize).checked_sub(1)?;
            if self.row(row) == values {
                return Some(row);
            }
            slot = (slot + 1) & mask;
        }
    }

    fn index_all(&mut self) {
        let length = self.slots.len().max((self.len * 4).next_power_of_two());
        self.slots.clear();
        self.slots.resize(length, 0);
        for row in 0..self.len {
            self.index(row);
        }
    }

    fn index(&mut self, row: usize) {
        let mask = self.slots.len() - 1;
        let mut slot = hash(self.row(row)) & mask;
        while self.slots.get(slot).is_some_and(|taken| *taken != 0) {
            slot = (slot + 1) & mask;
        }
        if let Some(free) = self.slots.get_mut(slot) {
            *free = row as u32 + 1;
        }
    }
}

/// Whether a row was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IsNew {
    Yes,
    No,
}

/// Up to so many rows are looked at one by one.
const FEW: usize = 8;

/// Fibonacci hashing, value by value.
fn hash(values: &[u32]) -> usize {
    let mixed = values.iter().fold(0_u64, |mixed, value| {
        (mixed.rotate_left(29) ^ u64::from(*value)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    });
    (mixed >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_again_however_many_there_are() {
        let mut table = ValueTable::new(2);
        for round in 0..3 {
            let rows = 10_u32.pow(round) * 5;
            for value in 0..rows {
                let (number, is_new) = table.find_or_add(&[value, value % 7]);
                assert_eq!((number, is_new), (value as usize, IsNew::Yes));
            }
            for value in (0..rows).rev() {
                let (number, is_new) = table.find_or_add(&[value, value % 7]);
                assert_eq!((number, is_new), (value as usize, IsNew::No));
            }
            assert_eq!(table.len(), rows as usize);
            table.clear();
        }
    }
}
