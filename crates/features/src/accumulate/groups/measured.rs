//! What is measured in one group: an accumulator for each aggregate that is asked for.

use domain::{EventName, ListKey, Time, Value};
use rules::checked::{Aggregate, EventSelector, Path, Place};

use crate::accumulate::{Accumulator, accumulator};
use crate::evaluate::{self, Scope};

/// An aggregate of each group.
#[derive(Clone, Copy)]
pub(super) struct Inner<'a> {
    aggregate: &'a Aggregate,
    takes: Takes,
}

/// Which items of a group an aggregate takes by their names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    All,
    Some,
}

impl<'a> Inner<'a> {
    pub(super) fn new(aggregate: &'a Aggregate, outer: &Aggregate) -> Self {
        let takes = if aggregate.events == outer.events {
            Takes::All
        } else {
            Takes::Some
        };
        Self { aggregate, takes }
    }

    /// Whether an item of the group counts here.
    fn counts(&self, item: &dyn Scope) -> bool {
        let filter = self.aggregate.filter.as_ref();
        (self.takes == Takes::All || takes(&self.aggregate.events, item))
            && filter.is_none_or(|filter| evaluate::condition(filter, item))
    }
}

/// Whether an item is among events.
pub(in crate::accumulate) fn takes(events: &EventSelector, item: &dyn Scope) -> bool {
    let Some(Value::Text(name)) = item.event_name() else {
        return false;
    };
    if item.is_derived() {
        let mut derived = events.derived.iter();
        return derived.any(|change| *change.to_string() == *name);
    }
    events.takes(&EventName::new(&name))
}

/// The accumulators of one group.
pub(super) struct Measured<'a>(Vec<(Inner<'a>, Box<dyn Accumulator + 'a>)>);

impl<'a> Measured<'a> {
    pub(super) fn new(inner: &[Inner<'a>]) -> Self {
        let accumulators = inner
            .iter()
            .map(|inner| (*inner, accumulator(inner.aggregate)));
        Self(accumulators.collect())
    }

    pub(super) fn take(&mut self, item: &dyn Scope) {
        for (inner, accumulator) in &mut self.0 {
            if inner.counts(item) {
                accumulator.take(item);
            }
        }
    }

    /// What the group measures, in the order of its aggregates.
    pub(super) fn values(&mut self, user: &dyn Scope) -> Vec<Option<Value>> {
        let accumulators = self.0.iter_mut().map(|(_, accumulator)| accumulator);
        accumulators
            .map(|accumulator| accumulator.value(user))
            .collect()
    }

    pub(super) fn clear(&mut self) {
        self.0
            .iter_mut()
            .for_each(|(_, accumulator)| accumulator.clear());
    }
}

/// A group as a scope: its aggregates are measured, all else is the user's.
pub(super) struct OfGroup<'s> {
    pub(super) inner: &'s [Inner<'s>],
    /// What the aggregates measured, in their order.
    pub(super) values: &'s [Option<Value>],
    pub(super) user: &'s dyn Scope,
}

impl Scope for OfGroup<'_> {
    fn outer(&self) -> Option<&dyn Scope> {
        Some(self.user)
    }

    fn now(&self) -> Time {
        self.user.now()
    }

    fn attribute(&self, path: &Path, place: Place) -> Option<Value> {
        self.user.attribute(path, place)
    }

    fn aggregate(&self, aggregate: &Aggregate) -> Option<Value> {
        let mut values = self.inner.iter().zip(self.values);
        let (_, value) = values.find(|(inner, _)| inner.aggregate == aggregate)?;
        value.clone()
    }

    fn value_in_list(&self, list: &ListKey, text: &str) -> bool {
        self.user.value_in_list(list, text)
    }
}
