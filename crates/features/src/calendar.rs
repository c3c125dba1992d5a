//! Ages and differences in calendar units of a zone.

use domain::{Decimal, Time, Unit, Value, Zone};

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
