//! The names under which a scenario has lists, anywhere: its rules may go over them before they
//! come, as definitions stand before events.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{EventName, HOLDINGS};
use rules::Vocabulary;
use serde_json::Value as Json;

use super::exact::Lines;
use super::file::{Ingest, Scenario};

/// Attributes that are lists, and events of the same names.
#[derive(Debug, Default)]
pub struct ListNames {
    lists: BTreeSet<Arc<str>>,
    events: BTreeSet<EventName>,
}

impl ListNames {
    /// The names in all steps of a scenario.
    pub fn of(scenario: &Scenario, lines: &Lines<'_>) -> Self {
        let mut names = Self::default();
        let entries = || scenario.steps.iter().flat_map(|step| &step.ingest);
        for entry in entries() {
            names.add_lists(entry, lines);
        }
        for name in entries().filter_map(|entry| entry.track.as_ref()) {
            if names.lists.contains(name.as_str()) {
                names.events.insert(EventName::new(name));
            }
        }
        names
    }

    fn add_lists(&mut self, entry: &Ingest, lines: &Lines<'_>) {
        if let Some(traits) = &entry.identify {
            self.add("", &traits.json(lines));
        }
        if entry.holdings.is_some() {
            self.lists.insert(Arc::from(HOLDINGS));
        }
    }

    fn add(&mut self, path: &str, value: &Json) {
        match value {
            Json::Array(_) => {
                self.lists.insert(Arc::from(path));
            }
            Json::Object(members) => {
                for (name, member) in members {
                    let inner = if path.is_empty() {
                        name.clone()
                    } else {
                        format!("{path}.{name}")
                    };
                    self.add(&inner, member);
                }
            }
            _ => {}
        }
    }

    /// The vocabulary with these names.
    pub fn with(&self, mut vocabulary: Vocabulary) -> Vocabulary {
        vocabulary.collections.extend(self.lists.iter().cloned());
        vocabulary.attributes.extend(self.lists.iter().cloned());
        for event in &self.events {
            vocabulary.events.entry(event.clone()).or_default();
        }
        vocabulary
    }
}
