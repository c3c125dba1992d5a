//! Days in a row.

use domain::{Unit, Value, Zone};

use super::{Accumulator, whole};
use crate::evaluate::Scope;

/// `streak`, `longest_streak`. Items come in the order of time.
pub(super) struct Streak<'a> {
    zone: &'a Zone,
    wanted: Wanted,
    newest: Option<i64>,
    /// How many days in a row end with the newest.
    run: usize,
    longest: usize,
}

/// Which streak is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The one that reaches today, or yesterday while today has nothing.
    Current,
    Longest,
}

impl<'a> Streak<'a> {
    pub(super) fn new(zone: &'a Zone, wanted: Wanted) -> Self {
        Self {
            zone,
            wanted,
            newest: None,
            run: 0,
            longest: 0,
        }
    }

    /// Takes a day that is no earlier than those before.
    pub(super) fn take_day(&mut self, day: i64) {
        if self.newest == Some(day) {
            return;
        }
        let goes_on = self
            .newest
            .is_some_and(|newest| is_next_day(self.zone, newest, day));
        self.run = if goes_on { self.run + 1 } else { 1 };
        self.longest = self.longest.max(self.run);
        self.newest = Some(day);
    }

    /// Forgets all days.
    pub(super) fn forget(&mut self) {
        self.newest = None;
        self.run = 0;
        self.longest = 0;
    }

    /// How many days the streak has.
    pub(super) fn days(&self, user: &dyn Scope) -> usize {
        if self.wanted == Wanted::Longest {
            return self.longest;
        }
        let today = self.zone.period(Unit::Day, user.now());
        let reaches_today = self
            .newest
            .is_some_and(|newest| newest == today || is_next_day(self.zone, newest, today));
        if reaches_today { self.run } else { 0 }
    }
}

impl Accumulator for Streak<'_> {
    fn take(&mut self, item: &dyn Scope) {
        if let Some(time) = item.event_time() {
            self.take_day(self.zone.period(Unit::Day, time));
        }
    }

    fn value(&mut self, user: &dyn Scope) -> Option<Value> {
        whole(self.days(user))
    }

    fn clear(&mut self) {
        self.forget();
    }
}

/// Whether a day is the one after another. Where a zone left out a day, the one after that is.
fn is_next_day(zone: &Zone, day: i64, next: i64) -> bool {
    let start = |day| zone.start_of_period(Unit::Day, day);
    next == day + 1 || (next == day + 2 && start(day + 1) == start(next))
}
