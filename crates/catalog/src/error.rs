//! The one error of this crate, and what a caller can do about it.

use std::path::PathBuf;

use thiserror::Error;

/// What a caller can do about an [`enum@Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// What was asked contradicts itself; the sender must correct it.
    Invalid,
    /// Nothing bears that name.
    NotFound,
    /// What is stored stands against it.
    Conflict,
    /// A newer version of Muster has written the store; use that version.
    NewerStore,
    /// The machine refuses at present: a full disk, a lock, a missing permission.
    TryAgain,
    /// The store is damaged, or this crate is wrong.
    Bug,
}

/// Why the catalogue could not do it.
#[derive(Debug, Error)]
pub enum Error {
    /// A definition, a list or a key that cannot be kept.
    #[error("{problem}")]
    Invalid {
        /// What is wrong and what to do.
        problem: String,
    },
    /// Nothing of that sort has the key.
    #[error("there is no {what} `{key}`{}", correction(.hint.as_deref()))]
    NotFound {
        /// `tag`, `audience`, `list`, `import` or `run`.
        what: &'static str,
        /// The key that was asked for.
        key: String,
        /// The nearest key that exists.
        hint: Option<String>,
    },
    /// What is stored stands against it.
    #[error("{problem}")]
    Conflict {
        /// What stands against it and what to do.
        problem: String,
    },
    /// The store has migrations that this binary does not know.
    #[error(
        "the catalogue `{path}` was written by a newer version of Muster (its layout is {found}, this version knows {known}): start that version, or choose another data folder"
    )]
    NewerStore {
        /// The file.
        path: PathBuf,
        /// The number of its last migration.
        found: i64,
        /// The last number that this binary knows.
        known: i64,
    },
    /// The file cannot be opened.
    #[error("the catalogue `{path}` cannot be opened: {reason}")]
    Unopened {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The disk has no room.
    #[error(
        "the disk of the catalogue is full: make room and try again; nothing of this change was kept"
    )]
    DiskFull,
    /// Another process holds the store for longer than we wait.
    #[error("the catalogue is locked by another process: end it, or try again")]
    Locked,
    /// What was read is not what was written.
    #[error("the catalogue is damaged: {reason}")]
    Damaged {
        /// What was met.
        reason: String,
    },
    /// The driver refused.
    #[error("the catalogue failed: {0}")]
    Driver(#[source] sqlx::Error),
}

impl Error {
    /// What the caller can do about it.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Invalid { .. } => ErrorKind::Invalid,
            Self::NotFound { .. } => ErrorKind::NotFound,
            Self::Conflict { .. } => ErrorKind::Conflict,
            Self::NewerStore { .. } => ErrorKind::NewerStore,
            Self::Unopened { .. } | Self::DiskFull | Self::Locked => ErrorKind::TryAgain,
            Self::Damaged { .. } | Self::Driver(_) => ErrorKind::Bug,
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match primary_code(&error) {
            Some(code::FULL) => Self::DiskFull,
            Some(code::BUSY | code::LOCKED) => Self::Locked,
            Some(code::CORRUPT | code::NOT_A_DATABASE) => Self::Damaged {
                reason: error.to_string(),
            },
            _ => Self::Driver(error),
        }
    }
}

/// SQLite's primary result codes that callers can act on.
mod code {
    pub(super) const BUSY: i64 = 5;
    pub(super) const LOCKED: i64 = 6;
    pub(super) const CORRUPT: i64 = 11;
    pub(super) const FULL: i64 = 13;
    pub(super) const NOT_A_DATABASE: i64 = 26;
}

fn primary_code(error: &sqlx::Error) -> Option<i64> {
    let extended: i64 = error.as_database_error()?.code()?.parse().ok()?;
    Some(extended & 0xFF)
}

fn correction(hint: Option<&str>) -> String {
    hint.map_or_else(String::new, |key| format!(": did you mean `{key}`?"))
}
