//! The order in which tags of tags can be computed, or the cycle that prevents it.

use std::collections::{BTreeMap, BTreeSet};

use domain::TagKey;

/// Definitions that depend on themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle<K = TagKey> {
    /// They in order, the last being the first again.
    pub path: Vec<K>,
}

/// What is known of one on the way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// It is on the path that is being walked.
    Open,
    /// It and all it depends on stand in the order.
    Done,
}

/// Tags, or tags and audiences, in an order in which each stands behind those it depends on; of
/// equals, by key. What is no key of the map is left out.
///
/// # Errors
/// The path of a cycle.
pub fn order<K: Ord + Clone>(tags: &BTreeMap<K, BTreeSet<K>>) -> Result<Vec<K>, Cycle<K>> {
    let mut ordered = Vec::with_capacity(tags.len());
    let mut marks: BTreeMap<&K, Mark> = BTreeMap::new();
    for (key, on) in tags {
        if marks.contains_key(key) {
            continue;
        }
        // A path of its own instead of recursion: chains of tags may be long.
        let mut path = vec![(key, on.iter())];
        marks.insert(key, Mark::Open);
        while let Some((current, rest)) = path.last_mut() {
            let current = *current;
            let Some(next) = rest.next() else {
                marks.insert(current, Mark::Done);
                ordered.push(current.clone());
                path.pop();
                continue;
            };
            let Some((next, on)) = tags.get_key_value(next) else {
                continue;
            };
            match marks.get(next) {
                Some(Mark::Done) => {}
                Some(Mark::Open) => {
                    let start = path.iter().position(|(key, _)| *key == next).unwrap_or(0);
                    let mut cycle: Vec<K> = path
                        .iter()
                        .skip(start)
                        .map(|(key, _)| (*key).clone())
                        .collect();
                    cycle.push(next.clone());
                    return Err(Cycle { path: cycle });
                }
                None => {
                    marks.insert(next, Mark::Open);
                    path.push((next, on.iter()));
                }
            }
        }
    }
    Ok(ordered)
}
