//! The form in which a tag is defined.

use super::{Supplier, TagBody};

impl TagBody {
    /// The word with which files begin it: `rule`, `cases`, `value`, `rfm`, `lifecycle`, `lookalike`, `imported`,
    /// `by_hand` or `sql`.
    #[must_use]
    pub fn form(&self) -> &'static str {
        match self {
            Self::Rule(_) => "rule",
            Self::Cases { .. } => "cases",
            Self::Value(_) => "value",
            Self::Rfm(_) => "rfm",
            Self::Lifecycle(_) => "lifecycle",
            Self::Lookalike(_) => "lookalike",
            Self::Sql(_) => "sql",
            Self::Supplied(supplied) => match supplied.by {
                Supplier::Import => "imported",
                Supplier::Hand => "by_hand",
            },
        }
    }
}
