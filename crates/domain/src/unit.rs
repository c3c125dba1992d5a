//! The calendar's periods.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A kind of calendar period, in the zone of the tag; weeks start on Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// The instants at which the clock shows the same hour; a repeated hour is two.
    Hour,
    /// From a day's first instant to the next day's: 23, 24 or 25 hours.
    Day,
    /// Seven days from a Monday.
    Week,
    /// A month of the calendar.
    Month,
    /// Three months from January, April, July or October.
    Quarter,
    /// A year from 1 January.
    Year,
}

impl fmt::Display for Unit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        })
    }
}
