//! Values over all users together: ranks, quantiles, other users.

use serde::{Deserialize, Serialize};

use super::words::{RankEnd, UsersFunction};
use super::{Count, Expression};

/// `sum(swap.usd, last 30d) among verified per country`: by what users are ranked, and against
/// whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ranking {
    /// The value.
    pub by: Box<Expression>,
    /// Which users.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub among: Option<Box<Expression>>,
    /// Users with the same value of this are ranked apart from all others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<Box<Expression>>,
}

/// `top 10%`, `exactly first 1000`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankBound {
    /// Not more of them, though others have the same value as the last.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub exactly: bool,
    /// From which end.
    pub end: RankEnd,
    /// How many.
    pub amount: RankAmount,
}

/// How many users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RankAmount {
    /// So many.
    Count(Count),
    /// So many of a hundred who are ranked; a number without a sign.
    Percent(String),
}

/// `sum(users.points by referrer where verified)`: over the users who name this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverUsers {
    /// What is measured over them.
    pub function: UsersFunction,
    /// Of which value of each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Box<Expression>>,
    /// The attribute by which they name this one.
    pub by: Box<Expression>,
    /// Which of them.
    #[serde(rename = "where", default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Box<Expression>>,
}

impl Ranking {
    pub(super) fn children(&self) -> Vec<&Expression> {
        let others = self.among.as_deref().into_iter().chain(self.per.as_deref());
        std::iter::once(&*self.by).chain(others).collect()
    }
}

impl OverUsers {
    /// Whether it is true or false by itself.
    #[must_use]
    pub fn is_condition(&self) -> bool {
        self.function == UsersFunction::Any
    }

    pub(super) fn children(&self) -> Vec<&Expression> {
        let filter = self.filter.as_deref();
        let of = self.of.as_deref().into_iter();
        of.chain([&*self.by]).chain(filter).collect()
    }
}
