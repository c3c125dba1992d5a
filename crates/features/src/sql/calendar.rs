//! Calendar periods and parts of times as SQL.
//!
//! ClickHouse's own tables of zones answer; what they could answer differently folds.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use domain::{Span, Time, Unit, Value, Zone};
use rules::checked::{Measure, TimePart};

use super::Folds;
use super::expression::{self, Expression, Kind, Presence};
use super::parameters::text_literal;
use super::translation::Translation;

const HOUR: i64 = Span::HOUR.millis();
const DAY: i64 = Span::DAY.millis();

/// 2299-12-31T23:59:59.999Z.
const LAST_INSTANT: i64 = 10_413_791_999_999;

/// 2100-01-01: the days of a zone are looked at from 1970 to here. Later ones repeat.
const LAST_DAY: i64 = 47_482;

impl Translation<'_> {
    /// The number of the period in which a moment lies, numbered as `Zone::period` does.
    pub(super) fn period(
        &mut self,
        unit: Unit,
        moment: &Measure,
        zone: &Zone,
    ) -> Result<Expression, Folds> {
        let fixed = match self.fixed(moment) {
            Some(Some(Value::Time(at))) => Some(at),
            Some(Some(Value::Date(day))) => Some(zone.start_of_date(day)),
            _ => None,
        };
        if let Some(at) = fixed {
            let number = self.parameters.integer(i128::from(zone.period(unit, at)));
            let kind = Kind::Number { scale: 0, bits: 50 };
            return Ok(Expression::new(number, kind, Presence::Always));
        }
        let at = self.instant(moment, zone)?;
        let sql = period_of(unit, &at.sql, zone)?;
        Ok(Expression::new(
            sql,
            Kind::Number { scale: 0, bits: 50 },
            at.presence,
        ))
    }
}

/// The boundaries of a unit between the numbers of two periods.
pub(super) fn difference(
    unit: Unit,
    from: &Expression,
    to: &Expression,
) -> Result<Expression, Folds> {
    let hours = if unit == Unit::Hour { HOUR } else { 1 };
    let sql = format!("intDiv({} - {}, {hours})", to.sql, from.sql);
    let presence = expression::either(from, to);
    Ok(Expression::new(
        sql,
        Kind::Number { scale: 0, bits: 50 },
        presence,
    ))
}

/// A part of an instant as the clock of the zone shows it.
pub(super) fn part(part: TimePart, at: &Expression, zone: &Zone) -> Expression {
    let function = match part {
        TimePart::Hour => "toHour",
        TimePart::Weekday => "toDayOfWeek",
        TimePart::DayOfMonth => "toDayOfMonth",
        TimePart::Month => "toMonth",
    };
    let sql = format!("toInt64({function}({}))", local(&at.sql, zone));
    Expression::new(sql, Kind::Number { scale: 0, bits: 6 }, at.presence)
}

/// The first instant of a day, given as days since 1970, in milliseconds.
pub(super) fn start_of_day(day: &str, zone: &Zone) -> Result<String, Folds> {
    if *zone == Zone::utc() {
        return Ok(format!("({day} * {DAY})"));
    }
    if !nature(zone).has_whole_days {
        return Err(midnight(zone));
    }
    let reach = format!("{day} BETWEEN 0 AND {}", LAST_INSTANT / DAY);
    let checked =
        format!("{day} + throwIf(NOT ({reach}), 'the calendar before 1970 or after 2299')");
    let date = format!("toDate32(toInt32({checked}))");
    let zone = text_literal(zone.name());
    Ok(format!(
        "toUnixTimestamp64Milli(toDateTime64({date}, 3, {zone}))"
    ))
}

fn midnight(zone: &Zone) -> Folds {
    Folds::because(format!(
        "days of {zone}, whose clocks have gone back over midnight"
    ))
}

/// The number of the period of an instant in milliseconds.
pub(super) fn period_of(unit: Unit, at: &str, zone: &Zone) -> Result<String, Folds> {
    let nature = nature(zone);
    if unit == Unit::Hour {
        if !nature.has_whole_hours {
            return Err(Folds::because(format!(
                "hours of {zone}, which are not those of UTC"
            )));
        }
        let at = within_tables(at);
        return Ok(format!("({at} - {at} % {HOUR})"));
    }
    if !nature.has_whole_days {
        return Err(midnight(zone));
    }
    let day = format!("toDate32({})", local(at, zone));
    let months = format!("(toInt64(toYear({day})) * 12 + toMonth({day}) - 23641)");
    Ok(match unit {
        Unit::Hour | Unit::Day => format!("toInt64(toInt32({day}))"),
        // Day 0 was a Thursday. Divided where it is positive, so that it is rounded down.
        Unit::Week => format!("(intDiv(toInt64(toInt32({day})) + 700003, 7) - 100000)"),
        Unit::Month => months,
        Unit::Quarter => format!("(intDiv({months} + 12000, 3) - 4000)"),
        Unit::Year => format!("(toInt64(toYear({day})) - 1970)"),
    })
}

/// The instant with the clock of a zone.
fn local(at: &str, zone: &Zone) -> String {
    format!(
        "fromUnixTimestamp64Milli({}, {})",
        within_tables(at),
        text_literal(zone.name())
    )
}

/// The instant; the query stops with an error where ClickHouse's tables of zones do not reach.
fn within_tables(at: &str) -> String {
    let reach = format!("{at} BETWEEN 0 AND {LAST_INSTANT}");
    format!("({at} + throwIf(NOT ({reach}), 'the calendar before 1970 or after 2299'))")
}

/// What of a zone's history matters here.
#[derive(Clone, Copy, Debug)]
struct Nature {
    /// Every instant belongs to the day that clocks show.
    has_whole_days: bool,
    /// Clocks are whole hours from UTC.
    has_whole_hours: bool,
}

static NATURES: LazyLock<Mutex<HashMap<String, Nature>>> = LazyLock::new(Mutex::default);

fn nature(zone: &Zone) -> Nature {
    let mut natures = NATURES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(nature) = natures.get(zone.name()) {
        return *nature;
    }
    let nature = examine(zone);
    natures.insert(zone.name().to_owned(), nature);
    nature
}

/// Looks at all days, and at the first hours of each.
fn examine(zone: &Zone) -> Nature {
    let mut nature = Nature {
        has_whole_days: true,
        has_whole_hours: true,
    };
    for day in 0..LAST_DAY {
        let date = domain::Date::from_days(i32::try_from(day).unwrap_or_default());
        let start = zone.start_of_date(date);
        if zone.offset_ms(start) % HOUR != 0 {
            nature.has_whole_hours = false;
        }
        let shows_own_day = |minutes: i64| {
            let at = Time::from_millis(start.millis() + minutes * 60_000);
            let shown = (at.millis() + zone.offset_ms(at)).div_euclid(DAY);
            shown == i64::from(zone.date(at).days())
        };
        if !(0..12)
            .map(|quarter| quarter * 15)
            .chain([1, 59])
            .all(shows_own_day)
        {
            nature.has_whole_days = false;
        }
    }
    nature
}
