//! Features: what rules measure, each once, whoever asks for it.

mod inside;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use domain::TagKey;
use rules::checked::{
    Aggregate, Collection, Condition, DerivedEvent, EventSelector, Measure, Path, Place, Window,
};

use self::inside::is_of_user;
pub use self::inside::{
    any_in_condition, any_measure, asked_in_groups, asked_inside, has_sequence, inner_aggregates,
};
use crate::window;

/// One thing measured for each user.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Feature {
    /// A profile attribute in its place.
    Attribute {
        /// Dotted path.
        path: Path,
        /// What its use demands.
        place: Place,
    },
    /// Something measured over events.
    Aggregate(Aggregate),
    /// Since when a test of one attribute has held.
    HeldSince(Condition),
    /// The value of a tag at an instant, by the recorded memberships.
    TagAt {
        /// The tag.
        tag: TagKey,
        /// The instant.
        at: Measure,
        /// What its use demands.
        place: Place,
    },
}

/// Features in the order of their numbers, each once. A feature's anchors come before it.
#[derive(Clone, Debug, Default)]
pub struct FeatureSet {
    features: Vec<Feature>,
    numbers: HashMap<Feature, usize>,
}

impl FeatureSet {
    /// All features, by number.
    pub fn features(&self) -> &[Feature] {
        &self.features
    }

    /// The number of a feature that is in the set.
    pub fn number(&self, feature: &Feature) -> Option<usize> {
        self.numbers.get(feature).copied()
    }

    /// The number of the feature at the leaf of a measure.
    pub fn number_of(&self, measure: &Measure) -> Option<usize> {
        leaf(measure).and_then(|feature| self.number(&feature))
    }

    /// Adds what a condition measures.
    pub fn add_condition(&mut self, condition: &Condition) {
        for measure in measures_of(condition) {
            self.add_measure(measure);
        }
        for part in parts_of(condition) {
            self.add_condition(part);
        }
    }

    /// Adds what a measure is made of.
    pub fn add_measure(&mut self, measure: &Measure) {
        match measure {
            Measure::Attribute { .. }
            | Measure::Aggregate(_)
            | Measure::HeldSince(_)
            | Measure::TagAt { .. } => {
                if let Some(feature) = leaf(measure) {
                    self.add(feature);
                }
            }
            Measure::Collection(collection) => self.add_collection(collection),
            Measure::Arithmetic { left, right, .. } => {
                self.add_measure(left);
                self.add_measure(right);
            }
            Measure::If {
                condition,
                then,
                otherwise,
            } => {
                self.add_condition(condition);
                self.add_measure(then);
                self.add_measure(otherwise);
            }
            Measure::Coalesce(parts) => parts.iter().for_each(|part| self.add_measure(part)),
            Measure::Lookup { row: of, .. } | Measure::Function { of, .. } => self.add_measure(of),
            Measure::Age { since, .. } => self.add_measure(since),
            Measure::DateDifference { from, to, .. } => {
                self.add_measure(from);
                self.add_measure(to);
            }
            Measure::Constant(_)
            | Measure::Now
            | Measure::Property { .. }
            | Measure::Member { .. }
            | Measure::EventTime
            | Measure::EventSource
            | Measure::EventName
            | Measure::Population(_)
            | Measure::TagValue { .. } => {}
        }
    }

    fn add(&mut self, feature: Feature) {
        if self.numbers.contains_key(&feature) {
            return;
        }
        if let Feature::TagAt { at, .. } = &feature {
            self.add_measure(at);
        }
        if let Feature::Aggregate(aggregate) = &feature {
            for bound in window::bounds(&aggregate.window) {
                self.add_measure(bound);
            }
            asked_inside(aggregate, &mut |measure| {
                if is_of_user(measure) {
                    self.add_measure(measure);
                }
            });
        }
        self.numbers.insert(feature.clone(), self.features.len());
        self.features.push(feature);
    }

    /// Adds a list, and what is read of the user beside its elements and their groups.
    fn add_collection(&mut self, collection: &Collection) {
        self.add_measure(&collection.of);
        let aggregate = &collection.aggregate;
        aggregate.values().for_each(|value| self.add_measure(value));
        aggregate
            .filters()
            .for_each(|filter| self.add_condition(filter));
        asked_in_groups(aggregate, &mut |measure| self.add_measure(measure));
    }
}

/// The events that a feature looks at.
pub fn selectors(feature: &Feature) -> Vec<&EventSelector> {
    match feature {
        Feature::Attribute { .. } | Feature::HeldSince(_) | Feature::TagAt { .. } => Vec::new(),
        Feature::Aggregate(aggregate) => vec![&aggregate.events],
    }
}

/// The tags whose recorded memberships a feature looks at.
pub fn recorded_tags(feature: &Feature) -> BTreeSet<&TagKey> {
    let derived = selectors(feature)
        .into_iter()
        .flat_map(|selector| &selector.derived);
    let mut tags: BTreeSet<&TagKey> = derived
        .filter_map(|change| match change {
            DerivedEvent::Entered(tag) | DerivedEvent::Left(tag) => Some(tag),
            _ => None,
        })
        .collect();
    if let Feature::TagAt { tag, .. } = feature {
        tags.insert(tag);
    }
    tags
}

/// The feature that a leaf measure stands for.
pub fn leaf(measure: &Measure) -> Option<Feature> {
    match measure {
        Measure::Attribute { path, place } => Some(Feature::Attribute {
            path: Arc::clone(path),
            place: *place,
        }),
        Measure::Aggregate(aggregate) => Some(Feature::Aggregate((**aggregate).clone())),
        Measure::HeldSince(test) => Some(Feature::HeldSince((**test).clone())),
        Measure::TagAt { tag, at, place } => Some(Feature::TagAt {
            tag: tag.clone(),
            at: (**at).clone(),
            place: *place,
        }),
        _ => None,
    }
}

/// The measures that a condition looks at itself, not those of its parts.
pub fn measures_of(condition: &Condition) -> Vec<&Measure> {
    match condition {
        Condition::Compare { left, right, .. } => vec![left, right],
        Condition::Between {
            value, low, high, ..
        } => vec![value, low, high],
        Condition::InWindow { value, window } => {
            let mut measures = window::bounds(window);
            measures.push(value);
            measures
        }
        Condition::OneOf { value, .. }
        | Condition::HasAll { value, .. }
        | Condition::Text { value, .. }
        | Condition::IsSet(value)
        | Condition::Holds(value)
        | Condition::Anniversary { value, .. }
        | Condition::ValueInList { value, .. } => vec![value],
        _ => Vec::new(),
    }
}

/// The conditions that a condition is made of.
pub fn parts_of(condition: &Condition) -> Vec<&Condition> {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().collect(),
        Condition::AtLeast { of, .. } => of.iter().collect(),
        Condition::Not(part) => vec![part],
        _ => Vec::new(),
    }
}

/// The one attribute that a test looks at.
pub(crate) fn attribute_of(test: &Condition) -> Option<Path> {
    let found = std::cell::RefCell::new(None);
    any_in_condition(test, &|measure| match measure {
        Measure::Attribute { path, .. } => {
            *found.borrow_mut() = Some(Arc::clone(path));
            true
        }
        _ => false,
    });
    found.into_inner()
}

/// Whether a window's bounds depend on the user.
pub fn is_anchored(window: &Window) -> bool {
    !window::is_common(window)
}
