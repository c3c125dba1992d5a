//! The least or the greatest value.

use domain::Value;

use super::tally::Tally;

/// `min`, `max`
pub(super) struct Extreme {
    direction: Direction,
    kept: Option<Value>,
}

/// Which end is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Least,
    Greatest,
}

impl Extreme {
    pub(super) fn new(direction: Direction) -> Self {
        Self {
            direction,
            kept: None,
        }
    }
}

impl Tally for Extreme {
    fn add(&mut self, value: Value) {
        let wins = |kept: &Value| match self.direction {
            Direction::Least => value < *kept,
            Direction::Greatest => value > *kept,
        };
        if self.kept.as_ref().is_none_or(wins) {
            self.kept = Some(value);
        }
    }

    fn value(&mut self) -> Option<Value> {
        self.kept.clone()
    }

    fn clear(&mut self) {
        self.kept = None;
    }
}
