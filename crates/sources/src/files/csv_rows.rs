//! CSV as rows: its columns, and each record into the batch.

use std::io;

use super::batch::RowBatch;
use super::csv::{Records, detect_delimiter};
use super::error::SourceError;
use super::input::InputFile;
use super::lines::{Lines, without_return};
use super::options::ReadOptions;
use super::reader::{Failure, RowReader};
use super::roles::Roles;
use super::rows::RowWriter;

/// Rows of a CSV file.
pub(crate) struct CsvRows {
    records: Records,
    writer: RowWriter,
    columns: usize,
}

impl CsvRows {
    /// Reads the header, or takes the one that was given.
    pub(crate) fn open(
        mut lines: Lines,
        input: &InputFile,
        roles: Roles,
        options: &ReadOptions,
    ) -> Result<Self, SourceError> {
        let first = first_line(&mut lines).map_err(|reason| input.unreadable(reason))?;
        let delimiter = options
            .delimiter
            .unwrap_or_else(|| detect_delimiter(&first));
        let mut records = Records::new(lines, delimiter);
        let columns = match &options.header {
            Some(names) => names.clone(),
            None => header(&mut records, input)?,
        };
        let mut seen = std::collections::HashSet::new();
        if let Some(column) = columns.iter().find(|column| !seen.insert(column.as_str())) {
            return Err(SourceError::ColumnTwice {
                name: input.name().to_owned(),
                column: column.clone(),
            });
        }
        roles.require(input.name(), &columns)?;
        let writer = RowWriter::new(roles, &columns, options.received_at);
        Ok(Self {
            records,
            writer,
            columns: columns.len(),
        })
    }
}

impl RowReader for CsvRows {
    #[inline]
    fn next(&mut self) -> Result<Option<usize>, Failure> {
        let Some(read) = self.records.next()? else {
            return Ok(None);
        };
        match read.record {
            Ok(record) if record.len() == self.columns => self.writer.write(&record, read.line),
            Ok(record) => {
                let reason = format!(
                    "the row has {} cells, but there are {} columns",
                    record.len(),
                    self.columns
                );
                self.writer.reject(read.line, reason);
            }
            Err(reason) => self.writer.reject(read.line, reason),
        }
        Ok(Some(read.bytes))
    }

    fn pass_over(&mut self) -> Result<bool, Failure> {
        Ok(self.records.next()?.is_some())
    }

    fn take(&mut self) -> RowBatch {
        self.writer.take()
    }

    fn place(&self) -> String {
        format!("line {}", self.records.line())
    }
}

/// The first line, which stays to be read.
fn first_line(lines: &mut Lines) -> io::Result<Vec<u8>> {
    let start = lines.peek(1 << 16)?;
    let line = start
        .split(|byte| *byte == b'\n')
        .find(|line| !without_return(line).is_empty());
    Ok(line.unwrap_or_default().to_vec())
}

/// The names of the header line; a column without one is called by its number.
fn header(records: &mut Records, input: &InputFile) -> Result<Vec<String>, SourceError> {
    let name = || input.name().to_owned();
    let read = records.next().map_err(|reason| input.unreadable(reason))?;
    let Some(read) = read else {
        return Err(SourceError::Empty { name: name() });
    };
    match read.record {
        Ok(record) => Ok(record
            .texts()
            .enumerate()
            .map(|(index, text)| match text.trim() {
                "" => format!("column_{}", index + 1),
                text => text.to_owned(),
            })
            .collect()),
        Err(reason) => Err(SourceError::Damaged {
            name: name(),
            place: "the header".to_owned(),
            reason,
        }),
    }
}
