//! The identity of a file's content.

use std::fmt;
use std::io::{self, Read};

use xxhash_rust::xxh3::Xxh3;

/// XXH3-128 of a file's bytes as they lie on disk, compressed where they are compressed.
///
/// It tells whether the same file was imported before. It guards against accidents, not against
/// someone who builds two files of one digest. A file and its compressed twin differ: knowing
/// them as one would cost a decompression before every import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentDigest(pub u128);

impl ContentDigest {
    /// Reads to the end.
    ///
    /// # Errors
    /// What reading returns.
    pub fn of(mut content: impl Read) -> io::Result<Self> {
        let mut state = Xxh3::new();
        let mut buffer = vec![0; 1 << 18];
        loop {
            match content.read(&mut buffer) {
                Ok(0) => return Ok(Self(state.digest128())),
                Ok(length) => state.update(buffer.get(..length).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl fmt::Display for ContentDigest {
    /// 32 hex digits.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", self.0)
    }
}
