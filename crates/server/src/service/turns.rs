//! Whose turn it is to compute: one at a time.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Lets one compute at a time.
#[derive(Debug, Default)]
pub(super) struct Turns {
    is_taken: Mutex<bool>,
    is_free: Condvar,
}

/// The right to compute, until it is dropped.
#[derive(Debug)]
pub(super) struct Turn<'t>(&'t Turns);

impl Turns {
    /// Waits for a turn, however long it takes.
    pub fn take(&self) -> Turn<'_> {
        let taken = self.is_free.wait_while(self.lock(), |taken| *taken);
        *taken.unwrap_or_else(PoisonError::into_inner) = true;
        Turn(self)
    }

    /// Waits for a turn for so long; `None` where somebody computes longer.
    pub fn take_within(&self, patience: Duration) -> Option<Turn<'_>> {
        let waited = self
            .is_free
            .wait_timeout_while(self.lock(), patience, |taken| *taken);
        let (mut taken, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() && *taken {
            return None;
        }
        *taken = true;
        Some(Turn(self))
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.is_taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let Self(turns) = self;
        *turns.lock() = false;
        turns.is_free.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn one_has_a_turn_at_a_time_and_the_next_gets_it() {
        let turns = Turns::default();
        let first = turns.take();
        assert!(turns.take_within(Duration::ZERO).is_none());
        thread::scope(|scope| {
            let waiting = scope.spawn(|| turns.take_within(Duration::from_secs(60)).is_some());
            drop(first);
            assert!(waiting.join().unwrap());
        });
        assert!(turns.take_within(Duration::ZERO).is_some());
        drop(turns.take());
    }
}
