//! The end on request: SIGINT and SIGTERM stop what runs, close the store in order, and end the
//! process with code 0, also while it imports or computes.
//!
//! What is stored by then stays: whole batches of an import, and the results of the run before.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::signal::unix::{Signal, SignalKind, signal};
use warehouse::chdb;

/// How long the engine may take to stop what runs.
const STOPPING: Duration = Duration::from_secs(10);

/// How long work that the engine no longer serves may take to notice.
const NOTICING: Duration = Duration::from_secs(5);

/// Whether the process was asked to end, and who ends it then.
#[derive(Debug, Default)]
pub struct Ending {
    is_asked: AtomicBool,
    ends_itself: AtomicBool,
}

impl Ending {
    /// Takes the signals from now on. Call it before the store is opened.
    ///
    /// # Errors
    /// The system refuses to hand over signals.
    pub fn watch() -> Result<Arc<Self>> {
        let refused = "signals cannot be taken";
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build()
            .context(refused)?;
        let mut signals = {
            let _guard = runtime.enter();
            Signals::take().context(refused)?
        };
        let ending = Arc::new(Self::default());
        let watched = Arc::clone(&ending);
        thread::spawn(move || {
            runtime.block_on(signals.next());
            watched.end();
        });
        Ok(ending)
    }

    /// From now on the work takes the signals itself and ends in order.
    pub fn leave_to_the_work(&self) {
        self.ends_itself.store(true, Ordering::SeqCst);
    }

    /// What the process ends with: work that was stopped on request has not failed.
    ///
    /// # Errors
    /// That of the work, where nobody asked it to end.
    pub fn result(&self, ended: Result<ExitCode>) -> Result<ExitCode> {
        match ended {
            Err(error) if self.is_asked.load(Ordering::SeqCst) => {
                tracing::debug!(error = format!("{error:#}"), "the work was stopped");
                Ok(ExitCode::SUCCESS)
            }
            ended => ended,
        }
    }

    /// Stops what runs; ends the process where the work does not notice in time.
    fn end(&self) {
        if self.ends_itself.load(Ordering::SeqCst) {
            return;
        }
        self.is_asked.store(true, Ordering::SeqCst);
        tracing::warn!(
            "stopped before the end, as asked: what is stored stays, and the same command goes on from there"
        );
        if chdb::shutdown(STOPPING) == chdb::ShutdownOutcome::Closed {
            thread::sleep(NOTICING);
        }
        chdb::exit(0, Duration::ZERO);
    }
}

/// The signals that ask a process to end.
#[derive(Debug)]
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Takes the signals from now on.
    ///
    /// # Errors
    /// The system refuses to hand them over.
    pub fn take() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for the next one.
    pub async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
