//! How many different values, or combinations of values, the items have.

use std::collections::HashSet;

use domain::Value;
use rules::checked::{Measure, Place};

use super::{Accumulator, scalar, whole};
use crate::evaluate::Scope;

/// `distinct`
pub(super) struct Distinct<'a> {
    arguments: &'a [Measure],
    seen: HashSet<Vec<Value>>,
}

impl<'a> Distinct<'a> {
    pub(super) fn new(arguments: &'a [Measure]) -> Self {
        Self {
            arguments,
            seen: HashSet::new(),
        }
    }
}

impl Accumulator for Distinct<'_> {
    fn take(&mut self, item: &dyn Scope) {
        self.seen.extend(combination(self.arguments, item));
    }

    fn value(&mut self, _user: &dyn Scope) -> Option<Value> {
        whole(self.seen.len())
    }

    fn clear(&mut self) {
        self.seen.clear();
    }
}

/// The canonical texts of an item's values; none where one of them is missing.
fn combination(arguments: &[Measure], item: &dyn Scope) -> Option<Vec<Value>> {
    arguments
        .iter()
        .map(|argument| scalar(Some(argument), Place::Text, item))
        .collect()
}
