//! Random aggregates over the elements of lists.

use domain::Decimal;
use rules::checked::{
    Aggregate, AggregateFunction, Collection, Comparison, Condition, EventSelector, GroupKey,
    Grouping, Measure, Place, Window,
};

use super::{Random, Standing, Vocabulary, histories, measures, values};

/// Something measured over the elements of a list.
pub(super) fn draw(
    random: &mut Random,
    vocabulary: &Vocabulary,
    place: Place,
    depth: usize,
) -> Measure {
    let member = |random: &mut Random, place| Measure::Member {
        path: values::member_path(random),
        place,
    };
    let function = match place {
        Place::Number => random.pick(
            AggregateFunction::Count,
            &[
                AggregateFunction::Sum,
                AggregateFunction::Average,
                AggregateFunction::Distinct,
                AggregateFunction::Maximum(place),
                AggregateFunction::Percentile(Decimal::from(50)),
            ],
        ),
        Place::Truth | Place::Any | Place::Span => AggregateFunction::First(1, place),
        Place::Text | Place::Moment => random.pick(
            AggregateFunction::Minimum(place),
            &[
                AggregateFunction::Last(1, place),
                AggregateFunction::Top(2, place),
            ],
        ),
    };
    let function = match random.chance(30) {
        true => in_groups(random, vocabulary, place).unwrap_or(function),
        false => function,
    };
    let arguments = match &function {
        AggregateFunction::Count => Vec::new(),
        AggregateFunction::Groups(_) => vec![member(random, Place::Text)],
        AggregateFunction::Distinct => vec![member(random, Place::Text)],
        other => vec![member(random, other.place())],
    };
    let filter = random.chance(50).then(|| {
        let place = random.pick(Place::Number, &[Place::Text, Place::Moment]);
        Condition::Compare {
            left: member(random, place),
            comparison: random.pick(Comparison::Equal, &[Comparison::Less, Comparison::AtLeast]),
            right: measures::draw(random, vocabulary, place, Standing::User, depth.min(1)),
            zone: (place == Place::Moment).then(|| histories::zone(random)),
        }
    });
    Measure::Collection(Box::new(Collection {
        of: Measure::Attribute {
            path: values::list_path(random),
            place: Place::Any,
        },
        aggregate: Aggregate {
            function,
            events: EventSelector::default(),
            arguments,
            filter,
            window: Window::Ever,
        },
    }))
}

/// What is made of groups of elements.
fn in_groups(
    random: &mut Random,
    vocabulary: &Vocabulary,
    place: Place,
) -> Option<AggregateFunction> {
    let measure = Measure::Aggregate(Box::new(Aggregate {
        function: random.pick(AggregateFunction::Count, &[AggregateFunction::Sum]),
        events: EventSelector::default(),
        arguments: vec![Measure::Member {
            path: values::member_path(random),
            place: Place::Number,
        }],
        filter: None,
        window: Window::Ever,
    }));
    let key = GroupKey::Values;
    let grouping = match (place, random.below(3)) {
        (Place::Number, 0) => Grouping::Count(
            key,
            Condition::Compare {
                left: measure,
                comparison: Comparison::Greater,
                right: match random.chance(30) {
                    true => Measure::Attribute {
                        path: values::path(random, place),
                        place,
                    },
                    false => Measure::Constant(values::constant(random, place, vocabulary)),
                },
                zone: None,
            },
        ),
        (Place::Number, _) => {
            let function = random.pick(
                AggregateFunction::Maximum(place),
                &[AggregateFunction::Average, AggregateFunction::Sum],
            );
            Grouping::Fold(key, function, measure)
        }
        (Place::Text, _) => Grouping::Top(2, place, measure),
        _ => return None,
    };
    Some(AggregateFunction::Groups(Box::new(grouping)))
}
