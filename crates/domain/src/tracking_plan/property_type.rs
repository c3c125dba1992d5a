//! The types of properties.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};

use crate::{Error, nearest};

/// What the values of a property are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PropertyType {
    /// Any text; addresses too.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// An instant.
    Time,
    /// A day.
    Date,
    /// A list of whatever.
    List,
    /// A list of texts.
    Texts,
    /// A list of objects.
    Objects,
    /// An object, whose members stand under dotted paths.
    Object,
}

/// The names by which types are written; of each type the first is its own.
const NAMES: [(PropertyType, &[&str]); 10] = [
    (
        PropertyType::Text,
        &["text", "string", "str", "address", "enum"],
    ),
    (PropertyType::Integer, &["integer", "int", "long", "bigint"]),
    (
        PropertyType::Number,
        &["number", "decimal", "float", "double", "numeric"],
    ),
    (PropertyType::Boolean, &["boolean", "bool"]),
    (
        PropertyType::Time,
        &["time", "datetime", "timestamp", "instant"],
    ),
    (PropertyType::Date, &["date", "day"]),
    (PropertyType::List, &["list", "array"]),
    (
        PropertyType::Texts,
        &[
            "list of text",
            "list of texts",
            "list of string",
            "list of strings",
            "texts",
            "strings",
        ],
    ),
    (
        PropertyType::Objects,
        &["list of objects", "list of object", "objects"],
    ),
    (PropertyType::Object, &["object", "map", "json"]),
];

impl PropertyType {
    /// The type's own name.
    #[must_use]
    pub fn name(self) -> &'static str {
        let named = NAMES.iter().find(|(own, _)| *own == self);
        named
            .and_then(|(_, names)| names.first())
            .copied()
            .unwrap_or_default()
    }
}

impl fmt::Display for PropertyType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for PropertyType {
    type Err = Error;

    /// By its own name, or by one of those that other systems have for it, in any case.
    ///
    /// # Errors
    /// [`Error::InvalidDefinition`] with the nearest name, or with all of them.
    fn from_str(written: &str) -> Result<Self, Error> {
        let wanted = written.trim().to_lowercase();
        let named = NAMES
            .iter()
            .find(|(_, names)| names.contains(&wanted.as_str()));
        if let Some((found, _)) = named {
            return Ok(*found);
        }
        let all = NAMES.iter().flat_map(|(_, names)| names.iter().copied());
        let own: Vec<String> = NAMES.iter().map(|(own, _)| format!("`{own}`")).collect();
        let correction = match nearest(&wanted, all) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("types are {}", own.join(", ")),
        };
        Err(Error::InvalidDefinition {
            problem: format!("unknown type `{written}`: {correction}"),
        })
    }
}

impl Serialize for PropertyType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for PropertyType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_has_a_name_and_those_of_other_systems() {
        for (own, names) in NAMES {
            for name in names {
                assert_eq!(name.to_uppercase().parse::<PropertyType>().unwrap(), own);
            }
            assert_eq!(own.to_string().parse::<PropertyType>().unwrap(), own);
        }
        let near = "nubmer".parse::<PropertyType>().unwrap_err().to_string();
        assert_eq!(near, "unknown type `nubmer`: did you mean `number`?");
        let far = "colour".parse::<PropertyType>().unwrap_err().to_string();
        assert!(far.contains("types are `text`, `integer`"), "{far}");
    }
}
