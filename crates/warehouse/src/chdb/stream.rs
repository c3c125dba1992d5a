//! A query's result as it comes: Arrow batches, or blocks of bytes.

use std::marker::PhantomData;

use arrow_array::RecordBatch;
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};

use super::connection::{Connection, ResultBytes};
use super::handle::Call;
use super::params::Params;
use super::symbols::{ArrowOptions, RawResult};
use crate::WarehouseError;

/// A query that is running; dropping it stops the query.
struct Running<'connection> {
    call: Call,
    raw: RawResult,
    ended: bool,
    connection: PhantomData<&'connection mut Connection>,
}

// SAFETY: the stream is the connection's only user, and the engine binds nothing to the calling thread.
unsafe impl Send for Running<'_> {}

/// A query's result, batch by batch; dropping it stops the query.
pub struct RowStream<'connection>(Running<'connection>);

/// A query's result in the engine's Native format, some blocks at a time; dropping it stops the query.
pub struct BlockStream<'connection>(Running<'connection>);

impl<'connection> RowStream<'connection> {
    pub(super) fn open(
        call: Call,
        sql: &str,
        params: &Params,
        connection: PhantomData<&'connection mut Connection>,
    ) -> Result<Self, WarehouseError> {
        let symbols = call.handle.symbols;
        // Not `unsupported_as_binary`: an aggregate state would come as the bytes of a pointer.
        let options = ArrowOptions {
            unsupported_as_binary: 0,
            low_cardinality_as_dictionary: 1,
            string_as_string: 0,
        };
        let arrays = params.arrays();
        // SAFETY: the connection is open while `call` lives; all pointers are valid during the call, with their
        // lengths; the engine copies the options.
        let raw = unsafe {
            (symbols.chdb_stream_query_arrow_with_params_n)(
                call.raw,
                sql.as_ptr(),
                sql.len(),
                &raw const options,
                arrays.names.as_ptr(),
                arrays.name_lengths.as_ptr(),
                arrays.values.as_ptr(),
                arrays.value_lengths.as_ptr(),
                arrays.names.len(),
            )
        };
        Running::of(call, raw, connection).map(Self)
    }

    fn fetch(&mut self) -> Result<Option<RecordBatch>, WarehouseError> {
        let running = &self.0;
        running.call.handle.check_open()?;
        let symbols = running.call.handle.symbols;
        let mut batch = FFI_ArrowArrayStream::empty();
        // SAFETY: connection and result belong together and are open; `batch` is an empty stream to be filled.
        let state = unsafe {
            (symbols.chdb_stream_fetch_arrow)(running.call.raw, running.raw, &raw mut batch)
        };
        if state != 0 {
            return Err(running.error());
        }
        let reader = RecordBatchStreamReader::try_new(batch);
        let next = reader.and_then(|mut reader| reader.next().transpose());
        next.map_err(|error| WarehouseError::engine(&error.to_string()))
    }
}

impl Iterator for RowStream<'_> {
    type Item = Result<RecordBatch, WarehouseError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.ended {
            return None;
        }
        let next = self.fetch().transpose();
        self.0.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

impl<'connection> BlockStream<'connection> {
    pub(super) fn open(
        call: Call,
        sql: &str,
        params: &Params,
        connection: PhantomData<&'connection mut Connection>,
    ) -> Result<Self, WarehouseError> {
        const FORMAT: &str = "Native";
        let symbols = call.handle.symbols;
        let arrays = params.arrays();
        // SAFETY: the connection is open while `call` lives; all pointers are valid during the call, with their
        // lengths.
        let raw = unsafe {
            (symbols.chdb_stream_query_with_params_n)(
                call.raw,
                sql.as_ptr(),
                sql.len(),
                FORMAT.as_ptr(),
                FORMAT.len(),
                arrays.names.as_ptr(),
                arrays.name_lengths.as_ptr(),
                arrays.values.as_ptr(),
                arrays.value_lengths.as_ptr(),
                arrays.names.len(),
            )
        };
        Running::of(call, raw, connection).map(Self)
    }

    /// The next bytes, whole blocks; nothing at the end.
    fn fetch(&mut self) -> Result<Option<ResultBytes>, WarehouseError> {
        let running = &self.0;
        running.call.handle.check_open()?;
        let symbols = running.call.handle.symbols;
        // SAFETY: connection and result belong together and are open.
        let raw = unsafe { (symbols.chdb_stream_fetch_result)(running.call.raw, running.raw) };
        let bytes = ResultBytes::of(symbols, raw)?;
        Ok((!bytes.bytes().is_empty()).then_some(bytes))
    }
}

impl Iterator for BlockStream<'_> {
    type Item = Result<ResultBytes, WarehouseError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.ended {
            return None;
        }
        let next = self.fetch().transpose();
        self.0.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

impl<'connection> Running<'connection> {
    fn of(
        call: Call,
        raw: RawResult,
        connection: PhantomData<&'connection mut Connection>,
    ) -> Result<Self, WarehouseError> {
        let result = ResultBytes::of(call.handle.symbols, raw)?;
        // The stream frees the result itself, after it has stopped the query.
        std::mem::forget(result);
        Ok(Self {
            call,
            raw,
            ended: false,
            connection,
        })
    }

    fn error(&self) -> WarehouseError {
        let symbols = self.call.handle.symbols;
        // SAFETY: the result is not freed yet; its error text ends with NUL and is valid until it is.
        let text = unsafe {
            let text = (symbols.chdb_result_error)(self.raw);
            (!text.is_null()).then(|| {
                std::ffi::CStr::from_ptr(text)
                    .to_string_lossy()
                    .into_owned()
            })
        };
        WarehouseError::engine(
            text.as_deref()
                .unwrap_or("the stream broke off without a message"),
        )
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let symbols = self.call.handle.symbols;
        // SAFETY: connection and result are open and belong together; the result is freed once, here. Batches that
        // were handed out keep their own memory.
        unsafe {
            if !self.ended {
                (symbols.chdb_stream_cancel_query)(self.call.raw, self.raw);
            }
            (symbols.chdb_destroy_query_result)(self.raw);
        }
    }
}
