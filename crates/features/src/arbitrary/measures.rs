//! Random measures of a place.

use std::num::NonZeroU32;
use std::sync::Arc;

use domain::{Unit, Value};
use rules::checked::{
    Function, IdentitySort, IdentityValue, Measure, Operator, Place, TimePart, Window,
};

use super::{
    Random, Standing, Vocabulary, aggregates, collections, conditions, histories, memberships,
    values, windows,
};

/// A measure of a place, so deep at most.
pub(super) fn draw(
    random: &mut Random,
    vocabulary: &Vocabulary,
    place: Place,
    standing: Standing,
    depth: usize,
) -> Measure {
    if depth == 0 || random.chance(55) {
        return leaf(random, vocabulary, place, standing, depth);
    }
    let less = depth - 1;
    match random.below(6) {
        0 => Measure::If {
            condition: Box::new(conditions::draw(random, vocabulary, standing, less)),
            then: Box::new(draw(random, vocabulary, place, standing, less)),
            otherwise: Box::new(draw(random, vocabulary, place, standing, less)),
        },
        1 => Measure::Coalesce(
            (0..2)
                .map(|_| draw(random, vocabulary, place, standing, less))
                .collect(),
        ),
        2 if standing == Standing::User && place != Place::Span => {
            collections::draw(random, vocabulary, place, less)
        }
        _ => composed(random, vocabulary, place, standing, less),
    }
}

/// An instant that is the same for all users.
pub(super) fn fixed_moment(random: &mut Random, vocabulary: &Vocabulary) -> Measure {
    match random.below(3) {
        0 => arithmetic(
            Operator::Subtract,
            Measure::Now,
            Measure::Constant(Value::Span(vocabulary.span(random))),
        ),
        _ => Measure::Constant(Value::Time(vocabulary.instant(random))),
    }
}

fn leaf(
    random: &mut Random,
    vocabulary: &Vocabulary,
    place: Place,
    standing: Standing,
    depth: usize,
) -> Measure {
    if place == Place::Span && standing == Standing::User && random.chance(30) {
        let window = windows::of_events(random, vocabulary, depth.min(2));
        return Measure::Aggregate(Box::new(vocabulary.gap(random, place, window)));
    }
    if place == Place::Span || random.chance(20) {
        return Measure::Constant(values::constant(random, place, vocabulary));
    }
    if random.chance(8)
        && let Some(measure) = of_identities(random, place)
    {
        return measure;
    }
    let path = values::path(random, place);
    match standing {
        Standing::Event if random.chance(15) => match place {
            Place::Moment => Measure::EventTime,
            Place::Text if random.chance(50) => Measure::EventSource,
            Place::Text => Measure::EventName,
            _ => Measure::Property { path, place },
        },
        Standing::Event if random.chance(80) => Measure::Property { path, place },
        Standing::User | Standing::Group if place == Place::Number && random.chance(15) => {
            let window = match standing {
                Standing::User => windows::of_events(random, vocabulary, depth.min(2)),
                _ => Window::Ever,
            };
            let aggregate = if random.chance(70) {
                vocabulary.sequence(random, window)
            } else {
                vocabulary.gap(random, place, window)
            };
            Measure::Aggregate(Box::new(aggregate))
        }
        Standing::User if matches!(place, Place::Text | Place::Truth) && random.chance(20) => {
            tag_at(random, vocabulary, place, depth)
        }
        Standing::User if place == Place::Moment && random.chance(20) => {
            conditions::held_since(random, vocabulary)
        }
        Standing::User if random.chance(70) => {
            let aggregate = aggregates::draw(random, vocabulary, place, depth);
            Measure::Aggregate(Box::new(aggregate))
        }
        Standing::Group if random.chance(85) => {
            let aggregate = aggregates::in_group(random, vocabulary, place, depth);
            Measure::Aggregate(Box::new(aggregate))
        }
        _ => Measure::Attribute { path, place },
    }
}

fn composed(
    random: &mut Random,
    vocabulary: &Vocabulary,
    place: Place,
    standing: Standing,
    depth: usize,
) -> Measure {
    let mut of = |random: &mut Random, place| draw(random, vocabulary, place, standing, depth);
    if random.chance(15)
        && let Some(table) = values::table()
    {
        return Measure::Lookup {
            table,
            column: values::path(random, place),
            row: Box::new(of(random, Place::Text)),
            place,
        };
    }
    match place {
        Place::Number => number(random, &mut of),
        Place::Text => Measure::Function {
            function: random.pick(Function::Lower, &[Function::Version]),
            of: Box::new(of(random, Place::Text)),
        },
        Place::Moment => {
            let operator = random.pick(Operator::Add, &[Operator::Subtract]);
            let (moment, span) = (of(random, Place::Moment), of(random, Place::Span));
            arithmetic(operator, instant(random, moment), span)
        }
        Place::Span => span(random, &mut of),
        Place::Truth | Place::Any => of(random, place),
    }
}

fn number(random: &mut Random, of: &mut dyn FnMut(&mut Random, Place) -> Measure) -> Measure {
    let zone = histories::zone(random);
    let unit = unit(random);
    match random.below(12) {
        0 => Measure::Function {
            function: Function::Absolute,
            of: Box::new(of(random, Place::Number)),
        },
        1 => {
            let function = Function::Round(random.pick(0, &[1, 2, 17]));
            Measure::Function {
                function,
                of: Box::new(of(random, Place::Number)),
            }
        }
        2 => Measure::Function {
            function: Function::Length,
            of: Box::new(of(random, Place::Text)),
        },
        3 | 4 => {
            let part = random.pick(
                TimePart::Hour,
                &[
                    TimePart::Weekday,
                    TimePart::DayOfMonth,
                    TimePart::Month,
                    TimePart::Year,
                ],
            );
            Measure::Function {
                function: Function::Part(part, zone),
                of: Box::new(of(random, Place::Moment)),
            }
        }
        5 => Measure::Age {
            unit,
            since: Box::new(of(random, Place::Moment)),
            zone,
        },
        6 => {
            let (from, to) = (of(random, Place::Moment), of(random, Place::Moment));
            Measure::DateDifference {
                unit,
                from: Box::new(from),
                to: Box::new(to),
                zone,
            }
        }
        _ => {
            let operator = random.pick(
                Operator::Add,
                &[Operator::Subtract, Operator::Multiply, Operator::Divide],
            );
            let (left, right) = (of(random, Place::Number), of(random, Place::Number));
            arithmetic(operator, left, right)
        }
    }
}

fn span(random: &mut Random, of: &mut dyn FnMut(&mut Random, Place) -> Measure) -> Measure {
    match random.below(3) {
        0 => {
            let (length, factor) = (of(random, Place::Span), of(random, Place::Number));
            arithmetic(Operator::Multiply, length, factor)
        }
        1 => {
            let (left, right) = (of(random, Place::Span), of(random, Place::Span));
            arithmetic(
                random.pick(Operator::Add, &[Operator::Subtract]),
                left,
                right,
            )
        }
        _ => {
            let (later, earlier) = (of(random, Place::Moment), of(random, Place::Moment));
            arithmetic(
                Operator::Subtract,
                instant(random, later),
                instant(random, earlier),
            )
        }
    }
}

fn arithmetic(operator: Operator, left: Measure, right: Measure) -> Measure {
    Measure::Arithmetic {
        operator,
        left: Box::new(left),
        right: Box::new(right),
    }
}

/// A moment as an instant.
pub(super) fn instant(random: &mut Random, moment: Measure) -> Measure {
    let function = Function::Instant(histories::zone(random));
    Measure::Function {
        function,
        of: Box::new(moment),
    }
}

/// A calendar unit.
pub(super) fn unit(random: &mut Random) -> Unit {
    random.pick(
        Unit::Day,
        &[
            Unit::Hour,
            Unit::Week,
            Unit::Month,
            Unit::Quarter,
            Unit::Year,
        ],
    )
}

/// Something about the identities of the user.
fn of_identities(random: &mut Random, place: Place) -> Option<Measure> {
    match place {
        Place::Number if random.chance(50) => Some(Measure::Function {
            function: Function::Bucket {
                salt: Arc::from("salt"),
                count: NonZeroU32::MIN.saturating_add(random.below(4) as u32),
            },
            of: Box::new(IdentityValue::Key.measure(Place::Text)),
        }),
        Place::Number => Some(IdentityValue::Count(sort(random)).measure(place)),
        Place::Text => Some(IdentityValue::Wallets.measure(place)),
        _ => None,
    }
}

/// A sort of identities.
pub(super) fn sort(random: &mut Random) -> IdentitySort {
    IdentitySort::named(random.pick("wallet", &["social", "twitter", "account"]))
}

/// A tag at an instant.
fn tag_at(random: &mut Random, vocabulary: &Vocabulary, place: Place, depth: usize) -> Measure {
    let at = match depth {
        0 => fixed_moment(random, vocabulary),
        _ => draw(random, vocabulary, Place::Moment, Standing::User, depth - 1),
    };
    match memberships::tag(random) {
        Some(tag) => Measure::TagAt {
            tag,
            at: Box::new(instant(random, at)),
            place,
        },
        None => at,
    }
}
