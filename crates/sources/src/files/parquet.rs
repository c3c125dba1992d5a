//! Parquet as rows: each batch of columns becomes stored texts, then row after row.

mod cells;
mod columns;
mod texts;
mod times;
mod values;

use std::fs::File;
use std::panic::{self, AssertUnwindSafe};

use parquet::arrow::arrow_reader::{
    ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};

use self::cells::CellColumn;
use self::columns::Leaf;
use self::texts::Bytes;
use super::batch::RowBatch;
use super::cell::{Cell, CellType};
use super::error::SourceError;
use super::input::InputFile;
use super::options::ReadOptions;
use super::progress::Progress;
use super::reader::{Failure, RowReader};
use super::roles::{Role, Roles};
use super::rows::{Cells, RowWriter};

/// Rows that are converted at once.
const ROWS_AT_ONCE: usize = 8_192;

/// Rows of a Parquet file.
pub(crate) struct ParquetRows {
    reader: ParquetRecordBatchReader,
    leaves: Vec<Leaf>,
    /// The columns of the rows that are being written.
    columns: Vec<CellColumn>,
    /// Rows of the columns, and how many of them were written.
    rows: usize,
    written: usize,
    /// The number of the row that was read last, from 1.
    position: u64,
    total: u64,
    progress: Progress,
    writer: RowWriter,
    /// Keeps a decompressed copy.
    _copy: Option<InputFile>,
}

/// One row of the columns.
struct Row<'a> {
    columns: &'a [CellColumn],
    row: usize,
}

impl ParquetRows {
    /// Reads the footer, binds the columns and passes over the first rows. `copy` is kept as long
    /// as these rows.
    pub(crate) fn open(
        file: File,
        copy: Option<InputFile>,
        input: &InputFile,
        mut roles: Roles,
        options: &ReadOptions,
        progress: Progress,
    ) -> Result<Self, SourceError> {
        let damaged = |place: &str, reason: String| SourceError::Damaged {
            name: input.name().to_owned(),
            place: place.to_owned(),
            reason,
        };
        // The file's own types say all that is needed; Arrow's hints only multiply the cases.
        let hints = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let builder = guarded(|| {
            ParquetRecordBatchReaderBuilder::try_new_with_options(file, hints)
                .map_err(|error| error.to_string())
        })
        .map_err(|reason| damaged("its footer", reason))?;
        let total = u64::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or(0);
        let mut leaves = columns::leaves(builder.schema(), input.name())?;
        let names: Vec<String> = leaves.iter().map(|leaf| leaf.path.clone()).collect();
        roles.require(input.name(), &names)?;
        for leaf in &mut leaves {
            match roles.types.get(&leaf.path) {
                Some(CellType::Text) => leaf.bytes = Bytes::Text,
                Some(_) => {}
                None if leaf.is_map && roles.role(&leaf.path) == Role::Property => {
                    roles.types.insert(leaf.path.clone(), CellType::Json);
                }
                None => {}
            }
        }
        let start = options.start_at_row.min(total);
        let reader = builder
            .with_batch_size(ROWS_AT_ONCE)
            .with_offset(usize::try_from(start).unwrap_or(usize::MAX))
            .build()
            .map_err(|error| damaged("its first row", error.to_string()))?;
        Ok(Self {
            reader,
            columns: leaves.iter().map(|_| CellColumn::default()).collect(),
            leaves,
            rows: 0,
            written: 0,
            position: start,
            total,
            progress,
            writer: RowWriter::new(roles, &names, options.received_at),
            _copy: copy,
        })
    }

    /// How many rows were passed over or read.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// Converts the next rows; whether there are any.
    fn convert(&mut self) -> Result<bool, Failure> {
        let (reader, leaves, columns) = (&mut self.reader, &self.leaves, &mut self.columns);
        let rows = guarded(|| {
            let Some(read) = reader.next() else {
                return Ok(0);
            };
            let batch = read.map_err(|error| error.to_string())?;
            for (leaf, column) in leaves.iter().zip(columns) {
                column.clear();
                leaf.convert(&batch, column)?;
            }
            Ok(batch.num_rows())
        });
        self.rows = rows.map_err(Failure::Content)?;
        self.written = 0;
        let share = self.position as u128 * u128::from(self.progress.bytes_total());
        self.progress
            .set(u64::try_from(share / u128::from(self.total.max(1))).unwrap_or(0));
        Ok(self.rows > 0)
    }
}

/// Does what the decoder of a damaged file may panic in; what it reads is dropped then.
fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|cause| {
        let text = cause.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| cause.downcast_ref::<&str>().copied());
        Err(text.unwrap_or("the decoder gave up").to_owned())
    })
}

impl RowReader for ParquetRows {
    fn next(&mut self) -> Result<Option<usize>, Failure> {
        if self.written == self.rows && !self.convert()? {
            self.progress.set(self.progress.bytes_total());
            return Ok(None);
        }
        let row = Row {
            columns: &self.columns,
            row: self.written,
        };
        self.position += 1;
        self.writer.write(&row, self.position);
        let bytes = self
            .columns
            .iter()
            .map(|column| column.bytes(self.written))
            .sum();
        self.written += 1;
        Ok(Some(bytes))
    }

    fn pass_over(&mut self) -> Result<bool, Failure> {
        if self.written == self.rows && !self.convert()? {
            return Ok(false);
        }
        self.written += 1;
        self.position += 1;
        Ok(true)
    }

    fn take(&mut self) -> RowBatch {
        self.writer.take()
    }

    fn place(&self) -> String {
        format!("row {}", self.position + 1)
    }
}

impl Cells for Row<'_> {
    #[inline]
    fn cell(&self, column: usize) -> Cell<'_> {
        self.columns
            .get(column)
            .map_or(Cell::Missing, |column| column.cell(self.row))
    }
}
