//! Percentiles and deviations over a column of narrow numbers.

use domain::{Decimal, Value};

use super::State;
use crate::accumulate::{NarrowPercentile, deviation};
use crate::fold::batch::Events;
use crate::fold::scope::RowScope;
use crate::history::MISSING;

/// Exact numbers that fit 64 bits at one scale, by row.
#[derive(Clone, Copy)]
pub(super) struct Numbers<'b> {
    pub(super) mantissas: &'b [i64],
    pub(super) scale: u8,
}

impl Numbers<'_> {
    /// The numbers that events have.
    fn of(&self, events: &Events<'_>) -> impl Iterator<Item = i64> {
        let mantissas = events
            .rows
            .iter()
            .filter_map(|row| self.mantissas.get(*row));
        mantissas.copied().filter(|mantissa| *mantissa != MISSING)
    }
}

/// `percentile`, `median`
pub(super) struct ColumnPercentile<'b> {
    numbers: Numbers<'b>,
    percentile: NarrowPercentile,
}

impl<'b> ColumnPercentile<'b> {
    pub(super) fn new(numbers: Numbers<'b>, percent: &Decimal) -> Self {
        Self {
            numbers,
            percentile: NarrowPercentile::new(percent),
        }
    }
}

impl State for ColumnPercentile<'_> {
    fn take(&mut self, events: &Events<'_>) {
        self.percentile.add(self.numbers.of(events));
    }

    fn finish(&mut self, _user: &RowScope<'_>) -> Option<Value> {
        let number = self.percentile.value(self.numbers.scale);
        self.percentile.clear();
        number.map(Value::Number)
    }
}

/// `stddev`
pub(super) struct ColumnDeviation<'b> {
    numbers: Numbers<'b>,
    count: usize,
    sum: i128,
    squares: i128,
    /// What the squares held when they would have overflowed.
    spilled: Decimal,
}

impl<'b> ColumnDeviation<'b> {
    pub(super) fn new(numbers: Numbers<'b>) -> Self {
        Self {
            numbers,
            count: 0,
            sum: 0,
            squares: 0,
            spilled: Decimal::ZERO,
        }
    }
}

impl State for ColumnDeviation<'_> {
    fn take(&mut self, events: &Events<'_>) {
        for mantissa in self.numbers.of(events).map(i128::from) {
            self.count += 1;
            // 2^63 times as many as there can be rows stays below 2^127.
            self.sum += mantissa;
            let square = mantissa * mantissa;
            self.squares = self.squares.checked_add(square).unwrap_or_else(|| {
                self.spilled = &self.spilled + &Decimal::from(self.squares);
                square
            });
        }
    }

    fn finish(&mut self, _user: &RowScope<'_>) -> Option<Value> {
        let unit = Decimal::from_mantissa(1, self.numbers.scale);
        let sum = &Decimal::from(self.sum) * &unit;
        let squares = &(&self.spilled + &Decimal::from(self.squares)) * &(&unit * &unit);
        let deviation = deviation(self.count, &sum, &squares);
        *self = Self::new(self.numbers);
        deviation.map(Value::Number)
    }
}
