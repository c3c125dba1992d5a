//! Times and dates that lie as text, read as `domain::Time` and `domain::Date` read them.
//!
//! A stored moment is a pair: the day, if the text is a date, or else the milliseconds. Numbers
//! written in ways that are not told apart here (`+5`, `1e9`) stop the query with an error.

use domain::{Date, Time, Zone};
use rules::checked::{Comparison, Measure, Place};

use super::compare::sign;
use super::expression::{Expression, Kind, Presence};
use super::translation::Translation;
use super::{Folds, Lists, StoredForm};
use crate::program::column;

/// A stored moment; both are NULL where there is none.
pub(super) struct Moment {
    /// Days since 1970, if it is a date.
    pub(super) day: String,
    /// Milliseconds since 1970, if it is an instant.
    pub(super) at: String,
}

impl Translation<'_> {
    /// The moment that a measure takes out of a text column; `None` for any other measure.
    pub(super) fn stored_moment(&mut self, measure: &Measure) -> Result<Option<Moment>, Folds> {
        let (raw, form) = match measure {
            Measure::Attribute {
                path,
                place: Place::Moment,
            } => self.attribute(&column(path, Place::Moment))?,
            Measure::Property {
                path,
                place: Place::Moment,
            } => self.property(&column(path, Place::Moment))?,
            _ => return Ok(None),
        };
        match form {
            StoredForm::Text { lists: Lists::None } => Ok(Some(Moment {
                day: day(&raw),
                at: at(&raw),
            })),
            _ => Err(Folds::because("times among lists")),
        }
    }
}

impl Translation<'_> {
    /// The instant; of a date, the first of its day.
    pub(super) fn instant_of_moment(
        &mut self,
        moment: &Moment,
        zone: &Zone,
    ) -> Result<Expression, Folds> {
        let start = self.start_of_day(&moment.day, zone)?;
        let sql = format!("ifNull({}, {start})", moment.at);
        Ok(Expression::new(sql, Kind::Time, Presence::Perhaps))
    }
}

impl Moment {
    /// Whether there is one.
    pub(super) fn is_set(&self) -> String {
        format!("(isNotNull({}) OR isNotNull({}))", self.day, self.at)
    }

    /// The instant alone, with dates missing.
    pub(super) fn only_instant(&self) -> Expression {
        Expression::new(self.at.clone(), Kind::Time, Presence::Perhaps)
    }

    /// A comparison with an instant: dates compare with its day.
    pub(super) fn against_time(
        &self,
        comparison: Comparison,
        instant: &str,
        day_of_instant: Date,
    ) -> String {
        let (sign, day) = (sign(comparison), day_of_instant.days());
        format!(
            "ifNull(ifNull({} {sign} {day}, {} {sign} {instant}), 0)",
            self.day, self.at
        )
    }

    /// A comparison with a date, given that of an instant with it.
    pub(super) fn against_date(
        &self,
        comparison: Comparison,
        date: Date,
        of_instant: &str,
    ) -> String {
        let test = format!("{} {} {}", self.day, sign(comparison), date.days());
        format!("ifNull({test}, {of_instant})")
    }
}

/// The day that a text such as `2026-11-01` is.
fn day(raw: &str) -> String {
    let groups =
        format!("extractGroups(ifNull({raw}, ''), '^([0-9]{{4}})-([0-9]{{2}})-([0-9]{{2}})$')");
    bound("g", &groups, &civil("g"))
}

/// The instant that a text writes: RFC 3339, or seconds or milliseconds since 1970.
fn at(raw: &str) -> String {
    let unclear = format!(
        "throwIf(ifNull(match({raw}, '^[+-]?[0-9]+(?:\\\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$') \
         AND NOT match({raw}, '{SIMPLE_NUMBER}') AND NOT match({raw}, '{DISTANT_NUMBER}'), 0), \
         'a time written as an unusual number')"
    );
    format!("ifNull({}, {} + {unclear})", clock(raw), epoch(raw))
}

const SIMPLE_NUMBER: &str = r"^(-?)([0-9]{1,15})(?:\\.([0-9]{1,18}))?$";
/// Beyond the year 9999 in milliseconds, and so no time.
const DISTANT_NUMBER: &str = r"^-?[1-9][0-9]{15,}(?:\\.[0-9]+)?$";

const CLOCK: &str = "^([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?\
    (?:[.,]([0-9]{1,9}))?([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?$";

/// A date with a clock and an offset, as milliseconds.
fn clock(raw: &str) -> String {
    let number = |text: &str| format!("toInt64OrZero({text})");
    let (hour, minute, second) = (number("g[4]"), number("g[5]"), number("g[6]"));
    let millis = number("rightPad(substring(g[7], 1, 3), 3, '0')");
    let away_hours = number("substring(g[8], 2, 2)");
    let away_minutes = number("if(length(g[8]) > 3, right(g[8], 2), '')");
    let offset = format!(
        "if(startsWith(g[8], '-'), -1, 1) * ({away_hours} * 3600000 + {away_minutes} * 60000)"
    );
    let is_clock = format!(
        "{hour} < 24 AND {minute} < 60 AND {second} <= 60 AND {away_hours} < 24 AND {away_minutes} < 60"
    );
    let instant = format!(
        "day * 86400000 + {hour} * 3600000 + {minute} * 60000 + {second} * 1000 + {millis} - {offset}"
    );
    let written = bound(
        "day",
        &civil("g"),
        &format!("if({is_clock}, {instant}, NULL)"),
    );
    bound(
        "g",
        &format!("extractGroups(ifNull({raw}, ''), '{CLOCK}')"),
        &writable(&written),
    )
}

/// Seconds, or from 10^11 on milliseconds, rounded down to milliseconds.
fn epoch(raw: &str) -> String {
    let whole = "toInt64OrZero(g[2])";
    let millis =
        format!("({whole} * 1000 + toInt64OrZero(rightPad(substring(g[3], 1, 3), 3, '0')))");
    let is_negative = "g[1] = '-'";
    let floor = format!("if({is_negative}, -{whole} - (toInt64OrZero(g[3]) != 0), {whole})");
    let in_seconds = format!(
        "if({is_negative}, -{millis} - (toInt64OrZero(substring(g[3], 4)) != 0), {millis})"
    );
    let instant = format!("if(abs({floor}) < 100000000000, {in_seconds}, {floor})");
    let instant = format!("if(empty(g), NULL, {instant})");
    bound(
        "g",
        &format!("extractGroups(ifNull({raw}, ''), '{SIMPLE_NUMBER}')"),
        &writable(&instant),
    )
}

/// The instant if it lies in the years that can be written.
fn writable(instant: &str) -> String {
    let (first, last) = (Time::MIN.millis(), Time::MAX.millis());
    bound(
        "ms",
        instant,
        &format!("if(ms BETWEEN {first} AND {last}, ms, NULL)"),
    )
}

/// Days since 1970 of the year, month and day in three groups; NULL if there is no such day.
/// Hinnant's `days_from_civil` (<https://howardhinnant.github.io/date_algorithms.html>).
fn civil(groups: &str) -> String {
    let leap = "(y % 4 = 0 AND (y % 100 != 0 OR y % 400 = 0))";
    let length = format!("multiIf(m = 2, 28 + {leap}, m IN (4, 6, 9, 11), 30, 31)");
    let year = "(y - (m <= 2))";
    let days = format!(
        "365 * {year} + intDiv({year}, 4) - intDiv({year}, 100) + intDiv({year}, 400) \
         + intDiv(153 * ((m + 9) % 12) + 2, 5) + d - 719469"
    );
    let valid = format!("y >= 1 AND m BETWEEN 1 AND 12 AND d BETWEEN 1 AND {length}");
    let part = |number: u8| format!("[toInt64OrZero({groups}[{number}])]");
    format!(
        "arrayMap((y, m, d) -> if({valid}, toInt64({days}), NULL), {}, {}, {})[1]",
        part(1),
        part(2),
        part(3)
    )
}

/// A name bound to a value within an expression.
fn bound(name: &str, value: &str, within: &str) -> String {
    format!("arrayMap({name} -> {within}, [{value}])[1]")
}
