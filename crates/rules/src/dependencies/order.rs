//! The order in which tags of tags can be computed, or the cycle that prevents it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use domain::TagKey;

/// Tags that depend on themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// The tags in order, the last being the first again.
    pub path: Vec<TagKey>,
}

impl fmt::Display for Cycle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path: Vec<String> = self.path.iter().map(|key| format!("`{key}`")).collect();
        write!(
            formatter,
            "these tags depend on one another: {}",
            path.join(" → ")
        )
    }
}

impl std::error::Error for Cycle {}

/// What is known of a tag on the way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// It is on the path that is being walked.
    Open,
    /// It and all it depends on stand in the order.
    Done,
}

/// The tags in an order in which each stands behind those it depends on; of equals, by key. What
/// is no key of the map is left out.
///
/// # Errors
/// The path of a cycle.
pub fn order(tags: &BTreeMap<TagKey, BTreeSet<TagKey>>) -> Result<Vec<TagKey>, Cycle> {
    let mut ordered = Vec::with_capacity(tags.len());
    let mut marks: BTreeMap<&TagKey, Mark> = BTreeMap::new();
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
                    let mut cycle: Vec<TagKey> = path
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
