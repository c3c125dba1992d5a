//! How fast the fold alone is: 450 features over histories that lie in memory.
//!
//! `cargo run --release -p features --example fold` prints events per second on one core.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Instant;

use domain::{EventName, Span, Time, Unit, Zone};
use features::{Column, FeatureSet, HistoryBlock, Program, Table, WantedForm};
use rules::checked::{Aggregate, AggregateFunction, EventSelector, Measure, Place, Window};

const USERS: u32 = 65_536;
const EVENTS_PER_USER: usize = 100;
const NAMES: usize = 50;
const DAY: i64 = 86_400_000;
const NOW: i64 = 20_000 * DAY;

#[allow(clippy::print_stdout)]
fn main() {
    let program = Program::new(features(), Time::from_millis(NOW), HashMap::new());
    let history = history(&program);
    for _ in 0..3 {
        let start = Instant::now();
        let mut known = 0_u32;
        program.fold(&history, &mut |block| {
            known += block
                .known
                .iter()
                .map(|word| word.count_ones())
                .sum::<u32>();
        });
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "{} features, {known} users, {} events: {seconds:.3} s, {:.1} M events/s",
            program.features().features().len(),
            history.events.len(),
            history.events.len() as f64 / seconds / 1e6,
        );
    }
}

/// Nine aggregates of each event name, as the design's measurement has them.
fn features() -> FeatureSet {
    let mut set = FeatureSet::default();
    for name in 0..NAMES {
        let usd = || vec![property("usd", Place::Number)];
        let functions = [
            (AggregateFunction::Count, vec![]),
            (AggregateFunction::Sum, usd()),
            (AggregateFunction::Average, usd()),
            (AggregateFunction::Minimum(Place::Number), usd()),
            (AggregateFunction::Maximum(Place::Number), usd()),
            (AggregateFunction::LastTime(1), vec![]),
            (AggregateFunction::FirstTime(1), vec![]),
            (AggregateFunction::Periods(Unit::Day, Zone::utc()), vec![]),
            (
                AggregateFunction::Distinct,
                vec![property("chain", Place::Text)],
            ),
        ];
        for (number, (function, arguments)) in functions.into_iter().enumerate() {
            let window = if number % 2 == 0 {
                Window::Ever
            } else {
                Window::Last(Span::from_millis(7 * DAY))
            };
            let names = BTreeSet::from([EventName::new(&format!("event_{name}"))]);
            let events = EventSelector {
                names,
                ..EventSelector::default()
            };
            let aggregate = Aggregate {
                function,
                events,
                arguments,
                filter: None,
                window,
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
