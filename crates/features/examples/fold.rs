//! How fast the fold alone is: 450 features that cells can hold, and 400 that have states, over
//! histories that lie in memory.
//!
//! `cargo run --release -p features --example fold` prints events per second on one core.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Instant;

use domain::{EventName, Span, Time, Unit, Zone};
use features::{Column, FeatureSet, HistoryBlock, Program, Table, WantedForm};
use rules::checked::{
    Aggregate, AggregateFunction, Comparison, Condition, EventSelector, GroupKey, Grouping,
    Measure, Place, Window,
};

const USERS: u32 = 65_536;
const EVENTS_PER_USER: usize = 100;
const NAMES: usize = 50;
const DAY: i64 = 86_400_000;
const NOW: i64 = 20_000 * DAY;

fn main() {
    measure("in cells", features(&in_cells()));
    measure("in states", features(&in_states()));
}

#[allow(clippy::print_stdout)]
fn measure(kind: &str, features: FeatureSet) {
    let program = Program::new(features, Time::from_millis(NOW), HashMap::new());
    let history = history(&program);
    for _ in 0..3 {
        let start = Instant::now();
        let mut known = 0;
        program.fold(&history, &mut |block| known += block.len());
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "{} features {kind}, {known} users, {} events: {seconds:.3} s, {:.1} M events/s",
            program.features().features().len(),
            history.events.len(),
            history.events.len() as f64 / seconds / 1e6,
        );
    }
}

/// An aggregate's function and its arguments.
type Form = (AggregateFunction, Vec<Measure>);

fn usd() -> Vec<Measure> {
    vec![property("usd", Place::Number)]
}

fn chain() -> Vec<Measure> {
    vec![property("chain", Place::Text)]
}

/// Nine aggregates, as the design's measurement has them.
fn in_cells() -> Vec<Form> {
    vec![
        (AggregateFunction::Count, vec![]),
        (AggregateFunction::Sum, usd()),
        (AggregateFunction::Average, usd()),
        (AggregateFunction::Minimum(Place::Number), usd()),
        (AggregateFunction::Maximum(Place::Number), usd()),
        (AggregateFunction::LastTime(1), vec![]),
        (AggregateFunction::FirstTime(1), vec![]),
        (AggregateFunction::Periods(Unit::Day, Zone::utc()), vec![]),
        (AggregateFunction::Distinct, chain()),
    ]
}

/// Eight aggregates that have states.
fn in_states() -> Vec<Form> {
    let groups = |grouping| AggregateFunction::Groups(Box::new(grouping));
    let day = || GroupKey::Period(Unit::Day, Zone::utc());
    let in_group = |function, arguments| Measure::Aggregate(Box::new(of("", function, arguments)));
    let count = || in_group(AggregateFunction::Count, vec![]);
    let busy = Condition::Compare {
        left: count(),
        comparison: Comparison::AtLeast,
        right: rules::checked::number(2),
        zone: None,
    };
    vec![
        (AggregateFunction::Percentile(50.into()), usd()),
        (AggregateFunction::Deviation, usd()),
        (AggregateFunction::Top(3, Place::Text), chain()),
        (AggregateFunction::Streak(Zone::utc()), vec![]),
        (AggregateFunction::LongestStreak(Zone::utc()), vec![]),
        (groups(Grouping::Count(day(), busy)), vec![]),
        (
            groups(Grouping::Fold(
                day(),
                AggregateFunction::Maximum(Place::Number),
                count(),
            )),
            vec![],
        ),
        (
            groups(Grouping::Top(
                3,
                Place::Text,
                in_group(AggregateFunction::Sum, usd()),
            )),
            chain(),
        ),
    ]
}

fn of(name: &str, function: AggregateFunction, arguments: Vec<Measure>) -> Aggregate {
    Aggregate {
        function,
        events: EventSelector {
            prefixes: BTreeSet::from([Arc::from(name)]),
            ..EventSelector::default()
        },
        arguments,
        filter: None,
        window: Window::Ever,
    }
}

/// The aggregates of each event name, every other one within a week.
fn features(forms: &[Form]) -> FeatureSet {
    let mut set = FeatureSet::default();
    for name in 0..NAMES {
        for (number, (function, arguments)) in forms.iter().enumerate() {
            let window = if number % 2 == 0 {
                Window::Ever
            } else {
                Window::Last(Span::from_millis(7 * DAY))
            };
            let aggregate = Aggregate {
                events: EventSelector {
                    names: BTreeSet::from([EventName::new(&format!("event_{name}"))]),
                    ..EventSelector::default()
                },
                window,
                ..of("", function.clone(), arguments.clone())
            };
            set.add_measure(&Measure::Aggregate(Box::new(aggregate)));
        }
    }
    set
}

fn property(path: &str, place: Place) -> Measure {
    Measure::Property {
        path: Arc::from(path),
        place,
    }
}

fn history(program: &Program) -> HistoryBlock {
    let rows = USERS as usize * EVENTS_PER_USER;
    let mut random = 1_u64;
    let mut next = |below: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % below
    };
    let columns = program
        .wanted()
        .event_columns
        .iter()
        .map(|wanted| match wanted.form {
            WantedForm::Numbers => Column::Number {
                scale: 2,
                mantissas: (0..rows)
                    .map(|row| (row as i64 * 7_919) % 100_000)
                    .collect(),
            },
            WantedForm::Texts => Column::Text {
                codes: (0..rows).map(|row| (row % 12) as u32).collect(),
                texts: (0..12)
                    .map(|chain| Arc::from(format!("chain_{chain}")))
                    .collect(),
            },
        });
    let columns = columns.collect();
    HistoryBlock {
        users: (0..USERS).collect(),
        events: Table {
            users: (0..rows)
                .map(|row| (row / EVENTS_PER_USER) as u32)
                .collect(),
            times: (0..rows)
                .map(|row| NOW - 30 * DAY + (row % EVENTS_PER_USER) as i64 * DAY * 3 / 10)
                .collect(),
            arrivals: Vec::new(),
            names: (0..rows).map(|_| next(NAMES as u64) as u32).collect(),
            name_texts: (0..NAMES)
                .map(|name| Arc::from(format!("event_{name}")))
                .collect(),
            columns,
        },
        ..HistoryBlock::default()
    }
}
