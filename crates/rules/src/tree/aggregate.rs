//! What a rule measures over events.

use serde::{Deserialize, Serialize};

use super::{AggregateName, Count, Expression, Window};
use crate::located::Located;

/// `sum(swap.amount where chain = "bsc", last 30d)`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aggregate {
    /// What is measured.
    pub function: AggregateName,
    /// Over which events; none only of `count()`, which counts a group's.
    pub events: Vec<Located<EventPattern>>,
    /// Of which values of the event: a property, an expression, or several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<Expression>,
    /// Which one, counted from its end: `first(E.p, 3)`; how many: `top(E.p, 3)`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Count>,
    /// Of `percentile`, a number as it is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<Located<String>>,
    /// By what values are ranked: `top(E.p, 3 by A)`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Box<Expression>>,
    /// Which of the events.
    #[serde(rename = "where", default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Box<Expression>>,
    /// Which groups of them: `days(E having C)`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub having: Option<Box<Expression>>,
    /// Within which time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Box<Located<Window>>>,
}

/// Which events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventPattern {
    /// `swap`
    Name(String),
    /// `event swap`, where an attribute has the same name.
    Event(String),
    /// `quest_*`: the part before the star.
    Prefix(String),
    /// `*`
    Any,
    /// `changed(kyc_status)`: the path of the attribute.
    Changed(Located<Vec<String>>),
    /// `entered(whale)`: the key of the tag.
    Entered(Located<String>),
    /// `left(whale)`
    Left(Located<String>),
    /// `linked(wallet)`: the kind of identity, or the social network.
    Linked(Located<String>),
    /// `unlinked(wallet)`
    Unlinked(Located<String>),
}

impl Aggregate {
    /// Whether it is true or false by itself: `did(E)`, `any(c where C)`.
    #[must_use]
    pub fn is_condition(&self) -> bool {
        matches!(self.function, AggregateName::Did | AggregateName::Any)
    }
}
