//! Where a name stands: among the user's attributes, or among an event's properties.

use std::collections::BTreeSet;

use crate::checked::{EventSelector, Path};

/// What names mean.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scope<'s> {
    /// Names are attributes of the user.
    User,
    /// Names are members of an element of a list; there are no tags and aggregates.
    Element,
    /// Names are properties of an event; there are no tags, aggregates and `now`.
    Event(&'s EventScope),
    /// Names are attributes of the user, aggregates are of a group's events; there are no tags.
    Group(&'s GroupScope),
}

impl Scope<'_> {
    /// The word behind which it begins; none for the user.
    pub(super) fn word(self) -> Option<&'static str> {
        match self {
            Self::User => None,
            Self::Element | Self::Event(_) => Some("where"),
            Self::Group(_) => Some("having"),
        }
    }
}

/// The events that are in groups.
#[derive(Debug)]
pub(super) struct GroupScope {
    /// Which events.
    pub events: EventSelector,
    /// What is known of their properties.
    pub of_event: EventScope,
    /// The path of the list whose elements are grouped, if they are no events.
    pub collection: Option<String>,
}

/// The events whose properties names are.
#[derive(Clone, Debug, Default)]
pub(super) struct EventScope {
    /// The events as they were written.
    pub written: String,
    /// All properties that one of them is known to have.
    pub properties: BTreeSet<Path>,
    /// Whether some of the events are unknown, so that nothing can be said of their properties.
    pub is_unknown: bool,
}
