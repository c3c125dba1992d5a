//! One event of a user: what happened, when, and with which properties.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Time, UserKey, Value};

/// The name of an event, case-sensitive. Names that begin with `$` are Muster's own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventName(Arc<str>);

impl EventName {
    /// The name under which page views are found; the page's own is the property `name`.
    pub const PAGE: &'static str = "$page";
    /// The name under which screen views are found.
    pub const SCREEN: &'static str = "$screen";
    /// The name of events that set attributes.
    pub const IDENTIFY: &'static str = "$identify";
    /// The name of events that put a user into a group.
    pub const GROUP: &'static str = "$group";
    /// The name of events that link two identities.
    pub const ALIAS: &'static str = "$alias";

    /// The event of that name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(Arc::from(name))
    }

    /// The name as a text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `*` and prefixes leave it out: identify, group, alias and Muster's own, but not
    /// page and screen.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.0.starts_with('$') && ![Self::PAGE, Self::SCREEN].contains(&self.as_str())
    }
}

impl Borrow<str> for EventName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&str> for EventName {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl fmt::Display for EventName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

/// What sort of call brought the event (the tracking API's six).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventType {
    /// Something the user did, under its own name.
    Track,
    /// Sets or unsets attributes of the user.
    Identify,
    /// A web page was seen.
    Page,
    /// A screen of an app was seen.
    Screen,
    /// The user belongs to a group.
    Group,
    /// Two identities are one user.
    Alias,
}

impl EventType {
    /// The type's name, as in the tracking API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Track => "track",
            Self::Identify => "identify",
            Self::Page => "page",
            Self::Screen => "screen",
            Self::Group => "group",
            Self::Alias => "alias",
        }
    }

    /// The name that all events of this type have; `None` for track, whose events have their
    /// own.
    #[must_use]
    pub fn event_name(self) -> Option<&'static str> {
        match self {
            Self::Track => None,
            Self::Identify => Some(EventName::IDENTIFY),
            Self::Page => Some(EventName::PAGE),
            Self::Screen => Some(EventName::SCREEN),
            Self::Group => Some(EventName::GROUP),
            Self::Alias => Some(EventName::ALIAS),
        }
    }

    /// Whether `*` and prefixes range over it (rules.md, meaning 14).
    #[must_use]
    pub fn is_behaviour(self) -> bool {
        matches!(self, Self::Track | Self::Page | Self::Screen)
    }
}

/// An event as it was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Whose it is.
    pub user: UserKey,
    /// What sort of call brought it.
    pub kind: EventType,
    /// What happened; see [`EventType::event_name`].
    pub name: EventName,
    /// When it happened.
    pub time: Time,
    /// The sender's id, by which repeats are known.
    pub message_id: Option<Arc<str>>,
    /// The properties by their names, or the traits of an identify; each name once.
    pub properties: Vec<(Arc<str>, Value)>,
    /// The names that were written with an explicit null: an identify unsets them.
    pub unset: Vec<Arc<str>>,
}

impl Event {
    /// The property of that name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&Value> {
        self.properties
            .iter()
            .find(|(own, _)| own.as_ref() == name)
            .map(|(_, value)| value)
    }
}
