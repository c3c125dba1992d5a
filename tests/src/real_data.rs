//! Where the real data lies that some tests use: beside the repository, never in it.

use std::path::PathBuf;

use crate::repository;

/// The folder of the real data: `MUSTER_DATA`, or `../shared/data` beside the repository. `None`
/// where it is absent, so that a test can say that it skips.
pub fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("MUSTER_DATA").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| repository::root().join("../shared/data"));
    folder.canonicalize().ok().filter(|folder| folder.is_dir())
}
