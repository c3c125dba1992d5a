//! Random windows.

use domain::{Unit, Value};
use rules::checked::{Cut, Measure, Place, Side, Window};

use super::{Random, Standing, Vocabulary, histories, measures, values};

/// A unit that windows have.
fn unit(random: &mut Random) -> Unit {
    random.pick(
        Unit::Day,
        &[
            Unit::Day,
            Unit::Week,
            Unit::Month,
            Unit::Quarter,
            Unit::Year,
        ],
    )
}

/// A window of events. Its bounds may be measured for each user if `depth` allows.
pub(super) fn of_events(random: &mut Random, vocabulary: &Vocabulary, depth: usize) -> Window {
    match random.below(10) {
        0..=2 => Window::Ever,
        3 | 4 => Window::Last(vocabulary.span(random)),
        5 => {
            let count = 1 + random.below(3) as u32;
            Window::Current {
                unit: unit(random),
                count,
                zone: histories::zone(random),
            }
        }
        6 => {
            let count = 1 + random.below(3) as u32;
            Window::Previous {
                unit: unit(random),
                count,
                zone: histories::zone(random),
            }
        }
        7 => {
            let anchor = Box::new(anchor(random, vocabulary, depth));
            let span = vocabulary.span(random);
            if random.chance(50) {
                Window::After { anchor, span }
            } else {
                Window::Before { anchor, span }
            }
        }
        _ => Window::Between {
            from: random.chance(70).then(|| cut(random, vocabulary, depth)),
            to: random.chance(70).then(|| cut(random, vocabulary, depth)),
        },
    }
}

/// A window in which a value lies.
pub(super) fn of_values(random: &mut Random, vocabulary: &Vocabulary) -> Window {
    if random.chance(30) {
        return Window::Next(vocabulary.span(random));
    }
    of_events(random, vocabulary, 0)
}

fn cut(random: &mut Random, vocabulary: &Vocabulary, depth: usize) -> Cut {
    let at = match random.below(4) {
        0 => Measure::Constant(Value::Date(values::date(random, vocabulary))),
        _ => anchor(random, vocabulary, depth),
    };
    Cut {
        at: Box::new(at),
        side: if random.chance(50) {
            Side::JustBefore
        } else {
            Side::JustAfter
        },
        zone: histories::zone(random),
        plus_days: random.pick(0, &[0, 1]),
    }
}

fn anchor(random: &mut Random, vocabulary: &Vocabulary, depth: usize) -> Measure {
    if depth == 0 || random.chance(40) {
        return measures::fixed_moment(random, vocabulary);
    }
    measures::draw(random, vocabulary, Place::Moment, Standing::User, depth - 1)
}
