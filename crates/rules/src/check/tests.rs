//! What rules mean: the checked form, and which spellings are one rule.

use domain::{Decimal, Language, Span, Unit, Value, Zone};

use super::{CheckOptions, Checked, Expected, read};
use crate::checked::{
    AggregateFunction, Body, Comparison, Condition, Measure, Operator, Place, Side, Window, number,
};
use crate::diagnostic::{Code, Severity, render};
use crate::tests::vocabulary::vocabulary;

fn check(text: &str) -> Checked {
    read(text, &vocabulary(), &CheckOptions::default()).unwrap_or_else(|diagnostics| {
        panic!("{}", render("rule", text, &diagnostics, Language::English))
    })
}

fn condition(text: &str) -> Condition {
    match check(text).rule.body() {
        Body::Condition(condition) => condition.clone(),
        other => panic!("{text}: {other:?}"),
    }
}

fn measure(text: &str) -> Measure {
    match check(text).rule.body() {
        Body::Measure(measure) => measure.clone(),
        other => panic!("{text}: {other:?}"),
    }
}

/// The window of `did(swap, …)`.
fn window(text: &str) -> Window {
    match condition(&format!("did(swap, {text})")) {
        Condition::Compare {
            left: Measure::Aggregate(aggregate),
            ..
        } => aggregate.window,
        other => panic!("{text}: {other:?}"),
    }
}

fn attribute(path: &str, place: Place) -> Measure {
    Measure::Attribute {
        path: path.into(),
        place,
    }
}

#[test]
fn different_spellings_of_one_meaning_are_one_checked_rule() {
    for (one, other) in [
        ("kyc_level != 5", "not (kyc_level = 5)"),
        ("not not verified", "verified"),
        ("verified = true", "verified"),
        ("verified != true", "not verified"),
        ("user.country = \"SG\"", "country = \"SG\""),
        ("5 < kyc_level", "kyc_level > 5"),
        ("kyc_level > 1e3", "kyc_level > 1_000.0"),
        ("kyc_level > 2 ether", "kyc_level > 2 * 10 * 0.1 * 1e18"),
        ("did(swap)", "count(swap) > 0"),
        ("did(swap where true)", "did(swap, ever)"),
        ("country in (\"SG\")", "country = \"SG\""),
        ("roles has \"a\"", "roles has any of (\"a\", \"a\")"),
        (
            "roles has none of (\"a\", \"b\")",
            "roles not in (\"b\", \"a\")",
        ),
        (
            "count(login) between 1 and 2",
            "count(login) >= 1 and count(login) <= 2",
        ),
        ("(a = 1 and b = 2) and c = 3", "a = 1 and (b = 2 and c = 3)"),
        ("everyone and verified", "verified"),
        ("at least 1 of (verified, a = 1)", "verified or a = 1"),
        ("at least 2 of (verified, a = 1)", "verified and a = 1"),
        ("signup_at before 2026-11-01", "signup_at < 2026-11-01"),
        ("signup_at on 2026-11-01", "signup_at = 2026-11-01"),
        ("did(swap, last 1w)", "did(swap, last 168h)"),
        ("did(swap, today)", "did(swap, last 1 calendar day)"),
        ("did(swap, yesterday)", "did(swap, previous day)"),
        (
            "did(swap, previous month)",
            "did(swap, previous 1 calendar month)",
        ),
        ("did(*)", "did((swap, quest_*, *))"),
        ("age(signup_at) > 1d", "now - signup_at > 24h"),
        ("tag(tier) is set", "tag(tier)"),
        ("tag(sybil) = false", "not tag(sybil)"),
        (
            "country = \"0xABCDEFabcdef0123456789ABCDEFabcdef012345\"",
            "country = \"0xabcdefabcdef0123456789abcdefabcdef012345\"",
        ),
        (
            "last(login.device) = \"a\"",
            "last(login.device, 1) = \"a\"",
        ),
    ] {
        assert_eq!(check(one).rule, check(other).rule, "{one} | {other}");
    }
}

#[test]
fn use_decides_the_place_of_a_name() {
    for (text, place) in [
        ("kyc_level > 5", Place::Number),
        ("kyc_level = \"5\"", Place::Text),
        ("kyc_level = a", Place::Text),
        ("kyc_level = true and a = 1", Place::Truth),
        ("kyc_level > 2026-11-01", Place::Moment),
        ("kyc_level > 90d ago", Place::Moment),
        ("kyc_level + 1d < now", Place::Moment),
        ("kyc_level - a > 1d", Place::Moment),
        ("kyc_level - a > 1", Place::Number),
        ("kyc_level = count(swap)", Place::Number),
        ("kyc_level in (1, \"a\")", Place::Text),
        ("kyc_level contains \"a\"", Place::Text),
        ("kyc_level is set", Place::Any),
        ("kyc_level = tag(tier)", Place::Text),
        ("coalesce(kyc_level, 0) = a", Place::Number),
        ("kyc_level in last 30d", Place::Moment),
        ("kyc_level in list(hot_countries)", Place::Text),
    ] {
        let found = format!("{:?}", check(text).rule);
        let expected = format!("{:?}", attribute("kyc_level", place));
        assert!(found.contains(&expected), "{text}: {found}");
    }
}

#[test]
fn arguments_of_aggregates_have_the_place_that_the_aggregate_and_its_use_demand() {
    for (text, expected) in [
        ("sum(swap.token) > 1", "place: Number"),
        ("max(swap.token) > 1", "Maximum(Number)"),
        ("max(swap.token) > \"a\"", "Maximum(Text)"),
        ("max(swap.token) > 2026-11-01", "Maximum(Moment)"),
        ("max(swap.token)", "Maximum(Text)"),
        ("max(swap.amount_usd)", "Maximum(Number)"),
        ("max(swap.token) is set", "Maximum(Text)"),
        ("last(swap.token)", "Last(1, Text)"),
        ("last(swap.token) is set", "Last(1, Any)"),
        ("last(swap.token) = true", "Last(1, Truth)"),
        ("last(swap.time) > now", "Last(1, Moment)"),
        ("distinct(swap.token) > 1", "place: Text"),
        ("distinct(swap.(hour(time))) > 1", "of: EventTime"),
        ("max(login.(time - signup_at)) > 3d", "Maximum(Span)"),
    ] {
        let found = format!("{:?}", check(text).rule);
        assert!(found.contains(expected), "{text}: {found}");
    }
}

#[test]
fn windows_are_the_intervals_of_the_table() {
    let zone = Zone::utc;
    assert_eq!(
        window("last 1.5h"),
        Window::Last(Span::from_millis(5_400_000))
    );
    let current = Window::Current {
        unit: Unit::Quarter,
        count: 4,
        zone: zone(),
    };
    assert_eq!(window("last 4 calendar quarters"), current);
    assert_eq!(
        window("this week"),
        Window::Current {
            unit: Unit::Week,
            count: 1,
            zone: zone()
        }
    );
    let Window::Between {
        from: Some(from),
        to: Some(to),
    } = window("from 90d ago to signup_at")
    else {
        panic!("a window between two cuts");
    };
    assert_eq!((from.side, from.plus_days), (Side::JustAfter, 0));
    assert_eq!((to.side, to.plus_days), (Side::JustBefore, 0));
    assert_eq!(*to.at, attribute("signup_at", Place::Moment));
    let Window::Between {
        from: Some(from),
        to: Some(to),
    } = window("between 2026-11-01 and 2026-11-30")
    else {
        panic!("a window between two cuts");
    };
    assert_eq!((from.side, from.plus_days), (Side::JustBefore, 0));
    assert_eq!((to.side, to.plus_days), (Side::JustBefore, 1));
    let Window::Between {
        from: None,
        to: Some(to),
    } = window("before first_time(login)")
    else {
        panic!("a window with an end");
    };
    assert_eq!(to.side, Side::JustBefore);
    let Window::After { span, .. } = window("within 7d after signup_at") else {
        panic!("an anchored window");
    };
    assert_eq!(span, Span::WEEK);
}

#[test]
fn the_zone_of_the_tag_is_that_of_its_days() {
    let zone = Zone::named("Asia/Shanghai").unwrap();
    let options = CheckOptions {
        zone: zone.clone(),
        ..CheckOptions::default()
    };
    let checked = read("days(swap, today) > 3", &vocabulary(), &options).unwrap();
    let Body::Condition(Condition::Compare {
        left: Measure::Aggregate(days),
        zone: of_dates,
        ..
    }) = checked.rule.body()
    else {
        panic!("{checked:?}");
    };
    assert_eq!(
        days.function,
        AggregateFunction::Periods(Unit::Day, zone.clone())
    );
    assert_eq!(
        days.window,
        Window::Current {
            unit: Unit::Day,
            count: 1,
            zone: zone.clone()
        }
    );
    assert_eq!(*of_dates, None);
    let checked = read("signup_at < 2026-11-01", &vocabulary(), &options).unwrap();
    let Body::Condition(Condition::Compare { zone: of_dates, .. }) = checked.rule.body() else {
        panic!("{checked:?}");
    };
    assert_eq!(*of_dates, Some(zone));
}

#[test]
fn page_is_the_tracking_page_unless_an_event_has_that_name() {
    let names = |text: &str| format!("{:?}", measure(text));
    assert!(names("count(page)").contains("\"$page\""));
    assert!(names("count(`$identify`)").contains("\"$identify\""));
    let mut vocabulary = vocabulary();
    vocabulary.events.insert("page".into(), Default::default());
    let checked = read("count(page)", &vocabulary, &CheckOptions::default()).unwrap();
    assert!(format!("{:?}", checked.rule).contains("EventName(\"page\")"));
}

#[test]
fn what_is_expected_decides_what_a_name_alone_is() {
    let options = |expected| CheckOptions {
        expected,
        ..CheckOptions::default()
    };
    let value = read("country", &vocabulary(), &options(Expected::Value)).unwrap();
    assert_eq!(
        *value.rule.body(),
        Body::Measure(attribute("country", Place::Text))
    );
    let condition = read("country", &vocabulary(), &options(Expected::Condition)).unwrap();
    let holds = Condition::Holds(attribute("country", Place::Truth));
    assert_eq!(*condition.rule.body(), Body::Condition(holds));
    assert!(read("count(swap)", &vocabulary(), &options(Expected::Condition)).is_err());
}

#[test]
fn constants_are_computed_exactly() {
    let Condition::Compare {
        right, comparison, ..
    } = condition("kyc_level >= 0.1 + 0.2 - 2 * 3")
    else {
        panic!("a comparison");
    };
    assert_eq!(comparison, Comparison::AtLeast);
    assert_eq!(right, number(Decimal::parse("-5.7").unwrap()));
    assert_eq!(
        measure("-(7d * 2)"),
        Measure::Constant(Value::Span(Span::from_millis(-1_209_600_000)))
    );
    assert!(matches!(
        measure("sum(swap.amount_usd) / 0"),
        Measure::Arithmetic {
            operator: Operator::Divide,
            ..
        }
    ));
}

#[test]
fn a_window_beyond_the_retention_is_warned_about() {
    let options = CheckOptions {
        retention: Some(Span::WEEK),
        ..CheckOptions::default()
    };
    for (text, is_beyond) in [
        ("did(swap, last 8d)", true),
        ("did(swap, last 7d)", false),
        ("did(swap)", false),
        ("days(swap, last 7 calendar days) > 1", false),
        ("days(swap, previous 7 calendar days) > 1", true),
        ("regularly(swap, at least 1 of last 2 weeks)", true),
        ("did(swap, from 8d ago to 1d ago)", true),
        ("did(swap, since 7d ago)", false),
        ("sequence(swap -> login, last 8d)", true),
        ("max(count(swap) per day, last 8d) > 1", true),
        ("did(changed(kyc_level), last 8d)", false),
        ("signup_at in last 8d", false),
    ] {
        let checked = read(text, &vocabulary(), &options).unwrap();
        let mut told = checked.diagnostics.iter();
        let is_told = told
            .any(|told| told.code == Code::BeyondRetention && told.severity == Severity::Warning);
        assert_eq!(is_told, is_beyond, "{text}: {:?}", checked.diagnostics);
    }
}

#[test]
fn now_is_cut_to_the_full_hour_only_where_nothing_says_when_the_result_changes() {
    let hours = "Age { unit: Hour";
    for (text, is_cut) in [
        ("age(signup_at)", true),
        ("age(signup_at) / age(birthday) > 0.5", true),
        ("if(age(signup_at) > 3d, 1, 0)", false),
        ("age(signup_at) > 3d", false),
        ("age(signup_at) / 2 > 3d", false),
        ("age(years, birthday)", false),
        ("hour(now) = 9", false),
        ("count(swap, since now - 3d)", false),
    ] {
        let checked = check(text);
        assert_eq!(
            format!("{:?}", checked.rule).contains(hours),
            is_cut,
            "{text}"
        );
        let is_told = checked
            .diagnostics
            .iter()
            .any(|found| found.code == Code::NowCut);
        assert_eq!(is_told, is_cut, "{text}");
    }
}
