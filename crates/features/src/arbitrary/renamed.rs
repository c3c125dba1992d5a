//! Histories under the names of the rules that are drawn as texts.

use std::sync::Arc;

use domain::{EventName, TagKey, Value};

use super::{Population, Random, list_key};
use crate::reference::User;

/// Our names of properties and attributes, and those of `rules::arbitrary::VALUES`.
const PATHS: [(&str, &str); 5] = [
    ("usd", "n"),
    ("kind", "t"),
    ("ok", "b"),
    ("when", "m"),
    ("labels", "l"),
];

/// Our names of events, and those of `rules::arbitrary::EVENTS`.
const EVENTS: [(&str, &str); 3] = [
    ("swap", "event_a"),
    ("login", "event_b"),
    ("quest_a", "other"),
];

impl Population {
    /// The same histories with the names of `rules::arbitrary::names`; some users have its tags
    /// and are in its lists.
    #[must_use]
    pub fn named_as_in_texts(mut self, random: &mut Random) -> Self {
        for (_, user) in &mut self.users {
            rename(user);
            let tags = [
                ("yes", Value::Bool(true)),
                ("tier", "gold".into()),
                ("score", 2.into()),
            ];
            for (key, value) in tags {
                if let Ok(key) = TagKey::new(key)
                    && random.chance(40)
                {
                    user.tags.insert(key, value);
                }
            }
            if random.chance(40) {
                user.lists.extend(domain::ListKey::new("users"));
                user.audiences.extend(domain::AudienceKey::new("some"));
            }
        }
        self.world.users = self.users.iter().map(|(_, user)| user.clone()).collect();
        let texts = list_key().and_then(|key| self.world.lists.remove(&key));
        if let (Some(texts), Ok(key)) = (texts, domain::ListKey::new("texts")) {
            self.world.lists.insert(key, texts);
        }
        self
    }
}

fn rename(user: &mut User) {
    for change in &mut user.changes {
        change.path = Arc::from(renamed(&change.path, &PATHS));
    }
    for event in &mut user.events {
        event.name = EventName::new(renamed(event.name.as_str(), &EVENTS));
        event.properties = std::mem::take(&mut event.properties)
            .into_iter()
            .map(|(name, value)| (Arc::from(renamed(&name, &PATHS)), value))
            .collect();
    }
}

fn renamed<'n>(name: &'n str, names: &[(&str, &'n str)]) -> &'n str {
    names
        .iter()
        .find(|(ours, _)| *ours == name)
        .map_or(name, |(_, theirs)| theirs)
}
