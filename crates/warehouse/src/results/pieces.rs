//! Work in pieces, by several connections at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::WarehouseError;
use crate::chdb::Connection;
use crate::store::PooledConnection;

/// Does the work of each piece by whichever connection is free, and gives what came of them, in no order. The first
/// error ends the work.
pub(super) fn each<P: Sync, T: Send>(
    connections: &mut [PooledConnection<'_>],
    pieces: &[P],
    work: impl Fn(&mut Connection, &P) -> Result<T, WarehouseError> + Sync,
) -> Result<Vec<T>, WarehouseError> {
    let next = AtomicUsize::new(0);
    let work_on = |connection: &mut Connection| {
        let mut done = Vec::new();
        while let Some(piece) = pieces.get(next.fetch_add(1, Ordering::Relaxed)) {
            let result = work(connection, piece);
            if result.is_err() {
                next.store(pieces.len(), Ordering::Relaxed);
            }
            done.push(result?);
        }
        Ok(done)
    };
    thread::scope(|scope| {
        let running: Vec<_> = connections
            .iter_mut()
            .map(|connection| scope.spawn(|| work_on(connection)))
            .collect();
        let mut done = Vec::with_capacity(pieces.len());
        for thread in running {
            let panicked = |_| Err(WarehouseError::unexpected("a piece of work", "a panic"));
            done.extend(thread.join().unwrap_or_else(panicked)?);
        }
        Ok(done)
    })
}
