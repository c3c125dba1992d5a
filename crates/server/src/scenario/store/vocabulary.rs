//! The names that a scenario has brought, and which of them never had a number.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::stored::{self, Stored};
use domain::{Decimal, EventName, Value};
use rules::Vocabulary;

use super::{MemoryStore, Row};

/// Whether a property has had a number or a list, or something else alone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Seen {
    Nothing,
    Others,
    Numbers,
}

impl MemoryStore {
    /// The events, properties and attributes seen so far.
    pub fn vocabulary(&self) -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        let mut by_event: BTreeMap<EventName, Vec<&Row>> = BTreeMap::new();
        for row in &self.events {
            by_event
                .entry(EventName::new(&row.name))
                .or_default()
                .push(row);
        }
        for (event, rows) in by_event {
            let seen = seen_in(rows);
            let others = without_numbers(&seen);
            vocabulary
                .events_without_numbers
                .insert(event.clone(), others.collect());
            vocabulary.events.insert(event, seen.into_keys().collect());
        }
        let seen = seen_in(&self.traits);
        vocabulary.attributes_without_numbers = without_numbers(&seen).collect();
        vocabulary.attributes = seen.into_keys().collect();
        vocabulary
    }
}

/// The paths in rows, and what was seen under each.
fn seen_in<'r>(rows: impl IntoIterator<Item = &'r Row>) -> BTreeMap<Arc<str>, Seen> {
    let mut all: BTreeMap<Arc<str>, Seen> = BTreeMap::new();
    for (path, text) in rows.into_iter().flat_map(|row| &row.fields) {
        let seen = all.entry(Arc::clone(path)).or_insert(Seen::Nothing);
        *seen = (*seen).max(look(text));
    }
    all
}

fn without_numbers(seen: &BTreeMap<Arc<str>, Seen>) -> impl Iterator<Item = Arc<str>> {
    let others = seen.iter().filter(|(_, seen)| **seen == Seen::Others);
    others.map(|(path, _)| Arc::clone(path))
}

fn look(text: &str) -> Seen {
    match stored::decode(text) {
        Stored::Value(Value::Text(text)) if Decimal::parse(&text).is_none() => Seen::Others,
        Stored::Value(Value::Bool(_)) | Stored::ObjectMarker => Seen::Others,
        Stored::Value(_) => Seen::Numbers,
        Stored::Unset => Seen::Nothing,
    }
}
