//! What can go wrong in the warehouse, and what the caller can do about it.

use std::path::PathBuf;

/// What a caller can do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// What was asked for makes no sense.
    Invalid,
    /// Something that must be there is not.
    NotFound,
    /// Another process or another state stands in the way.
    Conflict,
    /// It can succeed later, or with more memory, disk or time.
    TryAgain,
    /// A defect of Muster or of the engine.
    Bug,
}

/// An error of the warehouse.
#[derive(Debug, thiserror::Error)]
pub enum WarehouseError {
    /// The engine's library is nowhere.
    #[error(
        "the embedded ClickHouse was not found (looked at {}): run `scripts/fetch-clickhouse.sh`, or set `MUSTER_CLICKHOUSE_LIBRARY` to a libchdb.so",
        .looked_at.join(", ")
    )]
    LibraryNotFound {
        /// The places that were looked at, in order.
        looked_at: Vec<String>,
    },
    /// The library is there and does not serve.
    #[error("the embedded ClickHouse at `{}` cannot be used: {reason}; run `scripts/fetch-clickhouse.sh`", .path.display())]
    LibraryUnusable {
        /// The library's file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Another process holds the data folder.
    #[error("the data folder `{}` is in use by {}: stop it first, or choose another folder", .dir.display(), holder(*.pid))]
    FolderInUse {
        /// The data folder.
        dir: PathBuf,
        /// The process that holds it, where it is known.
        pid: Option<u32>,
    },
    /// This process has another data folder open.
    #[error("this process has the data folder `{}` open: the engine serves one folder at a time", .open.display())]
    OtherFolderOpen {
        /// The folder that is open.
        open: PathBuf,
    },
    /// The engine would not start on the data folder.
    #[error("the embedded ClickHouse did not open `{}`: its own message stands on standard error above", .dir.display())]
    NotOpened {
        /// The data folder.
        dir: PathBuf,
    },
    /// The store was written by a newer Muster.
    #[error(
        "the store is of version {found}, this Muster knows versions up to {known}: run the newer Muster"
    )]
    NewerStore {
        /// The version found in the store.
        found: u32,
        /// The newest version that this binary knows.
        known: u32,
    },
    /// The warehouse is being shut down.
    #[error("the warehouse is shutting down")]
    ShuttingDown,
    /// The engine refused or failed.
    #[error("ClickHouse error {code} ({name}): {message}")]
    Engine {
        /// ClickHouse's error code, 0 where it gives none.
        code: i32,
        /// ClickHouse's name of the error, empty where it gives none.
        name: String,
        /// ClickHouse's message.
        message: String,
    },
    /// What the engine returned is not what was asked for.
    #[error("the warehouse returned {found} where {expected} was asked for")]
    Unexpected {
        /// What was asked for.
        expected: String,
        /// What came.
        found: String,
    },
    /// An argument makes no sense.
    #[error("{0}")]
    Invalid(String),
    /// A file of the data folder could not be read or written.
    #[error("`{}`: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
}

impl WarehouseError {
    /// What the caller can do about it.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::LibraryNotFound { .. } => ErrorKind::NotFound,
            Self::FolderInUse { .. } | Self::OtherFolderOpen { .. } | Self::NewerStore { .. } => {
                ErrorKind::Conflict
            }
            Self::ShuttingDown | Self::Io { .. } => ErrorKind::TryAgain,
            Self::Invalid(_) => ErrorKind::Invalid,
            Self::Engine { code, .. } => engine_kind(*code),
            Self::LibraryUnusable { .. } | Self::NotOpened { .. } | Self::Unexpected { .. } => {
                ErrorKind::Bug
            }
        }
    }

    /// Whether a query was stopped by [`crate::chdb::Cancel`].
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        matches!(
            self,
            Self::Engine {
                code: QUERY_WAS_CANCELLED,
                ..
            }
        )
    }

    /// Whether a query needed more memory than it may have.
    #[must_use]
    pub fn is_out_of_memory(&self) -> bool {
        matches!(
            self,
            Self::Engine {
                code: MEMORY_LIMIT_EXCEEDED,
                ..
            }
        )
    }

    /// Reads the engine's text: `Code: 241. DB::Exception: …: . (MEMORY_LIMIT_EXCEEDED)`.
    pub(crate) fn engine(text: &str) -> Self {
        let code = text
            .split_once("Code: ")
            .map(|(_, rest)| {
                rest.chars()
                    .take_while(char::is_ascii_digit)
                    .collect::<String>()
            })
            .and_then(|digits| digits.parse().ok())
            .unwrap_or(0);
        let name = text
            .rmatch_indices(')')
            .find_map(|(end, _)| {
                let start = text.get(..end)?.rfind('(')?;
                let word = text.get(start + 1..end)?;
                (word.len() > 2 && word.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
                    .then(|| word.to_owned())
            })
            .unwrap_or_default();
        let message = text
            .split_once("DB::Exception: ")
            .map_or(text, |(_, message)| message);
        Self::Engine {
            code,
            name,
            message: message.trim().to_owned(),
        }
    }

    pub(crate) fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Self::Io {
            path: path.into(),
            source,
        }
    }

    pub(crate) fn unexpected(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self::Unexpected {
            expected: expected.into(),
            found: found.into(),
        }
    }
}

const TIMEOUT_EXCEEDED: i32 = 159;
const MEMORY_LIMIT_EXCEEDED: i32 = 241;
const NOT_ENOUGH_SPACE: i32 = 243;
const QUERY_WAS_CANCELLED: i32 = 394;
const UNKNOWN_TABLE: i32 = 60;
const UNKNOWN_DATABASE: i32 = 81;

fn engine_kind(code: i32) -> ErrorKind {
    match code {
        TIMEOUT_EXCEEDED | MEMORY_LIMIT_EXCEEDED | NOT_ENOUGH_SPACE | QUERY_WAS_CANCELLED => {
            ErrorKind::TryAgain
        }
        UNKNOWN_TABLE | UNKNOWN_DATABASE => ErrorKind::NotFound,
        _ => ErrorKind::Bug,
    }
}

fn holder(pid: Option<u32>) -> String {
    pid.map_or_else(
        || "another process".to_owned(),
        |pid| format!("process {pid}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_error_keeps_code_name_and_message() {
        let error = WarehouseError::engine(
            "Code: 241. DB::Exception: (total) memory limit exceeded: would use 1.40 GiB: while f(x). (MEMORY_LIMIT_EXCEEDED) (version 26.7.2.1)",
        );
        let WarehouseError::Engine {
            code,
            name,
            message,
        } = &error
        else {
            panic!("{error}")
        };
        assert_eq!((*code, name.as_str()), (241, "MEMORY_LIMIT_EXCEEDED"));
        assert!(message.starts_with("(total) memory limit"));
        assert!(error.is_out_of_memory());
        assert_eq!(error.kind(), ErrorKind::TryAgain);
    }

    #[test]
    fn a_text_without_a_code_is_kept_whole() {
        let WarehouseError::Engine {
            code,
            name,
            message,
        } = WarehouseError::engine("Invalid or closed connection")
        else {
            panic!("not an engine error")
        };
        assert_eq!(
            (code, name.as_str(), message.as_str()),
            (0, "", "Invalid or closed connection")
        );
    }
}
