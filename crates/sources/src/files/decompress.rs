//! A file's content, decompressed as its first bytes ask for, with the bytes read counted.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

use super::error::SourceError;
use super::input::InputFile;
use super::progress::Progress;

const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Bytes read from the file at once.
const BUFFER: usize = 1 << 18;

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    Plain,
    Gzip,
    Zstd,
}

/// The decompressed content from its first byte, and how it was compressed.
pub(crate) struct Content {
    pub(crate) bytes: Box<dyn Read + Send>,
    pub(crate) compression: Compression,
}

/// Opens a file and finds out by its first bytes how it is compressed.
pub(crate) fn open(input: &InputFile, progress: &Progress) -> Result<Content, SourceError> {
    let mut file = Counted {
        file: input.file()?,
        progress: progress.clone(),
    };
    let mut first = Vec::with_capacity(ZSTD.len());
    file.by_ref()
        .take(ZSTD.len() as u64)
        .read_to_end(&mut first)
        .map_err(|reason| input.unreadable(reason))?;
    let compression = if first.starts_with(&GZIP) {
        Compression::Gzip
    } else if first == ZSTD {
        Compression::Zstd
    } else {
        Compression::Plain
    };
    let whole = Cursor::new(first).chain(BufReader::with_capacity(BUFFER, file));
    let bytes: Box<dyn Read + Send> = match compression {
        Compression::Plain => Box::new(whole),
        Compression::Gzip => Box::new(MultiGzDecoder::new(whole)),
        Compression::Zstd => Box::new(
            zstd::stream::read::Decoder::with_buffer(whole)
                .map_err(|reason| input.unreadable(reason))?,
        ),
    };
    Ok(Content { bytes, compression })
}

/// A file that tells how much of it was read.
struct Counted {
    file: File,
    progress: Progress,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(buffer)?;
        self.progress.add(length as u64);
        Ok(length)
    }
}
