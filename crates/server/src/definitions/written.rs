//! Definitions as they are written in files, before templates are expanded.

use std::collections::BTreeMap;

use domain::{
    Case, Keep, Lifecycle, ListKind, LocalizedText, Lookalike, Rfm, SuppliedForm, TagStatus,
};
use serde::{Deserialize, Serialize};
use serde_saphyr::Spanned;

use crate::table::WrittenTable;
use crate::tracking_plan::WrittenEvent;

/// One YAML document.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenFile {
    #[serde(default)]
    pub(super) tags: Vec<Spanned<WrittenTag>>,
    #[serde(default)]
    pub(super) audiences: Vec<Spanned<WrittenAudience>>,
    #[serde(default)]
    pub(super) lists: Vec<Spanned<WrittenList>>,
    #[serde(default)]
    pub(super) tables: Vec<Spanned<WrittenTable>>,
    #[serde(default)]
    pub(super) events: Vec<Spanned<WrittenEvent>>,
}

/// The variables of a template and what each stands for in turn.
pub(super) type Variables = BTreeMap<String, Vec<String>>;

/// A tag. Which keys go together, [`domain::TagDefinition`] decides.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenTag {
    pub(super) key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<LocalizedText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<LocalizedText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cases: Option<Vec<Case>>,
    #[serde(rename = "else", skip_serializing_if = "Option::is_none")]
    otherwise: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    keep: Option<Keep>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rfm: Option<Rfm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lifecycle: Option<Lifecycle>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lookalike: Option<Lookalike>,
    #[serde(skip_serializing_if = "Option::is_none")]
    imported: Option<SuppliedForm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_hand: Option<SuppliedForm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sql: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timezone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<TagStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh: Option<String>,
    #[serde(default, rename = "for", skip_serializing)]
    pub(super) variables: Variables,
}

/// An audience.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenAudience {
    pub(super) key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<LocalizedText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<LocalizedText>,
    rule: String,
    #[serde(default, rename = "for", skip_serializing)]
    pub(super) variables: Variables,
}

/// A list: its definition, and perhaps its members.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenList {
    pub(super) key: String,
    #[serde(default)]
    pub(super) name: LocalizedText,
    #[serde(default)]
    pub(super) description: LocalizedText,
    /// For a list whose members come from elsewhere.
    pub(super) kind: Option<ListKind>,
    pub(super) users: Option<Vec<String>>,
    pub(super) values: Option<Vec<Spanned<String>>>,
}
