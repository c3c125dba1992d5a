//! The one engine of the process, and its orderly end.

use std::ffi::{c_int, c_void};
use std::process;
use std::sync::{Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use super::engine::EngineState;

/// The engine that is open, if one is.
static CURRENT: Mutex<Weak<EngineState>> = Mutex::new(Weak::new());

/// How long an exit that nobody prepared waits for running statements.
const AT_EXIT: Duration = Duration::from_secs(5);

/// What came of closing the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShutdownOutcome {
    /// All connections are closed; the process may end in any way.
    Closed,
    /// So many connections are still busy; the process must end by [`exit`].
    StillBusy(usize),
}

/// Closes the engine of this process, if one is open; see [`super::Engine::close`].
#[must_use]
pub fn shutdown(deadline: Duration) -> ShutdownOutcome {
    let engine = current().upgrade();
    engine.map_or(ShutdownOutcome::Closed, |engine| engine.close(deadline))
}

/// Ends the process with `code`: in order when all connections can be closed before the deadline, else at once
/// and without the exit handlers, in which the engine would crash or hang. The store is whole either way.
pub fn exit(code: i32, deadline: Duration) -> ! {
    match shutdown(deadline) {
        ShutdownOutcome::Closed => process::exit(code),
        ShutdownOutcome::StillBusy(_) => leave(code),
    }
}

/// Ends the process without its exit handlers.
fn leave(code: i32) -> ! {
    // SAFETY: takes any code and does not return.
    unsafe { libc::_exit(code) }
}

/// The engine that is open; holding the guard keeps another from being opened.
pub(super) fn current() -> MutexGuard<'static, Weak<EngineState>> {
    CURRENT.lock().unwrap_or_else(PoisonError::into_inner)
}

unsafe extern "C" {
    /// glibc: as `atexit`, with the exit code.
    fn on_exit(function: extern "C" fn(c_int, *mut c_void), argument: *mut c_void) -> c_int;
}

/// Closes the engine when the process returns from `main` or calls `exit` without [`shutdown`]. Called again after
/// each connect, because handlers run newest first and must run before those that the engine adds on its way.
pub(super) fn close_at_exit() {
    // SAFETY: the function may run at any later time; it uses statics only.
    unsafe { on_exit(close_now, std::ptr::null_mut()) };
}

extern "C" fn close_now(code: c_int, _: *mut c_void) {
    if matches!(shutdown(AT_EXIT), ShutdownOutcome::StillBusy(_)) {
        leave(code);
    }
}
