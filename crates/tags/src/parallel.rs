//! Work that is cut into numbered parts, over several threads.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::Error;

/// Does `count` parts of work and gives their results in order. Each thread begins with a state
/// of its own. The first error ends the work.
pub(crate) fn in_parallel<S, T: Send>(
    threads: NonZeroUsize,
    count: usize,
    start: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> Result<T, Error> + Sync,
) -> Result<Vec<T>, Error> {
    let next = AtomicUsize::new(0);
    let worker = || -> Result<Vec<(usize, T)>, Error> {
        let mut state = start();
        let mut done = Vec::new();
        loop {
            let part = next.fetch_add(1, Ordering::Relaxed);
            if part >= count {
                return Ok(done);
            }
            match work(&mut state, part) {
                Ok(result) => done.push((part, result)),
                Err(error) => {
                    next.store(count, Ordering::Relaxed);
                    return Err(error);
                }
            }
        }
    };
    let mut done = if threads.get().min(count) <= 1 {
        worker()?
    } else {
        thread::scope(|scope| {
            let running: Vec<_> = (0..threads.get().min(count))
                .map(|_| scope.spawn(worker))
                .collect();
            let mut done = Vec::with_capacity(count);
            for thread in running {
                done.extend(thread.join().map_err(|_| Error::ThreadPanicked)??);
            }
            Ok::<_, Error>(done)
        })?
    };
    done.sort_by_key(|(part, _)| *part);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_the_first_error_ends_the_work() {
        let threads = NonZeroUsize::new(3).unwrap();
        let squares = in_parallel(threads, 100, || 2, |two, part| Ok(part * *two)).unwrap();
        assert_eq!(squares, (0..100).map(|part| part * 2).collect::<Vec<_>>());
        let failed = in_parallel(
            threads,
            100,
            || (),
            |(), part| {
                if part == 40 {
                    Err(Error::DefinitionsChanged)
                } else {
                    Ok(())
                }
            },
        );
        assert!(matches!(failed, Err(Error::DefinitionsChanged)));
    }
}
