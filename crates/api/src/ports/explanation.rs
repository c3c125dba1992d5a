//! Why a user has a tag, is in an audience, matches a rule, or why not.

use std::collections::BTreeMap;

use domain::{AudienceKey, LocalizedText, TagKey, Time, UserKey};
use serde::Serialize;

/// What is explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Who has a tag.
    Tag(TagKey),
    /// Who is in an audience.
    Audience(AudienceKey),
    /// For whom a rule holds, by its text. Where it is asked for, the text may also be the key of a tag or an
    /// audience.
    #[serde(rename = "asked")]
    Rule(String),
}

/// What is to be explained for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplanationQuestion {
    /// What.
    pub of: Subject,
    /// For whom.
    pub user: UserKey,
    /// As of when; `None`: now.
    pub as_of: Option<Time>,
}

/// Why a user has a tag, is in an audience, or matches a rule, or why not: the rule with what came out at each of its
/// parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// What is explained.
    #[serde(flatten)]
    pub of: Subject,
    /// What people call it; empty: by its key, or it has none.
    #[serde(skip_serializing_if = "LocalizedText::is_empty")]
    pub name: LocalizedText,
    /// The user.
    pub user: String,
    /// Whether the user has it, is in it, or matches it; of a rule that is a value, whether there is one.
    pub has: bool,
    /// With which values.
    pub values: Vec<String>,
    /// The instant of evaluation.
    pub as_of: Time,
    /// When the data were read: what arrives later is not in it.
    pub data_as_of: Time,
    /// The rule as a sentence.
    pub sentence: LocalizedText,
    /// The rule: one part, or one for each case.
    pub rule: Vec<Reason>,
    /// What has changed since the user had it last, or had it not, as far as is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
}

/// A part of a rule and how it came out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Of a case: the tag's value if it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Of a case that holds too late: the value of an earlier one that holds, and counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comes_after: Option<String>,
    /// The part as it is written.
    pub text: String,
    /// The part as a sentence.
    pub sentence: LocalizedText,
    /// Whether it holds; of a value, whether there is one.
    pub holds: bool,
    /// How its parts are joined; `None` for a leaf.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joint: Option<Joint>,
    /// What was measured, at a leaf.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub measured: Vec<Measured>,
    /// Its parts; of another tag or an audience, the parts of that rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Self>,
    /// Whether the very same parts stand further up, of the same tag or audience.
    #[serde(skip_serializing_if = "is_false")]
    pub are_above: bool,
}

/// How the parts of a condition are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Joint {
    /// All have to hold.
    All,
    /// At least one has to hold.
    Any,
    /// At least so many have to hold.
    AtLeast(u32),
    /// The one part must not hold.
    Not,
    /// What those give that hold is added up: the value of each part is its points.
    Points,
}

/// A measured value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Measured {
    /// What was measured, as it is written.
    pub text: String,
    /// The same in words.
    pub sentence: LocalizedText,
    /// The value; `None` is missing.
    pub value: Option<String>,
    /// What it was compared with: `>= 3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compared: Option<String>,
    /// Of events: in which window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// Of an attribute: when it was last set or unset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_at: Option<Time>,
    /// Of events: how many counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counted: Option<usize>,
    /// The event that gives the value, where it is one; else the newest that counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Evidence>,
    /// Whether the same was measured further up, with the same window and events.
    #[serde(skip_serializing_if = "is_false")]
    pub is_above: bool,
}

/// The instants of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// No instant: a bound is missing, or it ends before it begins.
    Empty,
    /// From the first to the last instant, both included; `None` is unbounded.
    Between {
        /// The first instant.
        from: Option<Time>,
        /// The last instant.
        to: Time,
    },
}

/// An event that counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// When it happened.
    pub time: Time,
    /// Its name.
    pub event: String,
    /// The properties that the rule looks at.
    pub properties: BTreeMap<String, String>,
}

/// What has changed between two instants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The earlier instant.
    pub before: Time,
    /// Whether the user had the tag then, or was in the audience, by the results of that time.
    pub had: bool,
    /// Whether the rule as it is now and the data as they are now say so, too. If not, the
    /// definition has changed since, or late data have arrived.
    pub is_reproduced: bool,
    /// The leaves that came out otherwise then.
    pub parts: Vec<ChangedPart>,
}

/// A leaf of the rule that came out otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangedPart {
    /// The leaf as it is written.
    pub text: String,
    /// The leaf as a sentence.
    pub sentence: LocalizedText,
    /// Whether it held then.
    pub held: bool,
    /// Whether it holds now.
    pub holds: bool,
    /// What was measured then.
    pub before: Vec<Measured>,
    /// What is measured now.
    pub after: Vec<Measured>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it so")]
fn is_false(truth: &bool) -> bool {
    !truth
}
