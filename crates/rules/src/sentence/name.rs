//! What things are called: tags, lists, audiences and events by the names that people gave them.

use std::collections::{BTreeMap, BTreeSet};

use domain::{AudienceKey, EventName, ListKey, LocalizedText, TagKey};

use super::spacing::verbatim;
use super::speaker::{Speaker, Subject, say};
use crate::checked::Path;

/// The names that people gave; what has none is called by its key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Of tags.
    pub tags: BTreeMap<TagKey, LocalizedText>,
    /// Of lists.
    pub lists: BTreeMap<ListKey, LocalizedText>,
    /// Of audiences.
    pub audiences: BTreeMap<AudienceKey, LocalizedText>,
    /// Of events.
    pub events: BTreeMap<EventName, LocalizedText>,
    /// The attributes that are lists, by dotted paths: what is said of their elements is not said
    /// of events.
    pub collections: BTreeSet<Path>,
}

/// The key of what people call so, in either language.
pub(crate) fn key_called<'n, K>(
    names: &'n BTreeMap<K, LocalizedText>,
    name: &str,
) -> Option<&'n K> {
    let mut called = names
        .iter()
        .filter(|(_, text)| text.zh == name || text.en == name);
    called.next().map(|(key, _)| key)
}

impl Speaker<'_> {
    pub(super) fn tag(&self, key: &str) -> String {
        self.given(self.names.tags.get(key), key)
    }

    pub(super) fn list(&self, key: &str) -> String {
        self.given(self.names.lists.get(key), key)
    }

    pub(super) fn audience(&self, key: &str) -> String {
        self.given(self.names.audiences.get(key), key)
    }

    pub(super) fn event(&self, name: &str) -> String {
        self.given(self.names.events.get(name), name)
    }

    fn given(&self, name: Option<&LocalizedText>, key: &str) -> String {
        let name = name.map(|name| name.of(self.language));
        self.name(name.filter(|name| !name.is_empty()).unwrap_or(key))
    }

    /// A name: plain Latin ones as they are, others in quotes.
    pub(super) fn name(&self, name: &str) -> String {
        let shown = verbatim(name);
        let is_plain =
            |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '$');
        if !name.is_empty() && name.chars().all(is_plain) {
            return shown;
        }
        say!(self, "「{shown}」", "‘{shown}’")
    }

    /// An attribute, or of events a property or one of their own fields.
    pub(super) fn path(&self, parts: &[String]) -> String {
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match (self.subject, parts.as_slice()) {
            (Subject::Events | Subject::Elements, ["user", of_user @ ..])
                if !of_user.is_empty() =>
            {
                let name = self.name(&of_user.join("."));
                say!(self, "用户的 {name}", "the user's {name}")
            }
            (Subject::Events, ["time"]) => say!(self, "事件时间", "the event's time"),
            (Subject::Events, ["source"]) => say!(self, "事件来源", "the event's source"),
            (Subject::Events, ["event"]) => say!(self, "事件名", "the event's name"),
            (Subject::Events, ["properties", own @ ..]) | (Subject::Users, ["user", own @ ..])
                if !own.is_empty() =>
            {
                self.name(&own.join("."))
            }
            (_, parts) => self.name(&parts.join(".")),
        }
    }
}
