//! Sums and means.

use domain::{Decimal, Value};
use rules::checked::Measure;

use super::{Accumulator, addend};
use crate::evaluate::Scope;

/// `sum`
pub(super) struct Sum<'a> {
    argument: Option<&'a Measure>,
    sum: Decimal,
}

/// `avg`
pub(super) struct Mean<'a> {
    sum: Sum<'a>,
    count: usize,
}

impl<'a> Sum<'a> {
    pub(super) fn new(argument: Option<&'a Measure>) -> Self {
        Self {
            argument,
            sum: Decimal::ZERO,
        }
    }
}

impl Accumulator for Sum<'_> {
    fn take(&mut self, item: &dyn Scope) {
        if let Some(number) = addend(self.argument, item) {
            self.sum = &self.sum + &number;
        }
    }

    fn value(&mut self, _user: &dyn Scope) -> Option<Value> {
        Some(Value::Number(self.sum.clone()))
    }

    fn clear(&mut self) {
        self.sum = Decimal::ZERO;
    }
}

impl<'a> Mean<'a> {
    pub(super) fn new(argument: Option<&'a Measure>) -> Self {
        Self {
            sum: Sum::new(argument),
            count: 0,
        }
    }
}

impl Accumulator for Mean<'_> {
    fn take(&mut self, item: &dyn Scope) {
        if let Some(number) = addend(self.sum.argument, item) {
            self.sum.sum = &self.sum.sum + &number;
            self.count += 1;
        }
    }

    fn value(&mut self, _user: &dyn Scope) -> Option<Value> {
        let mean = self.sum.sum.div(&Decimal::from(self.count));
        mean.map(Value::Number)
    }

    fn clear(&mut self) {
        self.sum.clear();
        self.count = 0;
    }
}
