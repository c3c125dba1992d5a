//! Ages and differences in calendar units of a zone.

use domain::{Date, Decimal, Time, Unit, Value, Zone};

const DAY: i64 = 86_400_000;

/// Whole units completed from `since` until `now`; negative when `since` is later.
pub fn age(unit: Unit, since: &Value, now: Time, zone: &Zone) -> Option<Value> {
    let since = instant(since, zone)?;
    let (early, late, sign) = if since <= now {
        (since, now, 1)
    } else {
        (now, since, -1)
    };
    Some(whole(sign * completed(unit, early, late, zone)))
}

/// Boundaries of the unit crossed between two moments; negative backwards.
pub fn difference(unit: Unit, from: &Value, to: &Value, zone: &Zone) -> Option<Value> {
    let (from, to) = (instant(from, zone)?, instant(to, zone)?);
    let crossed = zone.period(unit, to) - zone.period(unit, from);
    Some(whole(if unit == Unit::Hour {
        crossed / 3_600_000
    } else {
        crossed
    }))
}

/// Whether one of so many days, today the first, is the month and day of a moment, at least a
/// year after it. 29 February is the 28th in other years (rules.md, Meaning 11).
pub fn has_anniversary(of: &Value, days: u32, now: Time, zone: &Zone) -> bool {
    let of = match of {
        Value::Time(at) => zone.date(*at),
        Value::Date(day) => *day,
        _ => return false,
    };
    let today = zone.date(now);
    let first = today.year().max(of.year().saturating_add(1));
    let is_within = |year: i32| {
        anniversary(of, year).is_some_and(|day| {
            let ahead = i64::from(day.days()) - i64::from(today.days());
            (0..i64::from(days)).contains(&ahead)
        })
    };
    is_within(first) || is_within(first.saturating_add(1))
}

fn anniversary(of: Date, year: i32) -> Option<Date> {
    Date::from_ymd(year, of.month(), of.day())
        .or_else(|| Date::from_ymd(year, of.month(), of.day() - 1))
}

fn whole(number: i64) -> Value {
    Value::Number(Decimal::from(number))
}

/// A date stands for its first instant.
fn instant(moment: &Value, zone: &Zone) -> Option<Time> {
    match moment {
        Value::Time(at) => Some(*at),
        Value::Date(day) => Some(zone.start_of_date(*day)),
        _ => None,
    }
}

fn completed(unit: Unit, early: Time, late: Time, zone: &Zone) -> i64 {
    match unit {
        Unit::Hour => (late.millis() - early.millis()) / 3_600_000,
        Unit::Day => days(early, late, zone),
        Unit::Week => days(early, late, zone) / 7,
        Unit::Month => months(early, late, zone),
        Unit::Quarter => months(early, late, zone) / 3,
        Unit::Year => months(early, late, zone) / 12,
    }
}

/// Days of the calendar completed: a day is complete when the clock shows the same time again.
fn days(early: Time, late: Time, zone: &Zone) -> i64 {
    let (early, late) = (local(early, zone), local(late, zone));
    let days = late.div_euclid(DAY) - early.div_euclid(DAY);
    let short = late.rem_euclid(DAY) < early.rem_euclid(DAY);
    (days - i64::from(short)).max(0)
}

fn months(early: Time, late: Time, zone: &Zone) -> i64 {
    let (from, to) = (zone.parts(early), zone.parts(late));
    let months = (i64::from(to.year) - i64::from(from.year)) * 12 + i64::from(to.month)
        - i64::from(from.month);
    let clock = |at: Time| local(at, zone).rem_euclid(DAY);
    let short = (to.day, clock(late)) < (from.day, clock(early));
    (months - i64::from(short)).max(0)
}

fn local(at: Time, zone: &Zone) -> i64 {
    at.millis() + zone.offset_ms(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within(of: &str, today: &str, days: u32) -> bool {
        let date = |text| Date::parse(text).expect("a date");
        let now = Zone::utc().start_of_date(date(today));
        has_anniversary(&Value::Date(date(of)), days, now, &Zone::utc())
    }

    #[test]
    fn today_is_the_first_day_of_an_anniversary_and_a_year_has_to_pass() {
        assert!(within("2000-11-22", "2026-11-22", 1));
        assert!(!within("2000-11-23", "2026-11-22", 1));
        assert!(within("2000-11-28", "2026-11-22", 7));
        assert!(!within("2000-11-29", "2026-11-22", 7));
        assert!(!within("2000-11-21", "2026-11-22", 7));
        assert!(!within("2026-11-22", "2026-11-22", 7));
        assert!(within("2025-11-22", "2026-11-22", 1));
        assert!(!within("2026-11-23", "2026-11-22", 7));
        assert!(within("2026-11-23", "2027-11-22", 7));
        assert!(within("2026-01-02", "2026-12-30", 7), "over the new year");
        assert!(within("1999-01-02", "2026-12-30", 7));
        assert!(!within("2027-01-02", "2026-12-30", 7));
    }

    #[test]
    fn the_leap_day_is_the_28th_in_other_years() {
        assert!(within("2024-02-29", "2027-02-28", 1));
        assert!(!within("2024-02-29", "2027-03-01", 1));
        assert!(!within("2024-02-29", "2028-02-28", 1));
        assert!(within("2024-02-29", "2028-02-29", 1));
        assert!(within("2024-02-28", "2028-02-28", 1));
        assert!(
            within("2000-02-29", "2100-02-28", 1),
            "2100 has no leap day"
        );
    }
}
