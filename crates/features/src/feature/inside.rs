//! What stands inside measures, conditions and aggregates.

use rules::checked::{Aggregate, AggregateFunction, Condition, Grouping, Measure};

use super::{measures_of, parts_of};

/// Gives everything that an aggregate asks of each event and of the user: in its values and
/// its filters, and in its groups, however deep. Bounds of its window are not inside.
pub fn asked_inside<'a>(aggregate: &'a Aggregate, found: &mut dyn FnMut(&'a Measure)) {
    let mut visit = |measure: &'a Measure| match measure {
        Measure::Aggregate(inner) => asked_inside(inner, found),
        other => found(other),
    };
    for value in aggregate.values() {
        each_measure(value, &mut visit);
    }
    for filter in aggregate.filters() {
        each_in_condition(filter, &mut visit);
    }
    if let AggregateFunction::Groups(grouping) = &aggregate.function {
        each_in_grouping(grouping, &mut visit);
    }
}

/// Gives what the groups of an aggregate ask of the user, however deep.
pub fn asked_in_groups<'a>(aggregate: &'a Aggregate, found: &mut dyn FnMut(&'a Measure)) {
    let AggregateFunction::Groups(grouping) = &aggregate.function else {
        return;
    };
    each_in_grouping(grouping, &mut |measure| match measure {
        Measure::Aggregate(inner) => asked_inside(inner, &mut |asked| {
            if is_of_user(asked) {
                found(asked);
            }
        }),
        asked if is_of_user(asked) => found(asked),
        _ => {}
    });
}

/// Whether a leaf is the user's own, rather than an event's or an element's.
pub(super) fn is_of_user(measure: &Measure) -> bool {
    matches!(measure, Measure::Attribute { .. } | Measure::HeldSince(_))
}

/// The aggregates that are measured in each group, each once.
pub fn inner_aggregates(grouping: &Grouping) -> Vec<&Aggregate> {
    let mut inner: Vec<&Aggregate> = Vec::new();
    each_in_grouping(grouping, &mut |measure| {
        if let Measure::Aggregate(aggregate) = measure
            && !inner.contains(&&**aggregate)
        {
            inner.push(aggregate);
        }
    });
    inner
}

/// Whether an aggregate, or one of its groups, looks at events in an order.
pub fn has_sequence(aggregate: &Aggregate) -> bool {
    match &aggregate.function {
        AggregateFunction::Sequence(_) => true,
        AggregateFunction::Groups(grouping) => {
            inner_aggregates(grouping).into_iter().any(has_sequence)
        }
        _ => false,
    }
}

fn each_in_grouping<'a>(grouping: &'a Grouping, visit: &mut dyn FnMut(&'a Measure)) {
    if let Some(having) = grouping.having() {
        each_in_condition(having, visit);
    }
    if let Some(measure) = grouping.measure() {
        each_measure(measure, visit);
    }
}

/// Gives a measure and everything inside it, but not what is inside aggregates.
pub fn each_measure<'a>(measure: &'a Measure, visit: &mut dyn FnMut(&'a Measure)) {
    visit(measure);
    for part in measures_in(measure) {
        each_measure(part, visit);
    }
    match measure {
        Measure::If { condition, .. } => each_in_condition(condition, visit),
        Measure::Collection(collection) => collection
            .aggregate
            .filters()
            .for_each(|filter| each_in_condition(filter, visit)),
        _ => {}
    }
}

/// Gives every measure inside a condition, but not what is inside aggregates.
pub fn each_in_condition<'a>(condition: &'a Condition, visit: &mut dyn FnMut(&'a Measure)) {
    for measure in measures_of(condition) {
        each_measure(measure, visit);
    }
    for part in parts_of(condition) {
        each_in_condition(part, visit);
    }
}

/// The measures that a measure is made of.
fn measures_in(measure: &Measure) -> Vec<&Measure> {
    match measure {
        Measure::Arithmetic { left, right, .. } => vec![left, right],
        Measure::If {
            then, otherwise, ..
        } => vec![then, otherwise],
        Measure::Coalesce(parts) => parts.iter().collect(),
        Measure::Collection(collection) => std::iter::once(&collection.of)
            .chain(collection.aggregate.values())
            .collect(),
        Measure::Lookup { row: of, .. }
        | Measure::Function { of, .. }
        | Measure::TagAt { at: of, .. } => vec![of],
        Measure::Age { since, .. } => vec![since],
        Measure::DateDifference { from, to, .. } => vec![from, to],
        Measure::Constant(_)
        | Measure::Now
        | Measure::Attribute { .. }
        | Measure::Property { .. }
        | Measure::Member { .. }
        | Measure::EventTime
        | Measure::EventSource
        | Measure::EventName
        | Measure::Aggregate(_)
        | Measure::TagValue { .. }
        | Measure::Population(_)
        | Measure::HeldSince(_) => Vec::new(),
    }
}

/// Whether a measure, or anything inside it, satisfies a test.
pub fn any_measure(measure: &Measure, test: &dyn Fn(&Measure) -> bool) -> bool {
    let mut found = false;
    each_measure(measure, &mut |inner| found |= test(inner));
    found
}

/// Whether a measure anywhere in a condition satisfies a test.
pub fn any_in_condition(condition: &Condition, test: &dyn Fn(&Measure) -> bool) -> bool {
    let mut found = false;
    each_in_condition(condition, &mut |inner| found |= test(inner));
    found
}
