//! IANA time zones: which day, hour or month an instant belongs to, and when those start.

mod calendar;
mod names;
mod table;
#[cfg(test)]
mod tests;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};

use self::table::Table;
use crate::{Date, Error, Span, Time};

/// A time zone with all its daylight-saving changes in a table; cheap to clone.
///
/// The rules come from the bundled IANA database, so that every machine agrees. Asking costs
/// a few nanoseconds and no allocation.
#[derive(Clone)]
pub struct Zone(Arc<Named>);

struct Named {
    name: String,
    table: Table,
}

/// What the clock on the wall and the calendar beside it show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LocalParts {
    /// The year.
    pub year: i32,
    /// The month, 1…12.
    pub month: u8,
    /// The day of the month, 1…31.
    pub day: u8,
    /// The hour, 0…23.
    pub hour: u8,
    /// The minute, 0…59.
    pub minute: u8,
    /// The day of the week, 1 (Monday) … 7 (Sunday).
    pub weekday: u8,
}

impl Zone {
    /// Coordinated Universal Time.
    #[must_use]
    pub fn utc() -> Self {
        names::utc()
    }

    /// The zone of an IANA name, such as `Asia/Shanghai`, in any case of letters.
    ///
    /// # Errors
    /// [`Error::UnknownZone`] with the nearest name there is.
    pub fn named(name: &str) -> Result<Self, Error> {
        names::find(name)
    }

    /// The IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The same rules, as the library has them that reckons with schedules.
    pub(crate) fn rules(&self) -> jiff::tz::TimeZone {
        names::rules(self)
    }

    /// What has to be added to UTC to get local time, in milliseconds.
    #[must_use]
    #[inline]
    pub fn offset_ms(&self, time: Time) -> i64 {
        self.0.table.segment(time.millis()).offset
    }

    /// The calendar day that an instant belongs to.
    ///
    /// A day lasts from its first instant to the next day's first instant. Where clocks were
    /// turned back over midnight, the minutes that repeat stay with the later day.
    #[must_use]
    #[inline]
    pub fn date(&self, time: Time) -> Date {
        let segment = self.0.table.segment(time.millis());
        let shown = day_of(time.millis().saturating_add(segment.offset));
        Date::from_days(shown.max(segment.first_day))
    }

    /// The first instant of a day. Where midnight does not exist, the first instant that does;
    /// where the whole day does not exist, the first of the next.
    #[must_use]
    pub fn start_of_date(&self, date: Date) -> Time {
        Time::from_millis(self.0.table.start_of_day(date.days()))
    }

    /// What clock and calendar on the wall show at an instant.
    #[must_use]
    pub fn parts(&self, time: Time) -> LocalParts {
        let local = time.millis().saturating_add(self.offset_ms(time));
        let date = Date::from_days(day_of(local));
        let (year, month, day) = date.ymd();
        let minutes = local.rem_euclid(Span::DAY.millis()) / Span::MINUTE.millis();
        LocalParts {
            year,
            month,
            day,
            // Both quotients are below 60.
            hour: (minutes / 60) as u8,
            minute: (minutes % 60) as u8,
            weekday: date.weekday(),
        }
    }
}

/// The day of a local time in milliseconds, as days since 1970-01-01.
#[inline]
fn day_of(local: i64) -> i32 {
    i32::try_from(local.div_euclid(Span::DAY.millis())).unwrap_or(i32::MAX)
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Zone {}

impl Hash for Zone {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self::utc()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Zone({})", self.name())
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::named(&name).map_err(D::Error::custom)
    }
}
