//! How many calendar periods have an item.

use domain::{Unit, Value, Zone};

use super::{Accumulator, whole};
use crate::evaluate::Scope;

/// `hours`, `days`, `weeks`, `months`. Items come in the order of time, so that a period is
/// over when the next one begins.
pub(super) struct Periods<'a> {
    unit: Unit,
    zone: &'a Zone,
    newest: Option<i64>,
    count: usize,
}

impl<'a> Periods<'a> {
    pub(super) fn new(unit: Unit, zone: &'a Zone) -> Self {
        Self {
            unit,
            zone,
            newest: None,
            count: 0,
        }
    }
}

impl Accumulator for Periods<'_> {
    fn take(&mut self, item: &dyn Scope) {
        let period = item
            .event_time()
            .map(|time| self.zone.period(self.unit, time));
        if period.is_some() && period != self.newest {
            self.newest = period;
            self.count += 1;
        }
    }

    fn value(&mut self, _user: &dyn Scope) -> Option<Value> {
        whole(self.count)
    }

    fn clear(&mut self) {
        self.newest = None;
        self.count = 0;
    }
}
