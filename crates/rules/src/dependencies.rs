//! What a rule reads: other tags, lists, audiences, events with their properties, attributes; and
//! the order in which tags can be computed.

mod defined;
mod order;
#[cfg(test)]
mod tests;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use domain::{AudienceKey, EventName, ListKey, TableKey, TagKey};

pub use self::defined::Defined;
pub use self::order::{Cycle, order};
use crate::checked::{Body, Condition, DerivedEvent, EventSelector, Path};

/// Everything that a rule reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dependencies {
    /// Other tags.
    pub tags: BTreeSet<TagKey>,
    /// Lists of users and of values.
    pub lists: BTreeSet<ListKey>,
    /// Tables.
    pub tables: BTreeSet<TableKey>,
    /// Audiences.
    pub audiences: BTreeSet<AudienceKey>,
    /// The profile attributes, by dotted paths.
    pub attributes: BTreeSet<Path>,
    /// Exact event names, and of each the properties read.
    pub events: BTreeMap<EventName, BTreeSet<Path>>,
    /// Prefixes of event names (the empty one for any event), and of each the properties read.
    pub event_prefixes: BTreeMap<Path, BTreeSet<Path>>,
    /// Whether the result can change by time alone.
    pub moves_with_time: bool,
}

impl Dependencies {
    /// Everything that a rule reads.
    pub(crate) fn of_body(body: &Body) -> Self {
        let mut dependencies = Self::default();
        match body {
            Body::Condition(condition) => dependencies.add_condition(condition, None),
            Body::Cases { cases, .. } => {
                for case in cases {
                    dependencies.add_condition(&case.when, None);
                }
            }
            Body::Measure(measure) => dependencies.add_measure(measure, None),
        }
        dependencies
    }

    /// Everything that a condition on users reads.
    pub(crate) fn of_condition(condition: &Condition) -> Self {
        let mut dependencies = Self::default();
        dependencies.add_condition(condition, None);
        dependencies
    }

    /// Notes the events of an aggregate, so that a property can be noted with each.
    fn add_events(&mut self, selector: &EventSelector) {
        for name in &selector.names {
            self.events.entry(name.clone()).or_default();
        }
        for prefix in &selector.prefixes {
            self.event_prefixes.entry(prefix.clone()).or_default();
        }
        for change in &selector.derived {
            match change {
                DerivedEvent::Changed(path) => {
                    self.attributes.insert(path.clone());
                }
                DerivedEvent::Entered(tag) | DerivedEvent::Left(tag) => {
                    self.tags.insert(tag.clone());
                }
                DerivedEvent::Linked(_) | DerivedEvent::Unlinked(_) => {}
            }
        }
    }

    fn add_property(&mut self, path: &Path, selector: &EventSelector) {
        for name in &selector.names {
            self.events
                .entry(name.clone())
                .or_default()
                .insert(path.clone());
        }
        for prefix in &selector.prefixes {
            self.event_prefixes
                .entry(prefix.clone())
                .or_default()
                .insert(path.clone());
        }
    }
}
