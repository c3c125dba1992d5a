//! The one error of this crate: what was written is not one of the field's words.

use thiserror::Error;

use crate::LocalizedText;

/// What a caller can do about an [`enum@Error`]. Everything this crate refuses was written wrongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The text or the bytes are not what the type demands; the sender must correct them.
    Invalid,
    /// A name is well formed, but nothing bears it.
    NotFound,
}

/// Why a text or a sequence of bytes is not one of the field's words.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Error {
    /// No time zone has this name.
    #[error("unknown time zone `{name}`{}", correction(.hint.as_deref()))]
    UnknownZone {
        /// The name as it was written.
        name: String,
        /// The nearest name that exists.
        hint: Option<String>,
    },
    /// A key has a character that keys may not have, or none, or too many.
    #[error("`{text}` is no key: use 1 to {longest} letters, digits and `_`", longest = crate::key::LONGEST)]
    InvalidKey {
        /// The key as it was written.
        text: String,
    },
    /// A text is not what its type demands.
    #[error("`{text}` is not {expected}")]
    InvalidText {
        /// The text as it was written.
        text: String,
        /// What was expected, with its article: "a number such as `12.5`".
        expected: &'static str,
    },
    /// A text says no way of keeping a tag fresh.
    #[error("{}", .problem.en)]
    InvalidRefresh {
        /// What is wrong and what to write instead.
        problem: LocalizedText,
    },
    /// A definition contradicts itself.
    #[error("{problem}")]
    InvalidDefinition {
        /// What is wrong and what to do.
        problem: String,
    },
    /// The bytes of a stored user set cannot be read.
    #[error("the stored user set is damaged: {reason}")]
    DamagedUserSet {
        /// What the decoder met.
        reason: String,
    },
}

impl Error {
    /// What the caller can do about it.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::UnknownZone { .. } => ErrorKind::NotFound,
            Self::InvalidKey { .. }
            | Self::InvalidText { .. }
            | Self::InvalidRefresh { .. }
            | Self::InvalidDefinition { .. }
            | Self::DamagedUserSet { .. } => ErrorKind::Invalid,
        }
    }

    /// An [`Error::InvalidText`], its text shortened to what a message can show.
    pub(crate) fn text(text: &str, expected: &'static str) -> Self {
        Self::InvalidText {
            text: text.chars().take(80).collect(),
            expected,
        }
    }
}

fn correction(hint: Option<&str>) -> String {
    hint.map_or_else(String::new, |name| format!(": did you mean `{name}`?"))
}
