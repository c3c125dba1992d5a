//! Members of tags that people supply, as scenarios write them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Names;
use crate::scenario::exact::Exact;

/// An import of a tag's members, or a tag set or unset by hand for one user.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supply {
    /// The tag whose members are imported.
    pub import: Option<String>,
    /// The members, of a tag without values.
    pub users: Option<Names>,
    /// The members with their values.
    pub values: Option<BTreeMap<String, Exact>>,
    /// Whether the members before stay.
    #[serde(default)]
    pub add: bool,
    /// The tag that is set.
    pub set: Option<String>,
    /// The tag that is unset.
    pub unset: Option<String>,
    /// For whom.
    pub user: Option<String>,
    /// To which value, where the tag has values.
    pub value: Option<Exact>,
    /// Who did it.
    #[serde(default)]
    pub author: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
}
