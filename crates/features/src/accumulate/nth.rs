//! The nth value from the start, or from the end.

use std::collections::VecDeque;

use domain::Value;
use rules::checked::{Measure, Place};

use super::{Accumulator, value};
use crate::evaluate::Scope;

/// `first`, `first_time`
pub(super) struct First<'a> {
    argument: Option<&'a Measure>,
    place: Place,
    nth: u32,
    seen: u32,
    found: Option<Value>,
}

/// `last`, `last_time`
pub(super) struct Last<'a> {
    argument: Option<&'a Measure>,
    place: Place,
    nth: usize,
    /// As many as are asked for.
    newest: VecDeque<Value>,
}

impl<'a> First<'a> {
    pub(super) fn new(argument: Option<&'a Measure>, place: Place, nth: u32) -> Self {
        Self {
            argument,
            place,
            nth,
            seen: 0,
            found: None,
        }
    }
}

impl Accumulator for First<'_> {
    fn take(&mut self, item: &dyn Scope) {
        if self.seen < self.nth
            && let Some(value) = value(self.argument, self.place, item)
        {
            self.seen += 1;
            self.found = Some(value).filter(|_| self.seen == self.nth);
        }
    }

    fn value(&mut self, _user: &dyn Scope) -> Option<Value> {
        self.found.clone()
    }

    fn clear(&mut self) {
        self.seen = 0;
        self.found = None;
    }
}

impl<'a> Last<'a> {
    pub(super) fn new(argument: Option<&'a Measure>, place: Place, nth: u32) -> Self {
        Self {
            argument,
            place,
            nth: nth as usize,
            newest: VecDeque::new(),
        }
    }
}

impl Accumulator for Last<'_> {
    fn take(&mut self, item: &dyn Scope) {
        if let Some(value) = value(self.argument, self.place, item) {
            self.newest.push_back(value);
            if self.newest.len() > self.nth {
                self.newest.pop_front();
            }
        }
    }

    fn value(&mut self, _user: &dyn Scope) -> Option<Value> {
        let are_enough = self.newest.len() == self.nth;
        self.newest.front().filter(|_| are_enough).cloned()
    }

    fn clear(&mut self) {
        self.newest.clear();
    }
}
