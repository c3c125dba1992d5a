//! How many items there are.

use domain::Value;

use super::{Accumulator, whole};
use crate::evaluate::Scope;

/// `count`
#[derive(Default)]
pub(super) struct Count(usize);

impl Accumulator for Count {
    fn take(&mut self, _item: &dyn Scope) {
        self.0 += 1;
    }

    fn value(&mut self, _user: &dyn Scope) -> Option<Value> {
        whole(self.0)
    }

    fn clear(&mut self) {
        self.0 = 0;
    }
}
