//! The members of an event on the wire, read in one pass and in any order.

use std::fmt;

use domain::EventType;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::Invalid;
use crate::fields::{Fields, Group, GroupSeed, Single, StringSeed};

/// What all paths of the context begin with.
const CONTEXT: &str = "context";
/// Where some SDKs put the traits of an `identify`.
const CONTEXT_TRAITS: &str = "context.traits.";

/// The members of an event that mean something here.
#[derive(Debug)]
pub(super) struct Wire {
    pub(super) kind: Member,
    pub(super) event: Member,
    pub(super) user_id: Member,
    pub(super) anonymous_id: Member,
    pub(super) previous_id: Member,
    pub(super) group_id: Member,
    pub(super) name: Member,
    pub(super) category: Member,
    pub(super) timestamp: Member,
    pub(super) original_timestamp: Member,
    pub(super) message_id: Member,
    pub(super) position: Member,
    pub(super) properties: Fields,
    pub(super) traits: Fields,
    pub(super) context: Fields,
    /// The first of properties, traits and context that is no object.
    wrong_group: Option<&'static str>,
}

/// A member that is a text or a number.
#[derive(Debug, Default)]
pub(super) struct Member {
    text: String,
    single: Single,
}

impl Member {
    /// Its text, `None` where it is absent, null or empty.
    pub(super) fn text(&self, member: &'static str) -> Result<Option<&str>, Invalid> {
        match self.single {
            Single::None => Ok(None),
            Single::Text => Ok(Some(&self.text)),
            Single::Wrong => Err(Invalid::WrongMember {
                member,
                expected: "a text or a number",
            }),
        }
    }

    /// Its text, empty where it has none.
    pub(super) fn as_str(&self) -> &str {
        match self.single {
            Single::Text => &self.text,
            Single::None | Single::Wrong => "",
        }
    }
}

impl Wire {
    pub(super) fn new(most_fields: usize) -> Self {
        Self {
            kind: Member::default(),
            event: Member::default(),
            user_id: Member::default(),
            anonymous_id: Member::default(),
            previous_id: Member::default(),
            group_id: Member::default(),
            name: Member::default(),
            category: Member::default(),
            timestamp: Member::default(),
            original_timestamp: Member::default(),
            message_id: Member::default(),
            position: Member::default(),
            properties: Fields::with_most(most_fields),
            traits: Fields::with_most(most_fields),
            context: Fields::with_most(most_fields),
            wrong_group: None,
        }
    }

    /// Reads an event in place of the one before.
    pub(super) fn read(&mut self, json: &[u8]) -> Result<(), Invalid> {
        self.clear();
        let text = std::str::from_utf8(json).map_err(|error| Invalid::NotUtf8 {
            valid: error.valid_up_to(),
        })?;
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let read = WireSeed(self)
            .deserialize(&mut deserializer)
            .and_then(|()| deserializer.end());
        self.check_count()?;
        read.map_err(|error| Invalid::NotJson {
            reason: error.to_string(),
        })?;
        match self.wrong_group {
            Some(member) => Err(Invalid::WrongMember {
                member,
                expected: "an object",
            }),
            None => Ok(()),
        }
    }

    fn clear(&mut self) {
        for member in self.members() {
            member.single = Single::None;
        }
        for group in [&mut self.properties, &mut self.traits, &mut self.context] {
            group.clear();
        }
        self.wrong_group = None;
    }

    fn members(&mut self) -> [&mut Member; 12] {
        [
            &mut self.kind,
            &mut self.event,
            &mut self.user_id,
            &mut self.anonymous_id,
            &mut self.previous_id,
            &mut self.group_id,
            &mut self.name,
            &mut self.category,
            &mut self.timestamp,
            &mut self.original_timestamp,
            &mut self.message_id,
            &mut self.position,
        ]
    }

    fn check_count(&self) -> Result<(), Invalid> {
        let groups = [&self.properties, &self.traits, &self.context];
        let most = self.properties.most();
        let count: usize = groups.iter().map(|group| group.len()).sum();
        if count > most || groups.iter().any(|group| group.has_too_many()) {
            return Err(Invalid::TooManyFields { most });
        }
        Ok(())
    }

    /// Brings what the type puts elsewhere to where the properties or traits are.
    pub(super) fn settle(&mut self, kind: EventType) -> Result<(), Invalid> {
        match kind {
            EventType::Track => {}
            EventType::Identify => self.traits.add_missing(&self.context, CONTEXT_TRAITS),
            EventType::Page | EventType::Screen => {
                add(&mut self.properties, "name", &self.name)?;
                add(&mut self.properties, "category", &self.category)?;
            }
            EventType::Group => add(&mut self.traits, "groupId", &self.group_id)?,
            EventType::Alias => add(&mut self.properties, "previousId", &self.previous_id)?,
        }
        // A property may be called as if it were of the context: then it counts.
        for group in [&self.properties, &self.traits] {
            if group.has_prefix(CONTEXT) {
                self.context.remove_paths_of(group);
            }
        }
        Ok(())
    }
}

fn add(fields: &mut Fields, path: &'static str, member: &Member) -> Result<(), Invalid> {
    if let Some(text) = member.text(path)? {
        fields.add_text(path, text);
    }
    Ok(())
}

struct WireSeed<'w>(&'w mut Wire);

impl<'de> DeserializeSeed<'de> for WireSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for WireSeed<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an event, which is an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(KeySeed(&mut *self.0))? {
            match key {
                Key::Member(member) => {
                    member.single = map.next_value_seed(StringSeed(&mut member.text))?;
                }
                Key::Group(fields, name) => {
                    fields.clear();
                    fields.set_prefix(if name == CONTEXT { CONTEXT } else { "" });
                    if map.next_value_seed(GroupSeed(fields))? == Group::Wrong {
                        self.0.wrong_group = Some(name);
                    }
                }
                Key::Unknown => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// Where a member of the event goes.
enum Key<'w> {
    Member(&'w mut Member),
    Group(&'w mut Fields, &'static str),
    Unknown,
}

struct KeySeed<'w>(&'w mut Wire);

impl<'de, 'w> DeserializeSeed<'de> for KeySeed<'w> {
    type Value = Key<'w>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key<'w>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'w> Visitor<'_> for KeySeed<'w> {
    type Value = Key<'w>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a member's name")
    }

    #[inline]
    fn visit_str<E>(self, key: &str) -> Result<Key<'w>, E> {
        let wire = self.0;
        Ok(match key {
            "type" => Key::Member(&mut wire.kind),
            "event" => Key::Member(&mut wire.event),
            "userId" => Key::Member(&mut wire.user_id),
            "anonymousId" => Key::Member(&mut wire.anonymous_id),
            "previousId" => Key::Member(&mut wire.previous_id),
            "groupId" => Key::Member(&mut wire.group_id),
            "name" => Key::Member(&mut wire.name),
            "category" => Key::Member(&mut wire.category),
            "timestamp" => Key::Member(&mut wire.timestamp),
            "originalTimestamp" => Key::Member(&mut wire.original_timestamp),
            "messageId" => Key::Member(&mut wire.message_id),
            "position" => Key::Member(&mut wire.position),
            "properties" => Key::Group(&mut wire.properties, "properties"),
            "traits" => Key::Group(&mut wire.traits, "traits"),
            CONTEXT => Key::Group(&mut wire.context, CONTEXT),
            _ => Key::Unknown,
        })
    }
}
