//! Groups of one user's events, and periods that are counted.

use domain::Unit;
use serde::{Deserialize, Serialize};

use super::{Aggregate, AggregateName, Count, EventPattern, Expression, Window};
use crate::located::Located;

/// `max(count(tx) per hour, last 30d)`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grouped {
    /// What is made of the groups.
    pub function: AggregateName,
    /// What is measured in each group.
    pub of: Box<Expression>,
    /// What makes a group.
    pub per: GroupKey,
    /// Within which time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Box<Located<Window>>>,
}

/// What the events of a group have in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKey {
    /// `per hour`
    Period(Unit),
    /// `per chain`, `per (chain, to)`: at least one.
    Values(Vec<Expression>),
}

/// `regularly(E where C, at least 3 of last 5 weeks)`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regularly {
    /// Over which events; at least one.
    pub events: Vec<Located<EventPattern>>,
    /// Which of the events.
    #[serde(rename = "where", default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Box<Expression>>,
    /// In how many periods at least.
    pub at_least: Count,
    /// Of which periods.
    pub of: Located<Periods>,
}

/// Calendar periods up to now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Periods {
    /// `last 5 weeks`: the running one is one of them.
    Last {
        /// How many.
        count: Count,
        /// The period.
        unit: Unit,
    },
    /// `previous 5 weeks`: whole ones.
    Previous {
        /// How many.
        count: Count,
        /// The period.
        unit: Unit,
    },
}

impl Regularly {
    /// The number of periods that is compared: `weeks(E where C, last 5 calendar weeks)`; for
    /// some units there is no such aggregate.
    #[must_use]
    pub fn counted(&self) -> Option<Aggregate> {
        let function = match self.of.node.unit() {
            Unit::Hour => AggregateName::Hours,
            Unit::Day => AggregateName::Days,
            Unit::Week => AggregateName::Weeks,
            Unit::Month => AggregateName::Months,
            Unit::Quarter | Unit::Year => return None,
        };
        Some(Aggregate {
            function,
            events: self.events.clone(),
            arguments: Vec::new(),
            number: None,
            percent: None,
            by: None,
            filter: self.filter.clone(),
            having: None,
            window: Some(Box::new(Located::new(self.of.node.window(), self.of.range))),
        })
    }
}

impl Periods {
    /// The window that has them.
    #[must_use]
    pub fn window(self) -> Window {
        match self {
            Self::Last { count, unit } => Window::LastCalendar { count, unit },
            Self::Previous { count, unit } => Window::PreviousCalendar { count, unit },
        }
    }

    /// The period.
    #[must_use]
    pub fn unit(self) -> Unit {
        match self {
            Self::Last { unit, .. } | Self::Previous { unit, .. } => unit,
        }
    }

    /// How many.
    #[must_use]
    pub fn count(self) -> Count {
        match self {
            Self::Last { count, .. } | Self::Previous { count, .. } => count,
        }
    }
}
