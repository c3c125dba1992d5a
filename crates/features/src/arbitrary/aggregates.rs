//! Random aggregates over events and over groups of them.

use std::sync::Arc;

use domain::Decimal;
use rules::checked::{
    Aggregate, AggregateFunction, DerivedEvent, EventSelector, GroupKey, GroupedBy, Grouping,
    Place, Window,
};

use super::{
    Random, Standing, Vocabulary, conditions, histories, measures, memberships, values, windows,
};

/// An aggregate that gives a value of the place.
pub(super) fn draw(
    random: &mut Random,
    vocabulary: &Vocabulary,
    place: Place,
    depth: usize,
) -> Aggregate {
    let window = windows::of_events(random, vocabulary, depth.min(2));
    Aggregate {
        window,
        ..in_group(random, vocabulary, place, depth)
    }
}

/// The same over all time.
pub(super) fn in_group(
    random: &mut Random,
    vocabulary: &Vocabulary,
    place: Place,
    depth: usize,
) -> Aggregate {
    let function = function(random, vocabulary, place, depth);
    let inner = depth.min(1);
    let argument = |random: &mut Random| {
        let place = argument_place(&function, random);
        measures::draw(random, vocabulary, place, Standing::Event, inner)
    };
    let arguments = match &function {
        AggregateFunction::Count
        | AggregateFunction::Periods(..)
        | AggregateFunction::Streak(_)
        | AggregateFunction::LongestStreak(_)
        | AggregateFunction::FirstTime(_)
        | AggregateFunction::LastTime(_) => Vec::new(),
        AggregateFunction::Distinct => (0..=random.below(2)).map(|_| argument(random)).collect(),
        AggregateFunction::Groups(grouping) => match grouping.by() {
            GroupedBy::Period(..) => Vec::new(),
            GroupedBy::Values(_) => vec![argument(random)],
        },
        _ => vec![argument(random)],
    };
    let filter = random
        .chance(40)
        .then(|| conditions::draw(random, vocabulary, Standing::Event, inner));
    Aggregate {
        function,
        events: selector(random),
        arguments,
        filter,
        window: Window::Ever,
    }
}

fn argument_place(function: &AggregateFunction, random: &mut Random) -> Place {
    match function {
        AggregateFunction::Minimum(place)
        | AggregateFunction::Maximum(place)
        | AggregateFunction::Top(_, place)
        | AggregateFunction::First(_, place)
        | AggregateFunction::Last(_, place) => *place,
        AggregateFunction::Distinct => random.pick(Place::Text, &[Place::Text, Place::Number]),
        AggregateFunction::Groups(grouping) => match &**grouping {
            Grouping::Top(_, place, _) => *place,
            _ => random.pick(Place::Text, &[Place::Text, Place::Number]),
        },
        _ => Place::Number,
    }
}

fn function(
    random: &mut Random,
    vocabulary: &Vocabulary,
    place: Place,
    depth: usize,
) -> AggregateFunction {
    if depth > 0
        && random.chance(25)
        && let Some(grouping) = grouping(random, vocabulary, place, depth - 1)
    {
        return AggregateFunction::Groups(Box::new(grouping));
    }
    let nth = random.pick(1, &[1, 1, 2, 3]);
    match (place, random.below(10)) {
        (Place::Number, 0..=6) => number_function(random),
        (Place::Moment, 0..=3) => AggregateFunction::FirstTime(nth),
        (Place::Moment, 4..=7) => AggregateFunction::LastTime(nth),
        (Place::Number | Place::Text, 7) => AggregateFunction::Minimum(place),
        (Place::Number | Place::Text, 8) => AggregateFunction::Maximum(place),
        (_, 0..=3) => AggregateFunction::First(nth, place),
        (_, 4..=6) => AggregateFunction::Top(nth, place),
        _ => AggregateFunction::Last(nth, place),
    }
}

fn number_function(random: &mut Random) -> AggregateFunction {
    match random.below(11) {
        0 | 1 => AggregateFunction::Count,
        2 | 3 => AggregateFunction::Sum,
        4 => AggregateFunction::Average,
        5 => AggregateFunction::Distinct,
        6 => {
            let percent = random.pick("50", &["0", "10", "33.3", "90", "99.9", "100"]);
            AggregateFunction::Percentile(Decimal::parse(percent).unwrap_or_default())
        }
        7 => AggregateFunction::Deviation,
        8 => AggregateFunction::Streak(histories::zone(random)),
        9 => AggregateFunction::LongestStreak(histories::zone(random)),
        _ => AggregateFunction::Periods(measures::unit(random), histories::zone(random)),
    }
}

/// Groups of which something of the place is made.
fn grouping(
    random: &mut Random,
    vocabulary: &Vocabulary,
    place: Place,
    depth: usize,
) -> Option<Grouping> {
    let depth = depth.min(1);
    let having = |random: &mut Random| conditions::draw(random, vocabulary, Standing::Group, depth);
    let measure = |random: &mut Random, place| {
        measures::draw(random, vocabulary, place, Standing::Group, depth)
    };
    let key = match random.below(2) {
        0 => GroupKey::Values,
        _ => GroupKey::Period(measures::unit(random), histories::zone(random)),
    };
    let is_ordered = matches!(place, Place::Number | Place::Text | Place::Moment);
    match (place, random.below(8)) {
        (Place::Number, 0..=2) => Some(Grouping::Count(key, having(random))),
        (Place::Number, 3) => Some(Grouping::Streak(histories::zone(random), having(random))),
        (Place::Number, 4) => Some(Grouping::LongestStreak(
            histories::zone(random),
            having(random),
        )),
        (Place::Number, 5 | 6) => {
            let function = random.pick(
                AggregateFunction::Sum,
                &[
                    AggregateFunction::Average,
                    AggregateFunction::Maximum(Place::Number),
                    AggregateFunction::Percentile(Decimal::from(50)),
                    AggregateFunction::Deviation,
                ],
            );
            Some(Grouping::Fold(
                key,
                function,
                measure(random, Place::Number),
            ))
        }
        (_, 0..=3) if is_ordered => {
            let function = random.pick(
                AggregateFunction::Maximum(place),
                &[AggregateFunction::Minimum(place)],
            );
            Some(Grouping::Fold(key, function, measure(random, place)))
        }
        (Place::Number | Place::Text, _) => {
            let by = random.pick(Place::Number, &[Place::Moment]);
            let count = 1 + random.below(3) as u32;
            Some(Grouping::Top(count, place, measure(random, by)))
        }
        _ => None,
    }
}

fn selector(random: &mut Random) -> EventSelector {
    let mut selector = EventSelector::default();
    match random.below(10) {
        0 => selector.prefixes.extend([Arc::from("")]),
        1 => selector.prefixes.extend([Arc::from("quest_")]),
        2 => selector
            .names
            .extend((0..2).map(|_| histories::name(random))),
        3 => selector.derived.extend([change(random)]),
        4 => {
            selector.derived.extend((0..2).map(|_| change(random)));
            selector.names.extend([histories::name(random)]);
        }
        _ => selector.names.extend([histories::name(random)]),
    }
    selector
}

/// A change of an attribute or of an identity as an event.
fn change(random: &mut Random) -> DerivedEvent {
    if random.chance(40) {
        let make = random.pick(
            DerivedEvent::Linked as fn(_) -> _,
            &[DerivedEvent::Unlinked as fn(_) -> _],
        );
        return make(measures::sort(random));
    }
    let place = random.pick(Place::Any, &[Place::Number, Place::Text, Place::Truth]);
    match (random.below(5), memberships::tag(random)) {
        (0, Some(tag)) => DerivedEvent::Entered(tag),
        (1, Some(tag)) => DerivedEvent::Left(tag),
        _ => DerivedEvent::Changed(values::path(random, place)),
    }
}
