//! Queries under snapshot, and what folds instead.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{EventName, ListKey, Span, Time, Unit, Value, Zone};
use rules::checked::{
    Aggregate, AggregateFunction, Comparison, Condition, Cut, EventSelector, Letters, Measure,
    Place, Side, TextTest, Window, number,
};

use super::{Columns, Lists, SqlQuery, StoredColumn, StoredForm, translate_condition};
use crate::history::{WantedColumn, WantedForm};

/// A store in which amounts have two places, and `labels` has lists.
struct SomeColumns;

fn stored(wanted: &WantedColumn) -> Option<StoredColumn> {
    let form = match (&*wanted.path, wanted.form) {
        ("wei", WantedForm::Numbers) => StoredForm::Number128 { scale: 0 },
        (_, WantedForm::Numbers) => StoredForm::Number64 { scale: 2 },
        ("labels", WantedForm::Texts) => StoredForm::Text { lists: Lists::Some },
        (_, WantedForm::Texts) => StoredForm::Text { lists: Lists::None },
    };
    Some(StoredColumn {
        name: format!("c_{}", wanted.path),
        form,
    })
}

impl Columns for SomeColumns {
    fn event(&self, wanted: &WantedColumn) -> Option<StoredColumn> {
        stored(wanted)
    }
    fn attribute(&self, wanted: &WantedColumn) -> Option<StoredColumn> {
        stored(wanted)
    }
    fn list(&self, _list: &ListKey) -> Option<Vec<Arc<str>>> {
        Some(vec![Arc::from("b"), Arc::from("it's")])
    }
}

fn now() -> Time {
    Time::parse("2026-11-22T10:00:00Z").expect("a time")
}

fn query(condition: &Condition) -> SqlQuery {
    translate_condition(condition, &SomeColumns, now()).expect("a query")
}

fn reason(condition: &Condition) -> String {
    translate_condition(condition, &SomeColumns, now())
        .expect_err("no query")
        .reason
}

/// The query, and beneath it what is bound.
fn shown(condition: &Condition) -> String {
    let query = query(condition);
    let bound = query.parameters.iter();
    let bound: Vec<String> = bound
        .map(|parameter| format!("{} = {}", parameter.name, super::literal(&parameter.value)))
        .collect();
    format!("{}\n\n{}", query.text, bound.join("\n"))
}

fn property(path: &str, place: Place) -> Measure {
    Measure::Property {
        path: Arc::from(path),
        place,
    }
}

fn attribute(path: &str, place: Place) -> Measure {
    Measure::Attribute {
        path: Arc::from(path),
        place,
    }
}

fn aggregate(
    function: AggregateFunction,
    event: &str,
    argument: Option<Measure>,
    filter: Option<Condition>,
    window: Window,
) -> Measure {
    let names = BTreeSet::from([EventName::new(event)]);
    Measure::Aggregate(Box::new(Aggregate {
        function,
        events: EventSelector {
            names,
            ..EventSelector::default()
        },
        arguments: argument.into_iter().collect(),
        filter,
        window,
    }))
}

fn count(event: &str, window: Window) -> Measure {
    aggregate(AggregateFunction::Count, event, None, None, window)
}

fn compare(left: Measure, comparison: Comparison, right: Measure) -> Condition {
    Condition::Compare {
        left,
        comparison,
        right,
        zone: None,
    }
}

fn text(value: &str) -> Measure {
    Measure::Constant(Value::text(value))
}

fn not(condition: Condition) -> Condition {
    Condition::Not(Box::new(condition))
}

#[test]
fn a_count_with_a_filter_reads_only_its_events() {
    let filter = Condition::All(vec![
        compare(
            property("chain", Place::Text),
            Comparison::Equal,
            text("bsc"),
        ),
        compare(
            property("usd", Place::Number),
            Comparison::Greater,
            number(10),
        ),
    ]);
    let window = Window::Last(Span::from_millis(30 * Span::DAY.millis()));
    let counted = aggregate(
        AggregateFunction::Count,
        "quest_complete",
        None,
        Some(filter),
        window,
    );
    insta::assert_snapshot!(shown(&compare(counted, Comparison::AtLeast, number(3))));
}

#[test]
fn a_condition_that_holds_without_events_asks_all_known_users() {
    insta::assert_snapshot!(shown(&compare(
        count("login", Window::Ever),
        Comparison::Less,
        number(3)
    )));
}

#[test]
fn attributes_and_events_are_joined_by_user() {
    let share = Measure::Arithmetic {
        operator: rules::checked::Operator::Divide,
        left: Box::new(aggregate(
            AggregateFunction::Sum,
            "swap",
            Some(property("usd", Place::Number)),
            None,
            Window::Current {
                unit: Unit::Day,
                count: 30,
                zone: Zone::utc(),
            },
        )),
        right: Box::new(aggregate(
            AggregateFunction::Average,
            "swap",
            Some(property("wei", Place::Number)),
            None,
            Window::Ever,
        )),
    };
    insta::assert_snapshot!(shown(&Condition::All(vec![
        compare(
            attribute("kyc_level", Place::Number),
            Comparison::AtLeast,
            number(2)
        ),
        Condition::OneOf {
            value: attribute("country", Place::Text),
            of: BTreeSet::from([Value::text("SG"), Value::text("JP")]),
        },
        not(compare(
            attribute("wallet", Place::Text),
            Comparison::Equal,
            text("0xabcdefabcdef0123456789abcdefabcdef012345"),
        )),
        compare(share, Comparison::Greater, number(1)),
    ])));
}

#[test]
fn a_window_anchored_on_an_event_takes_two_steps() {
    let first = aggregate(
        AggregateFunction::FirstTime(1),
        "signup",
        None,
        None,
        Window::Ever,
    );
    let days = aggregate(
        AggregateFunction::Periods(Unit::Week, Zone::named("Asia/Shanghai").expect("a zone")),
        "login",
        None,
        None,
        Window::After {
            anchor: Box::new(first.clone()),
            span: Span::WEEK,
        },
    );
    let since = Window::Between {
        from: Some(Cut {
            at: Box::new(first),
            side: Side::JustBefore,
            zone: Zone::utc(),
            plus_days: 0,
        }),
        to: None,
    };
    let last = aggregate(
        AggregateFunction::Last(2, Place::Text),
        "quest_complete",
        Some(property("category", Place::Text)),
        None,
        since,
    );
    insta::assert_snapshot!(shown(&Condition::All(vec![
        compare(days, Comparison::AtLeast, number(2)),
        Condition::IsSet(last),
    ])));
}

#[test]
fn a_list_passes_by_its_elements() {
    let contains = Condition::Text {
        value: attribute("labels", Place::Text),
        test: TextTest::Contains,
        pattern: Arc::from("vip"),
        letters: Letters::Exact,
    };
    insta::assert_snapshot!(shown(&contains));
}

#[test]
fn values_are_bound_and_can_be_written_out() {
    let hostile = "it's \\ {p1:String} `";
    let query = query(&compare(
        attribute("country", Place::Text),
        Comparison::Equal,
        text(hostile),
    ));
    assert!(!query.text.contains("it's"), "{}", query.text);
    assert!(
        query
            .with_literals()
            .contains(r"= 'it\'s \\ {p1:String} `'"),
        "{query:?}"
    );
    let list = ListKey::new("chains").expect("a key");
    let listed = Condition::ValueInList {
        value: attribute("country", Place::Text),
        list,
    };
    let written = self::query(&listed).with_literals();
    assert!(
        written.contains(r"has(CAST(['b', 'it\'s'] AS Array(String))"),
        "{written}"
    );
}

#[test]
fn what_sql_cannot_say_exactly_folds_with_its_reason() {
    let folded = Condition::Text {
        value: attribute("country", Place::Text),
        test: TextTest::Matches,
        pattern: Arc::from("s"),
        letters: Letters::Folded,
    };
    assert_eq!(reason(&folded), "a regular expression `ignoring case`");
    let product = Measure::Arithmetic {
        operator: rules::checked::Operator::Multiply,
        left: Box::new(property("wei", Place::Number)),
        right: Box::new(property("wei", Place::Number)),
    };
    let sum = aggregate(
        AggregateFunction::Sum,
        "tx",
        Some(product),
        None,
        Window::Ever,
    );
    assert_eq!(
        reason(&compare(sum, Comparison::Greater, number(0))),
        "a sum could need more than 256 bits"
    );
    let list = ListKey::new("vip").expect("a key");
    assert_eq!(reason(&Condition::UserInList(list)), "a list of users");
}
