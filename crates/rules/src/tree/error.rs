//! The one error of this crate: a tree in JSON that is no rule.

use thiserror::Error;

/// Why a JSON text is no tree of a rule.
#[derive(Debug, Error)]
pub enum Error {
    /// Not JSON, or not the members that a tree has.
    #[error("this is no rule in JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// More levels than a rule may have.
    #[error(
        "the rule is nested more than {} levels deep: split it into several tags",
        super::DEEPEST
    )]
    TooDeep,
    /// A node that no text could be read into.
    #[error("{0}")]
    Shape(String),
}
