//! Sums and means.

use domain::{Decimal, Value};

use super::tally::Tally;

/// `sum`
#[derive(Default)]
pub(super) struct Sum(Decimal);

/// `avg`
#[derive(Default)]
pub(super) struct Mean {
    sum: Decimal,
    count: usize,
}

impl Tally for Sum {
    fn add(&mut self, value: Value) {
        if let Value::Number(number) = value {
            self.0 = &self.0 + &number;
        }
    }

    fn value(&mut self) -> Option<Value> {
        Some(Value::Number(self.0.clone()))
    }

    fn clear(&mut self) {
        self.0 = Decimal::ZERO;
    }
}

impl Tally for Mean {
    fn add(&mut self, value: Value) {
        if let Value::Number(number) = value {
            self.sum = &self.sum + &number;
            self.count += 1;
        }
    }

    fn value(&mut self) -> Option<Value> {
        let mean = self.sum.div(&Decimal::from(self.count));
        mean.map(Value::Number)
    }

    fn clear(&mut self) {
        *self = Self::default();
    }
}
