//! Events of the tracking plan as they are written in a file of definitions or in a scenario.

mod forms;

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{EventDefinition, EventName, LocalizedText, PropertyDefinition, PropertyType, Value};
use serde::Deserialize;

use self::forms::WrittenProperties;
use crate::scenario::exact::{Exact, Lines};

/// An event: its name alone, or with what is said of it.
#[derive(Clone, Debug, Default)]
pub struct WrittenEvent(Described);

/// What is said of an event.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Described {
    #[serde(alias = "event")]
    key: Option<String>,
    #[serde(default)]
    name: LocalizedText,
    #[serde(default)]
    description: LocalizedText,
    #[serde(default)]
    category: String,
    #[serde(default)]
    properties: WrittenProperties,
}

/// A property: of its type alone, or with what is said of it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenProperty {
    #[serde(alias = "path")]
    key: Option<String>,
    #[serde(default)]
    name: LocalizedText,
    #[serde(default)]
    description: LocalizedText,
    #[serde(rename = "type")]
    of_type: Option<String>,
    unit: Option<String>,
    #[serde(default)]
    required: bool,
    #[serde(default, alias = "enum")]
    values: Vec<Exact>,
}

impl WrittenEvent {
    /// The event's name as it is sent; empty where it is not said.
    pub fn key(&self) -> &str {
        named(self.0.key.as_deref(), &self.0.name).unwrap_or_default()
    }

    /// The definition, with every digit that stands in the lines of its file.
    ///
    /// # Errors
    /// In words, what is wrong with it.
    pub fn definition(&self, lines: &Lines<'_>) -> Result<EventDefinition, String> {
        let Described {
            key,
            name,
            description,
            category,
            properties,
        } = &self.0;
        let written = match self.key() {
            "" => return Err("an event needs `key`, the name under which it is sent".to_owned()),
            "page" => EventName::PAGE,
            "screen" => EventName::SCREEN,
            "group" => EventName::GROUP,
            name => name,
        };
        let property = |property: &WrittenProperty| {
            property
                .definition(lines)
                .map_err(|problem| format!("event `{written}`: {problem}"))
        };
        let event = EventDefinition {
            name: said(key.as_deref(), name),
            description: description.clone(),
            category: category.clone(),
            properties: properties
                .0
                .iter()
                .map(property)
                .collect::<Result<_, _>>()?,
            ..EventDefinition::new(EventName::new(written))
        };
        event.check().map_err(|error| error.to_string())?;
        Ok(event)
    }
}

impl WrittenProperty {
    fn definition(&self, lines: &Lines<'_>) -> Result<PropertyDefinition, String> {
        let Some(key) = named(self.key.as_deref(), &self.name) else {
            return Err("a property needs `key`, the name under which it is sent".to_owned());
        };
        let of_type = self.of_type.as_deref().map(str::parse::<PropertyType>);
        let problem = |error: domain::Error| format!("property `{key}`: {error}");
        let text = |value: &Exact| {
            let value = Value::from_json(&value.json(lines));
            let text = value.and_then(|value| value.canonical_text());
            text.ok_or_else(|| format!("property `{key}`: one of its `values` is no single value"))
        };
        Ok(PropertyDefinition {
            name: said(self.key.as_deref(), &self.name),
            description: self.description.clone(),
            of_type: of_type.transpose().map_err(problem)?,
            unit: self.unit.as_deref().map(Arc::from),
            required: self.required,
            values: self
                .values
                .iter()
                .map(text)
                .collect::<Result<BTreeSet<_>, _>>()?,
            ..PropertyDefinition::new(key)
        })
    }
}

/// The name by which something is sent: its key, or where it has none the one name that it has.
fn named<'w>(key: Option<&'w str>, name: &'w LocalizedText) -> Option<&'w str> {
    let only = (name.zh == name.en && !name.is_empty()).then_some(name.en.as_str());
    key.or(only)
}

/// What people call it, where that is not its key.
fn said(key: Option<&str>, name: &LocalizedText) -> LocalizedText {
    match key {
        Some(_) => name.clone(),
        None => LocalizedText::default(),
    }
}
