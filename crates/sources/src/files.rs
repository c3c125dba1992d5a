//! Files as a stream of batches: CSV, NDJSON and Parquet, plain, gzip or zstd.
//!
//! [`InputFile`] says which file, [`Mapping`] what its rows mean, [`FileSource`] yields
//! [`RowBatch`]es. Nothing here knows where the rows go.

mod batch;
mod cell;
mod columns;
mod csv;
mod csv_rows;
mod decompress;
mod digest;
mod error;
mod holdings;
mod input;
mod line_rows;
mod lines;
mod mapping;
mod options;
mod parquet;
mod progress;
mod reader;
mod roles;
mod rows;
mod source;
mod time_format;

pub use batch::{EventRows, LinkRows, MemberRows, ProfileRows, RejectedRow, RowBatch};
pub use columns::{NameColumn, PropertyColumn, TextColumn};
pub use digest::ContentDigest;
pub use error::{ErrorKind, SourceError};
pub use input::InputFile;
pub use mapping::{
    ColumnType, EventMapping, ListMapping, Mapping, NameFrom, ProfileMapping, TimeColumn,
};
pub use options::{Delimiter, Format, ReadOptions};
pub use progress::Progress;
pub use source::FileSource;
pub use time_format::TimeFormat;
