//! The thread of a server that computes what is due, one computation at a time. Answers come from the last results
//! until new ones are whole.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use domain::Time;

use crate::compute::Clock;
use crate::engine::Engine;
use crate::platform::{Platform, now};
use crate::refresh::{next_due, run_due};
use crate::service::Service;

/// The longest sleep: the machine's clock may be set meanwhile.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// Computes what is due and lets a service show it.
pub struct Scheduler {
    platform: Arc<Platform>,
    service: Arc<Service>,
    /// When the first tag comes due.
    next: Option<Time>,
}

/// Why a scheduler wakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// Time has passed.
    ByTime,
    /// Somebody has changed something.
    ByChange,
    /// It is to end.
    ToEnd,
}

/// Wakes a scheduler.
#[derive(Clone, Debug)]
pub struct Wake(Sender<Woken>);

impl Wake {
    /// Says that somebody has changed something.
    pub fn changed(&self) {
        // One that has ended needs no waking.
        let _ = self.0.send(Woken::ByChange);
    }
}

/// Keeps a scheduler going; it ends when this is dropped, without waiting for what it computes.
#[derive(Debug)]
pub struct Running(Wake);

impl Drop for Running {
    fn drop(&mut self) {
        let Wake(wake) = &self.0;
        let _ = wake.send(Woken::ToEnd);
    }
}

impl Scheduler {
    /// A scheduler for what the service shows.
    ///
    /// # Errors
    /// The catalog's.
    pub fn new(platform: &Arc<Platform>, service: &Arc<Service>) -> Result<Self> {
        Ok(Self {
            platform: Arc::clone(platform),
            service: Arc::clone(service),
            next: service.with_engine(next_due)?,
        })
    }

    /// Goes on in a thread of its own.
    pub fn start(mut self) -> Running {
        let (wake, woken) = channel();
        let wake = Wake(wake);
        self.service.wakes(wake.clone());
        thread::spawn(move || {
            loop {
                match self.sleep(&woken) {
                    Woken::ToEnd => return,
                    why => self.look(why, &Clock::now()),
                }
            }
        });
        Running(wake)
    }

    /// Sleeps until something is due or has changed, or for a while.
    fn sleep(&self, woken: &Receiver<Woken>) -> Woken {
        let left = self.next.map(|next| next.since(now()).millis().max(0));
        let left = left.map_or(LONGEST_SLEEP, |left| {
            Duration::from_millis(left.unsigned_abs())
        });
        match woken.recv_timeout(left.min(LONGEST_SLEEP)) {
            Ok(why) => why,
            Err(RecvTimeoutError::Timeout) => Woken::ByTime,
            Err(RecvTimeoutError::Disconnected) => Woken::ToEnd,
        }
    }

    /// Computes what is due at an instant, if anything is or something has changed.
    fn look(&mut self, why: Woken, clock: &Clock) {
        let is_due = self.next.is_some_and(|next| next <= clock.started);
        if why == Woken::ByTime && !is_due {
            return;
        }
        if let Err(error) = self.compute(clock) {
            if self.platform.store.is_closing() {
                return;
            }
            tracing::error!(
                error = format!("{error:#}"),
                "what was due could not be computed"
            );
            let pause = self.platform.config.refresh.pause(1);
            self.next = clock.time().checked_add(pause);
        }
    }

    fn compute(&mut self, clock: &Clock) -> Result<()> {
        let service = &self.service;
        let computed = service.in_turn(|| {
            let mut engine = Engine::read(&self.platform)?;
            let computed = run_due(&mut engine, clock)?;
            if computed.is_some() {
                // Definitions may have changed meanwhile.
                service.reload()?;
            }
            anyhow::Ok(computed)
        })?;
        if let Some(computed) = computed {
            tracing::info!(
                tags.computed = computed.tags.len(),
                tags.unchanged = computed.unchanged.len(),
                tags.failed = computed.failed.len(),
                duration_ms = u64::try_from(computed.duration.as_millis()).unwrap_or(u64::MAX),
                "the tags that were due are fresh"
            );
        }
        self.next = self.service.with_engine(next_due)?;
        Ok(())
    }
}
