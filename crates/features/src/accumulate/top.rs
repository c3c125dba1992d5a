//! The most frequent values.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use domain::Value;

use super::tally::Tally;

/// `top`: of values that are equally frequent, the one that came last goes first.
pub(super) struct Top {
    count: usize,
    seen: HashMap<Value, Frequency>,
    added: usize,
}

/// How often a value came, and when last.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Frequency {
    pub(crate) times: usize,
    newest: usize,
}

impl Frequency {
    /// It came once more, as the newest of all.
    pub(crate) fn add(&mut self, newest: usize) {
        self.times += 1;
        self.newest = newest;
    }
}

impl Top {
    pub(super) fn new(count: u32) -> Self {
        Self {
            count: count as usize,
            seen: HashMap::new(),
            added: 0,
        }
    }
}

impl Tally for Top {
    fn add(&mut self, value: Value) {
        self.added += 1;
        self.seen.entry(value).or_default().add(self.added);
    }

    fn value(&mut self) -> Option<Value> {
        let mut values: Vec<(&Value, Frequency)> = self
            .seen
            .iter()
            .map(|(value, frequency)| (value, *frequency))
            .collect();
        values.sort_unstable_by_key(|(_, frequency)| Reverse(*frequency));
        list(
            values.into_iter().map(|(value, _)| value.clone()),
            self.count,
        )
    }

    fn clear(&mut self) {
        self.seen.clear();
        self.added = 0;
    }
}

/// The first of the values as a list; none of none.
pub(crate) fn list(values: impl Iterator<Item = Value>, count: usize) -> Option<Value> {
    let first: Vec<Value> = values.take(count).collect();
    (!first.is_empty()).then(|| Value::List(Arc::from(first)))
}
