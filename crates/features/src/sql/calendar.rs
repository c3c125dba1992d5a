//! Calendar periods and parts of times as SQL.
//!
//! ClickHouse's own tables of zones answer; where they could answer differently the rule folds,
//! or the query stops with an error.

mod zone_table;

use domain::{Span, Unit, Value, Zone};
use rules::checked::{Measure, TimePart};

use super::Folds;
use super::expression::{self, Expression, Kind, Presence};
use super::parameters::text_literal;
use super::translation::Translation;

pub(super) use self::zone_table::ZoneTable;

const HOUR: i64 = Span::HOUR.millis();
const DAY: i64 = Span::DAY.millis();

/// 2100-01-01: the clocks of a zone are looked at from 1970 to here.
const LAST_DAY: i64 = 47_482;

/// A number of periods.
const PERIODS: Kind = Kind::Number { scale: 0, bits: 50 };

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
            return Ok(Expression::new(number, PERIODS, Presence::Always));
        }
        let at = self.instant(moment, zone)?;
        let sql = self.period_of(unit, &at.sql, zone)?;
        Ok(Expression::new(sql, PERIODS, at.presence))
    }

    /// The number of the period of an instant in milliseconds.
    pub(super) fn period_of(&mut self, unit: Unit, at: &str, zone: &Zone) -> Result<String, Folds> {
        if unit == Unit::Hour {
            if !zone_table::has_whole_hours(zone) {
                let reason = format!("hours of {zone}, which are not those of UTC");
                return Err(Folds::because(reason));
            }
            let at = within_tables(at);
            return Ok(format!("({at} - {at} % {HOUR})"));
        }
        let day = format!("toDate32({})", self.local(at, zone)?);
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

    /// A part of an instant as the clock of the zone shows it.
    pub(super) fn part(
        &mut self,
        part: TimePart,
        at: &Expression,
        zone: &Zone,
    ) -> Result<Expression, Folds> {
        let function = match part {
            TimePart::Hour => "toHour",
            TimePart::Weekday => "toDayOfWeek",
            TimePart::DayOfMonth => "toDayOfMonth",
            TimePart::Month => "toMonth",
            TimePart::Year => "toYear",
        };
        let sql = format!("toInt64({function}({}))", self.local(&at.sql, zone)?);
        Ok(Expression::new(
            sql,
            Kind::Number { scale: 0, bits: 14 },
            at.presence,
        ))
    }

    /// The first instant of a day, given as days since 1970, in milliseconds.
    pub(super) fn start_of_day(&mut self, day: &str, zone: &Zone) -> Result<String, Folds> {
        if *zone == Zone::utc() {
            return Ok(format!("({day} * {DAY})"));
        }
        self.uses(zone)?;
        let reach = format!("{day} BETWEEN 0 AND {}", LAST_DAY - 1);
        let checked = format!("{day} + throwIf(NOT ({reach}), {OUTSIDE})");
        let zone = text_literal(zone.name());
        Ok(format!(
            "toUnixTimestamp64Milli(toDateTime64(toDate32(toInt32({checked})), 3, {zone}))"
        ))
    }

    /// The instant with the clock of a zone.
    fn local(&mut self, at: &str, zone: &Zone) -> Result<String, Folds> {
        self.uses(zone)?;
        let zone = text_literal(zone.name());
        Ok(format!(
            "fromUnixTimestamp64Milli({}, {zone})",
            within_tables(at)
        ))
    }

    /// The query will look at ClickHouse's table of the zone.
    fn uses(&mut self, zone: &Zone) -> Result<(), Folds> {
        if !zone_table::has_whole_days(zone) {
            let reason = format!("days of {zone}, whose clocks have gone back over midnight");
            return Err(Folds::because(reason));
        }
        self.zones.extend(ZoneTable::of(zone));
        Ok(())
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
    Ok(Expression::new(sql, PERIODS, expression::either(from, to)))
}

/// What a query says that is asked about other times.
const OUTSIDE: &str = "'the calendar before 1970 or after 2099'";

/// The instant; the query stops with an error where the tables have not been looked at.
fn within_tables(at: &str) -> String {
    let reach = format!("{at} BETWEEN 0 AND {}", LAST_DAY * DAY - 1);
    format!("({at} + throwIf(NOT ({reach}), {OUTSIDE}))")
}
