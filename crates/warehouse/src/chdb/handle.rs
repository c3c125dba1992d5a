//! One connection of the engine, and whether a statement runs on it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::registry;
use super::symbols::{RawConnection, RawConnectionPlace, Symbols};
use crate::WarehouseError;

/// Where a connection is in its life.
enum State {
    Idle(RawConnectionPlace),
    Busy(RawConnectionPlace),
    Closed,
}

/// A connection of the engine, shared by its user and by the shutdown that must close it.
pub(super) struct Handle {
    /// The mark that all statements of this connection carry, by which they can be killed.
    pub(super) mark: String,
    pub(super) symbols: &'static Symbols,
    closing: Arc<AtomicBool>,
    state: Mutex<State>,
}

// SAFETY: the engine guards a connection with a mutex of its own and binds no state to the calling thread;
// `state` lets one caller at a time reach the pointer.
unsafe impl Send for Handle {}
// SAFETY: as above.
unsafe impl Sync for Handle {}

/// What became of an attempt to close.
pub(super) enum Closing {
    Closed,
    Busy,
}

impl Handle {
    pub(super) fn new(
        mark: String,
        symbols: &'static Symbols,
        closing: Arc<AtomicBool>,
        place: RawConnectionPlace,
    ) -> Arc<Self> {
        Arc::new(Self {
            mark,
            symbols,
            closing,
            state: Mutex::new(State::Idle(place)),
        })
    }

    /// Takes the connection for one statement.
    pub(super) fn begin(self: &Arc<Self>) -> Result<Call, WarehouseError> {
        let mut state = self.lock();
        match *state {
            State::Closed => Err(WarehouseError::ShuttingDown),
            _ if self.closing.load(Ordering::SeqCst) => Err(WarehouseError::ShuttingDown),
            State::Busy(_) => Err(WarehouseError::Invalid(
                "the connection runs another statement".to_owned(),
            )),
            State::Idle(place) => {
                *state = State::Busy(place);
                // SAFETY: `chdb_connect` returned this place, and it is not closed.
                Ok(Call {
                    handle: Arc::clone(self),
                    raw: unsafe { *place },
                })
            }
        }
    }

    /// Takes the control connection, which serves the shutdown too.
    pub(super) fn begin_control(self: &Arc<Self>) -> Result<Call, WarehouseError> {
        let mut state = self.lock();
        let State::Idle(place) = *state else {
            return Err(WarehouseError::ShuttingDown);
        };
        *state = State::Busy(place);
        // SAFETY: as in `begin`.
        Ok(Call {
            handle: Arc::clone(self),
            raw: unsafe { *place },
        })
    }

    /// Whether the engine is being closed: a stream then ends with an error at its next step.
    pub(super) fn check_open(&self) -> Result<(), WarehouseError> {
        if self.closing.load(Ordering::SeqCst) {
            Err(WarehouseError::ShuttingDown)
        } else {
            Ok(())
        }
    }

    /// Closes the connection unless a statement runs on it.
    pub(super) fn close_if_idle(&self) -> Closing {
        let mut state = self.lock();
        match *state {
            State::Busy(_) => Closing::Busy,
            State::Closed => Closing::Closed,
            State::Idle(place) => {
                *state = State::Closed;
                // SAFETY: `chdb_connect` returned this place; it is closed once, and no call is on its way.
                unsafe { (self.symbols.chdb_close_conn)(place) };
                Closing::Closed
            }
        }
    }

    /// Closes the connection; the engine waits for a statement that still runs.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        if let State::Idle(place) | State::Busy(place) = *state {
            *state = State::Closed;
            // SAFETY: as in `close_if_idle`; the owner is gone, so that a busy connection has no caller left.
            unsafe { (self.symbols.chdb_close_conn)(place) };
        }
    }

    fn end(&self) {
        registry::close_at_exit();
        let mut state = self.lock();
        if let State::Busy(place) = *state {
            *state = State::Idle(place);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The time in which a connection runs one statement; dropping it frees the connection for the next.
pub(super) struct Call {
    pub(super) handle: Arc<Handle>,
    pub(super) raw: RawConnection,
}

// SAFETY: see `Handle`; the holder of the call is its only user.
unsafe impl Send for Call {}

impl Drop for Call {
    fn drop(&mut self) {
        self.handle.end();
    }
}
