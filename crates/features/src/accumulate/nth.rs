//! The nth value from the start, or from the end.

use std::collections::VecDeque;

use domain::Value;

use super::tally::Tally;

/// `first`, `first_time`
pub(super) struct First {
    nth: u32,
    seen: u32,
    found: Option<Value>,
}

/// `last`, `last_time`
pub(super) struct Last {
    nth: usize,
    /// As many as are asked for.
    newest: VecDeque<Value>,
}

impl First {
    pub(super) fn new(nth: u32) -> Self {
        Self {
            nth,
            seen: 0,
            found: None,
        }
    }
}

impl Tally for First {
    fn add(&mut self, value: Value) {
        if self.seen < self.nth {
            self.seen += 1;
            self.found = Some(value).filter(|_| self.seen == self.nth);
        }
    }

    fn value(&mut self) -> Option<Value> {
        self.found.clone()
    }

    fn clear(&mut self) {
        self.seen = 0;
        self.found = None;
    }
}

impl Last {
    pub(super) fn new(nth: u32) -> Self {
        Self {
            nth: nth as usize,
            newest: VecDeque::new(),
        }
    }
}

impl Tally for Last {
    fn add(&mut self, value: Value) {
        self.newest.push_back(value);
        if self.newest.len() > self.nth {
            self.newest.pop_front();
        }
    }

    fn value(&mut self) -> Option<Value> {
        let are_enough = self.newest.len() == self.nth;
        self.newest.front().filter(|_| are_enough).cloned()
    }

    fn clear(&mut self) {
        self.newest.clear();
    }
}
