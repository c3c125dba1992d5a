//! The one engine of the process, and its orderly end.

use std::ffi::{c_int, c_void};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
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

/// Statements that were begun.
static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// So many first statements each meet parts of the engine that were never used before.
const FIRST: u64 = 64;

/// Closes the engine also when the process returns from `main` or calls `exit` while no statement runs, as test
/// binaries do. Handlers run newest first, and the engine adds its own whenever a part of it is first used; so ours is
/// added again after each of the first statements, and then ever more rarely. A process that may have statements
/// running must end by [`exit`]: their parts of the engine may be younger than our newest handler.
pub(super) fn close_at_exit() {
    let count = STATEMENTS.fetch_add(1, Ordering::Relaxed);
    if count < FIRST || count.is_power_of_two() {
        // SAFETY: the function may run at any later time; it uses statics only.
        unsafe { on_exit(close_now, std::ptr::null_mut()) };
    }
}

extern "C" fn close_now(code: c_int, _: *mut c_void) {
    if matches!(shutdown(AT_EXIT), ShutdownOutcome::StillBusy(_)) {
        leave(code);
    }
}
