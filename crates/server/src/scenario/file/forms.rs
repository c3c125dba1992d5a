//! What may be written in more than one form: documents, users, counts, texts.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Counts, Document, Import, Members, Names, Said, Scenario, Texts};

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

    fn visit_str<E: Error>(self, user: &str) -> Result<Members, E> {
        Ok(Members {
            exactly: Some(vec![user.to_owned()]),
            ..Members::default()
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Members, A::Error> {
        Ok(Members {
            exactly: Some(texts(&mut list)?),
            ..Members::default()
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut named: BTreeMap<String, Vec<String>> = BTreeMap::new();
        while let Some((name, Names(users))) = map.next_entry()? {
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

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DocumentVisitor)
    }
}

struct DocumentVisitor;

impl<'de> Visitor<'de> for DocumentVisitor {
    type Value = Document;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a scenario, which begins with `scenario: …`")
    }

    /// An empty document is none.
    fn visit_unit<E: Error>(self) -> Result<Document, E> {
        Ok(Document(Vec::new()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Document, A::Error> {
        let mut scenarios = Vec::new();
        while let Some(scenario) = list.next_element()? {
            scenarios.push(scenario);
        }
        Ok(Document(scenarios))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Document, A::Error> {
        let scenario = Scenario::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Document(vec![scenario]))
    }
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NamesVisitor)
    }
}

struct NamesVisitor;

impl<'de> Visitor<'de> for NamesVisitor {
    type Value = Names;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a user, or a list of users `[u1, u2]`")
    }

    fn visit_str<E: Error>(self, user: &str) -> Result<Names, E> {
        Ok(Names(vec![user.to_owned()]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Names, A::Error> {
        texts(&mut list).map(Names)
    }
}

impl<'de> Deserialize<'de> for Import {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ImportVisitor)
    }
}

struct ImportVisitor;

impl<'de> Visitor<'de> for ImportVisitor {
    type Value = Import;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("users who are known from then on, `{users: [u1, u2]}`")
    }

    fn visit_str<E: Error>(self, user: &str) -> Result<Import, E> {
        NamesVisitor.visit_str(user).map(|users| Import { users })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Import, A::Error> {
        NamesVisitor.visit_seq(list).map(|users| Import { users })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Import, A::Error> {
        let mut import = Import::default();
        while let Some(key) = map.next_key::<String>()? {
            if key != "users" {
                return Err(A::Error::unknown_field(&key, &["users"]));
            }
            import.users = map.next_value()?;
        }
        Ok(import)
    }
}

impl<'de> Deserialize<'de> for Said {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SaidVisitor)
    }
}

struct SaidVisitor;

impl<'de> Visitor<'de> for SaidVisitor {
    type Value = Said;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a part of the message by the key of a definition `{whale: expected}`")
    }

    fn visit_unit<E: Error>(self) -> Result<Said, E> {
        Ok(Said::default())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Said, E> {
        Ok(Said::OfAny(Texts(vec![text.to_owned()])))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Said, A::Error> {
        texts(&mut list).map(|texts| Said::OfAny(Texts(texts)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Said, A::Error> {
        let mut by_key = BTreeMap::new();
        while let Some((key, texts)) = map.next_entry()? {
            by_key.insert(key, texts);
        }
        Ok(Said::ByKey(by_key))
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
        formatter.write_str("a text, or a list of texts")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Texts, E> {
        Ok(Texts(vec![text.to_owned()]))
    }

    /// `true`: something is said, whatever it is.
    fn visit_bool<E: Error>(self, is_said: bool) -> Result<Texts, E> {
        Ok(Texts(if is_said {
            vec![String::new()]
        } else {
            Vec::new()
        }))
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
