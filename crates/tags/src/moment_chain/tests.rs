//! Ranges of instants against asking the evaluator at every kind of instant.

use domain::{Date, Decimal};
use features::arbitrary::Random;

use super::*;
use crate::compile::rewrite::hole;

fn zone(random: &mut Random) -> Zone {
    let name = random.pick(
        "UTC",
        &[
            "Asia/Shanghai",
            "America/New_York",
            "Asia/Beirut",
            "Australia/Lord_Howe",
            "Pacific/Apia",
        ],
    );
    Zone::named(name).unwrap()
}

/// 2024-11-03T06:00Z, when New York turns its clocks back, and other instants of that kind.
const CHANGES: [i64; 4] = [
    1_730_613_600_000,
    1_710_054_000_000,
    1_729_976_400_000,
    1_325_239_200_000,
];

fn instant(random: &mut Random) -> i64 {
    let base = random.pick(CHANGES[0], &CHANGES[1..]);
    let spread = random.pick(1, &[3_600_000, 86_400_000, 40_000_000_000]);
    base + random.below(spread) as i64 * random.pick(1, &[-1, 7])
}

fn unit(random: &mut Random) -> Unit {
    random.pick(
        Unit::Hour,
        &[
            Unit::Day,
            Unit::Week,
            Unit::Month,
            Unit::Quarter,
            Unit::Year,
        ],
    )
}

fn span(random: &mut Random) -> Measure {
    let days = random.pick(0, &[1, 7, 30, 365]);
    Measure::Constant(Value::Span(Span::from_millis(
        days * 86_400_000 + random.below(3) as i64,
    )))
}

fn arithmetic(operator: Operator, left: Measure, right: Measure) -> Measure {
    Measure::Arithmetic {
        operator,
        left: Box::new(left),
        right: Box::new(right),
    }
}

/// A chain, and something of its kind to compare it with.
fn chain(random: &mut Random) -> (Measure, Measure) {
    let zone = zone(random);
    let at = Measure::Function {
        function: Function::Instant(zone.clone()),
        of: Box::new(hole()),
    };
    let moved = arithmetic(
        random.pick(Operator::Add, &[Operator::Subtract]),
        at,
        span(random),
    );
    let number = |random: &mut Random| {
        let number = random.pick(0, &[1, 2, 13, 400]) * random.pick(1, &[-1]);
        Measure::Constant(Value::Number(Decimal::from_mantissa(
            number,
            random.pick(0, &[1]),
        )))
    };
    match random.below(5) {
        0 => (
            arithmetic(Operator::Subtract, Measure::Now, moved),
            span(random),
        ),
        1 => (
            moved,
            Measure::Constant(Value::Time(Time::from_millis(instant(random)))),
        ),
        2 => {
            let day = zone.date(Time::from_millis(instant(random)));
            (
                moved,
                Measure::Constant(Value::Date(Date::from_days(day.days()))),
            )
        }
        3 => {
            let from = Measure::Constant(Value::Time(Time::from_millis(instant(random))));
            let (from, to) = if random.chance(50) {
                (from, moved)
            } else {
                (moved, from)
            };
            let (from, to) = (Box::new(from), Box::new(to));
            (
                Measure::DateDifference {
                    unit: unit(random),
                    from,
                    to,
                    zone,
                },
                number(random),
            )
        }
        _ => (
            Measure::Age {
                unit: unit(random),
                since: Box::new(moved),
                zone,
            },
            number(random),
        ),
    }
}

#[test]
fn a_range_holds_exactly_the_instants_for_which_the_test_holds() {
    let lists = Default::default();
    let mut certain = 0;
    for seed in 0..400 {
        let mut random = Random::new(seed);
        let (chain, bound) = chain(&mut random);
        let comparison = random.pick(
            Comparison::Equal,
            &[
                Comparison::Less,
                Comparison::AtMost,
                Comparison::Greater,
                Comparison::AtLeast,
            ],
        );
        let now = Time::from_millis(instant(&mut random));
        let turned = random.chance(30);
        let (left, right) = if turned {
            (bound, chain.clone())
        } else {
            (chain.clone(), bound)
        };
        let test = Condition::Compare {
            left,
            comparison,
            right,
            zone: Some(zone(&mut random)),
        };
        let scope = ValueScope {
            now,
            lists: &lists,
            value: None,
        };
        let Some(range) = range(&test, &chain, &scope) else {
            continue;
        };
        certain += 1;
        let near = |edge: i64| (-3..=3).map(move |step| edge.saturating_add(step));
        let hours = |edge: i64| (-60..=60).map(move |hour| edge.saturating_add(hour * 3_599_999));
        let anywhere: Vec<i64> = (0..40).map(|_| instant(&mut random)).collect();
        let edges = [range.least, range.greatest];
        let asked = edges
            .into_iter()
            .flat_map(near)
            .chain(edges.into_iter().flat_map(hours));
        for at in asked.chain(anywhere) {
            if !(Time::MIN.millis()..=Time::MAX.millis()).contains(&at) {
                continue;
            }
            let holds = evaluate::condition(&test, &at_instant(&scope, at));
            assert_eq!(
                range.contains(at),
                holds,
                "seed {seed}, {test:?} at {at}, now {now}"
            );
        }
    }
    assert!(certain > 300, "most tests are ranges, {certain} of 400 are");
}
