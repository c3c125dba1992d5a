//! The least or the greatest value.

use domain::Value;
use rules::checked::{Measure, Place};

use super::{Accumulator, scalar};
use crate::evaluate::Scope;

/// `min`, `max`
pub(super) struct Extreme<'a> {
    argument: Option<&'a Measure>,
    place: Place,
    direction: Direction,
    kept: Option<Value>,
}

/// Which end is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Least,
    Greatest,
}

impl<'a> Extreme<'a> {
    pub(super) fn new(argument: Option<&'a Measure>, place: Place, direction: Direction) -> Self {
        Self {
            argument,
            place,
            direction,
            kept: None,
        }
    }
}

impl Accumulator for Extreme<'_> {
    fn take(&mut self, item: &dyn Scope) {
        let Some(value) = scalar(self.argument, self.place, item) else {
            return;
        };
        let wins = |kept: &Value| match self.direction {
            Direction::Least => value < *kept,
            Direction::Greatest => value > *kept,
        };
        if self.kept.as_ref().is_none_or(wins) {
            self.kept = Some(value);
        }
    }

    fn value(&mut self, _user: &dyn Scope) -> Option<Value> {
        self.kept.clone()
    }

    fn clear(&mut self) {
        self.kept = None;
    }
}
