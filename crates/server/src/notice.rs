//! What a server tells other calls on its data folder: where it listens.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The file of the notice in the data folder.
const FILE: &str = "serving";

/// A notice that is there as long as the server is.
#[derive(Debug)]
pub struct Notice {
    path: PathBuf,
}

impl Notice {
    /// Tells where this process listens.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn post(folder: &Path, address: SocketAddr) -> Result<Self> {
        let path = folder.join(FILE);
        let text = format!("{} {address}\n", std::process::id());
        std::fs::write(&path, text)
            .with_context(|| format!("`{}` cannot be written", path.display()))?;
        Ok(Self { path })
    }
}

impl Drop for Notice {
    fn drop(&mut self) {
        // One that is left is known by its process to be of the past.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Where the process that holds a folder listens, if it does.
pub fn address(folder: &Path, holder: u32) -> Option<SocketAddr> {
    let text = std::fs::read_to_string(folder.join(FILE)).ok()?;
    let (process, address) = text.trim().split_once(' ')?;
    let is_holder = process.parse() == Ok(holder);
    address.parse().ok().filter(|_| is_holder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_believed_while_its_process_holds_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let listening: SocketAddr = "127.0.0.1:7400".parse().unwrap();
        let process = std::process::id();
        assert_eq!(address(folder.path(), process), None);
        let notice = Notice::post(folder.path(), listening).unwrap();
        assert_eq!(address(folder.path(), process), Some(listening));
        assert_eq!(address(folder.path(), process + 1), None);
        drop(notice);
        assert_eq!(address(folder.path(), process), None);
    }
}
