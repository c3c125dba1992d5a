//! A file of rows as an iterator of batches.

use std::io;

use super::batch::RowBatch;
use super::csv_rows::CsvRows;
use super::decompress::{self, Compression, Content};
use super::error::SourceError;
use super::holdings::HoldingRows;
use super::input::InputFile;
use super::line_rows::{EventLines, MappedLines};
use super::lines::Lines;
use super::mapping::Mapping;
use super::options::{Format, ReadOptions};
use super::parquet::ParquetRows;
use super::progress::Progress;
use super::reader::{Failure, RowReader};
use super::roles::Roles;

/// The rows of a file, batch by batch.
///
/// After an error there are no more batches; all rows before the damage were in batches before
/// it. The iterator holds one batch and one line at a time.
pub struct FileSource {
    reader: Box<dyn RowReader>,
    format: Format,
    compression: Compression,
    name: String,
    progress: Progress,
    rows_per_batch: u64,
    bytes_per_batch: usize,
    next_row: u64,
    /// What ended the file, to be given out after the rows before it.
    failure: Option<SourceError>,
    is_done: bool,
}

impl FileSource {
    /// Opens a file: finds out what it is, binds the mapping to its columns and passes over the
    /// rows that were kept before ([`ReadOptions::start_at_row`]).
    ///
    /// # Errors
    /// Any [`SourceError`]: the mapping does not fit the file, or the file is damaged already in
    /// its beginning.
    pub fn open(
        input: &InputFile,
        mapping: &Mapping,
        options: &ReadOptions,
    ) -> Result<Self, SourceError> {
        let progress = Progress::of(input.bytes());
        let content = decompress::open(input, &progress)?;
        let compression = content.compression;
        let bound = Self::bind(content, input, mapping, options, progress.clone());
        bound.map_err(|error| match compression {
            Compression::Plain => error,
            Compression::Gzip | Compression::Zstd => broken_off(error, &progress),
        })
    }

    fn bind(
        content: Content,
        input: &InputFile,
        mapping: &Mapping,
        options: &ReadOptions,
        progress: Progress,
    ) -> Result<Self, SourceError> {
        let compression = content.compression;
        let mut lines = without_mark(Lines::new(content.bytes), input)?;
        let format = match options.format {
            Some(format) => format,
            None => detect(&mut lines, input)?,
        };
        check(format, input, options)?;
        let roles = Roles::new(mapping)?;
        let (reader, next_row): (Box<dyn RowReader>, u64) = if format == Format::Parquet {
            let rows = parquet(input, compression, roles, mapping, options, &progress)?;
            let next_row = rows.position();
            (Box::new(rows), next_row)
        } else {
            let rows = lines_reader(lines, format, input, roles, mapping, options)?;
            (rows, 0)
        };
        let reader: Box<dyn RowReader> = match mapping {
            Mapping::Holdings(_) => Box::new(HoldingRows::of(reader)),
            _ => reader,
        };
        let mut source = Self {
            reader,
            format,
            compression,
            name: input.name().to_owned(),
            progress,
            rows_per_batch: options.rows_per_batch.max(1) as u64,
            bytes_per_batch: options.bytes_per_batch,
            next_row,
            failure: None,
            is_done: false,
        };
        source.pass_over(options.start_at_row)?;
        Ok(source)
    }

    /// What the file turned out to be.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// How far it has been read, for a bar that another part of the program draws.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// Passes over rows that were kept before.
    fn pass_over(&mut self, rows: u64) -> Result<(), SourceError> {
        while self.next_row < rows {
            match self.reader.pass_over() {
                Ok(true) => self.next_row += 1,
                Ok(false) => break,
                Err(failure) => return Err(self.failed(failure)),
            }
        }
        Ok(())
    }

    /// Reads rows until the batch is full or the file ends.
    fn fill(&mut self) -> RowBatch {
        let first = self.next_row;
        let mut bytes = 0;
        while self.next_row - first < self.rows_per_batch && bytes < self.bytes_per_batch {
            match self.reader.next() {
                Ok(Some(length)) => {
                    bytes += length;
                    self.next_row += 1;
                }
                Ok(None) => {
                    self.is_done = true;
                    break;
                }
                Err(failure) => {
                    self.failure = Some(self.failed(failure));
                    self.is_done = true;
                    break;
                }
            }
        }
        let mut batch = self.reader.take();
        batch.rows = first..self.next_row;
        batch
    }

    /// A failure by its cause: the content, the decompressor or the system.
    fn failed(&self, failure: Failure) -> SourceError {
        let name = self.name.clone();
        match failure {
            Failure::Content(reason) => SourceError::Damaged {
                name,
                place: self.reader.place(),
                reason,
            },
            Failure::Reading(reason) if self.compression == Compression::Plain => {
                SourceError::Unreadable { name, reason }
            }
            Failure::Reading(reason) => SourceError::Damaged {
                name,
                place: format!(
                    "byte {} of {}, after {}",
                    self.progress.bytes_read(),
                    self.progress.bytes_total(),
                    self.reader.place()
                ),
                reason: match reason.kind() {
                    io::ErrorKind::UnexpectedEof => "it breaks off".to_owned(),
                    _ => reason.to_string(),
                },
            },
        }
    }
}

impl Iterator for FileSource {
    type Item = Result<RowBatch, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        if !self.is_done {
            let batch = self.fill();
            if !batch.rows.is_empty() || !batch.rejected.is_empty() {
                return Some(Ok(batch));
            }
        }
        self.failure.take().map(Err)
    }
}

/// The reader of a text.
fn lines_reader(
    lines: Lines,
    format: Format,
    input: &InputFile,
    roles: Roles,
    mapping: &Mapping,
    options: &ReadOptions,
) -> Result<Box<dyn RowReader>, SourceError> {
    let received_at = options.received_at;
    Ok(match (format, mapping) {
        (Format::Ndjson, Mapping::TrackingEvents) => Box::new(EventLines::new(lines, received_at)),
        (Format::Ndjson, _) => Box::new(MappedLines::open(lines, input, roles, received_at)?),
        (_, Mapping::TrackingEvents) => return Err(no_mapping(input, format)),
        _ => Box::new(CsvRows::open(lines, input, roles, options)?),
    })
}

/// The reader of a Parquet file, which is read from its end: a compressed one is copied first.
fn parquet(
    input: &InputFile,
    compression: Compression,
    roles: Roles,
    mapping: &Mapping,
    options: &ReadOptions,
    progress: &Progress,
) -> Result<ParquetRows, SourceError> {
    if *mapping == Mapping::TrackingEvents {
        return Err(no_mapping(input, Format::Parquet));
    }
    let copy = match compression {
        Compression::Plain => None,
        Compression::Gzip | Compression::Zstd => {
            let content = decompress::open(input, progress)?.bytes;
            Some(InputFile::spool(
                content,
                input.name(),
                input.spool_folder(),
            )?)
        }
    };
    let file = copy.as_ref().unwrap_or(input).file()?;
    ParquetRows::open(file, copy, input, roles, options, progress.clone())
}

/// A failure to read from the decompressor: the content is damaged, not the disk.
fn broken_off(error: SourceError, progress: &Progress) -> SourceError {
    match error {
        SourceError::Unreadable { name, reason } => SourceError::Damaged {
            name,
            place: format!(
                "byte {} of {}",
                progress.bytes_read(),
                progress.bytes_total()
            ),
            reason: reason.to_string(),
        },
        other => other,
    }
}

fn no_mapping(input: &InputFile, format: Format) -> SourceError {
    let problem = "say with --user, --time and --name what its columns mean";
    wrong(input, format, problem)
}

/// Passes over a byte-order mark.
fn without_mark(mut lines: Lines, input: &InputFile) -> Result<Lines, SourceError> {
    let start = lines.peek(3).map_err(|reason| input.unreadable(reason))?;
    if start.starts_with(&[0xef, 0xbb, 0xbf]) {
        lines.skip(3);
    } else if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
        return Err(SourceError::Damaged {
            name: input.name().to_owned(),
            place: "its first byte".to_owned(),
            reason: "it is UTF-16: convert it to UTF-8".to_owned(),
        });
    }
    Ok(lines)
}

/// What a content is by its first bytes.
fn detect(lines: &mut Lines, input: &InputFile) -> Result<Format, SourceError> {
    let start = lines
        .peek(1 << 12)
        .map_err(|reason| input.unreadable(reason))?;
    if start.starts_with(b"PAR1") {
        return Ok(Format::Parquet);
    }
    let first = start.iter().find(|byte| !byte.is_ascii_whitespace());
    Ok(if first == Some(&b'{') {
        Format::Ndjson
    } else {
        Format::Csv
    })
}

/// Refuses options that the format has no use for.
fn check(format: Format, input: &InputFile, options: &ReadOptions) -> Result<(), SourceError> {
    if format != Format::Csv && options.delimiter.is_some() {
        return Err(wrong(
            input,
            format,
            "it has no delimiter, leave --delimiter out",
        ));
    }
    if format != Format::Csv && options.header.is_some() {
        return Err(wrong(
            input,
            format,
            "its columns have names, leave --header out",
        ));
    }
    Ok(())
}

fn wrong(input: &InputFile, format: Format, problem: &'static str) -> SourceError {
    SourceError::WrongFormat {
        name: input.name().to_owned(),
        format,
        problem,
    }
}
