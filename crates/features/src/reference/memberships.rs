//! Recorded memberships: a tag at an instant, and its coming and going, by adding up all rows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{EventName, TagKey, Time, Value};

use super::{PastEvent, User};
use crate::membership::{Membership, Recorded};

/// What the user had of a tag after a run: its values, `None` for a tag without values.
fn held_after(tag: &TagKey, run: (Time, u64), user: &User) -> BTreeSet<Option<Arc<str>>> {
    let mut rows: Vec<&Recorded> = user.memberships.iter().collect();
    rows.sort();
    rows.retain(|row| row.tag == *tag && (row.at, row.run) <= run);
    let is_held = |(value, identity): &(Option<Arc<str>>, u32)| {
        let mut of_it = rows
            .iter()
            .filter(|row| row.value == *value && row.identity == *identity);
        of_it
            .next_back()
            .is_some_and(|row| row.change == Membership::Entered)
    };
    let all = rows.iter().map(|row| (row.value.clone(), row.identity));
    all.filter(is_held).map(|(value, _)| value).collect()
}

/// The value of a tag at an instant.
pub(super) fn tag_at(tag: &TagKey, instant: Time, user: &User) -> Option<Value> {
    as_value(&held_after(tag, (instant, u64::MAX), user))
}

fn as_value(held: &BTreeSet<Option<Arc<str>>>) -> Option<Value> {
    let mut values: Vec<Value> = Vec::new();
    for value in held {
        values.push(value.clone().map_or(Value::Bool(true), Value::Text));
    }
    match values.len() {
        0 | 1 => values.pop(),
        _ => Some(values.into_iter().collect()),
    }
}

/// The place of a row among all rows of the user.
fn place_of(
    tag: &TagKey,
    kind: Membership,
    value: &Option<Arc<str>>,
    run: (Time, u64),
    user: &User,
) -> u64 {
    let mut rows: Vec<&Recorded> = user.memberships.iter().collect();
    rows.sort();
    let is_it = |row: &&Recorded| {
        row.tag == *tag && row.change == kind && row.value == *value && (row.at, row.run) == run
    };
    rows.iter().position(is_it).unwrap_or_default() as u64
}

/// The visible comings or goings, in any order: behind all else of their instants.
pub(super) fn events(tag: &TagKey, kind: Membership, user: &User, now: Time) -> Vec<PastEvent> {
    let runs: BTreeSet<(Time, u64)> = user
        .memberships
        .iter()
        .filter(|row| row.at <= now)
        .map(|row| (row.at, row.run))
        .collect();
    let mut events = Vec::new();
    let mut before = BTreeSet::new();
    for run in runs {
        let after = held_after(tag, run, user);
        let (word, gone, there) = match kind {
            Membership::Entered => ("entered", &before, &after),
            Membership::Left => ("left", &after, &before),
        };
        for value in there.difference(gone) {
            let mut properties: BTreeMap<Arc<str>, Value> = BTreeMap::new();
            if let Some(value) = value {
                properties.insert(Arc::from("value"), Value::Text(Arc::clone(value)));
                properties.extend(as_value(&before).map(|old| (Arc::from("old"), old)));
                properties.extend(as_value(&after).map(|new| (Arc::from("new"), new)));
            }
            events.push(PastEvent {
                time: run.0,
                position: 0,
                arrival: u64::MAX / 2 + place_of(tag, kind, value, run, user),
                name: EventName::new(&format!("{word}({tag})")),
                source: Arc::from(""),
                properties,
            });
        }
        before = after;
    }
    events
}
