//! Members that are one text or number: ids, names, times.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::read::{NUMBER, append, number_text};

/// A single text or number, as ids and names are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Single {
    /// Absent, `null`, or empty.
    #[default]
    None,
    /// A text or the canonical text of a number, now in the buffer.
    Text,
    /// Something else.
    Wrong,
}

/// Reads a text or a number into a buffer.
pub(crate) struct StringSeed<'s>(pub(crate) &'s mut String);

impl<'de> DeserializeSeed<'de> for StringSeed<'_> {
    type Value = Single;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Single, D::Error> {
        self.0.clear();
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for StringSeed<'_> {
    type Value = Single;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text or a number")
    }

    #[inline]
    fn visit_str<E>(self, text: &str) -> Result<Single, E> {
        self.0.push_str(text);
        Ok(if text.is_empty() {
            Single::None
        } else {
            Single::Text
        })
    }

    fn visit_u64<E>(self, number: u64) -> Result<Single, E> {
        append(self.0, &number);
        Ok(Single::Text)
    }

    fn visit_i64<E>(self, number: i64) -> Result<Single, E> {
        append(self.0, &number);
        Ok(Single::Text)
    }

    fn visit_unit<E>(self) -> Result<Single, E> {
        Ok(Single::None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Single, E> {
        Ok(Single::Wrong)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Single, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Single::Wrong)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Single, A::Error> {
        let mut single = Single::Wrong;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            if key == NUMBER {
                let digits: String = map.next_value()?;
                number_text(&digits, self.0);
                single = Single::Text;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(single)
    }
}
