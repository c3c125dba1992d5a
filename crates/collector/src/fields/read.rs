//! Reading JSON into flat fields, in one pass.

use std::fmt;

use domain::{Decimal, Value, stored};
use serde::de::value::SeqAccessDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess,
    Visitor,
};
use serde_json::Value as Json;

use super::{FieldKind, Fields};
use crate::Invalid;

/// How `serde_json` gives a number that is no 64-bit integer: as a map of this one member, with
/// all its digits.
pub(super) const NUMBER: &str = "$serde_json::private::Number";

/// Reads one object.
pub(super) fn object(fields: &mut Fields, json: &[u8]) -> Result<(), Invalid> {
    let text = std::str::from_utf8(json).map_err(|error| Invalid::NotUtf8 {
        valid: error.valid_up_to(),
    })?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = ObjectSeed(fields)
        .deserialize(&mut deserializer)
        .and_then(|()| deserializer.end());
    if fields.has_too_many {
        return Err(Invalid::TooManyFields { most: fields.most });
    }
    read.map_err(|error| Invalid::NotJson {
        reason: error.to_string(),
    })
}

/// The canonical text of a JSON number; its own digits where no number of ours has them.
pub(super) fn number_text(written: &str, out: &mut String) -> Canonical {
    match Decimal::parse(written) {
        Some(number) => {
            append(out, &number);
            Canonical::Number
        }
        None => {
            out.push_str(written);
            Canonical::Text
        }
    }
}

pub(super) fn append(out: &mut String, value: &dyn fmt::Display) {
    use fmt::Write as _;
    // Writing to a String cannot fail.
    let _ = write!(out, "{value}");
}

/// What became of the digits of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Canonical {
    Number,
    /// They are beyond what can be computed with.
    Text,
}

/// What a group of members may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    /// An object, `null`, or an empty list (some languages write an empty object so).
    Read,
    /// Anything else.
    Wrong,
}

/// Reads `properties`, `traits` or `context` under the prefix that is set.
pub(crate) struct GroupSeed<'f>(pub(crate) &'f mut Fields);

impl<'de> DeserializeSeed<'de> for GroupSeed<'_> {
    type Value = Group;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Group, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for GroupSeed<'_> {
    type Value = Group;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Group, A::Error> {
        Ok(match members(self.0, map, Depth::Top)? {
            Members::Object => Group::Read,
            Members::Number => Group::Wrong,
        })
    }

    fn visit_unit<E>(self) -> Result<Group, E> {
        Ok(Group::Read)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Group, A::Error> {
        let mut group = Group::Read;
        while list.next_element::<IgnoredAny>()?.is_some() {
            group = Group::Wrong;
        }
        Ok(group)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Group, E> {
        Ok(Group::Wrong)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Group, E> {
        Ok(Group::Wrong)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Group, E> {
        Ok(Group::Wrong)
    }

    fn visit_str<E>(self, _: &str) -> Result<Group, E> {
        Ok(Group::Wrong)
    }
}

/// Reads a document that must be an object.
struct ObjectSeed<'f>(&'f mut Fields);

impl<'de> DeserializeSeed<'de> for ObjectSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ObjectSeed<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        members(self.0, map, Depth::Top).map(|_| ())
    }
}

/// Whether a member stands in the object that is read or deeper.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Top,
    Inside,
}

/// What a map turned out to be.
enum Members {
    Object,
    /// It was a number, which is now at the end of the text.
    Number,
}

/// Reads the members of an object, each under its own path.
fn members<'de, A: MapAccess<'de>>(
    fields: &mut Fields,
    mut map: A,
    depth: Depth,
) -> Result<Members, A::Error> {
    let outer = fields.path.len();
    let mut is_first = true;
    while let Some(()) = map.next_key_seed(KeySeed(fields))? {
        if is_first && fields.path.get(key_start(outer)..) == Some(NUMBER) {
            fields.path.truncate(outer);
            let digits: String = map.next_value()?;
            push_number(fields, &digits);
            return Ok(Members::Number);
        }
        if is_first && depth == Depth::Inside {
            push_marker(fields, outer);
        }
        is_first = false;
        fields.forget_current();
        map.next_value_seed(ValueSeed { fields, depth })?;
        fields.path.truncate(outer);
        if fields.has_too_many {
            return Err(A::Error::custom("too many properties"));
        }
    }
    if is_first && depth == Depth::Inside {
        push_marker(fields, outer);
    }
    Ok(Members::Object)
}

/// Where a key begins in the path: after the point that follows an outer path.
fn key_start(outer: usize) -> usize {
    if outer == 0 { 0 } else { outer + 1 }
}

/// Notes that an object is at the outer path.
fn push_marker(fields: &mut Fields, outer: usize) {
    let inner = fields.path.split_off(outer);
    fields.push(FieldKind::Object, |out| out.push_str(stored::OBJECT));
    fields.path.push_str(&inner);
}

fn push_number(fields: &mut Fields, written: &str) {
    let mut kind = Canonical::Number;
    fields.push(FieldKind::Number, |out| kind = number_text(written, out));
    if kind == Canonical::Text
        && let Some(field) = fields.fields.last_mut()
    {
        field.kind = FieldKind::Text;
    }
}

/// Appends a key to the path.
struct KeySeed<'f>(&'f mut Fields);

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a member's name")
    }

    #[inline]
    fn visit_str<E>(self, key: &str) -> Result<(), E> {
        if !self.0.path.is_empty() {
            self.0.path.push('.');
        }
        self.0.path.push_str(key);
        Ok(())
    }
}

/// Reads a value at the path.
struct ValueSeed<'f> {
    fields: &'f mut Fields,
    depth: Depth,
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    #[inline]
    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.fields.push_text(text);
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.fields
            .push(FieldKind::Number, |out| append(out, &number));
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.fields
            .push(FieldKind::Number, |out| append(out, &number));
        Ok(())
    }

    fn visit_bool<E>(self, truth: bool) -> Result<(), E> {
        let text = if truth { "true" } else { "false" };
        self.fields.push(FieldKind::Truth, |out| out.push_str(text));
        Ok(())
    }

    /// A null unsets a member as a whole; inside an object, which is set as a whole, it is
    /// nothing.
    fn visit_unit<E>(self) -> Result<(), E> {
        if self.depth == Depth::Top {
            self.fields
                .push(FieldKind::Null, |out| out.push_str(stored::UNSET));
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        let json = Json::deserialize(SeqAccessDeserializer::new(list))?;
        if let Some(value) = Value::from_json(&json) {
            let path = std::mem::take(&mut self.fields.path);
            for (_, text) in stored::encode("", &value) {
                self.fields.path.push_str(&path);
                self.fields.push(FieldKind::List, |out| out.push_str(&text));
                self.fields.path.clear();
            }
            self.fields.path = path;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        members(self.fields, map, Depth::Inside).map(|_| ())
    }
}
