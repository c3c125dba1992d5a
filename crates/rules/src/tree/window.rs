//! Windows of time as they are written.

use domain::Unit;
use serde::{Deserialize, Serialize};

use super::{Count, Expression};

/// A window of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Window {
    /// `ever`
    Ever,
    /// `last 7d`
    Last(String),
    /// `next 7d`
    Next(String),
    /// `last 7 calendar days`
    LastCalendar {
        /// How many periods, the current one among them.
        count: Count,
        /// Which periods.
        unit: Unit,
    },
    /// `previous 7 calendar days`
    PreviousCalendar {
        /// How many whole periods before the current one.
        count: Count,
        /// Which periods.
        unit: Unit,
    },
    /// `previous month`
    Previous(Unit),
    /// `this week`
    This(Unit),
    /// `today`
    Today,
    /// `yesterday`
    Yesterday,
    /// `from a to b`
    From {
        /// The first bound.
        from: Box<Expression>,
        /// The second bound.
        to: Box<Expression>,
    },
    /// `since a`
    Since(Box<Expression>),
    /// `before a`
    Before(Box<Expression>),
    /// `between a and b`
    Between {
        /// The first bound.
        from: Box<Expression>,
        /// The second bound.
        to: Box<Expression>,
    },
    /// `within 7d after a`
    Within {
        /// How long.
        span: String,
        /// On which side of the anchor.
        side: Anchored,
        /// The anchor.
        anchor: Box<Expression>,
    },
}

/// The side of its anchor on which a window lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anchored {
    /// It begins with the anchor.
    After,
    /// It ends with the anchor.
    Before,
}
