//! How a file is read: its form, where to begin, how much at a time.

use std::str::FromStr;

use domain::Time;

use super::error::SourceError;

/// How a file is read. What is `None` is found out from the file's first bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOptions {
    /// The form of the content, decompressed.
    pub format: Option<Format>,
    /// What stands between the cells of CSV.
    pub delimiter: Option<Delimiter>,
    /// The names of the columns of a CSV file that has no header line.
    pub header: Option<Vec<String>>,
    /// How many data rows to pass over: [`super::RowBatch::rows`]`.end` of what was kept.
    pub start_at_row: u64,
    /// The most rows of a batch; at least 1.
    pub rows_per_batch: usize,
    /// A batch ends with the row that reaches so many bytes.
    pub bytes_per_batch: usize,
    /// The time of what carries none, and the limit of what lies in the future.
    pub received_at: Time,
}

impl ReadOptions {
    /// Everything found out from the file, batches of 100,000 rows or 32 MiB.
    #[must_use]
    pub fn new(received_at: Time) -> Self {
        Self {
            format: None,
            delimiter: None,
            header: None,
            start_at_row: 0,
            rows_per_batch: 100_000,
            bytes_per_batch: 32 << 20,
            received_at,
        }
    }
}

/// The form of a file's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Cells between delimiters (RFC 4180), a header line first.
    Csv,
    /// One JSON document a line.
    Ndjson,
    /// Apache Parquet.
    Parquet,
}

/// What stands between cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delimiter {
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
    /// `|`
    Pipe,
    /// Any number of spaces or tabs, also before the first cell; no quotes.
    Spaces,
}

impl Format {
    /// The word that people write for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Parquet => "parquet",
        }
    }
}

impl FromStr for Format {
    type Err = SourceError;

    fn from_str(written: &str) -> Result<Self, SourceError> {
        [Self::Csv, Self::Ndjson, Self::Parquet]
            .into_iter()
            .find(|format| format.name() == written)
            .ok_or_else(|| SourceError::UnknownWord {
                written: written.to_owned(),
                expected: "a file format: csv, ndjson or parquet",
            })
    }
}

impl Delimiter {
    /// The byte that delimits; a space for [`Delimiter::Spaces`].
    pub(crate) fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
            Self::Spaces => b' ',
        }
    }
}

impl FromStr for Delimiter {
    type Err = SourceError;

    /// The character itself, or `comma`, `semicolon`, `tab`, `pipe`, `space`.
    fn from_str(written: &str) -> Result<Self, SourceError> {
        match written {
            "," | "comma" => Ok(Self::Comma),
            ";" | "semicolon" => Ok(Self::Semicolon),
            "\t" | "\\t" | "tab" => Ok(Self::Tab),
            "|" | "pipe" => Ok(Self::Pipe),
            " " | "space" | "spaces" => Ok(Self::Spaces),
            _ => Err(SourceError::UnknownWord {
                written: written.to_owned(),
                expected: "a delimiter: comma, semicolon, tab, pipe or space",
            }),
        }
    }
}
