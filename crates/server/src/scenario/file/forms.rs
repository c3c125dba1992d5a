//! What may be written in more than one form: users, counts, texts.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Counts, Members, Texts};

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "users `[u1, u2]`, users by value `{gold: [u1]}`, or `{includes: [u1], excludes: [u2]}`",
        )
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Members, A::Error> {
        Ok(Members {
            exactly: Some(texts(&mut list)?),
            ..Members::default()
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut named: BTreeMap<String, Vec<String>> = BTreeMap::new();
        while let Some((name, users)) = map.next_entry()? {
            named.insert(name, users);
        }
        let is_partial = !named.is_empty()
            && named
                .keys()
                .all(|name| matches!(name.as_str(), "includes" | "excludes"));
        if !is_partial {
            return Ok(Members {
                by_value: named,
                ..Members::default()
            });
        }
        let mut users = |name: &str| named.remove(name).unwrap_or_default();
        Ok(Members {
            includes: users("includes"),
            excludes: users("excludes"),
            ..Members::default()
        })
    }
}

impl<'de> Deserialize<'de> for Counts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CountsVisitor)
    }
}

struct CountsVisitor;

impl<'de> Visitor<'de> for CountsVisitor {
    type Value = Counts;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a number of users, or one for each value `{gold: 1}`")
    }

    fn visit_u64<E: Error>(self, count: u64) -> Result<Counts, E> {
        Ok(Counts::All(count))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Counts, A::Error> {
        let mut counts = BTreeMap::new();
        while let Some((value, count)) = map.next_entry()? {
            counts.insert(value, count);
        }
        Ok(Counts::ByValue(counts))
    }
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextsVisitor)
    }
}

struct TextsVisitor;

impl<'de> Visitor<'de> for TextsVisitor {
    type Value = Texts;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a part of the message, or a list of parts")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Texts, E> {
        Ok(Texts(vec![text.to_owned()]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Texts, A::Error> {
        texts(&mut list).map(Texts)
    }
}

/// The elements of a list as the texts that they are, also where YAML takes them for numbers.
fn texts<'de, A: SeqAccess<'de>>(list: &mut A) -> Result<Vec<String>, A::Error> {
    let mut texts = Vec::new();
    while let Some(text) = list.next_element()? {
        texts.push(text);
    }
    Ok(texts)
}
