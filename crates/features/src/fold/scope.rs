//! One row of one user's history, as a scope for measures and conditions.

use domain::{ListKey, TagKey, Time, Value};
use rules::checked::{Aggregate, Condition, Measure, Path, Place};

use super::bind::Bound;
use super::cells::Cells;
use super::finish;
use crate::evaluate::{self, Scope};
use crate::feature::Feature;
use crate::place::convert;
use crate::program::SOURCE_PATH;

/// An event, and what is already measured of its user.
pub(super) struct RowScope<'s> {
    pub(super) bound: &'s Bound<'s>,
    pub(super) cells: &'s Cells,
    pub(super) user: usize,
    /// The row of the event; past the end where there is none.
    pub(super) row: usize,
}

impl<'s> RowScope<'s> {
    /// A user without an event.
    pub(super) fn of_user(bound: &'s Bound<'s>, cells: &'s Cells, user: usize) -> Self {
        Self {
            bound,
            cells,
            user,
            row: usize::MAX,
        }
    }

    /// When the event is, and the code of its name.
    #[inline]
    pub(super) fn event(&self) -> Option<(i64, u32)> {
        match self.bound.event_times.get(self.row) {
            Some(time) => Some((*time, *self.bound.event_codes.get(self.row)?)),
            None => self.cells.derived.event(self.row),
        }
    }

    /// Whether the event passes a filter of the program.
    pub(super) fn passes(&self, filter: usize) -> bool {
        if self.row >= self.bound.event_times.len() {
            let condition = self.bound.program.filters.get(filter);
            return condition.is_some_and(|condition| evaluate::condition(condition, self));
        }
        let filter = self.bound.filters.get(filter);
        filter.is_some_and(|filter| filter.passes(self.row, self))
    }

    fn measured(&self, feature: &Feature) -> Option<Value> {
        let number = self.bound.program.features().number(feature)?;
        let user = self.user..self.user + 1;
        finish::column(self.bound, self.cells, number, user).value(0)
    }
}

impl Scope for RowScope<'_> {
    fn now(&self) -> Time {
        self.bound.program.now()
    }

    fn attribute(&self, path: &Path, place: Place) -> Option<Value> {
        self.measured(&Feature::Attribute {
            path: path.clone(),
            place,
        })
    }

    fn aggregate(&self, aggregate: &Aggregate) -> Option<Value> {
        self.measured(&Feature::Aggregate(aggregate.clone()))
    }

    fn tag_at(&self, tag: &TagKey, at: &Measure, place: Place) -> Option<Value> {
        match evaluate::measure(at, self)? {
            Value::Time(at) => convert(self.cells.memberships.at(tag, at)?, place),
            _ => None,
        }
    }

    fn held_since(&self, test: &Condition) -> Option<Value> {
        self.measured(&Feature::HeldSince(test.clone()))
    }

    fn property(&self, path: &Path, place: Place) -> Option<Value> {
        if let Some(value) = self.cells.derived.property(self.row, path) {
            return convert(value.clone(), place);
        }
        let column = self.bound.property(path, place)?;
        match column.text(self.row) {
            Some(text) if place == Place::Text => Some(text.clone()),
            _ => convert(column.value(self.row)?, place),
        }
    }

    fn event_time(&self) -> Option<Time> {
        let (sent, derived) = (&self.bound.event_times, &self.cells.derived);
        let time = sent.get(self.row).copied();
        time.or_else(|| derived.event(self.row).map(|(time, _)| time))
            .map(Time::from_millis)
    }

    fn is_derived(&self) -> bool {
        self.cells.derived.event(self.row).is_some()
    }

    fn event_position(&self) -> i64 {
        self.bound.position(self.row)
    }

    fn event_source(&self) -> Option<Value> {
        // Nothing brought a change.
        if self.is_derived() {
            return Some(Value::text(""));
        }
        self.property(&Path::from(SOURCE_PATH), Place::Text)
    }

    fn event_name(&self) -> Option<Value> {
        match self.cells.derived.event(self.row) {
            Some((_, code)) => self.bound.derived_name(code),
            None => {
                let code = *self.bound.event_codes.get(self.row)?;
                let name = self.bound.name_texts.get(code as usize)?;
                Some(Value::Text(name.clone()))
            }
        }
    }

    fn value_in_list(&self, list: &ListKey, text: &str) -> bool {
        self.bound
            .program
            .lists()
            .get(list)
            .is_some_and(|members| members.contains(text))
    }
}
