//! Whether an instant lies in a window, asked of the instant itself.
//!
//! Nothing here computes where a calendar period starts: the period of the instant is compared
//! with the period of `now`. That makes it a second opinion on the engine's intervals.

use domain::{Time, Unit, Value, Zone};
use rules::checked::{Cut, Measure, Side, Window};

/// Whether the instant lies in the window at `now`; `value` measures the bounds. That an event
/// is visible, not after `now`, is asked elsewhere.
pub fn is_inside(
    instant: Time,
    window: &Window,
    now: Time,
    value: &dyn Fn(&Measure) -> Option<Value>,
) -> bool {
    let (at, present) = (instant.millis(), now.millis());
    match window {
        Window::Ever => at <= present,
        Window::Last(span) => present.saturating_sub(span.millis()) < at && at <= present,
        Window::Next(span) => present < at && at <= present.saturating_add(span.millis()),
        Window::Current { unit, count, zone } => {
            at <= present
                && (0..i64::from(*count)).contains(&periods_ago(instant, now, *unit, zone))
        }
        Window::Previous { unit, count, zone } => {
            (1..=i64::from(*count)).contains(&periods_ago(instant, now, *unit, zone))
        }
        Window::Between { from, to } => {
            from.as_ref()
                .is_none_or(|cut| is_after(instant, cut, value) == Some(true))
                && match to {
                    Some(cut) => is_after(instant, cut, value) == Some(false),
                    None => at <= present,
                }
        }
        Window::After { anchor, span } => anchored(value(anchor), |anchor| {
            anchor <= at && at < anchor.saturating_add(span.millis())
        }),
        Window::Before { anchor, span } => anchored(value(anchor), |anchor| {
            anchor.saturating_sub(span.millis()) <= at && at < anchor
        }),
    }
}

/// How many periods before the period of `now` the instant's own period lies; negative after.
fn periods_ago(instant: Time, now: Time, unit: Unit, zone: &Zone) -> i64 {
    let (there, here) = (zone.period(unit, instant), zone.period(unit, now));
    if unit != Unit::Hour {
        return here - there;
    }
    // Hours have no consecutive numbers: count them, from the earlier to the later.
    let (mut hour, last) = (there.min(here), there.max(here));
    let mut count = 0;
    while hour < last {
        hour = zone
            .end_of_period(Unit::Hour, Time::from_millis(hour))
            .millis();
        count += 1;
    }
    if there <= here { count } else { -count }
}

/// Whether the instant is after the cut; `None` where the cut is missing.
fn is_after(instant: Time, cut: &Cut, value: &dyn Fn(&Measure) -> Option<Value>) -> Option<bool> {
    match value(&cut.at)? {
        Value::Time(at) => Some(match cut.side {
            Side::JustBefore => at <= instant,
            Side::JustAfter => at < instant,
        }),
        Value::Date(day) => {
            let first = i64::from(day.days()) + i64::from(cut.plus_days);
            Some(first <= i64::from(cut.zone.date(instant).days()))
        }
        _ => None,
    }
}

fn anchored(anchor: Option<Value>, test: impl Fn(i64) -> bool) -> bool {
    match anchor {
        Some(Value::Time(at)) => test(at.millis()),
        _ => false,
    }
}
