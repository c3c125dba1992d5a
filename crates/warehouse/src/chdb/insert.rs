//! An insert that takes its bytes piece by piece.

use std::ffi::CStr;
use std::marker::PhantomData;

use super::connection::{Connection, ResultBytes};
use super::handle::Call;
use super::symbols::RawInsert;
use crate::WarehouseError;

/// How the bytes of an insert are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InsertFormat {
    /// Row by row, see [`crate::RowWriter`].
    RowBinary,
    /// Blocks of columns, the fastest.
    Native,
}

impl InsertFormat {
    fn name(self) -> &'static str {
        match self {
            Self::RowBinary => "RowBinary",
            Self::Native => "Native",
        }
    }
}

/// An insert under way; dropping it without [`Insert::finish`] gives it up. Rows that already filled a part stay:
/// an insert is atomic for each part, not as a whole.
pub struct Insert<'connection> {
    call: Call,
    raw: RawInsert,
    connection: PhantomData<&'connection mut Connection>,
}

// SAFETY: the insert is the connection's only user, and the engine binds nothing to the calling thread.
unsafe impl Send for Insert<'_> {}

/// What an insert has written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Number of rows.
    pub rows: u64,
    /// Their size in the engine's memory.
    pub bytes: u64,
}

impl<'connection> Insert<'connection> {
    pub(super) fn open(
        call: Call,
        sql: &str,
        format: InsertFormat,
        connection: PhantomData<&'connection mut Connection>,
    ) -> Result<Self, WarehouseError> {
        let format = format.name();
        // SAFETY: the connection is open while `call` lives; the pointers are valid during the call.
        let raw = unsafe {
            (call.handle.symbols.chdb_stream_insert_n)(
                call.raw,
                sql.as_ptr(),
                sql.len(),
                format.as_ptr(),
                format.len(),
            )
        };
        let insert = Self {
            call,
            raw,
            connection,
        };
        insert.error().map_or(Ok(insert), Err)
    }

    /// Adds whole rows or pieces of rows; waits while the engine is behind.
    ///
    /// # Errors
    /// What the engine says of this or of an earlier piece.
    pub fn append(&mut self, rows: &[u8]) -> Result<(), WarehouseError> {
        self.call.handle.check_open()?;
        // SAFETY: the insert is open; the engine copies the bytes.
        let state = unsafe {
            (self.call.handle.symbols.chdb_stream_append)(self.raw, rows.as_ptr(), rows.len())
        };
        if state == 0 {
            Ok(())
        } else {
            Err(self.broken())
        }
    }

    /// Ends the insert and waits until its rows are in the table.
    ///
    /// # Errors
    /// What the engine says.
    pub fn finish(self) -> Result<Written, WarehouseError> {
        self.call.handle.check_open()?;
        let symbols = self.call.handle.symbols;
        // SAFETY: the insert is open, and is ended once, since `finish` takes it.
        let result = ResultBytes::of(symbols, unsafe { (symbols.chdb_stream_done)(self.raw) })?;
        Ok(Written {
            rows: result.rows_written(),
            bytes: result.bytes_written(),
        })
    }

    fn broken(&self) -> WarehouseError {
        self.error()
            .unwrap_or_else(|| WarehouseError::engine("the insert broke off without a message"))
    }

    fn error(&self) -> Option<WarehouseError> {
        // SAFETY: the insert is not freed yet; its error text ends with NUL and is valid until it is.
        unsafe {
            let text = (self.call.handle.symbols.chdb_stream_insert_error)(self.raw);
            (!text.is_null())
                .then(|| WarehouseError::engine(&CStr::from_ptr(text).to_string_lossy()))
        }
    }
}

impl Drop for Insert<'_> {
    fn drop(&mut self) {
        // SAFETY: freed once, here; the engine gives an unfinished insert up first.
        unsafe { (self.call.handle.symbols.chdb_destroy_insert_stream)(self.raw) };
    }
}
