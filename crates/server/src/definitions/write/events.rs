//! An event of the tracking plan as YAML.

use std::fmt::Write as _;

use domain::{EventDefinition, PropertyDefinition};

use super::scalar::inline;
use super::{described, name, optional, property};

/// The YAML of one event, without the margin of a list.
pub(crate) fn event_text(event: &EventDefinition) -> String {
    let mut text = String::new();
    property(&mut text, "key", &inline(event.key.as_str()));
    name(&mut text, "name", &event.name);
    described(&mut text, &event.description);
    optional(&mut text, "category", &event.category);
    if event.properties.is_empty() {
        return text;
    }
    text.push_str("properties:\n");
    for of_event in &event.properties {
        for (number, line) in property_text(of_event).lines().enumerate() {
            let margin = if number == 0 { "  - " } else { "    " };
            let _ = writeln!(text, "{margin}{line}");
        }
    }
    text
}

fn property_text(of_event: &PropertyDefinition) -> String {
    let mut text = String::new();
    property(&mut text, "key", &inline(&of_event.key));
    name(&mut text, "name", &of_event.name);
    described(&mut text, &of_event.description);
    if let Some(of_type) = of_event.of_type {
        property(&mut text, "type", of_type.name());
    }
    optional(
        &mut text,
        "unit",
        of_event.unit.as_deref().unwrap_or_default(),
    );
    if of_event.required {
        property(&mut text, "required", "true");
    }
    if !of_event.values.is_empty() {
        let values: Vec<String> = of_event.values.iter().map(|value| inline(value)).collect();
        property(&mut text, "values", &format!("[{}]", values.join(", ")));
    }
    text
}
