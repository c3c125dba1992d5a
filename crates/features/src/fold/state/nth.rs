//! The nth value from the start or from the end: of many events few are looked at.

use std::collections::VecDeque;

use domain::Value;
use rules::checked::{Aggregate, AggregateFunction};

use super::State;
use crate::accumulate::value_of;
use crate::fold::batch::Events;
use crate::fold::scope::RowScope;

/// `first`, `first_time`, `last`, `last_time`
pub(super) struct Nth<'b> {
    aggregate: &'b Aggregate,
    end: End,
    nth: usize,
    /// As many as are asked for, in their order: the first ones, or the last ones.
    values: VecDeque<Value>,
}

/// From which end is counted.
enum End {
    First,
    Last,
}

impl<'b> Nth<'b> {
    /// `None` for features of another kind.
    pub(super) fn new(aggregate: &'b Aggregate) -> Option<Self> {
        let (end, nth) = match aggregate.function {
            AggregateFunction::First(nth, _) | AggregateFunction::FirstTime(nth) => {
                (End::First, nth)
            }
            AggregateFunction::Last(nth, _) | AggregateFunction::LastTime(nth) => (End::Last, nth),
            _ => return None,
        };
        Some(Self {
            aggregate,
            end,
            nth: nth as usize,
            values: VecDeque::new(),
        })
    }
}

impl State for Nth<'_> {
    fn take(&mut self, events: &Events<'_>) {
        let value = |event: RowScope<'_>| value_of(self.aggregate, &event);
        match self.end {
            End::First => {
                let wanted = self.nth - self.values.len();
                let next = events.scopes().filter_map(value).take(wanted);
                self.values.extend(next);
            }
            End::Last => {
                let newest = events.scopes().rev().filter_map(value).take(self.nth);
                let newest: Vec<Value> = newest.collect();
                self.values.extend(newest.into_iter().rev());
                let more = self.values.len().saturating_sub(self.nth);
                self.values.drain(..more);
            }
        }
    }

    fn finish(&mut self, _user: &RowScope<'_>) -> Option<Value> {
        let are_enough = self.values.len() == self.nth;
        let wanted = match self.end {
            End::First => self.values.pop_back(),
            End::Last => self.values.pop_front(),
        };
        self.values.clear();
        wanted.filter(|_| are_enough)
    }
}
