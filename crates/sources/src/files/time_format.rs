//! How times are written in a file, and reading them.

use std::fmt;
use std::str::FromStr;

use domain::{Date, Decimal, Span, Time, Zone};
use jiff::fmt::strtime::{self, BrokenDownTime};

use super::error::SourceError;

/// How the times of a column are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TimeFormat {
    /// RFC 3339; `2017-03-06 10:00:00` with up to nine places, an offset, ` UTC` or no zone; a
    /// date; epoch seconds or milliseconds, told apart by size. Numbers that look like
    /// `20170306` are refused: they need their format.
    #[default]
    Detected,
    /// Seconds since 1970, with or without places.
    EpochSeconds,
    /// Milliseconds since 1970.
    EpochMilliseconds,
    /// A `strftime` pattern such as `%d/%m/%Y %H:%M`.
    Pattern(String),
}

impl FromStr for TimeFormat {
    type Err = SourceError;

    /// `auto`, `s`, `ms`, or a pattern with `%`.
    fn from_str(written: &str) -> Result<Self, SourceError> {
        match written {
            "auto" => Ok(Self::Detected),
            "s" | "seconds" => Ok(Self::EpochSeconds),
            "ms" | "milliseconds" => Ok(Self::EpochMilliseconds),
            pattern if pattern.contains('%') && is_pattern(pattern) => {
                Ok(Self::Pattern(pattern.to_owned()))
            }
            _ => Err(SourceError::UnknownWord {
                written: written.to_owned(),
                expected: "a time format: auto, s (epoch seconds), ms (epoch milliseconds) \
                           or a strftime pattern such as %d/%m/%Y",
            }),
        }
    }
}

/// Whether every directive of a pattern exists.
fn is_pattern(pattern: &str) -> bool {
    let some_instant = jiff::Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC);
    strtime::format(pattern, &some_instant).is_ok()
}

impl fmt::Display for TimeFormat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Detected => "auto",
            Self::EpochSeconds => "s",
            Self::EpochMilliseconds => "ms",
            Self::Pattern(pattern) => pattern,
        })
    }
}

/// What a cell said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    Instant(Time),
    Day(Date),
}

/// Reads the cells of one column of times.
#[derive(Clone, Debug)]
pub(crate) struct TimeReader {
    format: TimeFormat,
    zone: Zone,
    is_utc: bool,
}

impl TimeReader {
    pub(crate) fn new(format: TimeFormat, zone: Zone) -> Self {
        let is_utc = zone == Zone::utc();
        Self {
            format,
            zone,
            is_utc,
        }
    }

    /// The instant of a cell; of a date its first in the zone. Fails with the reason.
    #[inline]
    pub(crate) fn instant(&self, cell: &str) -> Result<Time, String> {
        match self.moment(cell)? {
            Moment::Instant(time) => Ok(time),
            Moment::Day(date) => Ok(self.zone.start_of_date(date)),
        }
    }

    /// The day of a cell; of an instant that in the zone. Fails with the reason.
    pub(crate) fn day(&self, cell: &str) -> Result<Date, String> {
        match self.moment(cell)? {
            Moment::Instant(time) => Ok(self.zone.date(time)),
            Moment::Day(date) => Ok(date),
        }
    }

    #[inline]
    pub(crate) fn moment(&self, cell: &str) -> Result<Moment, String> {
        let moment = match &self.format {
            TimeFormat::Detected => return self.detected(cell),
            TimeFormat::EpochSeconds => epoch(cell, 3),
            TimeFormat::EpochMilliseconds => epoch(cell, 0),
            TimeFormat::Pattern(pattern) => return self.by_pattern(pattern, cell),
        };
        moment.map(Moment::Instant).ok_or_else(|| not_a_time(cell))
    }

    fn detected(&self, cell: &str) -> Result<Moment, String> {
        let bytes = cell.as_bytes();
        if bytes.get(4) != Some(&b'-') {
            return detected_epoch(cell).map(Moment::Instant);
        }
        let moment = match bytes.get(11..) {
            None => Date::parse(cell).map(Moment::Day),
            Some(clock) if is_local(clock) => {
                Time::parse(cell).map(|local| Moment::Instant(self.of_local(local)))
            }
            Some(_) => with_offset(cell).map(Moment::Instant),
        };
        moment.ok_or_else(|| not_a_time(cell))
    }

    /// The instant at which the wall clock of the zone shows what `local` shows in UTC. Of two
    /// the earlier; where the clock jumps over it, as much after the jump.
    fn of_local(&self, local: Time) -> Time {
        if self.is_utc {
            return local;
        }
        let offset_near = |days: i64| {
            self.zone.offset_ms(Time::from_millis(
                local.millis().saturating_add(days * Span::DAY.millis()),
            ))
        };
        let (before, after) = (offset_near(-1), offset_near(1));
        let at = |offset: i64| Time::from_millis(local.millis().saturating_sub(offset));
        let is_shown = |offset: i64| self.zone.offset_ms(at(offset)) == offset;
        if !is_shown(before) && is_shown(after) {
            at(after)
        } else {
            at(before)
        }
    }

    fn by_pattern(&self, pattern: &str, cell: &str) -> Result<Moment, String> {
        let parts = BrokenDownTime::parse(pattern, cell)
            .map_err(|error| format!("`{}` is not written as `{pattern}`: {error}", shown(cell)))?;
        if let Ok(instant) = parts.to_timestamp() {
            return Ok(Moment::Instant(Time::from_millis(instant.as_millisecond())));
        }
        let date = parts.to_date().ok().and_then(|date| {
            let (month, day) = (
                u8::try_from(date.month()).ok()?,
                u8::try_from(date.day()).ok()?,
            );
            Date::from_ymd(i32::from(date.year()), month, day)
        });
        let Some(date) = date else {
            return Err(format!("`{pattern}` reads no date from `{}`", shown(cell)));
        };
        if parts.hour().is_none() {
            return Ok(Moment::Day(date));
        }
        match parts.to_time() {
            Ok(clock) => {
                let of_day = clock
                    .duration_since(jiff::civil::Time::midnight())
                    .as_millis();
                let millis = i64::try_from(of_day).unwrap_or(0);
                let local = Time::from_millis(date.midnight_utc().millis() + millis);
                Ok(Moment::Instant(self.of_local(local)))
            }
            Err(error) => Err(format!(
                "`{pattern}` reads no time from `{}`: {error}",
                shown(cell)
            )),
        }
    }
}

/// Whether the clock part of a written time has no offset.
fn is_local(clock: &[u8]) -> bool {
    clock
        .iter()
        .all(|byte| matches!(byte, b'0'..=b'9' | b':' | b'.' | b','))
}

/// A time with an offset, `Z`, or the words that some exports put after a space.
fn with_offset(cell: &str) -> Option<Time> {
    for zone in [" UTC", " GMT", " Z"] {
        if let Some(clock) = cell.strip_suffix(zone) {
            return Time::parse(clock);
        }
    }
    match cell.get(11..).and_then(|clock| clock.split_once(' ')) {
        Some((clock, offset)) => Time::parse(&format!("{}{clock}{offset}", cell.get(..11)?)),
        None => Time::parse(cell),
    }
}

/// Epoch seconds or milliseconds by size, unless the digits look like a calendar date.
fn detected_epoch(cell: &str) -> Result<Time, String> {
    if looks_like_digits_of_a_date(cell) {
        return Err(format!(
            "`{cell}` may be a date or an epoch: give the time format, %Y%m%d, s or ms"
        ));
    }
    Decimal::parse(cell)
        .and_then(|number| Time::from_epoch(&number))
        .ok_or_else(|| not_a_time(cell))
}

/// `yyyymmdd` or `yyyymmddhhmmss` of the years 1900…2199.
fn looks_like_digits_of_a_date(cell: &str) -> bool {
    let digits = cell.as_bytes();
    if !matches!(digits.len(), 8 | 14) || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let number = |range: std::ops::Range<usize>| cell.get(range).and_then(|part| part.parse().ok());
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(4..6), number(6..8)) else {
        return false;
    };
    let (Ok(month), Ok(day)) = (u8::try_from(month), u8::try_from(day)) else {
        return false;
    };
    (1900..2200).contains(&year) && Date::from_ymd(year, month, day).is_some()
}

/// An epoch number of units, `places` places of which are the milliseconds.
fn epoch(cell: &str, places: u8) -> Option<Time> {
    let millis = i64::try_from(Decimal::parse(cell)?.floor_at(places)?).ok()?;
    let time = Time::from_millis(millis);
    (Time::MIN..=Time::MAX).contains(&time).then_some(time)
}

fn not_a_time(cell: &str) -> String {
    format!("`{}` is not a time", shown(cell))
}

/// A cell as a message shows it.
pub(crate) fn shown(cell: &str) -> &str {
    match cell.char_indices().nth(60) {
        Some((end, _)) => cell.get(..end).unwrap_or_default(),
        None => cell,
    }
}

#[cfg(test)]
mod tests;
