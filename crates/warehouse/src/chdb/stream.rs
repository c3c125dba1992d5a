//! A query's result as it comes: bytes in a format, some rows at a time.

use std::marker::PhantomData;

use super::connection::{Connection, Format, ResultBytes};
use super::handle::Call;
use super::params::Params;
use super::symbols::RawResult;
use crate::WarehouseError;

/// A query that is running, and its result: each item has whole rows, or whole blocks of the Native format. Dropping
/// it stops the query.
pub struct ResultStream<'connection> {
    call: Call,
    raw: RawResult,
    ended: bool,
    connection: PhantomData<&'connection mut Connection>,
}

// SAFETY: the stream is the connection's only user, and the engine binds nothing to the calling thread.
unsafe impl Send for ResultStream<'_> {}

impl<'connection> ResultStream<'connection> {
    pub(super) fn open(
        call: Call,
        sql: &str,
        params: &Params,
        format: Format,
        connection: PhantomData<&'connection mut Connection>,
    ) -> Result<Self, WarehouseError> {
        let symbols = call.handle.symbols;
        let (arrays, format) = (params.arrays(), format.name());
        // SAFETY: the connection is open while `call` lives; all pointers are valid during the call, with their
        // lengths.
        let raw = unsafe {
            (symbols.chdb_stream_query_with_params_n)(
                call.raw,
                sql.as_ptr(),
                sql.len(),
                format.as_ptr(),
                format.len(),
                arrays.names.as_ptr(),
                arrays.name_lengths.as_ptr(),
                arrays.values.as_ptr(),
                arrays.value_lengths.as_ptr(),
                arrays.names.len(),
            )
        };
        let result = ResultBytes::of(symbols, raw)?;
        // The stream frees the result itself, after it has stopped the query.
        std::mem::forget(result);
        Ok(Self {
            call,
            raw,
            ended: false,
            connection,
        })
    }

    /// The next bytes; nothing at the end.
    fn fetch(&mut self) -> Result<Option<ResultBytes>, WarehouseError> {
        self.call.handle.check_open()?;
        let symbols = self.call.handle.symbols;
        // SAFETY: connection and result belong together and are open.
        let raw = unsafe { (symbols.chdb_stream_fetch_result)(self.call.raw, self.raw) };
        let bytes = ResultBytes::of(symbols, raw)?;
        Ok((!bytes.bytes().is_empty()).then_some(bytes))
    }
}

impl Iterator for ResultStream<'_> {
    type Item = Result<ResultBytes, WarehouseError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.fetch().transpose();
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

impl Drop for ResultStream<'_> {
    fn drop(&mut self) {
        let symbols = self.call.handle.symbols;
        // SAFETY: connection and result are open and belong together; the result is freed once, here. Bytes that were
        // handed out keep their own memory.
        unsafe {
            if !self.ended {
                (symbols.chdb_stream_cancel_query)(self.call.raw, self.raw);
            }
            (symbols.chdb_destroy_query_result)(self.raw);
        }
    }
}
