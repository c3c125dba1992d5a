//! The one error of this crate.

use domain::{AudienceKey, ListKey, TagKey};
use thiserror::Error;

/// What a caller can do about an [`enum@Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The rule must be corrected, or computed in another way.
    Invalid,
    /// The rule names something that does not exist.
    NotFound,
}

/// Why an audience has no members.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Error {
    /// The rule looks at more than tags, lists and audiences.
    #[error("{what} cannot be told from the members of tags: compute the rule over histories")]
    MoreThanAlgebra {
        /// What it looks at.
        what: &'static str,
    },
    /// There is no such tag among the results.
    #[error("tag `{tag}` has not been computed")]
    UnknownTag {
        /// Its key.
        tag: TagKey,
    },
    /// There is no such list of users.
    #[error("there is no list `{list}` of users")]
    UnknownList {
        /// Its key.
        list: ListKey,
    },
    /// There is no such audience.
    #[error("there is no audience `{audience}`")]
    UnknownAudience {
        /// Its key.
        audience: AudienceKey,
    },
    /// Audiences name one another in a circle.
    #[error("audiences name one another in a circle: {}; take one step out", .path.join(" -> "))]
    Cycle {
        /// The whole circle, its first member again at the end.
        path: Vec<String>,
    },
}

impl Error {
    /// What the caller can do about it.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::MoreThanAlgebra { .. } | Self::Cycle { .. } => ErrorKind::Invalid,
            Self::UnknownTag { .. } | Self::UnknownList { .. } | Self::UnknownAudience { .. } => {
                ErrorKind::NotFound
            }
        }
    }
}
