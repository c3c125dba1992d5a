//! Processes that the tests start: their input, their output, their end.

use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

/// How long something may take before it is given up.
pub const PATIENCE: Duration = Duration::from_secs(120);
/// How often a condition that is waited for is looked at.
pub const PAUSE: Duration = Duration::from_millis(10);

/// What a call of the command line left behind.
#[derive(Debug)]
pub struct Outcome {
    /// The exit code; none if a signal ended the process.
    pub code: Option<i32>,
    /// What it printed as its answer.
    pub stdout: String,
    /// What it said besides.
    pub stderr: String,
}

impl Outcome {
    /// The standard output of a call that must have succeeded.
    ///
    /// # Errors
    /// When the exit code is not 0; the message holds what the call said.
    pub fn success(self) -> Result<String> {
        ensure!(self.code == Some(0), "the call failed: {self:#?}");
        Ok(self.stdout)
    }

    /// The standard error of a call that must have failed in an orderly way.
    ///
    /// # Errors
    /// When the call succeeded, or was ended by a signal.
    pub fn failure(self) -> Result<String> {
        let failed = self.code.is_some_and(|code| code != 0);
        ensure!(failed, "the call should have failed: {self:#?}");
        Ok(self.stderr)
    }
}

/// Sends a signal, such as `-TERM`, to a process that was started here.
///
/// # Errors
/// When `kill` fails.
pub fn send_signal(child: &Child, signal: &str) -> Result<()> {
    let status = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status()
        .context("cannot run `kill`")?;
    ensure!(status.success(), "`kill {signal} {}` failed", child.id());
    Ok(())
}

/// Hands a process its input, reads what it prints, and waits for its end.
///
/// # Errors
/// When it takes too long; it is killed then.
pub fn finish(mut child: Child, input: &str) -> Result<Outcome> {
    let mut stdin = child.stdin.take();
    let input = input.to_owned();
    // A process may end without reading its input: that is its own affair.
    let writing =
        thread::spawn(move || stdin.as_mut().map(|pipe| pipe.write_all(input.as_bytes())));
    let stdout = child.stdout.take().map(read_all);
    let stderr = child.stderr.take().map(read_all);
    let status = wait(&mut child)?;
    writing.join().ok();
    let text = |reading: Option<thread::JoinHandle<String>>| {
        reading
            .and_then(|reading| reading.join().ok())
            .unwrap_or_default()
    };
    Ok(Outcome {
        code: status.code(),
        stdout: text(stdout),
        stderr: text(stderr),
    })
}

fn read_all(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).ok();
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

fn wait(child: &mut Child) -> Result<ExitStatus> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if Instant::now() > deadline {
            child.kill().ok();
            child.wait().ok();
            bail!("the process did not end within {PATIENCE:?}");
        }
        thread::sleep(PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use std::process::Stdio;

    use super::*;

    fn shell(script: &str) -> Child {
        Command::new("sh")
            .args(["-c", script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    #[test]
    fn a_process_gets_its_input_and_leaves_its_outcome() {
        let outcome = finish(shell("cat; echo oh >&2; exit 3"), "hello").unwrap();
        assert_eq!(outcome.code, Some(3));
        assert_eq!(outcome.stdout, "hello");
        assert_eq!(outcome.stderr, "oh\n");
        assert_eq!(outcome.failure().unwrap(), "oh\n");
    }

    #[test]
    fn a_signal_ends_the_process_and_is_no_orderly_failure() {
        let child = shell("exec sleep 60");
        send_signal(&child, "-KILL").unwrap();
        let outcome = finish(child, "").unwrap();
        assert_eq!(outcome.code, None);
        assert!(outcome.failure().is_err());
    }
}
