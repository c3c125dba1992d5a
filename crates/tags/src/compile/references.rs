//! What a rule names: tags, audiences, lists, features.

use std::collections::BTreeSet;

use domain::{AudienceKey, ListKey, TagKey};
use features::FeatureSet;
use features::feature::{asked_in_groups, recorded_tags};
use rules::checked::{Body, Condition, Measure, Population};

/// Something that a rule names.
#[derive(Clone, Copy, Debug)]
pub enum Reference<'a> {
    /// Another tag, its membership or its value.
    Tag(&'a TagKey),
    /// An audience.
    Audience(&'a AudienceKey),
    /// A list of users.
    UserList(&'a ListKey),
    /// What is measured of a user's history, or a value among all users: one column.
    Feature(&'a Measure),
}

/// Gives all that a rule names.
pub fn of_body<'a>(body: &'a Body, found: &mut dyn FnMut(Reference<'a>)) {
    match body {
        Body::Condition(condition) => of_condition(condition, found),
        Body::Cases { cases, .. } => {
            for case in cases {
                of_condition(&case.when, found);
            }
        }
        Body::Measure(measure) => of_measure(measure, found),
    }
}

/// Gives all that a condition names.
pub fn of_condition<'a>(condition: &'a Condition, found: &mut dyn FnMut(Reference<'a>)) {
    match condition {
        Condition::HasTag(tag) => found(Reference::Tag(tag)),
        Condition::InAudience(audience) => found(Reference::Audience(audience)),
        Condition::UserInList(list) => found(Reference::UserList(list)),
        _ => {}
    }
    for measure in features::feature::measures_of(condition) {
        of_measure(measure, found);
    }
    for part in features::feature::parts_of(condition) {
        of_condition(part, found);
    }
}

/// Gives all that a measure names. The inside of an aggregate names nothing of its own: its
/// window's bounds are features of the program.
pub fn of_measure<'a>(measure: &'a Measure, found: &mut dyn FnMut(Reference<'a>)) {
    match measure {
        Measure::TagValue { tag, .. } => found(Reference::Tag(tag)),
        Measure::Attribute { .. }
        | Measure::Aggregate(_)
        | Measure::HeldSince(_)
        | Measure::TagAt { .. }
        | Measure::Population(_) => {
            found(Reference::Feature(measure));
        }
        Measure::Collection(collection) => {
            of_measure(&collection.of, found);
            for argument in &collection.aggregate.arguments {
                of_measure(argument, found);
            }
            if let Some(filter) = &collection.aggregate.filter {
                of_condition(filter, found);
            }
            asked_in_groups(&collection.aggregate, &mut |measure| {
                found(Reference::Feature(measure));
            });
        }
        Measure::Arithmetic { left, right, .. } => {
            of_measure(left, found);
            of_measure(right, found);
        }
        Measure::If {
            condition,
            then,
            otherwise,
        } => {
            of_condition(condition, found);
            of_measure(then, found);
            of_measure(otherwise, found);
        }
        Measure::Coalesce(parts) => parts.iter().for_each(|part| of_measure(part, found)),
        Measure::Lookup { row: of, .. } | Measure::Function { of, .. } => of_measure(of, found),
        Measure::Age { since, .. } => of_measure(since, found),
        Measure::DateDifference { from, to, .. } => {
            of_measure(from, found);
            of_measure(to, found);
        }
        Measure::Constant(_)
        | Measure::Now
        | Measure::Property { .. }
        | Measure::Member { .. }
        | Measure::EventTime
        | Measure::EventSource
        | Measure::EventName => {}
    }
}

/// Gives all that a value among all users is made of.
pub fn of_population<'a>(population: &'a Population, found: &mut dyn FnMut(Reference<'a>)) {
    for measure in population.measures() {
        of_measure(measure, found);
    }
    if let Some(condition) = population.condition() {
        of_condition(condition, found);
    }
}

/// The tags whose recorded memberships a rule looks at, wherever in it.
pub fn recorded_by_body(body: &Body) -> BTreeSet<TagKey> {
    let mut features = FeatureSet::default();
    match body {
        Body::Condition(condition) => features.add_condition(condition),
        Body::Measure(measure) => features.add_measure(measure),
        Body::Cases { cases, .. } => cases
            .iter()
            .for_each(|case| features.add_condition(&case.when)),
    }
    recorded_by(&features)
}

/// The same of a condition.
pub fn recorded_by_condition(condition: &Condition) -> BTreeSet<TagKey> {
    let mut features = FeatureSet::default();
    features.add_condition(condition);
    recorded_by(&features)
}

/// The same of what a value among all users is made of.
pub fn recorded_by_population(population: &Population) -> BTreeSet<TagKey> {
    let mut features = FeatureSet::default();
    for measure in population.measures() {
        features.add_measure(measure);
    }
    if let Some(condition) = population.condition() {
        features.add_condition(condition);
    }
    recorded_by(&features)
}

fn recorded_by(features: &FeatureSet) -> BTreeSet<TagKey> {
    let features = features.features().iter();
    features.flat_map(recorded_tags).cloned().collect()
}

/// What a measure depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dependence<'a> {
    /// Nothing that differs by user.
    Nothing,
    /// One feature, and no tag, audience or list.
    Feature(&'a Measure),
    /// Several features, and no tag.
    Features,
    /// Tags, audiences or lists too.
    Tags,
}

/// What a measure depends on.
pub fn dependence(measure: &Measure) -> Dependence<'_> {
    let mut dependence = Dependence::Nothing;
    of_measure(measure, &mut |reference| {
        dependence = match (dependence, reference) {
            (Dependence::Tags, _) | (_, Reference::Tag(_) | Reference::Audience(_)) => {
                Dependence::Tags
            }
            (Dependence::Nothing, Reference::Feature(feature)) => Dependence::Feature(feature),
            (Dependence::Feature(one), Reference::Feature(other)) if one == other => {
                Dependence::Feature(one)
            }
            _ => Dependence::Features,
        };
    });
    dependence
}
