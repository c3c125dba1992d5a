//! A day of the Gregorian calendar, without a zone.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};

use crate::{Error, Time};

/// Milliseconds of a day of 24 hours.
const DAY_MILLIS: i64 = 86_400_000;

/// A date: days since 1970-01-01. It has no zone; which instants it covers, a zone decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

impl Date {
    /// 0001-01-01, the first date that can be written.
    pub const MIN: Self = Self(-719_162);
    /// 9999-12-31, the last date that can be written.
    pub const MAX: Self = Self(2_932_896);

    /// The date so many days after 1970-01-01.
    #[must_use]
    pub const fn from_days(days: i32) -> Self {
        Self(days)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn days(self) -> i32 {
        self.0
    }

    /// The date of year, month 1…12 and day 1…31, if there is such a day in the years 1…9999.
    #[must_use]
    pub fn from_ymd(year: i32, month: u8, day: u8) -> Option<Self> {
        let is_day = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day);
        is_day.then(|| Self(days_from_civil(year, month, day)))
    }

    /// Reads `2026-11-01`, and nothing else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let &[a, b, c, d, b'-', e, f, b'-', g, h] = text.as_bytes() else {
            return None;
        };
        let year = i32::from(two_digits(a, b)?) * 100 + i32::from(two_digits(c, d)?);
        Self::from_ymd(year, two_digits(e, f)?, two_digits(g, h)?)
    }

    /// The date so many days later, if it is one of the years 1…9999.
    #[must_use]
    pub fn checked_add_days(self, days: i32) -> Option<Self> {
        let sum = Self(self.0.checked_add(days)?);
        (Self::MIN..=Self::MAX).contains(&sum).then_some(sum)
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.ymd().0
    }

    /// The month, 1…12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.ymd().1
    }

    /// The day of the month, 1…31.
    #[must_use]
    pub fn day(self) -> u8 {
        self.ymd().2
    }

    /// The day of the week, 1 (Monday) … 7 (Sunday).
    #[must_use]
    pub fn weekday(self) -> u8 {
        // 1970-01-01 was a Thursday. The remainder is 0…6.
        (i64::from(self.0) + 3).rem_euclid(7) as u8 + 1
    }

    /// The midnight with which the date starts in UTC.
    #[must_use]
    pub const fn midnight_utc(self) -> Time {
        Time::from_millis(self.0 as i64 * DAY_MILLIS)
    }

    /// Year, month and day, by Howard Hinnant's `civil_from_days`
    /// (<https://howardhinnant.github.io/date_algorithms.html>).
    pub(crate) fn ymd(self) -> (i32, u8, u8) {
        let shifted = i64::from(self.0) + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        (year as i32, month as u8, day as u8)
    }
}

/// Two ASCII digits as a number.
pub(crate) fn two_digits(tens: u8, ones: u8) -> Option<u8> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| (tens - b'0') * 10 + (ones - b'0'))
}

fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 of any year, month 1…12 and day; Hinnant's `days_from_civil`.
pub(crate) fn days_from_civil(year: i32, month: u8, day: u8) -> i32 {
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted_month = (i64::from(month) + 9) % 12;
    let day_of_year = (153 * shifted_month + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    i32::try_from(era * 146_097 + day_of_era - 719_468).unwrap_or(i32::MAX)
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(formatter, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Date {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text).ok_or_else(|| Error::text(text, "a date such as `2026-11-01`"))
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}
