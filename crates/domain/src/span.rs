//! A duration in whole milliseconds.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Decimal;

/// A duration in milliseconds; negative where it leads back.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Span(i64);

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// 1 second.
    pub const SECOND: Self = Self(1_000);
    /// 60 seconds.
    pub const MINUTE: Self = Self(60_000);
    /// 60 minutes.
    pub const HOUR: Self = Self(3_600_000);
    /// 24 hours: a rolling day, never a calendar day.
    pub const DAY: Self = Self(86_400_000);
    /// 7 × 24 hours.
    pub const WEEK: Self = Self(604_800_000);

    /// So many milliseconds.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// The duration that a text such as `36h` or `1.5d` says, in seconds, minutes, hours, days or
    /// weeks, cut to whole milliseconds; `None` if it says none, or one that does not fit.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut letters = text.chars();
        let unit = match letters.next_back()? {
            's' => Self::SECOND,
            'm' => Self::MINUTE,
            'h' => Self::HOUR,
            'd' => Self::DAY,
            'w' => Self::WEEK,
            _ => return None,
        };
        unit.times(&Decimal::parse(letters.as_str())?)
    }

    /// The duration in milliseconds.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The sum, if it fits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// This duration so many times, cut to whole milliseconds; `None` if it does not fit.
    #[must_use]
    pub fn times(self, factor: &Decimal) -> Option<Self> {
        Decimal::from(self.0).mul(factor).trunc().to_i64().map(Self)
    }
}

/// The units of the canonical text, the greatest first. Weeks are left out: people say
/// `last 7d` and `last 14d`.
const UNITS: [(&str, i64); 4] = [
    ("d", Span::DAY.0),
    ("h", Span::HOUR.0),
    ("m", Span::MINUTE.0),
    ("s", Span::SECOND.0),
];

impl fmt::Display for Span {
    /// The greatest of the units d, h, m, s that divides it: `7d`, `36h`, `90m`; parts of a
    /// second are places: `1.5s`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return formatter.write_str("0s");
        }
        match UNITS.iter().find(|(_, millis)| self.0 % millis == 0) {
            Some((unit, millis)) => write!(formatter, "{}{unit}", self.0 / millis),
            None => write!(
                formatter,
                "{}s",
                Decimal::from_mantissa(i128::from(self.0), 3)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_written_in_its_greatest_unit() {
        for (millis, text) in [
            (0, "0s"),
            (1_500, "1.5s"),
            (-1_500, "-1.5s"),
            (30_000, "30s"),
            (300_000, "5m"),
            (129_600_000, "36h"),
            (604_800_000, "7d"),
            (-86_400_000, "-1d"),
            (i64::MAX, "9223372036854775.807s"),
        ] {
            assert_eq!(Span::from_millis(millis).to_string(), text);
        }
    }

    #[test]
    fn a_text_of_a_number_and_a_unit_is_a_span() {
        for (text, millis) in [("1.5s", 1_500), ("90m", 5_400_000), ("2w", 1_209_600_000)] {
            assert_eq!(Span::parse(text), Some(Span(millis)), "{text}");
        }
        for text in ["", "d", "12", "3 d", "5y", "1e999d", "7days"] {
            assert_eq!(Span::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_decimal_number_of_units_is_cut_to_milliseconds() {
        let half = Decimal::from_mantissa(15, 1);
        assert_eq!(Span::HOUR.times(&half).unwrap().to_string(), "90m");
        assert_eq!(
            Span::SECOND.times(&Decimal::from_mantissa(19_999, 7)),
            Some(Span(1))
        );
        assert_eq!(Span::WEEK.times(&Decimal::from(i64::MAX)), None);
    }
}
