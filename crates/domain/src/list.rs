//! The definition of a list of users or values.

use serde::{Deserialize, Serialize};

use crate::{ListKey, LocalizedText};

/// A list that people maintain. Being named in a list makes nobody a known user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListDefinition {
    /// What rules and the API call it.
    pub key: ListKey,
    /// What people call it; empty: by its key.
    #[serde(default, skip_serializing_if = "LocalizedText::is_empty")]
    pub name: LocalizedText,
    /// What it is for.
    #[serde(default, skip_serializing_if = "LocalizedText::is_empty")]
    pub description: LocalizedText,
    /// What its entries are.
    pub kind: ListKind,
}

/// What the entries of a list are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListKind {
    /// Keys of users: `in list(k)`.
    Users,
    /// Values: `x in list(k)`.
    Values,
}
