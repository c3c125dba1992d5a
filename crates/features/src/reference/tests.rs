//! Windows, order and missing values, by instants worked out by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{Date, Decimal, EventName, Span, Time, Unit, Value, Zone};
use rules::checked::{
    Aggregate, AggregateFunction, Condition, Cut, EventSelector, Measure, Place, Side, Window,
};

use super::{Change, PastEvent, User, World, holds, is_inside, value};

fn at(text: &str) -> Time {
    Time::parse(text).expect("a time")
}

fn zone(name: &str) -> Zone {
    Zone::named(name).expect("a zone")
}

fn inside(instant: &str, window: &Window, now: &str) -> bool {
    is_inside(at(instant), window, at(now), &|measure| match measure {
        Measure::Constant(value) => Some(value.clone()),
        _ => None,
    })
}

fn constant(value: impl Into<Value>) -> Box<Measure> {
    Box::new(Measure::Constant(value.into()))
}

fn world(now: &str) -> World {
    World {
        now: at(now),
        lists: Default::default(),
        users: Default::default(),
    }
}

fn event(time: &str, arrival: u64, name: &str, properties: &[(&str, Value)]) -> PastEvent {
    PastEvent {
        time: at(time),
        arrival,
        position: 0,
        name: EventName::new(name),
        source: Arc::from(""),
        properties: properties
            .iter()
            .map(|(name, value)| (Arc::from(*name), value.clone()))
            .collect(),
    }
}

fn change(time: &str, arrival: u64, path: &str, value: Option<Value>) -> Change {
    Change {
        time: at(time),
        arrival,
        path: Arc::from(path),
        value,
    }
}

fn aggregate(function: AggregateFunction, path: Option<(&str, Place)>) -> Measure {
    let property = |(path, place)| Measure::Property {
        path: Arc::from(path),
        place,
    };
    Measure::Aggregate(Box::new(Aggregate {
        function,
        events: EventSelector {
            names: BTreeSet::from([EventName::new("swap")]),
            ..EventSelector::default()
        },
        arguments: path.map(property).into_iter().collect(),
        filter: None,
        window: Window::Ever,
    }))
}

fn attribute(path: &str, place: Place) -> Measure {
    Measure::Attribute {
        path: Arc::from(path),
        place,
    }
}

#[test]
fn a_rolling_window_leaves_out_its_first_instant_and_takes_now() {
    let last = Window::Last(Span::DAY);
    let now = "2026-11-22T10:00:00Z";
    assert!(!inside("2026-11-21T10:00:00Z", &last, now));
    assert!(inside("2026-11-21T10:00:00.001Z", &last, now));
    assert!(inside(now, &last, now));
    assert!(!inside("2026-11-22T10:00:00.001Z", &last, now));
    let next = Window::Next(Span::DAY);
    assert!(!inside(now, &next, now));
    assert!(inside("2026-11-23T10:00:00Z", &next, now));
    assert!(!inside("2026-11-23T10:00:00.001Z", &next, now));
}

#[test]
fn calendar_days_are_23_or_25_hours_where_clocks_change() {
    // Berlin went to summer time on 2026-03-29 (a day of 23 hours), and back on 2026-10-25.
    let berlin = zone("Europe/Berlin");
    let yesterday = Window::Previous {
        unit: Unit::Day,
        count: 1,
        zone: berlin.clone(),
    };
    let spring = "2026-03-30T10:00:00Z";
    assert!(!inside("2026-03-28T22:59:59.999Z", &yesterday, spring));
    assert!(inside("2026-03-28T23:00:00Z", &yesterday, spring));
    assert!(inside("2026-03-29T21:59:59.999Z", &yesterday, spring));
    assert!(!inside("2026-03-29T22:00:00Z", &yesterday, spring));
    let autumn = "2026-10-26T10:00:00Z";
    assert!(!inside("2026-10-24T21:59:59.999Z", &yesterday, autumn));
    assert!(inside("2026-10-24T22:00:00Z", &yesterday, autumn));
    assert!(inside("2026-10-25T22:59:59.999Z", &yesterday, autumn));
    assert!(!inside("2026-10-25T23:00:00Z", &yesterday, autumn));
    let two_days = Window::Current {
        unit: Unit::Day,
        count: 2,
        zone: berlin,
    };
    assert!(!inside("2026-10-24T21:59:59.999Z", &two_days, autumn));
    assert!(inside("2026-10-24T22:00:00Z", &two_days, autumn));
    assert!(inside(autumn, &two_days, autumn));
    assert!(!inside("2026-10-26T10:00:00.001Z", &two_days, autumn));
}

#[test]
fn a_day_without_midnight_starts_at_its_first_instant() {
    // In São Paulo the clocks of 2018-11-04 went from 00:00 to 01:00, which was 03:00 UTC.
    let today = Window::Current {
        unit: Unit::Day,
        count: 1,
        zone: zone("America/Sao_Paulo"),
    };
    assert!(!inside(
        "2018-11-04T02:59:59.999Z",
        &today,
        "2018-11-04T12:00:00Z"
    ));
    assert!(inside(
        "2018-11-04T03:00:00Z",
        &today,
        "2018-11-04T12:00:00Z"
    ));
}

#[test]
fn weeks_start_on_monday_and_months_on_their_first() {
    let week = |count| Window::Current {
        unit: Unit::Week,
        count,
        zone: Zone::utc(),
    };
    // 2026-11-22 is a Sunday.
    assert!(inside(
        "2026-11-16T00:00:00Z",
        &week(1),
        "2026-11-22T23:00:00Z"
    ));
    assert!(!inside(
        "2026-11-15T23:59:59.999Z",
        &week(1),
        "2026-11-22T23:00:00Z"
    ));
    assert!(inside(
        "2026-11-09T00:00:00Z",
        &week(2),
        "2026-11-22T23:00:00Z"
    ));
    let month = Window::Previous {
        unit: Unit::Month,
        count: 2,
        zone: Zone::utc(),
    };
    assert!(!inside(
        "2025-11-30T23:59:59.999Z",
        &month,
        "2026-02-28T00:00:00Z"
    ));
    assert!(inside(
        "2025-12-01T00:00:00Z",
        &month,
        "2026-02-28T00:00:00Z"
    ));
    assert!(inside(
        "2026-01-31T23:59:59.999Z",
        &month,
        "2026-02-28T00:00:00Z"
    ));
    assert!(!inside(
        "2026-02-01T00:00:00Z",
        &month,
        "2026-02-28T00:00:00Z"
    ));
}

#[test]
fn windows_between_moving_bounds_tile() {
    let cut = |moment: &str| {
        Some(Cut {
            at: constant(at(moment)),
            side: Side::JustAfter,
            zone: Zone::utc(),
            plus_days: 0,
        })
    };
    let now = "2026-12-01T00:00:00Z";
    let (a, b, c) = ("2026-09-02T00:00:00Z", "2026-11-01T00:00:00Z", now);
    let early = Window::Between {
        from: cut(a),
        to: cut(b),
    };
    let late = Window::Between {
        from: cut(b),
        to: cut(c),
    };
    for instant in [
        "2026-09-02T00:00:00.001Z",
        "2026-11-01T00:00:00Z",
        "2026-11-01T00:00:00.001Z",
    ] {
        assert!(
            inside(instant, &early, now) != inside(instant, &late, now),
            "{instant}"
        );
    }
    assert!(!inside(a, &early, now));
    assert!(inside(b, &early, now));
    assert!(!inside(b, &late, now));
    assert!(inside(c, &late, now));
}

#[test]
fn dates_bound_whole_days_of_the_zone() {
    let cut = |day: &str, plus_days| {
        Some(Cut {
            at: constant(Date::parse(day).expect("a date")),
            side: Side::JustBefore,
            zone: zone("Asia/Shanghai"),
            plus_days,
        })
    };
    let november = Window::Between {
        from: cut("2026-11-01", 0),
        to: cut("2026-11-30", 1),
    };
    let now = "2026-12-24T00:00:00Z";
    assert!(!inside("2026-10-31T15:59:59.999Z", &november, now));
    assert!(inside("2026-10-31T16:00:00Z", &november, now));
    assert!(inside("2026-11-30T15:59:59.999Z", &november, now));
    assert!(!inside("2026-11-30T16:00:00Z", &november, now));
}

#[test]
fn an_anchored_window_takes_its_anchor_and_leaves_out_its_end() {
    let (anchor, now) = ("2026-11-01T12:00:00Z", "2026-12-01T00:00:00Z");
    let after = Window::After {
        anchor: constant(at(anchor)),
        span: Span::DAY,
    };
    assert!(inside(anchor, &after, now));
    assert!(inside("2026-11-02T11:59:59.999Z", &after, now));
    assert!(!inside("2026-11-02T12:00:00Z", &after, now));
    let before = Window::Before {
        anchor: constant(at(anchor)),
        span: Span::DAY,
    };
    assert!(inside("2026-10-31T12:00:00Z", &before, now));
    assert!(!inside(anchor, &before, now));
    let missing = Window::After {
        anchor: Box::new(Measure::Now),
        span: Span::DAY,
    };
    assert!(
        !inside(anchor, &missing, now),
        "a window without its bound is empty"
    );
}

#[test]
fn hours_that_repeat_are_two() {
    // 02:00 to 03:00 came twice in Berlin on 2026-10-25: at 00:00 and at 01:00 UTC.
    let hours = |count| Window::Previous {
        unit: Unit::Hour,
        count,
        zone: zone("Europe/Berlin"),
    };
    let now = "2026-10-25T02:30:00Z";
    assert!(!inside("2026-10-25T00:59:59.999Z", &hours(1), now));
    assert!(inside("2026-10-25T01:00:00Z", &hours(1), now));
    assert!(inside("2026-10-25T00:00:00Z", &hours(2), now));
    assert!(!inside("2026-10-24T23:59:59.999Z", &hours(2), now));
    assert!(!inside("2026-10-25T02:00:00Z", &hours(2), now));
}

#[test]
fn the_last_change_in_order_wins_and_objects_are_replaced() {
    let social = |followers: i64| {
        Value::Object(Arc::new(BTreeMap::from([(
            Arc::from("followers"),
            Value::from(followers),
        )])))
    };
    let user = User {
        changes: vec![
            change("2026-11-03T00:00:00Z", 9, "kyc", None),
            change("2026-11-02T00:00:00Z", 4, "country", Some("JP".into())),
            change("2026-11-02T00:00:00Z", 3, "country", Some("SG".into())),
            change("2026-11-01T00:00:00Z", 1, "kyc", Some(2.into())),
            change("2026-11-01T00:00:00Z", 2, "social", Some(social(5))),
            change("2026-11-02T00:00:00Z", 5, "social.name", Some("x".into())),
            change("2026-11-04T00:00:00Z", 6, "social", Some(social(7))),
            change("2026-12-01T00:00:00Z", 7, "social", None),
        ],
        ..User::default()
    };
    let known = |path: &str, now: &str| user.attributes(at(now)).get(path).cloned();
    assert_eq!(known("country", "2026-11-05T00:00:00Z"), Some("JP".into()));
    assert_eq!(known("kyc", "2026-11-02T00:00:00Z"), Some(2.into()));
    assert_eq!(known("kyc", "2026-11-05T00:00:00Z"), None);
    assert_eq!(
        known("social.followers", "2026-11-03T00:00:00Z"),
        Some(5.into())
    );
    assert_eq!(
        known("social.name", "2026-11-03T00:00:00Z"),
        Some("x".into())
    );
    assert_eq!(
        known("social.followers", "2026-11-04T00:00:00Z"),
        Some(7.into())
    );
    assert_eq!(known("social.name", "2026-11-04T00:00:00Z"), None);
    assert_eq!(known("social.followers", "2026-12-01T00:00:00Z"), None);
    assert!(!user.is_known(at("2026-10-31T23:59:59.999Z")));
    assert!(user.is_known(at("2026-11-01T00:00:00Z")));
}

#[test]
fn first_and_last_ask_for_events_that_have_the_property() {
    let user = User {
        events: vec![
            event("2026-11-02T00:00:00Z", 3, "swap", &[("usd", 3.into())]),
            event(
                "2026-11-02T00:00:00Z",
                2,
                "swap",
                &[("usd", "12.50".into())],
            ),
            event("2026-11-01T00:00:00Z", 1, "swap", &[("usd", "many".into())]),
            event("2026-11-03T00:00:00Z", 4, "swap", &[]),
            event("2026-11-09T00:00:00Z", 5, "swap", &[("usd", 9.into())]),
        ],
        ..User::default()
    };
    let world = world("2026-11-04T00:00:00Z");
    let usd = Some(("usd", Place::Number));
    let number = |text: &str| Some(Value::Number(Decimal::parse(text).expect("a number")));
    let measured = |function| value(&aggregate(function, usd), &user, &world);
    assert_eq!(
        measured(AggregateFunction::First(1, Place::Number)),
        number("12.5")
    );
    assert_eq!(
        measured(AggregateFunction::First(2, Place::Number)),
        number("3")
    );
    assert_eq!(measured(AggregateFunction::First(3, Place::Number)), None);
    assert_eq!(
        measured(AggregateFunction::Last(1, Place::Number)),
        number("3")
    );
    assert_eq!(measured(AggregateFunction::Sum), number("15.5"));
    assert_eq!(measured(AggregateFunction::Average), number("7.75"));
    assert_eq!(measured(AggregateFunction::Count), number("4"));
    let text = Some(("usd", Place::Text));
    assert_eq!(
        value(&aggregate(AggregateFunction::Distinct, text), &user, &world),
        number("3")
    );
}

#[test]
fn nothing_measured_is_zero_for_counts_and_missing_for_the_rest() {
    let (user, world) = (User::default(), world("2026-11-04T00:00:00Z"));
    let usd = Some(("usd", Place::Number));
    let zero = Some(Value::from(0));
    assert_eq!(
        value(&aggregate(AggregateFunction::Sum, usd), &user, &world),
        zero
    );
    assert_eq!(
        value(&aggregate(AggregateFunction::Distinct, usd), &user, &world),
        zero
    );
    assert_eq!(
        value(&aggregate(AggregateFunction::Average, usd), &user, &world),
        None
    );
    assert_eq!(
        value(
            &aggregate(AggregateFunction::Maximum(Place::Number), usd),
            &user,
            &world
        ),
        None
    );
}

#[test]
fn not_is_the_complement_also_without_a_value() {
    let world = world("2026-11-04T00:00:00Z");
    let is_low = Condition::Compare {
        left: attribute("level", Place::Number),
        comparison: rules::checked::Comparison::AtMost,
        right: rules::checked::number(5),
        zone: None,
    };
    let user = User::default();
    assert!(!holds(&is_low, &user, &world));
    assert!(holds(&Condition::Not(Box::new(is_low)), &user, &world));
}
