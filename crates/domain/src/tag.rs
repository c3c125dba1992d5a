//! The definition of a tag.

mod form;
mod lifecycle;
mod lookalike;
mod rfm;
mod status;
mod supplied;
mod written;

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use self::lifecycle::Lifecycle;
pub use self::lookalike::{Lookalike, PartRange, Scorecard, ScoredFeature, ScoredPart};
pub use self::rfm::{Bounds, Rfm, RfmBounds, RfmGroups};
pub use self::status::TagStatus;
pub use self::supplied::{Supplied, SuppliedForm, SuppliedType, Supplier};
use self::written::Written;
use crate::{LocalizedText, RefreshPolicy, TagKey, Time};

/// The text of a tag's value: `gold`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TagValue(Arc<str>);

impl TagValue {
    /// The value of that text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(Arc::from(text))
    }

    /// The value as a text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for TagValue {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&str> for TagValue {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Display for TagValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

/// A tag: who has it, and with which value. The rules are texts here; `rules` reads them.
///
/// Written flat: `key`, and one of `rule`, `cases` (with `else` and `keep`), `value`, `rfm`,
/// `lifecycle`, `lookalike`, `imported` or `by_hand`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct TagDefinition {
    /// What rules and the API call it.
    pub key: TagKey,
    /// What people call it; empty: by its key.
    pub name: LocalizedText,
    /// What it is for.
    pub description: LocalizedText,
    /// Where the console shows it; empty: nowhere in particular.
    pub category: String,
    /// What decides who has it.
    pub body: TagBody,
    /// The IANA name of the zone of its calendar days; `None`: the workspace's.
    pub timezone: Option<String>,
    /// A snapshot: the tag is computed as of this instant for ever.
    pub as_of: Option<Time>,
    /// When it is computed again; `None`: as the configuration says.
    pub refresh: Option<RefreshPolicy>,
    /// The state that it should have; `None`: the one that it has, and published if it is new.
    pub status: Option<TagStatus>,
}

impl TagDefinition {
    /// A tag of which nothing is said but what decides who has it.
    #[must_use]
    pub fn new(key: TagKey, body: TagBody) -> Self {
        Self {
            key,
            name: LocalizedText::default(),
            description: LocalizedText::default(),
            category: String::new(),
            body,
            timezone: None,
            as_of: None,
            refresh: None,
            status: None,
        }
    }

    /// The state of the tag as it is stored.
    #[must_use]
    pub fn state(&self) -> TagStatus {
        self.status.unwrap_or_default()
    }
}

/// What decides who has a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagBody {
    /// The text of a rule: a condition, or any of the language's other forms of a tag.
    Rule(String),
    /// Layers: a value for each case that holds.
    Cases {
        /// The cases in their order.
        cases: Vec<Case>,
        /// The value where no case holds; `None`: no value.
        otherwise: Option<String>,
        /// Whether the first case that holds counts, or all.
        keep: Keep,
    },
    /// The text of an expression whose value is the tag's.
    Value(String),
    /// Groups by recency, frequency and money: short for cases.
    Rfm(Rfm),
    /// The stages of a user's life: short for cases.
    Lifecycle(Lifecycle),
    /// Users who are like others: short for points, which are learned.
    Lookalike(Lookalike),
    /// No rule: people supply who has it.
    Supplied(Supplied),
    /// The text of a read-only query that finds who has it.
    Sql(String),
}

/// One layer of a tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The tag's value where the rule holds.
    pub value: String,
    /// What people call the value; empty: as it is.
    #[serde(default, skip_serializing_if = "LocalizedText::is_empty")]
    pub name: LocalizedText,
    /// The rule's text.
    pub rule: String,
}

/// Which of the cases that hold give a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// The first.
    #[default]
    First,
    /// All: the value is a list.
    All,
}

#[cfg(test)]
mod tests;
