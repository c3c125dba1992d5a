//! An aggregate value by value: for whatever no typed column serves.

use domain::Value;
use rules::checked::Aggregate;

use super::State;
use crate::accumulate::{Accumulator, accumulator};
use crate::fold::batch::Events;
use crate::fold::scope::RowScope;

/// The general form of an aggregate.
pub(super) struct Valued<'b>(Box<dyn Accumulator + 'b>);

impl<'b> Valued<'b> {
    pub(super) fn new(aggregate: &'b Aggregate) -> Self {
        Self(accumulator(aggregate))
    }
}

impl State for Valued<'_> {
    fn take(&mut self, events: &Events<'_>) {
        events.scopes().for_each(|event| self.0.take(&event));
    }

    fn finish(&mut self, user: &RowScope<'_>) -> Option<Value> {
        let value = self.0.value(user);
        self.0.clear();
        value
    }
}
