//! The rejects file: one JSON object for each refused row, with its line and the reason.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sources::files::RejectedRow;

/// Where refused rows go. The file is made with the first of them.
#[derive(Debug)]
pub struct Rejects {
    path: PathBuf,
    file: Option<BufWriter<File>>,
}

impl Rejects {
    /// Refused rows go to that path, behind those of earlier runs.
    pub fn to(path: PathBuf) -> Self {
        Self { path, file: None }
    }

    /// The path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn keep(&mut self, rows: &[RejectedRow]) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let failed = || {
            format!(
                "the rejects file `{}` cannot be written",
                self.path.display()
            )
        };
        let file = match &mut self.file {
            Some(file) => file,
            slot => {
                let file = OpenOptions::new()
                    .create(true)
                    .append(true)
                    .open(&self.path);
                slot.insert(BufWriter::new(file.with_context(failed)?))
            }
        };
        for row in rows {
            let line = serde_json::json!({ "line": row.position, "reason": row.reason });
            writeln!(file, "{line}").with_context(failed)?;
        }
        file.flush().with_context(failed)
    }

    pub(super) fn flush(&mut self) -> Result<()> {
        match &mut self.file {
            Some(file) => Ok(file.flush()?),
            None => Ok(()),
        }
    }
}
