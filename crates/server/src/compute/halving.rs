//! All at once where that succeeds; else in ever smaller parts, until those that fail stand alone.

use anyhow::{Error, Result};

/// Works on all items, in smaller parts where it fails: each item is worked on with success once, or is told with why it
/// fails alone. Parts keep the order of the items. Whether anything succeeds at all is tried on no item.
///
/// # Errors
/// The first error, where work fails on no item, too.
pub(super) fn in_parts<T: Clone>(
    items: &[T],
    mut work: impl FnMut(&[T]) -> Result<()>,
) -> Result<Vec<(T, Error)>> {
    let mut failed = Vec::new();
    let mut open = vec![items];
    while let Some(part) = open.pop() {
        let Err(error) = work(part) else {
            continue;
        };
        let is_first = part.len() == items.len();
        if is_first && (part.is_empty() || work(&[]).is_err()) {
            return Err(error);
        }
        match part {
            [one] => failed.push((one.clone(), error)),
            several => {
                let (first, rest) = several.split_at(several.len() / 2);
                open.extend([rest, first]);
            }
        }
    }
    Ok(failed)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use anyhow::bail;
    use proptest::prelude::*;

    use super::*;

    /// What is worked on with success, in its order, and what fails.
    fn done(items: u32, fails: impl Fn(&[u32]) -> bool) -> (Vec<u32>, Vec<u32>, usize) {
        let items: Vec<u32> = (0..items).collect();
        let (mut done, mut calls) = (Vec::new(), 0);
        let failed = in_parts(&items, |part| {
            calls += 1;
            if fails(part) {
                bail!("{part:?} fails");
            }
            done.extend_from_slice(part);
            Ok(())
        });
        let failed = failed.unwrap().into_iter();
        (done, failed.map(|(item, _)| item).collect(), calls)
    }

    proptest! {
        #[test]
        fn exactly_those_that_fail_alone_are_left_out(items in 0_u32..200, bad in prop::collection::btree_set(0_u32..200, 0..6)) {
            let (good, failed, calls) = done(items, |part| part.iter().any(|item| bad.contains(item)));
            let bad: Vec<u32> = bad.into_iter().filter(|item| *item < items).collect();
            let all: BTreeSet<u32> = (0..items).collect();
            prop_assert_eq!(good, all.into_iter().filter(|item| !bad.contains(item)).collect::<Vec<_>>());
            // Each that fails is found by halving.
            let halvings = (items.max(1).ilog2() as usize + 2) * 2;
            prop_assert!(calls <= 2 + bad.len() * halvings, "{calls} calls");
            prop_assert_eq!(failed, bad);
        }

        #[test]
        fn what_is_too_much_at_once_is_done_in_parts(items in 0_u32..200, most in 1_usize..50) {
            let (done, failed, _) = done(items, |part| part.len() > most);
            prop_assert_eq!(done, (0..items).collect::<Vec<_>>());
            prop_assert!(failed.is_empty());
        }
    }

    #[test]
    fn what_fails_whatever_is_asked_is_tried_twice_and_told_once() {
        let mut calls = 0;
        let failed = in_parts(&[1, 2, 3, 4], |part| {
            calls += 1;
            bail!("no disk for {}", part.len())
        });
        assert_eq!(failed.unwrap_err().to_string(), "no disk for 4");
        assert_eq!(calls, 2);
        let nothing = in_parts(&[] as &[u32], |_| bail!("no disk"));
        assert!(nothing.is_err());
    }
}
