//! Percentiles and deviations over a column of narrow numbers.

use domain::{Decimal, Value};

use super::State;
use crate::accumulate::{Rank, deviation};
use crate::fold::scope::RowScope;
use crate::history::MISSING;

/// Exact numbers that fit 64 bits at one scale, by row.
#[derive(Clone, Copy)]
pub(super) struct Numbers<'b> {
    pub(super) mantissas: &'b [i64],
    pub(super) scale: u8,
}

impl Numbers<'_> {
    fn at(&self, row: usize) -> Option<i64> {
        let mantissa = self.mantissas.get(row).copied();
        mantissa.filter(|mantissa| *mantissa != MISSING)
    }
}

/// `percentile`, `median`
pub(super) struct NarrowPercentile<'b> {
    numbers: Numbers<'b>,
    percent: &'b Decimal,
    kept: Vec<i64>,
}

impl<'b> NarrowPercentile<'b> {
    pub(super) fn new(numbers: Numbers<'b>, percent: &'b Decimal) -> Self {
        Self {
            numbers,
            percent,
            kept: Vec::new(),
        }
    }
}

impl State for NarrowPercentile<'_> {
    fn take(&mut self, event: &RowScope<'_>) {
        self.kept.extend(self.numbers.at(event.row));
    }

    fn value(&mut self, _user: &RowScope<'_>) -> Option<Value> {
        let rank = Rank::of(self.percent, self.kept.len())?;
        let number =
            |mantissa: i64| Decimal::from_mantissa(i128::from(mantissa), self.numbers.scale);
        let (_, low, above) = self.kept.select_nth_unstable(rank.below);
        let low = *low;
        let high = above.iter().min().copied().unwrap_or(low);
        rank.between(&number(low), &number(high)).map(Value::Number)
    }

    fn clear(&mut self) {
        self.kept.clear();
    }
}

/// `stddev`
pub(super) struct NarrowDeviation<'b> {
    numbers: Numbers<'b>,
    count: usize,
    sum: i128,
    squares: i128,
    /// What the squares held when they would have overflowed.
    spilled: Decimal,
}

impl<'b> NarrowDeviation<'b> {
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

impl State for NarrowDeviation<'_> {
    fn take(&mut self, event: &RowScope<'_>) {
        let Some(mantissa) = self.numbers.at(event.row).map(i128::from) else {
            return;
        };
        self.count += 1;
        // 2^63 times as many as there can be rows stays below 2^127.
        self.sum += mantissa;
        let square = mantissa * mantissa;
        self.squares = self.squares.checked_add(square).unwrap_or_else(|| {
            self.spilled = &self.spilled + &Decimal::from(self.squares);
            square
        });
    }

    fn value(&mut self, _user: &RowScope<'_>) -> Option<Value> {
        let unit = Decimal::from_mantissa(1, self.numbers.scale);
        let sum = &Decimal::from(self.sum) * &unit;
        let squares = &(&self.spilled + &Decimal::from(self.squares)) * &(&unit * &unit);
        deviation(self.count, &sum, &squares).map(Value::Number)
    }

    fn clear(&mut self) {
        *self = Self::new(self.numbers);
    }
}
