//! What a sequence costs in the fold: nanoseconds for each event that concerns it.
//!
//! `cargo run --release -p features --example sequences` prints a line for each kind.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Instant;

use domain::{EventName, Span, Time};
use features::{Column, FeatureSet, HistoryBlock, Program, Table, WantedForm};
use rules::checked::{
    Aggregate, AggregateFunction, Comparison, Condition, Demand, EventSelector, Gap, Limit,
    Measure, Place, Sequence, Step, Window, number,
};

const USERS: u32 = 16_384;
const EVENTS_PER_USER: usize = 100;
const NAMES: usize = 10;
/// How many different values there are of what is equal.
const QUESTS: usize = 1_000;
const DAY: i64 = 86_400_000;
const NOW: i64 = 20_000 * DAY;

/// What is measured of the events from that name on.
type Function = fn(usize) -> AggregateFunction;

#[allow(clippy::print_stdout)]
fn main() {
    let kinds: [(&str, Function); 7] = [
        ("count", |_| AggregateFunction::Count),
        ("a -> b -> c", |name| sequence(steps(name, 3))),
        ("a -> b -> c, where each", |name| {
            sequence(steps(name, 3).map(with_filter))
        }),
        ("a -> b -> c within 1d", |name| {
            sequence(steps(name, 3).enumerate().map(near))
        }),
        ("a -> b -> c, same quest", |name| {
            sequence(steps(name, 3).map(with_quest))
        }),
        ("a -> not b -> c", |name| {
            sequence(steps(name, 3).enumerate().map(without_second))
        }),
        ("avg(gap(a -> b, same quest))", |name| {
            let steps = steps(name, 2).map(with_quest).collect();
            AggregateFunction::Gap(Box::new(Gap {
                function: AggregateFunction::Average,
                between: Sequence { steps },
            }))
        }),
    ];
    for (text, function) in kinds {
        let program = program(function);
        let history = history(&program);
        let concerned = concerned(&program, &history);
        let mut best = f64::MAX;
        for _ in 0..5 {
            let start = Instant::now();
            program.fold(&history, &mut |_| {});
            best = best.min(start.elapsed().as_secs_f64());
        }
        let nanoseconds = best * 1e9 / concerned as f64;
        println!("{text:30} {nanoseconds:6.1} ns for each of {concerned} events and features");
    }
}

/// Ten features of a kind, each of other events.
fn program(function: Function) -> Program {
    let mut set = FeatureSet::default();
    for name in 0..NAMES {
        let mut aggregate = Aggregate {
            function: function(name),
            events: event(name),
            arguments: Vec::new(),
            filter: None,
            window: Window::Last(Span::from_millis(20 * DAY)),
        };
        let mut events = aggregate.events.clone();
        for step in aggregate.steps() {
            events.add(&step.events);
        }
        aggregate.events = events;
        set.add_measure(&Measure::Aggregate(Box::new(aggregate)));
    }
    Program::new(set, Time::from_millis(NOW), HashMap::new())
}

fn sequence(steps: impl Iterator<Item = Step>) -> AggregateFunction {
    AggregateFunction::Sequence(Sequence {
        steps: steps.collect(),
    })
}

fn steps(first: usize, count: usize) -> impl Iterator<Item = Step> {
    (0..count).map(move |place| Step {
        demand: Demand::Present(None),
        events: event((first + place) % NAMES),
        filter: None,
        same: Vec::new(),
    })
}

fn event(name: usize) -> EventSelector {
    EventSelector {
        names: BTreeSet::from([EventName::new(&format!("event_{name}"))]),
        ..EventSelector::default()
    }
}

fn with_filter(step: Step) -> Step {
    let filter = Condition::Compare {
        left: property("usd", Place::Number),
        comparison: Comparison::Greater,
        right: number(300),
        zone: None,
    };
    Step {
        filter: Some(filter),
        ..step
    }
}

fn near((place, step): (usize, Step)) -> Step {
    let limit = (place == 2).then_some(Limit {
        span: Span::DAY,
        after: 1,
    });
    Step {
        demand: Demand::Present(limit),
        ..step
    }
}

fn with_quest(step: Step) -> Step {
    Step {
        same: vec![Some(property("quest", Place::Text))],
        ..step
    }
}

fn without_second((place, step): (usize, Step)) -> Step {
    Step {
        demand: if place == 1 {
            Demand::Absent(None)
        } else {
            Demand::Present(None)
        },
        ..step
    }
}

fn property(path: &str, place: Place) -> Measure {
    Measure::Property {
        path: Arc::from(path),
        place,
    }
}

/// How many pairs of an event and a feature that looks at it there are.
fn concerned(program: &Program, history: &HistoryBlock) -> usize {
    let taken = |code: &u32| {
        let name = history.events.name_texts.get(*code as usize);
        let features = program.features().features().iter();
        features
            .filter(|feature| {
                features::feature::selectors(feature)
                    .iter()
                    .any(|events| name.is_some_and(|name| events.takes(&EventName::new(name))))
            })
            .count()
    };
    let by_code: Vec<usize> = (0..NAMES as u32).map(|code| taken(&code)).collect();
    let names = history.events.names.iter();
    names.filter_map(|code| by_code.get(*code as usize)).sum()
}

fn history(program: &Program) -> HistoryBlock {
    let rows = USERS as usize * EVENTS_PER_USER;
    let mut random = 1_u64;
    let mut next = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random >> 16) as usize % below
    };
    let mut column = |path: &str, form: WantedForm| match (path, form) {
        ("$position", _) => Column::Number {
            scale: 0,
            mantissas: vec![0; rows],
        },
        (_, WantedForm::Numbers) => Column::Number {
            scale: 2,
            mantissas: (0..rows).map(|_| next(100_000) as i64).collect(),
        },
        (_, WantedForm::Texts) => Column::Text {
            codes: (0..rows).map(|_| next(QUESTS) as u32 % 50).collect(),
            texts: (0..QUESTS)
                .map(|quest| Arc::from(format!("quest_{quest}")))
                .collect(),
        },
    };
    let wanted = &program.wanted().event_columns;
    let columns = wanted
        .iter()
        .map(|wanted| column(&wanted.path, wanted.form))
        .collect();
    let place = |row: usize| (row % EVENTS_PER_USER) as i64;
    HistoryBlock {
        users: (0..USERS).collect(),
        events: Table {
            users: (0..rows)
                .map(|row| (row / EVENTS_PER_USER) as u32)
                .collect(),
            times: (0..rows)
                .map(|row| NOW - 30 * DAY + place(row) * DAY * 3 / 10)
                .collect(),
            arrivals: Vec::new(),
            names: (0..rows).map(|_| next(NAMES) as u32).collect(),
            name_texts: (0..NAMES)
                .map(|name| Arc::from(format!("event_{name}")))
                .collect(),
            columns,
        },
        ..HistoryBlock::default()
    }
}
