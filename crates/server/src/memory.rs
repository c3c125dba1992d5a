//! The allocator of our own memory; ClickHouse brings its own for its own.
#![allow(unsafe_code)]

use libmimalloc_sys::{mi_option_set, mi_option_t};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// mimalloc's `purge_delay`, which the bindings do not name.
const PURGE_DELAY: mi_option_t = 15;

/// How long freed memory is kept before the system gets it back, in milliseconds. A refresh frees and takes the same
/// gigabytes over and over, and each page that comes back from the system is cleared first: with mimalloc's own 10 ms
/// that was a seventh of a refresh.
const KEPT_MILLIS: i64 = 3_000;

/// Keeps freed memory for a while. To be called before anything is done.
pub fn keep_freed_memory() {
    // SAFETY: sets a number; options may be set at any time.
    unsafe { mi_option_set(PURGE_DELAY, KEPT_MILLIS) };
}

#[cfg(test)]
mod tests {
    use libmimalloc_sys::mi_option_get;

    use super::*;

    #[test]
    fn the_option_is_the_one_that_is_meant() {
        // SAFETY: reads a number.
        let value = || unsafe { mi_option_get(PURGE_DELAY) };
        assert!(
            [10, 1000].contains(&value()),
            "what mimalloc sets by itself: {}",
            value()
        );
        keep_freed_memory();
        assert_eq!(value(), KEPT_MILLIS);
    }
}
