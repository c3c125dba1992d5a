//! Where a name stands: among the user's attributes, or among an event's properties.

use std::collections::BTreeSet;

use domain::{EventName, PropertyType};

use crate::checked::{EventSelector, Path};
use crate::vocabulary::{Declared, Vocabulary};

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
    /// What the tracking plan says of them, as far as it says the same of all of the events.
    pub declared: Declared,
    /// Of these, those that may be numbers.
    pub numbers: BTreeSet<Path>,
    /// Whether some of the events are unknown, so that nothing can be said of their properties.
    pub is_unknown: bool,
}

impl EventScope {
    /// Whether the path lies inside a property that the plan declares without its members.
    pub(super) fn has_outside(&self, path: &str) -> bool {
        let outer = path
            .match_indices('.')
            .filter_map(|(dot, _)| path.get(..dot));
        let mut types = outer.filter_map(|outer| self.declared.get(outer)?.of_type);
        types.any(|of_type| {
            matches!(
                of_type,
                PropertyType::List | PropertyType::Objects | PropertyType::Object
            )
        })
    }

    /// The list of the plan inside which a path lies.
    pub(super) fn list_outside<'p>(&self, path: &'p str) -> Option<&'p str> {
        let mut outer = path
            .match_indices('.')
            .filter_map(|(dot, _)| path.get(..dot));
        outer.find(|outer| {
            let of_type = self.declared.get(*outer).and_then(|outer| outer.of_type);
            let lists = [
                PropertyType::List,
                PropertyType::Texts,
                PropertyType::Objects,
            ];
            of_type.is_some_and(|of_type| lists.contains(&of_type))
        })
    }

    /// Takes in what is known of an event; whether it is known at all.
    pub(super) fn add(&mut self, vocabulary: &Vocabulary, name: &str) -> bool {
        let Some(known) = vocabulary.events.get(name) else {
            return false;
        };
        let declared = vocabulary.declared.get(&EventName::new(name));
        let others = vocabulary.events_without_numbers.get(name);
        for path in known {
            if others.is_none_or(|others| !others.contains(path)) {
                self.numbers.insert(Path::clone(path));
            }
            let here = declared.and_then(|declared| declared.get(path));
            let is_new = self.properties.insert(Path::clone(path));
            let agrees = |other: &Declared| {
                let (one, other) = (other.get(path), here);
                one.map(|one| one.of_type) == other.map(|other| other.of_type)
            };
            if !is_new && !agrees(&self.declared) {
                self.declared.remove(path);
            } else if let Some(here) = here {
                self.declared.insert(Path::clone(path), here.clone());
            }
        }
        true
    }
}
