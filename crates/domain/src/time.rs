//! An instant in whole milliseconds, and its texts.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};

use crate::date::two_digits;
use crate::{Date, Decimal, Error, Span};

const DAY_MILLIS: i64 = Span::DAY.millis();

/// Epoch numbers below this are seconds, others milliseconds.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

impl Time {
    /// 0001-01-01T00:00:00Z, the first instant that can be written.
    pub const MIN: Self = Self(-62_135_596_800_000);
    /// 9999-12-31T23:59:59.999Z, the last instant that can be written.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// The instant so many milliseconds after the epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The instant a duration later, if it is in the years 1…9999.
    #[must_use]
    pub fn checked_add(self, span: Span) -> Option<Self> {
        self.0
            .checked_add(span.millis())
            .map(Self)
            .and_then(Self::if_writable)
    }

    /// The instant a duration earlier, if it is in the years 1…9999.
    #[must_use]
    pub fn checked_sub(self, span: Span) -> Option<Self> {
        self.0
            .checked_sub(span.millis())
            .map(Self)
            .and_then(Self::if_writable)
    }

    /// The duration from an earlier instant to this one.
    #[must_use]
    pub fn since(self, earlier: Self) -> Span {
        Span::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// Epoch seconds or milliseconds: |n| < 10^11 is seconds, with parts cut to milliseconds.
    #[must_use]
    pub fn from_epoch(number: &Decimal) -> Option<Self> {
        let whole = number.floor_at(0)?;
        let is_seconds = whole.unsigned_abs() < u128::from(MILLISECONDS_FROM.unsigned_abs());
        let millis = if is_seconds {
            number.floor_at(3)?
        } else {
            whole
        };
        i64::try_from(millis)
            .ok()
            .map(Self)
            .and_then(Self::if_writable)
    }

    /// Reads RFC 3339 (no offset: UTC; `T` or a space; seconds may be left out; up to nine
    /// places, cut to milliseconds) or epoch seconds or milliseconds.
    ///
    /// A date alone is a [`Date`], not an instant.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let date = text.get(..10).and_then(Date::parse);
        match (date, text.as_bytes().get(10..)) {
            (Some(date), Some([b'T' | b't' | b' ', rest @ ..])) => {
                let millis = clock_millis(rest)?;
                Self(date.midnight_utc().0 + millis).if_writable()
            }
            _ => Self::from_epoch(&Decimal::parse(text)?),
        }
    }

    fn if_writable(self) -> Option<Self> {
        (Self::MIN..=Self::MAX).contains(&self).then_some(self)
    }
}

/// Milliseconds from UTC's midnight of the written date: `hh:mm[:ss[.places]][offset]`.
fn clock_millis(text: &[u8]) -> Option<i64> {
    let (minutes, rest) = hours_and_minutes(text)?;
    let (seconds, rest) = match rest {
        [b':', tens, ones, rest @ ..] => (i64::from(two_digits(*tens, *ones)?), rest),
        rest => (0, rest),
    };
    // RFC 3339 lets a leap second be written; it is the instant with which the next minute starts.
    if seconds > 60 {
        return None;
    }
    let (millis, rest) = match rest {
        [b'.' | b',', rest @ ..] => places(rest)?,
        rest => (0, rest),
    };
    Some(minutes * 60_000 + seconds * 1_000 + millis - offset_millis(rest)?)
}

/// Minutes of the day of `hh:mm`, and the rest.
fn hours_and_minutes(text: &[u8]) -> Option<(i64, &[u8])> {
    let [a, b, found, c, d, rest @ ..] = text else {
        return None;
    };
    let (hours, minutes) = (two_digits(*a, *b)?, two_digits(*c, *d)?);
    let is_clock = *found == b':' && hours < 24 && minutes < 60;
    is_clock.then(|| (i64::from(hours) * 60 + i64::from(minutes), rest))
}

/// One to nine places of a second, cut to milliseconds, and the rest.
fn places(text: &[u8]) -> Option<(i64, &[u8])> {
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if !(1..=9).contains(&count) {
        return None;
    }
    let (digits, rest) = text.split_at_checked(count)?;
    let millis = digits
        .iter()
        .chain(std::iter::repeat(&b'0'))
        .take(3)
        .fold(0, |value, digit| value * 10 + i64::from(digit - b'0'));
    Some((millis, rest))
}

/// What has to be subtracted for an offset: nothing, `Z`, `±hh:mm`, `±hhmm` or `±hh`.
fn offset_millis(text: &[u8]) -> Option<i64> {
    let (sign, clock) = match text {
        [] | [b'Z' | b'z'] => return Some(0),
        [b'+', clock @ ..] => (1, clock),
        [b'-', clock @ ..] => (-1, clock),
        _ => return None,
    };
    let minutes = match clock {
        [a, b, b':', c, d] | [a, b, c, d] => hours_and_minutes(&[*a, *b, b':', *c, *d])?.0,
        [a, b] => hours_and_minutes(&[*a, *b, b':', b'0', b'0'])?.0,
        _ => return None,
    };
    Some(sign * minutes * 60_000)
}

impl fmt::Display for Time {
    /// RFC 3339 in UTC with `Z`; milliseconds only where there are any.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = self.0.div_euclid(DAY_MILLIS);
        let of_day = self.0.rem_euclid(DAY_MILLIS);
        let date = Date::from_days(i32::try_from(days).unwrap_or(i32::MAX));
        let (hour, minute) = (of_day / 3_600_000, of_day / 60_000 % 60);
        let (second, millis) = (of_day / 1_000 % 60, of_day % 1_000);
        write!(formatter, "{date}T{hour:02}:{minute:02}:{second:02}")?;
        if millis != 0 {
            write!(formatter, ".{millis:03}")?;
        }
        formatter.write_str("Z")
    }
}

impl FromStr for Time {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text).ok_or_else(|| Error::text(text, "a time such as `2026-11-01T10:00:00Z`"))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;
