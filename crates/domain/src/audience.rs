//! The definition of an audience.

use serde::{Deserialize, Serialize};

use crate::{AudienceKey, LocalizedText};

/// An audience: the users for whom a rule over tags and attributes holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AudienceDefinition {
    /// What rules and the API call it.
    pub key: AudienceKey,
    /// What people call it; empty: by its key.
    #[serde(default, skip_serializing_if = "LocalizedText::is_empty")]
    pub name: LocalizedText,
    /// What it is for.
    #[serde(default, skip_serializing_if = "LocalizedText::is_empty")]
    pub description: LocalizedText,
    /// The rule's text.
    pub rule: String,
}
