//! Holds a data folder for one process.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use crate::WarehouseError;

/// A data folder held by this process: a locked file with the process's number in it. The system frees the lock
/// when the process ends, however it ends.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Makes the folder where needed, and takes it.
    ///
    /// # Errors
    /// [`WarehouseError::FolderInUse`] names the process that has it.
    pub fn take(dir: &Path) -> Result<Self, WarehouseError> {
        fs::create_dir_all(dir).map_err(|error| WarehouseError::io(dir, error))?;
        let path = dir.join("lock");
        let io = |error| WarehouseError::io(&path, error);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                let pid = file
                    .read_to_string(&mut text)
                    .ok()
                    .and_then(|_| text.trim().parse().ok());
                return Err(WarehouseError::FolderInUse {
                    dir: dir.to_owned(),
                    pid,
                });
            }
            Err(TryLockError::Error(error)) => return Err(io(error)),
        }
        file.set_len(0).map_err(io)?;
        file.rewind().map_err(io)?;
        writeln!(file, "{}", std::process::id()).map_err(io)?;
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_held_once_and_names_its_holder() {
        let dir = tempfile::tempdir().unwrap();
        let lock = FolderLock::take(dir.path()).unwrap();
        match FolderLock::take(dir.path()) {
            Err(WarehouseError::FolderInUse { pid, .. }) => {
                assert_eq!(pid, Some(std::process::id()))
            }
            other => panic!("{other:?}"),
        }
        drop(lock);
        FolderLock::take(dir.path()).unwrap();
    }
}
