//! Why a file cannot be read, or not further. A bad row is no error: it is a rejected row.

use std::io;

use thiserror::Error;

use super::options::Format;

/// What a caller can do about a [`SourceError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The file or what was said about it is wrong and must be corrected.
    Invalid,
    /// A file, a column or a word does not exist.
    NotFound,
    /// The machine refused (disk full, no permission): the same may work later.
    TryAgain,
}

/// Why a file cannot be read, or not further than it was.
#[derive(Debug, Error)]
pub enum SourceError {
    /// The file cannot be opened or read.
    #[error("cannot read `{name}`: {reason}")]
    Unreadable {
        /// The file.
        name: String,
        /// What the system said.
        reason: io::Error,
    },
    /// The stream cannot be kept in a temporary file.
    #[error("cannot keep the input in the folder `{folder}`: {reason}")]
    Spool {
        /// Where the temporary file was to be.
        folder: String,
        /// What the system said.
        reason: io::Error,
    },
    /// A column that the mapping names is not in the file.
    #[error(
        "`{name}` has no column `{column}`{}; its columns are {}",
        correction(.hint.as_deref()),
        listed(.columns)
    )]
    NoColumn {
        /// The file.
        name: String,
        /// The column that was named.
        column: String,
        /// The nearest name there is.
        hint: Option<String>,
        /// The columns that there are.
        columns: Vec<String>,
    },
    /// The header names a column twice.
    #[error("`{name}` has two columns `{column}`: rename one, or name the columns with --header")]
    ColumnTwice {
        /// The file.
        name: String,
        /// The column.
        column: String,
    },
    /// One column is used for two things by the mapping, or its type is declared twice.
    #[error("the column `{column}` is named twice: {problem}")]
    NamedTwice {
        /// The column.
        column: String,
        /// What to do.
        problem: &'static str,
    },
    /// There is nothing in the file to tell columns from.
    #[error("`{name}` is empty: there is no header line")]
    Empty {
        /// The file.
        name: String,
    },
    /// What was asked for does not fit the file's form.
    #[error("`{name}` is {}: {problem}", format.name())]
    WrongFormat {
        /// The file.
        name: String,
        /// Its form.
        format: Format,
        /// What does not fit, and what to do.
        problem: &'static str,
    },
    /// The content breaks off or is damaged. All rows before it were given out.
    #[error("`{name}` is damaged at {place}: {reason}")]
    Damaged {
        /// The file.
        name: String,
        /// Where: a line, a row, or a byte of the file.
        place: String,
        /// What the decoder met.
        reason: String,
    },
    /// A Parquet column has a type that cannot be imported.
    #[error(
        "the column `{column}` of `{name}` has the type {column_type}, which cannot be imported"
    )]
    UnsupportedType {
        /// The file.
        name: String,
        /// The column.
        column: String,
        /// Its type in the file.
        column_type: String,
    },
    /// A word of the mapping or the options is none of those that exist.
    #[error("`{written}` is not {expected}")]
    UnknownWord {
        /// What was written.
        written: String,
        /// What was expected.
        expected: &'static str,
    },
}

impl SourceError {
    /// What the caller can do about it.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Unreadable { reason, .. } if reason.kind() == io::ErrorKind::NotFound => {
                ErrorKind::NotFound
            }
            Self::Unreadable { .. } | Self::Spool { .. } => ErrorKind::TryAgain,
            Self::NoColumn { .. } => ErrorKind::NotFound,
            Self::ColumnTwice { .. }
            | Self::NamedTwice { .. }
            | Self::Empty { .. }
            | Self::WrongFormat { .. }
            | Self::Damaged { .. }
            | Self::UnsupportedType { .. }
            | Self::UnknownWord { .. } => ErrorKind::Invalid,
        }
    }

    pub(crate) fn unknown_type(written: &str) -> Self {
        Self::UnknownWord {
            written: written.to_owned(),
            expected: "a type: text, number, boolean, time, date, list or json \
                       (also time:%d/%m/%Y, date:%Y%m%d, list:;)",
        }
    }

    pub(crate) fn no_column<'a>(
        name: &str,
        column: &str,
        columns: impl Iterator<Item = &'a str> + Clone,
    ) -> Self {
        Self::NoColumn {
            name: name.to_owned(),
            column: column.to_owned(),
            hint: domain::nearest(column, columns.clone()).map(str::to_owned),
            columns: columns.map(str::to_owned).collect(),
        }
    }
}

fn correction(hint: Option<&str>) -> String {
    hint.map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"))
}

/// `a`, `b` and `c`; of very many the first fifty.
fn listed(columns: &[String]) -> String {
    let shown: Vec<String> = columns
        .iter()
        .take(50)
        .map(|name| format!("`{name}`"))
        .collect();
    let more = columns.len().saturating_sub(shown.len());
    match (shown.as_slice(), more) {
        ([], _) => "none".to_owned(),
        ([first @ .., last], 0) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        (shown, 0) => shown.join(", "),
        (shown, more) => format!("{} and {more} more", shown.join(", ")),
    }
}
