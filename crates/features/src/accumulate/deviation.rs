//! How far numbers lie from their mean.

use domain::{Decimal, Value};

use super::tally::Tally;

/// `stddev`: of the numbers as the whole population, √(n Σx² − (Σx)²) / n.
#[derive(Default)]
pub(super) struct Deviation {
    count: usize,
    sum: Decimal,
    squares: Decimal,
}

impl Tally for Deviation {
    fn add(&mut self, value: Value) {
        if let Value::Number(number) = value {
            self.count += 1;
            self.sum = &self.sum + &number;
            self.squares = &self.squares + &(&number * &number);
        }
    }

    fn value(&mut self) -> Option<Value> {
        deviation(self.count, &self.sum, &self.squares).map(Value::Number)
    }

    fn clear(&mut self) {
        *self = Self::default();
    }
}

/// The deviation of so many numbers with that sum and that sum of squares.
pub(crate) fn deviation(count: usize, sum: &Decimal, squares: &Decimal) -> Option<Decimal> {
    let count = Decimal::from(count);
    let spread = &(&count * squares) - &(sum * sum);
    spread.quotient_root(&(&count * &count))
}
