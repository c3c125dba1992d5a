//! What every format's reader does: row after row into a batch.

use std::io;

use super::batch::RowBatch;

/// Reads the rows of one format.
pub(crate) trait RowReader: Send {
    /// Writes the next row, or notes why it is refused; how many bytes it had, `None` at the
    /// end. The bytes are the same each time that the file is read.
    fn next(&mut self) -> Result<Option<usize>, Failure>;

    /// Passes over one row; whether there was one.
    fn pass_over(&mut self) -> Result<bool, Failure>;

    /// The rows since the last call.
    fn take(&mut self) -> RowBatch;

    /// The place that was read last, for messages.
    fn place(&self) -> String;
}

/// Why a reader cannot go on.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The system or the decompressor failed.
    Reading(io::Error),
    /// The content is not what its format demands.
    Content(String),
}

impl From<io::Error> for Failure {
    fn from(reason: io::Error) -> Self {
        Self::Reading(reason)
    }
}
