//! The fold against results worked out by hand.

use std::collections::HashMap;
use std::sync::Arc;

use domain::{Decimal, EventName, Span, Time, Unit, Value, Zone};
use rules::checked::{
    Aggregate, AggregateFunction, Comparison, Condition, EventSelector, Measure, Place, Window,
};

use crate::block::FeatureBlock;
use crate::evidence::WatchedUser;
use crate::feature::FeatureSet;
use crate::history::{Column, HistoryBlock, MISSING, NO_CODE, Table, UNTOUCHED};
use crate::program::Program;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const NOW: i64 = 100 * DAY;

fn selector(names: &[&str]) -> EventSelector {
    EventSelector {
        names: names.iter().map(|name| EventName::new(name)).collect(),
        ..EventSelector::default()
    }
}

fn property(path: &str, place: Place) -> Measure {
    Measure::Property {
        path: Arc::from(path),
        place,
    }
}

fn aggregate(function: AggregateFunction, argument: Option<Measure>) -> Aggregate {
    Aggregate {
        function,
        events: selector(&["swap"]),
        arguments: argument.into_iter().collect(),
        filter: None,
        window: Window::Ever,
    }
}

fn usd() -> Option<Measure> {
    Some(property("usd", Place::Number))
}

fn program(aggregates: Vec<Aggregate>) -> Program {
    let mut set = FeatureSet::default();
    for aggregate in aggregates {
        set.add_measure(&Measure::Aggregate(Box::new(aggregate)));
    }
    Program::new(set, Time::from_millis(NOW), HashMap::new())
}

/// Users 0 and 2 have swaps of 1.50, (none), 4.25, at days 90, 90 and 99; user 1 has none, and of user 3 there is
/// nothing.
fn swaps(program: &Program) -> HistoryBlock {
    let times = [90 * DAY, 90 * DAY + HOUR, 99 * DAY];
    let login = [80 * DAY];
    let columns = program
        .wanted()
        .event_columns
        .iter()
        .map(|wanted| match &*wanted.path {
            "usd" => Column::Number {
                scale: 2,
                mantissas: vec![150, MISSING, 425, MISSING, 150, MISSING, 425],
            },
            _ => Column::Text {
                codes: vec![0, 1, NO_CODE, NO_CODE, 0, 0, 1],
                texts: vec![Arc::from("bsc"), Arc::from("eth")],
            },
        });
    HistoryBlock {
        users: vec![0, 1, 2, 3],
        events: Table {
            users: vec![0, 0, 0, 1, 2, 2, 2],
            times: [&times[..], &login, &times].concat(),
            arrivals: Vec::new(),
            names: vec![0, 0, 0, 1, 0, 0, 0],
            name_texts: vec![Arc::from("swap"), Arc::from("login")],
            columns: columns.collect(),
        },
        ..HistoryBlock::default()
    }
}

fn fold(program: &Program, history: &HistoryBlock) -> FeatureBlock {
    let mut blocks = Vec::new();
    program.fold(history, &mut |block| blocks.push(block));
    assert_eq!(blocks.len(), 1);
    blocks.remove(0)
}

fn number(text: &str) -> Option<Value> {
    Decimal::parse(text).map(Value::Number)
}

fn values(block: &FeatureBlock, user: usize) -> Vec<Option<Value>> {
    block
        .columns
        .iter()
        .map(|column| column.value(user))
        .collect()
}

#[test]
fn aggregates_of_numbers_leave_out_missing_ones() {
    let program = program(vec![
        aggregate(AggregateFunction::Count, None),
        aggregate(AggregateFunction::Sum, usd()),
        aggregate(AggregateFunction::Average, usd()),
        aggregate(AggregateFunction::Minimum(Place::Number), usd()),
        aggregate(AggregateFunction::Maximum(Place::Number), usd()),
        aggregate(AggregateFunction::First(1, Place::Number), usd()),
        aggregate(AggregateFunction::Last(2, Place::Number), usd()),
        aggregate(AggregateFunction::FirstTime(1), None),
        aggregate(AggregateFunction::LastTime(2), None),
        aggregate(AggregateFunction::Periods(Unit::Day, Zone::utc()), None),
    ]);
    let block = fold(&program, &swaps(&program));
    let expected = vec![
        number("3"),
        number("5.75"),
        number("2.875"),
        number("1.5"),
        number("4.25"),
        number("1.5"),
        number("1.5"),
        Some(Value::Time(Time::from_millis(90 * DAY))),
        Some(Value::Time(Time::from_millis(90 * DAY + HOUR))),
        number("2"),
    ];
    assert_eq!(values(&block, 0), expected);
    assert_eq!(values(&block, 2), expected);
    let zero = number("0");
    let nothing = vec![
        zero.clone(),
        zero.clone(),
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        zero,
    ];
    assert_eq!(values(&block, 1), nothing);
    assert_eq!(block.users, [0, 1, 2], "nobody is known by the last number");
}

#[test]
fn windows_filters_and_anchors_cut_the_history() {
    let first_swap = Measure::Aggregate(Box::new(aggregate(AggregateFunction::FirstTime(1), None)));
    let recent = Aggregate {
        window: Window::Last(Span::from_millis(2 * DAY)),
        ..aggregate(AggregateFunction::Count, None)
    };
    let anchored = Aggregate {
        window: Window::After {
            anchor: Box::new(first_swap),
            span: Span::from_millis(DAY),
        },
        ..aggregate(AggregateFunction::Count, None)
    };
    let on_bsc = Aggregate {
        filter: Some(Condition::Compare {
            left: property("chain", Place::Text),
            comparison: Comparison::Equal,
            right: Measure::Constant(Value::Text(Arc::from("bsc"))),
            zone: None,
        }),
        ..aggregate(AggregateFunction::Count, None)
    };
    let chains = aggregate(
        AggregateFunction::Distinct,
        Some(property("chain", Place::Text)),
    );
    let program = program(vec![recent, anchored, on_bsc, chains]);
    let block = fold(&program, &swaps(&program));
    let in_order = |user| {
        let mut values = values(&block, user);
        values.remove(1);
        values
    };
    assert_eq!(
        in_order(0),
        vec![number("1"), number("2"), number("1"), number("2")]
    );
    assert_eq!(
        in_order(2),
        vec![number("1"), number("2"), number("2"), number("2")]
    );
}

#[test]
fn runs_are_merged_by_time_then_arrival() {
    let program = program(vec![
        aggregate(AggregateFunction::First(1, Place::Number), usd()),
        aggregate(AggregateFunction::Last(1, Place::Number), usd()),
    ]);
    let mut history = swaps(&program);
    history.users = vec![0];
    history.events.users = vec![0; 6];
    history.events.names = vec![0; 6];
    history.events.times = vec![1, 2, 3, 1, 2, 3];
    history.events.arrivals = vec![10, 11, 12, 9, 13, 11];
    history.events.columns = vec![Column::Number {
        scale: 0,
        mantissas: vec![1, 2, 3, 4, 5, 6],
    }];
    let block = fold(&program, &history);
    assert_eq!(values(&block, 0), vec![number("4"), number("3")]);
}

#[test]
fn a_sum_past_64_bits_stays_exact() {
    let program = program(vec![aggregate(AggregateFunction::Sum, usd())]);
    let mut history = swaps(&program);
    history.events.columns = vec![Column::Number {
        scale: 2,
        mantissas: vec![i64::MAX; 6],
    }];
    let block = fold(&program, &history);
    assert_eq!(values(&block, 0), vec![number("276701161105643274.21")]);
}

#[test]
fn the_last_change_of_an_attribute_wins_and_unsetting_removes_it() {
    let mut set = FeatureSet::default();
    set.add_measure(&Measure::Attribute {
        path: Arc::from("level"),
        place: Place::Number,
    });
    set.add_measure(&Measure::Attribute {
        path: Arc::from("country"),
        place: Place::Text,
    });
    let program = Program::new(set, Time::from_millis(NOW), HashMap::new());
    let history = HistoryBlock {
        users: vec![5],
        events: Table::default(),
        traits: Table {
            users: vec![5; 4],
            times: vec![1, 2, 3, NOW + 1],
            columns: program
                .wanted()
                .trait_columns
                .iter()
                .map(|wanted| match &*wanted.path {
                    "level" => Column::Number {
                        scale: 0,
                        mantissas: vec![1, 3, UNTOUCHED, 9],
                    },
                    _ => Column::Text {
                        codes: vec![0, NO_CODE, 1, 0],
                        texts: vec![Arc::from("SG"), Arc::from("\u{1}n")],
                    },
                })
                .collect(),
            ..Table::default()
        },
        ..HistoryBlock::default()
    };
    let block = fold(&program, &history);
    assert_eq!(values(&block, 0), vec![number("3"), None]);
    assert_eq!(block.users, [5]);
}

#[test]
fn evidence_is_kept_by_the_same_walk() {
    let mut on_bsc = aggregate(AggregateFunction::Count, None);
    on_bsc.filter = Some(Condition::Compare {
        left: property("chain", Place::Text),
        comparison: Comparison::Equal,
        right: Measure::Constant(Value::text("bsc")),
        zone: None,
    });
    let program = program(vec![
        aggregate(AggregateFunction::Count, None),
        aggregate(AggregateFunction::Sum, usd()),
        aggregate(AggregateFunction::Maximum(Place::Number), usd()),
        aggregate(AggregateFunction::First(1, Place::Number), usd()),
        aggregate(AggregateFunction::LastTime(2), None),
        on_bsc,
    ]);
    let swaps = swaps(&program);
    for (place, user) in swaps.users.clone().into_iter().enumerate() {
        let one = HistoryBlock {
            users: vec![user],
            ..swaps.clone()
        };
        let WatchedUser {
            is_known,
            block,
            evidence,
        } = program.fold_keeping(&one);
        assert_eq!(is_known, user != 3);
        if is_known {
            assert_eq!(values(&block, 0), values(&fold(&program, &swaps), place));
        }
        let counted: Vec<usize> = evidence.iter().map(|evidence| evidence.counted).collect();
        let shown: Vec<Vec<i64>> = evidence
            .iter()
            .map(|evidence| {
                let events = evidence.events.iter();
                events.map(|event| event.time.millis()).collect()
            })
            .collect();
        let (first, second, third) = (90 * DAY, 90 * DAY + HOUR, 99 * DAY);
        if user % 2 == 1 {
            assert_eq!(counted, [0; 6]);
            continue;
        }
        let on_bsc = if user == 0 {
            vec![first]
        } else {
            vec![second, first]
        };
        assert_eq!(counted, [3, 2, 2, 2, 3, on_bsc.len()]);
        assert_eq!(
            shown,
            [
                vec![third, second, first],
                vec![third, first],
                vec![third],
                vec![first],
                vec![second],
                on_bsc
            ]
        );
    }
}
