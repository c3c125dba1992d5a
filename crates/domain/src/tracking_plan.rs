//! The tracking plan: which events there are, and what they carry.

mod property_type;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use self::property_type::PropertyType;
use crate::{Error, EventName, LocalizedText};

/// The most letters of an event's name or of a property's path.
const LONGEST: usize = 128;

/// An event of the tracking plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventDefinition {
    /// The event's name, as it is sent and as rules write it.
    pub key: EventName,
    /// What people call it; empty: by its key.
    #[serde(default, skip_serializing_if = "LocalizedText::is_empty")]
    pub name: LocalizedText,
    /// When it is sent, and what it is for.
    #[serde(default, skip_serializing_if = "LocalizedText::is_empty")]
    pub description: LocalizedText,
    /// Under which heading it is listed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub category: String,
    /// What it carries, in the order in which people read it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<PropertyDefinition>,
}

/// A property of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PropertyDefinition {
    /// Its dotted path, as rules write it.
    pub key: Arc<str>,
    /// What people call it; empty: by its key.
    #[serde(default, skip_serializing_if = "LocalizedText::is_empty")]
    pub name: LocalizedText,
    /// What it says.
    #[serde(default, skip_serializing_if = "LocalizedText::is_empty")]
    pub description: LocalizedText,
    /// What its values are; left out, the place of their use decides.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub of_type: Option<PropertyType>,
    /// In what it is measured: `usd`, `wei`, `seconds`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Arc<str>>,
    /// Whether every event has it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// The canonical texts of all values that it may have; none: any.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub values: BTreeSet<Arc<str>>,
}

impl EventDefinition {
    /// The event of that name, of which nothing else is said.
    #[must_use]
    pub fn new(key: EventName) -> Self {
        Self {
            key,
            name: LocalizedText::default(),
            description: LocalizedText::default(),
            category: String::new(),
            properties: Vec::new(),
        }
    }

    /// Refuses what no event can be.
    ///
    /// # Errors
    /// [`Error::InvalidDefinition`] for a name or a path that is empty, too long or Muster's own,
    /// and for a property that is defined twice.
    pub fn check(&self) -> Result<(), Error> {
        let own = self.key.as_str();
        let invalid = |problem: String| Err(Error::InvalidDefinition { problem });
        if !is_name(own) {
            return invalid(format!(
                "`{own}` is no name of an event: use 1 to {LONGEST} letters"
            ));
        }
        let of_calls = [EventName::PAGE, EventName::SCREEN, EventName::GROUP];
        if own.starts_with('$') && !of_calls.contains(&own) {
            return invalid(format!(
                "event `{own}`: names that begin with `$` are Muster's own, except for {}",
                of_calls.map(|name| format!("`{name}`")).join(", ")
            ));
        }
        let mut seen = BTreeSet::new();
        for property in &self.properties {
            let path = &property.key;
            if !is_name(path) || path.split('.').any(str::is_empty) {
                return invalid(format!(
                    "event `{own}`: `{path}` is no property: use 1 to {LONGEST} letters, and dots for what lies inside"
                ));
            }
            if !seen.insert(path) {
                return invalid(format!(
                    "event `{own}`: the property `{path}` is defined twice"
                ));
            }
        }
        Ok(())
    }

    /// The property of that path.
    #[must_use]
    pub fn property(&self, path: &str) -> Option<&PropertyDefinition> {
        self.properties.iter().find(|own| &*own.key == path)
    }
}

impl PropertyDefinition {
    /// The property of that path, of which nothing else is said.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self {
            key: Arc::from(key),
            name: LocalizedText::default(),
            description: LocalizedText::default(),
            of_type: None,
            unit: None,
            required: false,
            values: BTreeSet::new(),
        }
    }
}

fn is_name(text: &str) -> bool {
    let length = text.chars().count();
    (1..=LONGEST).contains(&length) && !text.chars().any(char::is_control) && text.trim() == text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(key: &str, properties: &[&str]) -> EventDefinition {
        EventDefinition {
            properties: properties
                .iter()
                .map(|key| PropertyDefinition::new(key))
                .collect(),
            ..EventDefinition::new(EventName::new(key))
        }
    }

    #[test]
    fn an_event_has_any_name_that_is_not_musters_own() {
        for key in ["swap", "Order Completed", "兑换", "$page", "$group"] {
            assert_eq!(
                event(key, &["a", "b.c", "奖励 USD"]).check(),
                Ok(()),
                "{key}"
            );
        }
        for (key, properties, problem) in [
            ("", &[][..], "no name of an event"),
            (" swap", &[], "no name of an event"),
            ("$identify", &[], "Muster's own"),
            ("swap", &["a", "a"], "defined twice"),
            ("swap", &["a..b"], "no property"),
        ] {
            let refused = event(key, properties).check().unwrap_err().to_string();
            assert!(refused.contains(problem), "{refused}");
        }
    }

    #[test]
    fn what_is_not_said_is_not_written() {
        let mut swap = event("swap", &["usd"]);
        swap.properties[0].of_type = Some(PropertyType::Number);
        let json = serde_json::to_string(&swap).unwrap();
        assert_eq!(
            json,
            r#"{"key":"swap","properties":[{"key":"usd","type":"number"}]}"#
        );
        assert_eq!(
            serde_json::from_str::<EventDefinition>(&json).unwrap(),
            swap
        );
    }
}
