//! What is known about one user: attributes as they are now, and recent events.

use std::collections::BTreeMap;

use anyhow::Result;
use domain::{EventName, HOLDINGS, Stored, Time, UserNumber, Value, stored};
use features::holdings::Holdings;

use crate::engine::Engine;

/// An event with its values.
#[derive(Clone, Debug, PartialEq)]
pub struct RecentEvent {
    /// When it happened.
    pub time: Time,
    /// What happened.
    pub name: EventName,
    /// The source that brought it.
    pub source: String,
    /// Its properties by dotted paths.
    pub properties: BTreeMap<String, Value>,
}

/// The attributes at an instant, by dotted paths: the last set or unset of each wins, and an
/// object replaces what was below its path. Holdings are those of all identities.
///
/// # Errors
/// The store's.
pub fn attributes(engine: &Engine, user: UserNumber, now: Time) -> Result<BTreeMap<String, Value>> {
    let mut attributes: BTreeMap<String, Value> = BTreeMap::new();
    let mut holdings = Holdings::default();
    for change in engine.platform.store.attribute_changes(user, now)? {
        let identity = change.identity;
        let change = without_numbers(change.traits);
        for (path, _) in &change {
            let below = format!("{path}.");
            attributes.retain(|known, _| known != path && !known.starts_with(&below));
        }
        for (path, text) in change {
            let mut value = match stored::decode(&text) {
                Stored::Value(value) => Some(value),
                Stored::ObjectMarker | Stored::Unset => None,
            };
            if path == HOLDINGS {
                value = holdings.tell(identity.0, value);
            }
            attributes.extend(value.map(|value| (path, value)));
        }
    }
    Ok(attributes)
}

/// The newest visible events, the newest first.
///
/// # Errors
/// The store's.
pub fn recent_events(
    engine: &Engine,
    user: UserNumber,
    now: Time,
    most: usize,
) -> Result<Vec<RecentEvent>> {
    let events = engine.platform.store.recent_events(user, now, most)?;
    let decoded = |text: &str| match stored::decode(text) {
        Stored::Value(value) => Some(value),
        _ => None,
    };
    Ok(events
        .into_iter()
        .map(|event| RecentEvent {
            time: event.time,
            name: event.name,
            source: event.source,
            properties: without_numbers(event.properties)
                .into_iter()
                .filter_map(|(path, text)| Some((path, decoded(&text)?)))
                .collect(),
        })
        .collect())
}

/// Leaves out the canonical numbers that the store keeps beside texts.
fn without_numbers(pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    pairs
        .into_iter()
        .filter(|(path, _)| !path.contains(stored::MARK))
        .collect()
}
