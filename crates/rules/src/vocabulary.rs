//! The names that a rule may use, as the checker knows them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{
    AudienceKey, EventDefinition, EventName, ListKey, ListKind, PropertyDefinition, SuppliedType,
    Table, TableKey, TagKey,
};

use crate::checked::{Body, CheckedRule, Path, Place};
use crate::sentence::Names;

/// Everything that has a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// What an unknown event, property or attribute is.
    pub plan: Plan,
    /// Events and the properties seen or declared, by dotted paths.
    pub events: BTreeMap<EventName, BTreeSet<Path>>,
    /// What the tracking plan says of properties.
    pub declared: BTreeMap<EventName, Declared>,
    /// Attributes seen or declared, by dotted paths.
    pub attributes: BTreeSet<Path>,
    /// Of the properties of events those that had values, but never a number: where one is needed,
    /// they are not meant.
    pub events_without_numbers: BTreeMap<EventName, BTreeSet<Path>>,
    /// Of the attributes the same.
    pub attributes_without_numbers: BTreeSet<Path>,
    /// The attributes that are lists, by dotted paths.
    pub collections: BTreeSet<Path>,
    /// Tags and what they give.
    pub tags: BTreeMap<TagKey, TagKind>,
    /// Lists and what is in them.
    pub lists: BTreeMap<ListKey, ListKind>,
    /// Tables, with their rows.
    pub tables: BTreeMap<TableKey, Arc<Table>>,
    /// Audiences.
    pub audiences: BTreeSet<AudienceKey>,
    /// What people call tags, lists and audiences: a rule that names one so is told its key.
    pub names: Names,
}

/// What the tracking plan says of the properties of an event, by dotted paths.
pub type Declared = BTreeMap<Path, Arc<PropertyDefinition>>;

impl Vocabulary {
    /// Whether another names the same data: all but tags and audiences, and what people call things.
    #[must_use]
    pub fn names_same_data(&self, other: &Self) -> bool {
        let Self {
            plan,
            events,
            declared,
            attributes,
            events_without_numbers,
            attributes_without_numbers,
            collections,
            tags: _,
            lists,
            tables,
            audiences: _,
            names: _,
        } = self;
        *plan == other.plan
            && *events == other.events
            && *declared == other.declared
            && *attributes == other.attributes
            && *events_without_numbers == other.events_without_numbers
            && *attributes_without_numbers == other.attributes_without_numbers
            && *collections == other.collections
            && *lists == other.lists
            && *tables == other.tables
    }

    /// Adds an event of the tracking plan with its properties, seen or not.
    pub fn declare(&mut self, event: &EventDefinition) {
        let known = self.events.entry(event.key.clone()).or_default();
        let declared = self.declared.entry(event.key.clone()).or_default();
        for property in &event.properties {
            known.insert(Arc::clone(&property.key));
            declared.insert(Arc::clone(&property.key), Arc::new(property.clone()));
        }
    }
}

/// Whether what nobody has seen may be named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Plan {
    /// Unknown events, properties and attributes are warned about.
    #[default]
    Open,
    /// They are errors.
    Closed,
}

/// What a tag gives, as far as other rules need to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagKind {
    /// Yes or no.
    YesNo,
    /// One of these values (a layered tag); none are known of one that may have any.
    Values(BTreeSet<Arc<str>>),
    /// A value of this type (a metric, first/last or preference tag).
    Metric(Place),
}

impl TagKind {
    /// What a tag gives that people supply.
    #[must_use]
    pub fn of_supplied(of: SuppliedType) -> Self {
        match of {
            SuppliedType::Flag => Self::YesNo,
            SuppliedType::Text => Self::Values(BTreeSet::new()),
            SuppliedType::Number => Self::Metric(Place::Number),
            SuppliedType::Time | SuppliedType::Date => Self::Metric(Place::Moment),
        }
    }
}

impl CheckedRule {
    /// What a tag of this rule gives.
    #[must_use]
    pub fn kind(&self) -> TagKind {
        match self.body() {
            Body::Condition(_) => TagKind::YesNo,
            Body::Cases {
                cases, otherwise, ..
            } => TagKind::Values(
                cases
                    .iter()
                    .map(|case| &case.value)
                    .chain(otherwise)
                    .cloned()
                    .collect(),
            ),
            Body::Measure(measure) => TagKind::Metric(measure.place()),
        }
    }
}
