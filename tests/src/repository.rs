//! The files of the repository, as git sees them: those it keeps and those that it would keep.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// One file of the repository.
#[derive(Debug, Clone)]
pub struct RepositoryFile {
    /// Path from the root of the repository, with `/`.
    pub path: String,
    /// Length in bytes.
    pub bytes: u64,
    /// The content, where it is UTF-8 text.
    pub text: Option<String>,
}

impl RepositoryFile {
    /// A text file that exists only in a test.
    pub fn text(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            bytes: text.len() as u64,
            text: Some(text.to_owned()),
        }
    }

    /// The text of a file whose name ends in `.rs`.
    pub fn rust(&self) -> Option<&str> {
        self.text.as_deref().filter(|_| self.path.ends_with(".rs"))
    }

    /// The last part of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Is it a file of tests: named `tests.rs`, or in a folder `tests`?
    pub fn is_test(&self) -> bool {
        self.name() == "tests.rs" || self.path.split('/').any(|part| part == "tests")
    }
}

/// The root folder of the workspace.
pub fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_path_buf()
}

/// All files that git tracks, and the new ones that it does not ignore.
///
/// # Errors
/// When git is not there or the folder is no git work tree.
pub fn files() -> Result<Vec<RepositoryFile>> {
    let root = root();
    let listing = Command::new("git")
        .args(["-c", "safe.directory=*", "ls-files", "-z", "--cached"])
        .args(["--others", "--exclude-standard"])
        .current_dir(&root)
        .output()
        .context("these tests ask `git` which files belong to the repository: install git")?;
    ensure!(
        listing.status.success(),
        "`git ls-files` failed: {}",
        String::from_utf8_lossy(&listing.stderr)
    );
    let names = String::from_utf8(listing.stdout).context("a file name is not UTF-8")?;
    let mut files = Vec::new();
    for path in names.split_terminator('\0') {
        let place = root.join(path);
        // A file that was deleted but not yet committed is still listed.
        if !place.is_file() {
            continue;
        }
        let content = std::fs::read(&place).with_context(|| format!("cannot read `{path}`"))?;
        files.push(RepositoryFile {
            path: path.to_owned(),
            bytes: content.len() as u64,
            text: String::from_utf8(content).ok(),
        });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    Ok(files)
}
