//! Windows as half-open intervals of milliseconds.

use domain::{Span, Time, Unit, Value, Zone};
use rules::checked::{Cut, Measure, Side, Window};

/// Instants `t` with `from <= t < until`, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Interval {
    /// The first instant inside.
    pub from: i64,
    /// The first instant after it.
    pub until: i64,
}

impl Interval {
    /// An interval with nothing in it.
    pub const EMPTY: Self = Self { from: 0, until: 0 };

    /// Whether the instant is inside.
    pub fn contains(self, instant: Time) -> bool {
        self.from <= instant.millis() && instant.millis() < self.until
    }

    /// The part that is not after `now`: events after it are not visible.
    pub fn visible(self, now: Time) -> Self {
        Self {
            from: self.from,
            until: self.until.min(now.millis().saturating_add(1)),
        }
    }
}

/// The interval of a window at `now`; `value` measures the bounds that differ by user.
pub fn resolve(window: &Window, now: Time, value: &dyn Fn(&Measure) -> Option<Value>) -> Interval {
    let after_now = now.millis().saturating_add(1);
    match window {
        Window::Ever => Interval {
            from: i64::MIN,
            until: after_now,
        },
        Window::Last(span) => Interval {
            from: after_now.saturating_sub(span.millis()),
            until: after_now,
        },
        Window::Next(span) => Interval {
            from: after_now,
            until: after_now.saturating_add(span.millis()),
        },
        Window::Current { unit, count, zone } => {
            let from = period_start(zone, *unit, now, 1 - i64::from(*count));
            Interval {
                from,
                until: after_now,
            }
        }
        Window::Previous { unit, count, zone } => Interval {
            from: period_start(zone, *unit, now, -i64::from(*count)),
            until: period_start(zone, *unit, now, 0),
        },
        Window::Between { from, to } => between(from.as_ref(), to.as_ref(), after_now, value),
        Window::After { anchor, span } => anchored(value(anchor), |at| (at, forward(at, *span))),
        Window::Before { anchor, span } => {
            anchored(value(anchor), |at| (at.saturating_sub(span.millis()), at))
        }
    }
}

/// Whether the interval of a window is the same for all users.
pub fn is_common(window: &Window) -> bool {
    bounds(window).into_iter().all(is_fixed)
}

/// The measures that bound a window.
pub fn bounds(window: &Window) -> Vec<&Measure> {
    match window {
        Window::Between { from, to } => from.iter().chain(to).map(|cut| cut.at.as_ref()).collect(),
        Window::After { anchor, .. } | Window::Before { anchor, .. } => vec![anchor],
        _ => Vec::new(),
    }
}

fn is_fixed(measure: &Measure) -> bool {
    match measure {
        Measure::Constant(_) | Measure::Now => true,
        Measure::Arithmetic { left, right, .. } => is_fixed(left) && is_fixed(right),
        Measure::Function { of, .. } => is_fixed(of),
        _ => false,
    }
}

fn between(
    from: Option<&Cut>,
    to: Option<&Cut>,
    after_now: i64,
    value: &dyn Fn(&Measure) -> Option<Value>,
) -> Interval {
    let from = from.map_or(Some(i64::MIN), |cut| place(cut, value));
    let until = to.map_or(Some(after_now), |cut| place(cut, value));
    match (from, until) {
        (Some(from), Some(until)) => Interval { from, until },
        _ => Interval::EMPTY,
    }
}

/// The first instant after the cut.
fn place(cut: &Cut, value: &dyn Fn(&Measure) -> Option<Value>) -> Option<i64> {
    match value(&cut.at)? {
        Value::Time(at) => Some(match cut.side {
            Side::JustBefore => at.millis(),
            Side::JustAfter => at.millis().saturating_add(1),
        }),
        Value::Date(day) => {
            let day = day.checked_add_days(cut.plus_days)?;
            Some(cut.zone.start_of_date(day).millis())
        }
        _ => None,
    }
}

fn anchored(anchor: Option<Value>, interval: impl Fn(i64) -> (i64, i64)) -> Interval {
    match anchor {
        Some(Value::Time(at)) => {
            let (from, until) = interval(at.millis());
            Interval { from, until }
        }
        _ => Interval::EMPTY,
    }
}

fn forward(at: i64, span: Span) -> i64 {
    at.saturating_add(span.millis())
}

/// The first instant of the period `offset` periods after the one of `now`.
fn period_start(zone: &Zone, unit: Unit, now: Time, offset: i64) -> i64 {
    let index = zone.period(unit, now);
    if unit == Unit::Hour {
        return index.saturating_add(offset.saturating_mul(3_600_000));
    }
    zone.start_of_period(unit, index.saturating_add(offset))
        .millis()
}
