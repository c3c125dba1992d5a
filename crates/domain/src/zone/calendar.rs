//! Calendar periods of a zone, numbered so that consecutive periods have consecutive numbers.

use super::Zone;
use crate::date::days_from_civil;
use crate::{Date, Span, Time, Unit};

const HOUR: i64 = Span::HOUR.millis();

impl Zone {
    /// The number of the calendar period that an instant belongs to.
    ///
    /// Periods of a day, week, month, quarter and year are numbered one after the other, 0
    /// being the one with 1970-01-01. An hour has no such number: its own is the instant at
    /// which it starts, in milliseconds, and a repeated hour is two.
    #[must_use]
    #[inline]
    pub fn period(&self, unit: Unit, time: Time) -> i64 {
        match unit {
            Unit::Hour => self.start_of_hour(time.millis()),
            unit => period_of_date(unit, self.date(time)),
        }
    }

    /// The first instant of the period of that number.
    #[must_use]
    pub fn start_of_period(&self, unit: Unit, number: i64) -> Time {
        let day = match unit {
            Unit::Hour => return Time::from_millis(number),
            Unit::Day => clamp(number),
            // Week 0 started on Monday, 1969-12-29.
            Unit::Week => clamp(number.saturating_mul(7).saturating_sub(3)),
            Unit::Month => first_of_month(number),
            Unit::Quarter => first_of_month(number.saturating_mul(3)),
            Unit::Year => first_of_month(number.saturating_mul(12)),
        };
        self.start_of_date(Date::from_days(day))
    }

    /// The first instant of the period after that of an instant.
    #[must_use]
    pub fn end_of_period(&self, unit: Unit, time: Time) -> Time {
        let period = self.period(unit, time);
        if unit != Unit::Hour {
            return self.start_of_period(unit, period.saturating_add(1));
        }
        // The hour's end is an hour after its start, or the change that comes first and
        // starts another hour; a forward change within the hour only shortens it.
        let mut inside = time.millis();
        loop {
            let segment = self.0.table.segment(inside);
            let local = inside.saturating_add(segment.offset);
            let end = inside.saturating_add(HOUR - local.rem_euclid(HOUR));
            let at_end = self.0.table.segment(end.saturating_sub(1));
            if at_end.start <= inside {
                return Time::from_millis(end);
            }
            // The first change after `inside` is no later than the last before `end`.
            let mut change = at_end;
            while let Some((before, _)) = self.0.table.before(&change)
                && before.start > inside
            {
                change = before;
            }
            if self.start_of_hour(change.start) != period {
                return Time::from_millis(change.start);
            }
            inside = change.start;
        }
    }

    /// The instant at which the local hour of an instant started.
    #[inline]
    fn start_of_hour(&self, millis: i64) -> i64 {
        let segment = self.0.table.segment(millis);
        let local = millis.saturating_add(segment.offset);
        let start = millis - local.rem_euclid(HOUR);
        if start >= segment.start {
            return start;
        }
        // The clock was changed within this hour.
        match self.0.table.before(&segment) {
            Some((before, last))
                if is_one_hour(last + before.offset, segment.start + segment.offset) =>
            {
                self.start_of_hour(last)
            }
            _ => segment.start,
        }
    }
}

/// Whether a change leads on within one hour: forward, and still the same hour.
fn is_one_hour(last: i64, next: i64) -> bool {
    next > last && last.div_euclid(HOUR) == next.div_euclid(HOUR)
}

fn period_of_date(unit: Unit, date: Date) -> i64 {
    let days = i64::from(date.days());
    match unit {
        Unit::Hour | Unit::Day => days,
        Unit::Week => (days + 3).div_euclid(7),
        Unit::Month => month_of(date),
        Unit::Quarter => month_of(date).div_euclid(3),
        Unit::Year => i64::from(date.year()) - 1970,
    }
}

/// Months since January 1970.
fn month_of(date: Date) -> i64 {
    let (year, month, _) = date.ymd();
    (i64::from(year) - 1970) * 12 + i64::from(month) - 1
}

/// The first day of a month since January 1970, as days since 1970-01-01.
fn first_of_month(month: i64) -> i32 {
    let year = clamp(
        month
            .div_euclid(12)
            .saturating_add(1970)
            .clamp(-9_999, 99_999),
    );
    // The remainder is 0…11.
    days_from_civil(year, month.rem_euclid(12) as u8 + 1, 1)
}

fn clamp(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(if number < 0 { i32::MIN } else { i32::MAX })
}
