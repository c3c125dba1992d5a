//! A connection: queries, commands, streams and inserts, one at a time.

use std::ffi::CStr;
use std::marker::PhantomData;
use std::slice;
use std::sync::{Arc, Weak};

use super::engine::EngineState;
use super::handle::{Call, Handle};
use super::insert::{Insert, InsertFormat};
use super::params::Params;
use super::statements::{Statements, classify};
use super::stream::ResultStream;
use super::symbols::{RawResult, Symbols};
use crate::WarehouseError;

/// How the bytes of a query's result are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Values one after another in binary, for [`crate::RowReader`].
    RowBinary,
    /// One JSON object a line.
    JsonLines,
    /// Escaped text, a tab between columns and a line feed after each row.
    TabSeparated,
    /// Blocks of columns: the way with the least work for each value.
    Native,
}

impl Format {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::RowBinary => "RowBinary",
            Self::JsonLines => "JSONEachRow",
            Self::TabSeparated => "TabSeparated",
            Self::Native => "Native",
        }
    }
}

/// A connection to the engine; it runs one statement at a time and may move between threads.
pub struct Connection {
    open: Arc<Open>,
}

/// An open connection, closed when its last user lets it go.
struct Open {
    handle: Arc<Handle>,
    engine: Arc<EngineState>,
}

impl Connection {
    pub(super) fn new(handle: Arc<Handle>, engine: Arc<EngineState>) -> Self {
        Self {
            open: Arc::new(Open { handle, engine }),
        }
    }

    /// The same connection under a second name, for a pool that takes it back while the first is dropped.
    pub(crate) fn twin(&self) -> Self {
        Self {
            open: Arc::clone(&self.open),
        }
    }

    /// Runs a query and returns its whole result in `format`.
    ///
    /// # Errors
    /// What the engine says; [`WarehouseError::ShuttingDown`] while it is being closed.
    pub fn query(
        &mut self,
        sql: &str,
        params: &Params,
        format: Format,
    ) -> Result<Vec<u8>, WarehouseError> {
        let call = self.open.handle.begin()?;
        run(&call, sql, params, format).map(|result| result.bytes().to_vec())
    }

    /// Runs a statement that returns nothing.
    ///
    /// # Errors
    /// As [`Connection::query`].
    pub fn execute(&mut self, sql: &str, params: &Params) -> Result<(), WarehouseError> {
        let call = self.open.handle.begin()?;
        run(&call, sql, params, Format::RowBinary).map(drop)
    }

    /// Runs a query and returns its result some rows or blocks at a time, while the engine works ahead a little.
    ///
    /// # Errors
    /// As [`Connection::query`]; later errors come from the stream.
    pub fn stream(
        &mut self,
        sql: &str,
        params: &Params,
        format: Format,
    ) -> Result<ResultStream<'_>, WarehouseError> {
        ResultStream::open(self.open.handle.begin()?, sql, params, format, PhantomData)
    }

    /// Begins an insert; `sql` is `INSERT INTO t (columns)` without a format.
    ///
    /// # Errors
    /// As [`Connection::query`].
    pub fn insert(
        &mut self,
        sql: &str,
        format: InsertFormat,
    ) -> Result<Insert<'_>, WarehouseError> {
        Insert::open(self.open.handle.begin()?, sql, format, PhantomData)
    }

    /// What the engine's parser takes a text for, without running it.
    ///
    /// # Errors
    /// [`WarehouseError::ShuttingDown`] while the engine is being closed; the parser itself cannot be asked.
    pub fn classify(&mut self, sql: &str) -> Result<Statements, WarehouseError> {
        classify(&self.open.handle.begin()?, sql)
    }

    /// A way to stop what runs on this connection, from any thread.
    #[must_use]
    pub fn cancel(&self) -> Cancel {
        Cancel {
            mark: self.open.handle.mark.clone(),
            engine: Arc::downgrade(&self.open.engine),
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.handle.close();
        self.engine.forget(&self.handle);
    }
}

/// Stops what runs on one connection.
#[derive(Clone)]
pub struct Cancel {
    mark: String,
    engine: Weak<EngineState>,
}

impl Cancel {
    /// Asks the engine to stop what runs on the connection now; it ends some 25 to 80 ms later with an error for
    /// which [`WarehouseError::is_cancelled`] holds. Nothing happens when nothing runs.
    ///
    /// # Errors
    /// What the engine says.
    pub fn cancel(&self) -> Result<(), WarehouseError> {
        self.engine
            .upgrade()
            .map_or(Ok(()), |engine| engine.kill(&self.mark))
    }
}

/// A result of the engine, freed when dropped.
pub struct ResultBytes {
    raw: RawResult,
    symbols: &'static Symbols,
}

impl ResultBytes {
    /// Takes a result over and turns the engine's error into ours.
    pub(super) fn of(symbols: &'static Symbols, raw: RawResult) -> Result<Self, WarehouseError> {
        if raw.is_null() {
            return Err(WarehouseError::unexpected("a result", "a null pointer"));
        }
        let result = Self { raw, symbols };
        // SAFETY: the result is not freed yet; the text is valid until it is.
        let error = unsafe { (symbols.chdb_result_error)(raw).as_ref() };
        match error {
            None => Ok(result),
            // SAFETY: the engine ends its error texts with NUL.
            Some(text) => Err(WarehouseError::engine(
                &unsafe { CStr::from_ptr(text) }.to_string_lossy(),
            )),
        }
    }

    /// The bytes, in the format that was asked for.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: the buffer belongs to the result, has that length, and nobody writes to it.
        unsafe {
            let start = (self.symbols.chdb_result_buffer)(self.raw);
            if start.is_null() {
                return &[];
            }
            slice::from_raw_parts(start, (self.symbols.chdb_result_length)(self.raw))
        }
    }

    pub(super) fn rows_written(&self) -> u64 {
        // SAFETY: the result is not freed yet.
        unsafe { (self.symbols.chdb_result_rows_written)(self.raw) }
    }

    pub(super) fn bytes_written(&self) -> u64 {
        // SAFETY: the result is not freed yet.
        unsafe { (self.symbols.chdb_result_bytes_written)(self.raw) }
    }
}

impl Drop for ResultBytes {
    fn drop(&mut self) {
        // SAFETY: freed once; nothing borrows from it any more.
        unsafe { (self.symbols.chdb_destroy_query_result)(self.raw) };
    }
}

/// Runs one statement on a connection that was taken for it.
pub(super) fn run(
    call: &Call,
    sql: &str,
    params: &Params,
    format: Format,
) -> Result<ResultBytes, WarehouseError> {
    let result = ask(call, sql, params, format);
    if result.is_err() {
        // What a query had written before it failed stays in the engine's buffer, and would begin the next answer.
        drop(ask(call, "SELECT 1 WHERE 0", &Params::new(), format));
    }
    result
}

fn ask(
    call: &Call,
    sql: &str,
    params: &Params,
    format: Format,
) -> Result<ResultBytes, WarehouseError> {
    let symbols = call.handle.symbols;
    let arrays = params.arrays();
    // SAFETY: the connection is open while `call` lives; all pointers are valid during the call, with their lengths.
    let raw = unsafe {
        (symbols.chdb_query_with_params_n)(
            call.raw,
            sql.as_ptr(),
            sql.len(),
            format.name().as_ptr(),
            format.name().len(),
            arrays.names.as_ptr(),
            arrays.name_lengths.as_ptr(),
            arrays.values.as_ptr(),
            arrays.value_lengths.as_ptr(),
            arrays.names.len(),
        )
    };
    ResultBytes::of(symbols, raw)
}
