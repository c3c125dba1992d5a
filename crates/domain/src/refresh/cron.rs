//! Cron expressions of five fields, on the clock of a zone.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use croner::parser::{CronParser, Seconds, Year};
use jiff::Timestamp;

use super::mistake::{Field, Mistake};
use crate::{Error, Time, Zone};

/// A cron expression: minute, hour, day of the month, month, day of the week.
///
/// Where clocks are turned forward, a time that does not exist is the first one that does. Where they
/// are turned back, a time that comes twice counts once, the first time; what comes every hour or
/// every few minutes keeps its pace.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cron {
    text: String,
    schedule: Arc<croner::Cron>,
}

impl Cron {
    /// The first instant after another that the expression names; `None` where time ends before.
    #[must_use]
    pub fn next_after(&self, time: Time, zone: &Zone) -> Option<Time> {
        let from = Timestamp::from_millisecond(time.millis()).ok()?;
        let from = from.to_zoned(zone.rules());
        let next = self.schedule.find_next_occurrence(&from, false).ok()?;
        Some(Time::from_millis(next.timestamp().as_millisecond()))
    }
}

impl FromStr for Cron {
    type Err = Error;

    /// # Errors
    /// [`Error::InvalidRefresh`] names the field that is wrong, and what it may be.
    fn from_str(text: &str) -> Result<Self, Error> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let fields: [&str; 5] = fields.try_into().map_err(|fields: Vec<&str>| {
            Error::from(Mistake::NotFiveFields {
                text: text.to_owned(),
                found: fields.len(),
            })
        })?;
        for (field, written) in Field::ALL.into_iter().zip(fields) {
            if read(&field.alone(written)).is_none() {
                let text = written.to_owned();
                return Err(Mistake::of_field(field, text).into());
            }
        }
        let text = fields.join(" ");
        let never = || Error::from(Mistake::Never { text: text.clone() });
        let schedule = read(&text).ok_or_else(never)?;
        let cron = Self {
            text: text.clone(),
            schedule: Arc::new(schedule),
        };
        // Dates such as 30 February never come.
        let some_day = Time::from_millis(0);
        cron.next_after(some_day, &Zone::utc()).ok_or_else(never)?;
        Ok(cron)
    }
}

fn read(fields: &str) -> Option<croner::Cron> {
    let parser = CronParser::builder()
        .seconds(Seconds::Disallowed)
        .year(Year::Disallowed)
        .build();
    parser.parse(fields).ok()
}

impl fmt::Display for Cron {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}
