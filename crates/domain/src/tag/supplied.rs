//! Tags whose members people supply: by an import, or one by one.

use serde::{Deserialize, Serialize};

use crate::{Error, Kind, Value, canonical_address_or_same};

/// A tag that is supplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Supplied {
    /// How its members come.
    pub by: Supplier,
    /// What it says of them.
    pub of: SuppliedType,
}

/// How the members of a tag come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Supplier {
    /// All at once, by `muster import tag`.
    Import,
    /// One by one, by `muster tag set` or over HTTP.
    Hand,
}

/// What a supplied tag says of a member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuppliedType {
    /// That it is one, and nothing more.
    #[default]
    Flag,
    /// A text. The texts are the tag's values, as those of a layered tag are.
    Text,
    /// An exact number.
    Number,
    /// An instant.
    Time,
    /// A day.
    Date,
}

/// Letters of the longest value.
const LONGEST: usize = 512;

impl Supplied {
    /// The most different values that a tag of type text has: each is counted and kept by itself.
    pub const MOST_VALUES: usize = 1_000;
}

impl SuppliedType {
    /// The value that a text is. An address is written in lower case.
    ///
    /// # Errors
    /// [`Error::InvalidText`] for a text that is none, and for any value of a flag.
    pub fn read(self, written: &str) -> Result<Value, Error> {
        let text = Value::text(&canonical_address_or_same(written.trim()));
        let refuse = |expected| Error::text(written, expected);
        let (kind, expected) = match self {
            Self::Flag => return Err(refuse("wanted here: this tag has no values")),
            Self::Text if written.trim().is_empty() || written.chars().count() > LONGEST => {
                return Err(refuse("a value: it has 1 to 512 letters"));
            }
            Self::Text => (Kind::Text, "a text"),
            Self::Number => (Kind::Number, "a number such as `12.5`"),
            Self::Time => (Kind::Time, "a time such as `2026-11-01T10:00:00Z`"),
            Self::Date => (Kind::Date, "a date such as `2026-11-01`"),
        };
        text.convert(kind).ok_or_else(|| refuse(expected))
    }

    /// The word for it in definitions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Text => "text",
            Self::Number => "number",
            Self::Time => "time",
            Self::Date => "date",
        }
    }
}

/// What is written behind `imported` or `by_hand`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuppliedForm {
    /// What the tag says of a member.
    #[serde(rename = "type", default)]
    pub of: SuppliedType,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Date, Time};

    #[test]
    fn a_value_is_what_its_type_demands() {
        let read = |of: SuppliedType, text| of.read(text).ok();
        assert_eq!(
            read(SuppliedType::Number, " 1.50 "),
            Some(Value::from(crate::Decimal::from_mantissa(15, 1)))
        );
        assert_eq!(read(SuppliedType::Number, "many"), None);
        assert_eq!(read(SuppliedType::Text, "12"), Some(Value::text("12")));
        assert_eq!(read(SuppliedType::Text, " "), None);
        assert_eq!(
            read(SuppliedType::Date, "2026-11-01"),
            Date::parse("2026-11-01").map(Value::from)
        );
        assert_eq!(
            read(SuppliedType::Time, "2026-11-01T10:00:00Z"),
            Time::parse("2026-11-01T10:00:00Z").map(Value::from)
        );
        let error = SuppliedType::Flag.read("x").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`x` is not wanted here: this tag has no values"
        );
    }

    #[test]
    fn an_address_is_one_value_however_it_is_written() {
        let written = "0x5A0B54D5DC17E0AADC383D2DB43B0A0D3E029C4C";
        assert_eq!(
            SuppliedType::Text.read(written).unwrap(),
            Value::text(&written.to_lowercase())
        );
    }
}
