//! The most frequent values, counted by their numbers.

use std::cmp::Reverse;

use domain::Value;

use super::State;
use super::values::Values;
use crate::accumulate::{Frequency, list};
use crate::fold::batch::Events;
use crate::fold::scope::RowScope;

/// `top`
pub(super) struct Top<'b> {
    /// Of one measure.
    values: Values<'b>,
    count: u32,
    /// By the number of a value.
    frequencies: Vec<Frequency>,
    /// The numbers that the user has.
    seen: Vec<u32>,
    added: usize,
}

impl<'b> Top<'b> {
    pub(super) fn new(values: Values<'b>, count: u32) -> Self {
        Self {
            values,
            count,
            frequencies: Vec::new(),
            seen: Vec::new(),
            added: 0,
        }
    }

    fn frequency(&self, number: u32) -> Frequency {
        let frequency = self.frequencies.get(number as usize);
        frequency.copied().unwrap_or_default()
    }

    fn add(&mut self, number: u32) {
        let place = number as usize;
        if self.frequencies.len() <= place {
            self.frequencies.resize(place + 1, Frequency::default());
        }
        if let Some(frequency) = self.frequencies.get_mut(place) {
            if frequency.times == 0 {
                self.seen.push(number);
            }
            self.added += 1;
            frequency.add(self.added);
        }
    }
}

impl State for Top<'_> {
    fn take(&mut self, events: &Events<'_>) {
        for event in events.scopes() {
            if let Some(number) = self.values.number(0, &event) {
                self.add(number);
            }
        }
    }

    fn finish(&mut self, _user: &RowScope<'_>) -> Option<Value> {
        let mut seen = std::mem::take(&mut self.seen);
        seen.sort_unstable_by_key(|number| Reverse(self.frequency(*number)));
        let values = seen.iter().filter_map(|number| self.values.value(*number));
        let value = list(values.cloned(), self.count as usize);
        for number in seen.drain(..) {
            if let Some(frequency) = self.frequencies.get_mut(number as usize) {
                *frequency = Frequency::default();
            }
        }
        self.seen = seen;
        self.added = 0;
        value
    }
}
