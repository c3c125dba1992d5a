//! The functions of the engine's C API that Muster calls.

use std::ffi::{c_char, c_int, c_void};

/// An opaque connection as the engine's calls take it.
pub(super) type RawConnection = *mut c_void;
/// The place that `chdb_connect` returns: it holds the connection, and only closing takes it.
pub(super) type RawConnectionPlace = *mut RawConnection;
/// An opaque result or result stream.
pub(super) type RawResult = *mut c_void;
/// An opaque insert stream.
pub(super) type RawInsert = *mut c_void;

/// What the engine's parser says of a text.
#[repr(C)]
pub(super) struct RawStatements {
    /// The size of this structure in bytes, by which the engine knows its version.
    pub(super) struct_size: u32,
    pub(super) statement_count: u32,
    pub(super) flags: u32,
    pub(super) query_class: u32,
}

/// Declares the table of functions, and how it is filled from a library.
macro_rules! symbols {
    ($($name:ident: fn($($argument:ty),*) $(-> $result:ty)?;)*) => {
        /// The engine's functions; valid for the life of the process, since the library is never unloaded.
        pub(super) struct Symbols {
            $(pub(super) $name: unsafe extern "C" fn($($argument),*) $(-> $result)?,)*
        }

        impl Symbols {
            /// Looks all functions up; the error names the first that is missing.
            ///
            /// # Safety
            /// The library must be libchdb of the version that these declarations were taken from, and must
            /// stay loaded for the life of the process.
            pub(super) unsafe fn of(library: &libloading::Library) -> Result<Self, libloading::Error> {
                Ok(Self {
                    // SAFETY: the caller vouches for the library, whose header declares this signature.
                    $($name: *unsafe { library.get(concat!(stringify!($name), "\0").as_bytes()) }?,)*
                })
            }
        }
    };
}

symbols! {
    chdb_version: fn() -> *const c_char;
    chdb_set_signal_handlers_enabled: fn(c_int);
    chdb_connect: fn(c_int, *mut *mut c_char) -> RawConnectionPlace;
    chdb_close_conn: fn(RawConnectionPlace);
    chdb_query_with_params_n: fn(
        RawConnection, *const u8, usize, *const u8, usize,
        *const *const u8, *const usize, *const *const u8, *const usize, usize
    ) -> RawResult;
    chdb_classify_query_n: fn(RawConnection, *const u8, usize, *const u8, usize, *mut RawStatements) -> c_int;
    chdb_result_error: fn(RawResult) -> *const c_char;
    chdb_result_buffer: fn(RawResult) -> *const u8;
    chdb_result_length: fn(RawResult) -> usize;
    chdb_result_rows_written: fn(RawResult) -> u64;
    chdb_result_bytes_written: fn(RawResult) -> u64;
    chdb_destroy_query_result: fn(RawResult);
    chdb_stream_query_with_params_n: fn(
        RawConnection, *const u8, usize, *const u8, usize,
        *const *const u8, *const usize, *const *const u8, *const usize, usize
    ) -> RawResult;
    chdb_stream_fetch_result: fn(RawConnection, RawResult) -> RawResult;
    chdb_stream_cancel_query: fn(RawConnection, RawResult);
    chdb_stream_insert_n: fn(RawConnection, *const u8, usize, *const u8, usize) -> RawInsert;
    chdb_stream_append: fn(RawInsert, *const u8, usize) -> c_int;
    chdb_stream_done: fn(RawInsert) -> RawResult;
    chdb_stream_insert_error: fn(RawInsert) -> *const c_char;
    chdb_destroy_insert_stream: fn(RawInsert);
}
