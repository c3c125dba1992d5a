//! The one error of this crate: why a question could not be answered.

use domain::LocalizedText;
use rules::Diagnostic;
use thiserror::Error;

use crate::ports::life::RuleProblems;

/// What the caller can do about an [`enum@Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// Correct the question and ask again.
    Invalid,
    /// What was asked for is not there.
    NotFound,
    /// Ask the same again later.
    TryAgain,
    /// A defect of Muster; look into the log.
    Bug,
}

/// Why a question could not be answered.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Error {
    /// The rule has mistakes and cannot be computed.
    #[error("the rule has mistakes")]
    Rule(Vec<Diagnostic>),
    /// Definitions that were to be changed, or would be broken by a change, have mistakes; nothing was changed.
    #[error("definitions have mistakes: nothing was changed")]
    Definitions(Vec<RuleProblems>),
    /// The question itself is wrong: a cursor nobody gave out, a value that the tag has not.
    #[error("{0}")]
    Invalid(String),
    /// What was asked for is not there; the text names it in backticks.
    #[error("{0}")]
    NotFound(String),
    /// What was asked for is refused, in both languages.
    #[error("{}", .message.en)]
    Refused {
        /// What the caller can do about it.
        kind: ErrorKind,
        /// Why.
        message: LocalizedText,
    },
    /// It cannot be answered now: nothing is computed yet, or the store is busy.
    #[error("{0}")]
    TryAgain(String),
    /// The answer failed for a reason that the caller cannot mend. The text is logged and not
    /// shown.
    #[error("{0}")]
    Bug(String),
}

impl Error {
    /// What the caller can do about it.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Rule(_) | Self::Definitions(_) | Self::Invalid(_) => ErrorKind::Invalid,
            Self::NotFound(_) => ErrorKind::NotFound,
            Self::Refused { kind, .. } => *kind,
            Self::TryAgain(_) => ErrorKind::TryAgain,
            Self::Bug(_) => ErrorKind::Bug,
        }
    }
}
