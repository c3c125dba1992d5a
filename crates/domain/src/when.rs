//! A day or an instant, as people name a point of the past.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Date, Error, Time, Unit, Zone};

/// A whole day of some zone, or an instant: `2026-11-20`, `2026-11-20T10:00:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum When {
    /// The day.
    Day(Date),
    /// The instant.
    Instant(Time),
}

impl When {
    /// The first instant of it.
    #[must_use]
    pub fn start(self, zone: &Zone) -> Time {
        match self {
            Self::Day(day) => zone.start_of_date(day),
            Self::Instant(time) => time,
        }
    }

    /// The last instant of it, to the millisecond.
    #[must_use]
    pub fn end(self, zone: &Zone) -> Time {
        match self {
            Self::Day(_) => {
                let next = zone.end_of_period(Unit::Day, self.start(zone));
                Time::from_millis(next.millis().saturating_sub(1))
            }
            Self::Instant(time) => time,
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(formatter),
            Self::Instant(time) => time.fmt(formatter),
        }
    }
}

impl FromStr for When {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let day = Date::parse(text).map(Self::Day);
        day.or_else(|| Time::parse(text).map(Self::Instant))
            .ok_or_else(|| {
                Error::text(
                    text,
                    "a day such as `2026-11-20`, or a time such as `2026-11-20T10:00:00Z`",
                )
            })
    }
}

impl TryFrom<String> for When {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<When> for String {
    fn from(when: When) -> Self {
        when.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_where_the_next_begins_in_its_zone() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let ends = |text: &str| {
            let when: When = text.parse().unwrap();
            (
                when.start(&berlin).to_string(),
                when.end(&berlin).to_string(),
            )
        };
        // The clocks go back: a day of 25 hours.
        assert_eq!(
            ends("2026-10-25"),
            (
                "2026-10-24T22:00:00Z".to_owned(),
                "2026-10-25T22:59:59.999Z".to_owned()
            )
        );
        let instant = "2026-11-20T10:00:00Z".to_owned();
        assert_eq!(ends(&instant), (instant.clone(), instant));
        assert!("yesterday".parse::<When>().is_err());
    }
}
