//! Days in a row, counted by going back from day to day.

use std::collections::BTreeSet;

use domain::{Time, Unit, Zone};

/// How many days in a row are among the days, up to today, or to yesterday if today is not.
pub(super) fn current_streak(days: &BTreeSet<i64>, now: Time, zone: &Zone) -> usize {
    let today = zone.period(Unit::Day, now);
    if days.contains(&today) {
        ending_at(today, days, zone)
    } else {
        ending_at(day_before(today, zone), days, zone)
    }
}

/// How many days in a row are among the days at most.
pub(super) fn longest_streak(days: &BTreeSet<i64>, zone: &Zone) -> usize {
    let runs = days.iter().map(|day| ending_at(*day, days, zone));
    runs.max().unwrap_or(0)
}

/// How many days in a row, this one included.
fn ending_at(day: i64, days: &BTreeSet<i64>, zone: &Zone) -> usize {
    if days.contains(&day) {
        1 + ending_at(day_before(day, zone), days, zone)
    } else {
        0
    }
}

/// The day that ends where this one begins.
fn day_before(day: i64, zone: &Zone) -> i64 {
    let start = zone.start_of_period(Unit::Day, day);
    zone.period(Unit::Day, Time::from_millis(start.millis() - 1))
}
