//! The file to read: by path, or spooled from a stream.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::digest::ContentDigest;
use super::error::SourceError;

/// A file on disk. What comes as a stream (standard input, a pipe) is first written to a
/// temporary file, which goes away with this value: so its content has a digest before its first
/// row is kept, an interrupted import can go on, and Parquet can be read from its end.
#[derive(Debug)]
pub struct InputFile {
    path: PathBuf,
    name: String,
    bytes: u64,
    /// Where temporary files may be.
    spool_folder: PathBuf,
    /// Keeps the temporary file.
    _spool: Option<NamedTempFile>,
}

impl InputFile {
    /// The file at a path; what is no plain file (a pipe) is spooled into `spool_folder`.
    ///
    /// # Errors
    /// [`SourceError::Unreadable`] when it cannot be opened or is a folder.
    pub fn open(path: &Path, spool_folder: &Path) -> Result<Self, SourceError> {
        let name = path.display().to_string();
        let unreadable = |reason| SourceError::Unreadable {
            name: name.clone(),
            reason,
        };
        let file = File::open(path).map_err(unreadable)?;
        let about = file.metadata().map_err(unreadable)?;
        if about.is_dir() {
            return Err(unreadable(io::Error::other("it is a folder")));
        }
        if !about.is_file() {
            return Self::spool(file, &name, spool_folder);
        }
        Ok(Self {
            path: path.to_owned(),
            name,
            bytes: about.len(),
            spool_folder: spool_folder.to_owned(),
            _spool: None,
        })
    }

    /// Writes a stream to a temporary file in `spool_folder`; `name` stands for it in messages.
    ///
    /// # Errors
    /// [`SourceError::Unreadable`] when reading fails, [`SourceError::Spool`] when writing does.
    pub fn spool(
        mut stream: impl Read,
        name: &str,
        spool_folder: &Path,
    ) -> Result<Self, SourceError> {
        let failed = |reason| SourceError::Spool {
            folder: spool_folder.display().to_string(),
            reason,
        };
        let mut spool = NamedTempFile::new_in(spool_folder).map_err(failed)?;
        let bytes = copy(&mut stream, &mut spool, name, failed)?;
        Ok(Self {
            path: spool.path().to_owned(),
            name: name.to_owned(),
            bytes,
            spool_folder: spool_folder.to_owned(),
            _spool: Some(spool),
        })
    }

    /// What the file is called in messages.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its size on disk in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The digest of its content; reads it once.
    ///
    /// # Errors
    /// [`SourceError::Unreadable`].
    pub fn digest(&self) -> Result<ContentDigest, SourceError> {
        let file = self.file()?;
        ContentDigest::of(file).map_err(|reason| self.unreadable(reason))
    }

    /// Where temporary files may be.
    pub(crate) fn spool_folder(&self) -> &Path {
        &self.spool_folder
    }

    pub(crate) fn file(&self) -> Result<File, SourceError> {
        File::open(&self.path).map_err(|reason| self.unreadable(reason))
    }

    pub(crate) fn unreadable(&self, reason: io::Error) -> SourceError {
        SourceError::Unreadable {
            name: self.name.clone(),
            reason,
        }
    }
}

/// `io::copy` that tells a failure to read from a failure to write.
fn copy(
    stream: &mut impl Read,
    spool: &mut NamedTempFile,
    name: &str,
    failed: impl Fn(io::Error) -> SourceError,
) -> Result<u64, SourceError> {
    let mut buffer = vec![0; 1 << 18];
    let mut total = 0;
    loop {
        let length = match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(reason) => {
                return Err(SourceError::Unreadable {
                    name: name.to_owned(),
                    reason,
                });
            }
        };
        let read = buffer.get(..length).unwrap_or_default();
        io::Write::write_all(spool, read).map_err(&failed)?;
        total += length as u64;
    }
    io::Write::flush(spool).map_err(&failed)?;
    Ok(total)
}
