//! Users who are like the members of an audience, and what was learned of how to tell them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::Decimal;

/// Whom users are compared with, by what, and how many are taken. The seed and the features are
/// texts of rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lookalike {
    /// A condition: the users whom others should be like.
    pub seed: String,
    /// Values or conditions by which users are compared.
    pub features: Vec<String>,
    /// How many users are taken at most; `None`: as `top` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// Which part of those compared is taken at most: `5%`; `None`: as `size` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top: Option<String>,
    /// Whether the users of the seed are taken, too.
    #[serde(default, skip_serializing_if = "is_false")]
    pub include_seed: bool,
    /// What was learned of the users; `None`: nothing yet, so nobody is alike. It is no part of
    /// what is written.
    #[serde(skip)]
    pub learned: Option<Arc<Scorecard>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_false(value: &bool) -> bool {
    !value
}

impl Lookalike {
    /// The same without what was learned: as it is written.
    #[must_use]
    pub fn as_written(&self) -> Self {
        Self {
            learned: None,
            ..self.clone()
        }
    }
}

/// How many points each part of each feature is worth: the more a user has, the more like the
/// users of the seed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scorecard {
    /// How many users the seed has.
    pub seed: u64,
    /// How many others there are.
    pub others: u64,
    /// The features, in the order of the definition.
    pub features: Vec<ScoredFeature>,
}

/// The parts of one feature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoredFeature {
    /// How well it tells the seed from the others: 0 says nothing, from about 0.3 on it is strong.
    pub information: Decimal,
    /// Its parts, which have no user in common.
    pub parts: Vec<ScoredPart>,
}

/// A part of a feature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoredPart {
    /// Which values are in it.
    pub range: PartRange,
    /// What it is worth: the logarithm of how many times as likely a user of the seed is in it.
    pub points: Decimal,
    /// How many users of the seed are in it.
    pub seed: u64,
    /// How many others are in it.
    pub others: u64,
}

/// Which values are in a part of a feature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartRange {
    /// The condition holds, or does not.
    Holds(bool),
    /// No value.
    Missing,
    /// Numbers, times or durations from one constant on, and below another; both as rules write
    /// them, `None` is unbounded.
    Between(Option<String>, Option<String>),
    /// One of these texts.
    OneOf(Vec<String>),
    /// Another text than these.
    NoneOf(Vec<String>),
}
