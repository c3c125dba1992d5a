//! Random conditions.

use std::sync::Arc;

use domain::{Value, Zone};
use rules::checked::{
    Comparison, Condition, Function, Letters, Measure, Operator, Place, TextTest,
};

use super::{Random, Standing, Vocabulary, histories, list_key, measures, values, windows};

impl Vocabulary {
    /// A condition over users, so deep at most.
    pub fn condition(&self, random: &mut Random, depth: usize) -> Condition {
        draw(random, self, Standing::User, depth)
    }

    /// A measure over users of some place, so deep at most.
    pub fn measure(&self, random: &mut Random, depth: usize) -> Measure {
        let place = place(random);
        self.measure_of(random, place, depth)
    }

    /// A measure over users of that place, so deep at most.
    pub fn measure_of(&self, random: &mut Random, place: Place, depth: usize) -> Measure {
        measures::draw(random, self, place, Standing::User, depth)
    }
}

fn place(random: &mut Random) -> Place {
    random.pick(
        Place::Number,
        &[
            Place::Number,
            Place::Number,
            Place::Text,
            Place::Moment,
            Place::Truth,
            Place::Span,
        ],
    )
}

/// A condition, so deep at most.
pub(super) fn draw(
    random: &mut Random,
    vocabulary: &Vocabulary,
    standing: Standing,
    depth: usize,
) -> Condition {
    if depth == 0 || random.chance(60) {
        return leaf(random, vocabulary, standing, depth);
    }
    let parts = |random: &mut Random| -> Vec<Condition> {
        let count = 2 + random.below(2);
        (0..count)
            .map(|_| draw(random, vocabulary, standing, depth - 1))
            .collect()
    };
    match random.below(6) {
        0 | 1 => Condition::All(parts(random)),
        2 | 3 => Condition::Any(parts(random)),
        4 => Condition::Not(Box::new(draw(random, vocabulary, standing, depth - 1))),
        _ => Condition::AtLeast {
            count: 1 + random.below(3) as u32,
            of: parts(random),
        },
    }
}

fn leaf(
    random: &mut Random,
    vocabulary: &Vocabulary,
    standing: Standing,
    depth: usize,
) -> Condition {
    let measure =
        |random: &mut Random, place| measures::draw(random, vocabulary, place, standing, depth);
    match random.below(15) {
        14 if standing != Standing::Event => lasting(random, vocabulary),
        0 => Condition::IsSet(match random.below(2) {
            0 => any_value(random, standing),
            _ => {
                let place = place(random);
                measure(random, place)
            }
        }),
        1 => Condition::Holds(measure(random, Place::Truth)),
        2 => one_of(random, vocabulary, &measure),
        3 => text_test(random, &measure),
        4 => {
            let value = measure(random, Place::Moment);
            Condition::InWindow {
                value: measures::instant(random, value),
                window: windows::of_values(random, vocabulary),
            }
        }
        5 => match list_key() {
            Some(list) => Condition::ValueInList {
                value: measure(random, Place::Text),
                list,
            },
            None => Condition::Constant(false),
        },
        6 if random.chance(20) => Condition::Constant(random.chance(50)),
        7 => between(random, vocabulary, &measure),
        8 if standing == Standing::User => Condition::Anniversary {
            value: measure(random, Place::Moment),
            days: random.pick(1, &[7, 30, 365]),
            zone: histories::zone(random),
        },
        _ => compare(random, vocabulary, &measure),
    }
}

/// A test of an attribute has held for some time.
fn lasting(random: &mut Random, vocabulary: &Vocabulary) -> Condition {
    let span = Measure::Constant(Value::Span(vocabulary.span(random)));
    let right = Measure::Arithmetic {
        operator: Operator::Subtract,
        left: Box::new(Measure::Now),
        right: Box::new(span),
    };
    Condition::Compare {
        left: held_since(random, vocabulary),
        comparison: Comparison::AtMost,
        right,
        zone: None,
    }
}

/// Since when a test of an attribute has held.
pub(super) fn held_since(random: &mut Random, vocabulary: &Vocabulary) -> Measure {
    let place = place(random);
    let path = values::path(random, place);
    let measure = |_: &mut Random, place| Measure::Attribute {
        path: Arc::clone(&path),
        place,
    };
    let test = match random.below(5) {
        0 => Condition::IsSet(measure(random, Place::Any)),
        1 => one_of(random, vocabulary, &measure),
        2 => text_test(random, &measure),
        _ => {
            let constant = Measure::Constant(values::constant(random, place, vocabulary));
            Condition::Compare {
                left: measure(random, place),
                comparison: random
                    .pick(Comparison::Equal, &[Comparison::Less, Comparison::AtLeast]),
                right: constant,
                zone: (place == Place::Moment).then(|| histories::zone(random)),
            }
        }
    };
    Measure::HeldSince(Box::new(if random.chance(40) {
        Condition::Not(Box::new(test))
    } else {
        test
    }))
}

/// The value under a path, whatever it is.
fn any_value(random: &mut Random, standing: Standing) -> Measure {
    let path = values::path(random, Place::Any);
    match standing {
        Standing::Event => Measure::Property {
            path,
            place: Place::Any,
        },
        Standing::User | Standing::Group => Measure::Attribute {
            path,
            place: Place::Any,
        },
    }
}

fn compare(
    random: &mut Random,
    vocabulary: &Vocabulary,
    measure: &dyn Fn(&mut Random, Place) -> Measure,
) -> Condition {
    let place = place(random);
    let comparison = random.pick(
        Comparison::Equal,
        &[
            Comparison::Less,
            Comparison::AtMost,
            Comparison::Greater,
            Comparison::AtLeast,
        ],
    );
    if comparison != Comparison::Equal && random.chance(8) {
        let seen = |random: &mut Random| Measure::Function {
            function: Function::Seen,
            of: Box::new(measure(random, Place::Any)),
        };
        return Condition::Compare {
            left: seen(random),
            comparison,
            right: seen(random),
            zone: Some(histories::zone(random)),
        };
    }
    let left = measure(random, place);
    let right = if random.chance(75) {
        Measure::Constant(values::constant(random, place, vocabulary))
    } else {
        measure(random, place)
    };
    let (left, right) = if random.chance(85) {
        (left, right)
    } else {
        (right, left)
    };
    let zone: Option<Zone> = (place == Place::Moment).then(|| histories::zone(random));
    Condition::Compare {
        left,
        comparison,
        right,
        zone,
    }
}

fn between(
    random: &mut Random,
    vocabulary: &Vocabulary,
    measure: &dyn Fn(&mut Random, Place) -> Measure,
) -> Condition {
    let place = place(random);
    let value = measure(random, place);
    let end = |random: &mut Random| {
        if random.chance(80) {
            Measure::Constant(values::constant(random, place, vocabulary))
        } else {
            measure(random, place)
        }
    };
    let (low, high) = (end(random), end(random));
    let zone: Option<Zone> = (place == Place::Moment).then(|| histories::zone(random));
    Condition::Between {
        value,
        low,
        high,
        zone,
    }
}

fn one_of(
    random: &mut Random,
    vocabulary: &Vocabulary,
    measure: &dyn Fn(&mut Random, Place) -> Measure,
) -> Condition {
    let place = random.pick(Place::Text, &[Place::Text, Place::Number]);
    let value = measure(random, place);
    let of = (0..=random.below(3))
        .map(|_| values::constant(random, place, vocabulary))
        .collect();
    if random.chance(75) {
        Condition::OneOf { value, of }
    } else {
        Condition::HasAll { value, of }
    }
}

fn text_test(random: &mut Random, measure: &dyn Fn(&mut Random, Place) -> Measure) -> Condition {
    let value = measure(random, Place::Text);
    let letters = random.pick(Letters::Exact, &[Letters::Exact, Letters::Folded]);
    let (test, pattern) = match random.below(6) {
        0 | 1 => (
            TextTest::Contains,
            random.pick("a", &["", "b", "A", "é", "1", "'", "SS"]),
        ),
        2 => (
            TextTest::StartsWith,
            random.pick("a", &["", "0xab", "é", "\u{1}"]),
        ),
        3 => (TextTest::EndsWith, random.pick("b", &["", "5", "é", "\n"])),
        4 if letters == Letters::Folded => (TextTest::Equals, random.pick("ss", &["a", "É"])),
        _ => (
            TextTest::Matches,
            random.pick(
                "^a",
                &[
                    "b$", r"^\w+$", r"\d", "a.b", "^.$", "[^a]", "(a|b)+", r"\.5",
                ],
            ),
        ),
    };
    Condition::Text {
        value,
        test,
        pattern: Arc::from(pattern),
        letters,
    }
}
