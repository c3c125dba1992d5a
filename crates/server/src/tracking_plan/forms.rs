//! What may be written in more than one form: an event by its name alone, properties as a list or
//! by their names, a property by its type alone.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Described, WrittenEvent, WrittenProperty};

/// The properties of an event, in the order in which they are written.
#[derive(Clone, Debug, Default)]
pub(super) struct WrittenProperties(pub(super) Vec<WrittenProperty>);

impl<'de> Deserialize<'de> for WrittenEvent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EventVisitor)
    }
}

struct EventVisitor;

impl<'de> Visitor<'de> for EventVisitor {
    type Value = WrittenEvent;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an event such as `{key: swap, properties: {usd: number}}`")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<WrittenEvent, E> {
        Ok(WrittenEvent(Described {
            key: Some(name.to_owned()),
            ..Described::default()
        }))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<WrittenEvent, A::Error> {
        Described::deserialize(MapAccessDeserializer::new(map)).map(WrittenEvent)
    }
}

impl<'de> Deserialize<'de> for WrittenProperties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PropertiesVisitor)
    }
}

struct PropertiesVisitor;

impl<'de> Visitor<'de> for PropertiesVisitor {
    type Value = WrittenProperties;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "properties such as `{usd: number, chain: {type: text}}`, or a list \
             `[{key: usd, type: number}]`",
        )
    }

    fn visit_unit<E>(self) -> Result<WrittenProperties, E> {
        Ok(WrittenProperties::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<WrittenProperties, A::Error> {
        let mut properties = Vec::new();
        while let Some(Listed(property)) = list.next_element()? {
            properties.push(property);
        }
        Ok(WrittenProperties(properties))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<WrittenProperties, A::Error> {
        let mut properties = Vec::new();
        while let Some((key, OfName(property))) = map.next_entry::<String, OfName>()? {
            if let Some(other) = &property.key {
                let message = format!("the property `{key}` has another `key`, `{other}`");
                return Err(A::Error::custom(message));
            }
            properties.push(WrittenProperty {
                key: Some(key),
                ..property
            });
        }
        Ok(WrittenProperties(properties))
    }
}

/// A property of a list: its name alone, or with what is said of it.
struct Listed(WrittenProperty);

/// A property behind its name: its type alone, or what is said of it, or nothing.
struct OfName(WrittenProperty);

impl<'de> Deserialize<'de> for Listed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let named = |name: &str| WrittenProperty {
            key: Some(name.to_owned()),
            ..WrittenProperty::default()
        };
        deserializer
            .deserialize_any(PropertyVisitor(named))
            .map(Self)
    }
}

impl<'de> Deserialize<'de> for OfName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let of_type = |name: &str| WrittenProperty {
            of_type: Some(name.to_owned()),
            ..WrittenProperty::default()
        };
        deserializer
            .deserialize_any(PropertyVisitor(of_type))
            .map(Self)
    }
}

/// A property, with what a text alone says of it.
struct PropertyVisitor<F>(F);

impl<'de, F: FnOnce(&str) -> WrittenProperty> Visitor<'de> for PropertyVisitor<F> {
    type Value = WrittenProperty;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a property such as `{key: usd, type: number, unit: usd}`")
    }

    fn visit_unit<E>(self) -> Result<WrittenProperty, E> {
        Ok(WrittenProperty::default())
    }

    fn visit_str<E>(self, text: &str) -> Result<WrittenProperty, E> {
        Ok((self.0)(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<WrittenProperty, A::Error> {
        WrittenProperty::deserialize(MapAccessDeserializer::new(map))
    }
}
