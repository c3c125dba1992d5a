//! A harness around the whole binary: an installation of its own, and calls of its command line.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::process::{Outcome, finish};
use crate::serving::{Serving, free_address};

/// An installation of its own: the binary, and a folder that is removed at the end.
pub struct Muster {
    binary: PathBuf,
    folder: TempDir,
}

impl Muster {
    /// A fresh installation with the binary that was built beside these tests.
    ///
    /// # Errors
    /// When the binary was not built.
    pub fn new() -> Result<Self> {
        Ok(Self {
            binary: binary()?,
            folder: tempfile::tempdir()?,
        })
    }

    /// The file of the binary.
    pub fn binary(&self) -> &Path {
        &self.binary
    }

    /// The folder in which calls run; files named by arguments are looked for here.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The data folder that calls use.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Writes a file into the folder in which calls run.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, name: &str, text: &str) -> Result<PathBuf> {
        let path = self.folder.path().join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, text)?;
        Ok(path)
    }

    /// Calls `muster ARGUMENTS… --data DIR` and waits for its end.
    ///
    /// # Errors
    /// When the process cannot be started or takes too long.
    pub fn call(&self, arguments: &[&str]) -> Result<Outcome> {
        self.call_with_input(arguments, "")
    }

    /// The same with a text on standard input.
    ///
    /// # Errors
    /// When the process cannot be started or takes too long.
    pub fn call_with_input(&self, arguments: &[&str], input: &str) -> Result<Outcome> {
        let child = self.start(arguments)?;
        finish(child, input)
    }

    /// Starts `muster ARGUMENTS… --data DIR` and leaves it running, its output piped.
    ///
    /// # Errors
    /// When the process cannot be started.
    pub fn start(&self, arguments: &[&str]) -> Result<Child> {
        Command::new(&self.binary)
            .args(arguments)
            .arg("--data")
            .arg(self.data())
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start `{}`", self.binary.display()))
    }

    /// Starts `muster serve` on a free port and waits until it accepts connections.
    ///
    /// # Errors
    /// When the process ends or does not listen in time.
    pub fn serve(&self) -> Result<Serving> {
        let address = free_address()?;
        let child = self.start(&["serve", "--listen", &address.to_string()])?;
        Serving::when_listening(child, address)
    }
}

/// The binary of the same profile as the running test: tests lie in `<target>/<profile>/deps`.
fn binary() -> Result<PathBuf> {
    let test = std::env::current_exe()?;
    let profile = test
        .ancestors()
        .nth(2)
        .context("the test lies in no target folder")?;
    let binary = profile.join(format!("muster{}", std::env::consts::EXE_SUFFIX));
    ensure!(
        binary.is_file(),
        "`{}` is not there: build it with `cargo build -p server`",
        binary.display()
    );
    Ok(binary)
}
