//! One user's history as plain lists.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{AudienceKey, EventName, ListKey, TagKey, Time, UserKey, Value};

use crate::membership::Recorded;

use crate::identity::IdentityEvent;

/// Everything known about one user, in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// Changes of attributes.
    pub changes: Vec<Change>,
    /// Behaviour.
    pub events: Vec<PastEvent>,
    /// The lists of users that name this one.
    pub lists: BTreeSet<ListKey>,
    /// The other tags that the user has, with their values; `true` for a yes.
    pub tags: BTreeMap<TagKey, Value>,
    /// The audiences that the user is in.
    pub audiences: BTreeSet<AudienceKey>,
    /// What runs recorded of tags, in any order.
    pub memberships: Vec<Recorded>,
    /// The identities, the least first.
    pub identities: Vec<UserKey>,
    /// What was linked to the user and unlinked from it.
    pub identity_events: Vec<IdentityEvent>,
}

/// An attribute was set or unset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// When.
    pub time: Time,
    /// The order of arrival, which decides between changes of one instant.
    pub arrival: u64,
    /// What was set: a whole attribute, or a dotted path inside it.
    pub path: Arc<str>,
    /// To what; `None` unsets.
    pub value: Option<Value>,
}

/// Something the user did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastEvent {
    /// When.
    pub time: Time,
    /// The order of arrival, which decides between events of one instant.
    pub arrival: u64,
    /// The place in its source's own order, for sources that have one; 0 for others.
    pub position: i64,
    /// What.
    pub name: EventName,
    /// What brought the event; may be empty.
    pub source: Arc<str>,
    /// With which properties; objects have members.
    pub properties: BTreeMap<Arc<str>, Value>,
}

impl User {
    /// Whether the user is known at that instant: something about them is visible.
    pub fn is_known(&self, now: Time) -> bool {
        self.events.iter().any(|event| event.time <= now)
            || self.changes.iter().any(|change| change.time <= now)
    }

    /// The attributes as known at that instant, by their dotted paths. An object stands under
    /// its own path, and its members under theirs.
    pub fn attributes(&self, now: Time) -> BTreeMap<Arc<str>, Value> {
        self.attributes_after((now, u64::MAX))
    }

    /// The attributes right after a touch of that time and arrival.
    pub fn attributes_after(&self, touch: (Time, u64)) -> BTreeMap<Arc<str>, Value> {
        let mut visible: Vec<&Change> = self
            .changes
            .iter()
            .filter(|change| (change.time, change.arrival) <= touch)
            .collect();
        visible.sort_by_key(|change| (change.time, change.arrival));
        let mut attributes: BTreeMap<Arc<str>, Value> = BTreeMap::new();
        for change in visible {
            attributes.retain(|path, _| !is_at_or_inside(path, &change.path));
            if let Some(value) = &change.value {
                flatten(&mut attributes, &change.path, value);
            }
        }
        attributes
    }
}

impl PastEvent {
    /// The property at a dotted path.
    pub fn property(&self, path: &str) -> Option<Value> {
        let mut properties = BTreeMap::new();
        for (name, value) in &self.properties {
            flatten(&mut properties, name, value);
        }
        properties.remove(path)
    }
}

/// Whether a path is another one, or leads to a member of it.
fn is_at_or_inside(path: &str, other: &str) -> bool {
    path.strip_prefix(other)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Puts a value under its path, and the members of an object under theirs.
fn flatten(into: &mut BTreeMap<Arc<str>, Value>, path: &str, value: &Value) {
    into.insert(Arc::from(path), value.clone());
    if let Value::Object(members) = value {
        for (name, member) in members.iter() {
            flatten(into, &format!("{path}.{name}"), member);
        }
    }
}
