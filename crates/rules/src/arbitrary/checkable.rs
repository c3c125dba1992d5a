//! Rules that check, drawn as texts place by place.

mod sequence;
mod window;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use self::window::{in_window, window};
use super::EVENTS;

/// The text of a random rule that checks over the names of [`super::names`]: mostly conditions,
/// also values and layered rules.
pub fn checkable_rule() -> impl Strategy<Value = String> {
    let cases = (checkable_condition(), checkable_condition()).prop_map(|(first, second)| {
        format!("case \"x\" when {first}\ncase \"y\" when {second}\nelse \"z\"")
    });
    prop_oneof![
        6 => checkable_condition(),
        2 => number(user_numbers()),
        1 => moment(Where::User),
        1 => cases,
    ]
}

/// The text of a random condition on users.
pub fn checkable_condition() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        6 => tested(Where::User),
        1 => select(&["m anniversary in next 7d", "m anniversary not in next 2w"][..]).prop_map(str::to_owned),
        1 => (tested(Where::User), tested(Where::User))
            .prop_map(|(one, other)| format!("points(1 when {one}, -0.5 when {other}, 2 when b) >= 1")),
        1 => Just("tag(yes)".to_owned()),
        1 => Just("tag(tier) = \"gold\"".to_owned()),
        1 => Just("in list(users)".to_owned()),
        1 => Just("in audience(some)".to_owned()),
        1 => Just("everyone".to_owned()),
        2 => sequence::condition(),
        1 => Just("has_identity(twitter)".to_owned()),
        1 => population(),
        2 => lasting(),
        2 => had_tag(),
        2 => (events(), filter(), window()).prop_map(|(events, filter, window)| format!("did({events}{filter}{window})")),
        1 => (events(), filter(), select(&["last 3 days", "previous 5 weeks", "last 2 months"][..]))
            .prop_map(|(events, filter, periods)| format!("regularly({events}{filter}, at least 2 of {periods})")),
    ];
    joined(leaf.boxed())
}

/// What is known of all users together.
fn population() -> BoxedStrategy<String> {
    let among = select(
        &[
            "",
            " among b",
            " among everyone",
            " among everyone and b",
            " among n > 1",
        ][..],
    );
    let per = select(&["", " per t"][..]);
    let bound = select(
        &[
            "top 2",
            "bottom 50%",
            "exactly 1",
            "top 0.5%",
            "exactly bottom 2",
        ][..],
    );
    let value = (select(&["count", "days"][..]), events(), filter(), window())
        .prop_map(|(function, events, filter, window)| {
            format!("{function}({events}{filter}{window})")
        })
        .boxed();
    let value = prop_oneof![2 => value, 1 => Just("n".to_owned()), 1 => Just("shared_by(event_a.t)".to_owned())];
    let ranking =
        (value, among, per).prop_map(|(value, among, per)| format!("{value}{among}{per}"));
    prop_oneof![
        3 => (ranking.clone(), bound).prop_map(|(ranking, bound)| format!("rank({ranking}) in {bound}")),
        1 => ranking.clone().prop_map(|ranking| format!("rank({ranking}) <= 2")),
        1 => ranking.prop_map(|ranking| format!("quantile_of({ranking}, 3) >= 2")),
        1 => select(&["rank(first_time(event_a)) in exactly first 2", "rank(m) in last 50%"][..])
            .prop_map(str::to_owned),
        1 => select(&["shared_by(t) > 1", "shared_by(event_b.l, last 7d) >= 2"][..])
            .prop_map(str::to_owned),
        2 => select(
            &["user(t).b", "user(t).n > 1", "user(t).tag(yes)", "user(t).tag(tier) = \"gold\"",
              "any(users by t where b)", "count(users by l) > 1", "sum(users.n by t where did(event_a)) > 2"][..]
        ).prop_map(str::to_owned),
    ]
    .boxed()
}

/// What the recorded history says.
fn had_tag() -> impl Strategy<Value = String> {
    let tests = [
        "tag(yes) at {}",
        "tag(tier) at {} = \"gold\"",
        "tag(tier) at {} is not set",
        "tag(score) at {}",
    ];
    (select(tests.to_vec()), moment(Where::User)).prop_map(|(test, at)| test.replace("{}", &at))
}

/// What has held for some time.
fn lasting() -> impl Strategy<Value = String> {
    let tests = [
        "n > 1",
        "n = 0",
        "n != 1",
        "n between 0 and 2",
        "n is set",
        "t is not set",
        "t = \"a\"",
        "t not in (\"a\", \"\")",
        "l has \"a\"",
        "b",
        "not b",
        "m before 2026-11-01",
        "lower(t) contains \"a\"",
        "not (n < 2)",
        "t in list(texts)",
    ];
    let spans = ["1s", "1h", "1d", "7d", "4w", "52w"];
    (select(tests.to_vec()), select(spans.to_vec()))
        .prop_map(|(test, span)| format!("({test} for at least {span})"))
}

/// Where names stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Where {
    User,
    Event,
}

fn joined(leaf: BoxedStrategy<String>) -> BoxedStrategy<String> {
    leaf.prop_recursive(3, 12, 3, |of| {
        prop_oneof![
            of.clone().prop_map(|of| format!("not ({of})")),
            vec(of.clone(), 2..4).prop_map(|of| format!("({})", of.join(" and "))),
            vec(of.clone(), 2..4).prop_map(|of| format!("({})", of.join(" or "))),
            vec(of, 3..4).prop_map(|of| format!("at least 2 of ({})", of.join(", "))),
        ]
    })
    .boxed()
}

/// A comparison or another test of a value.
fn tested(place: Where) -> BoxedStrategy<String> {
    let numbers = if place == Where::User {
        user_numbers()
    } else {
        event_numbers()
    };
    let order = select(&["=", "!=", "<", "<=", ">", ">="][..]);
    let of_text = select(
        &[
            "contains",
            "not contains",
            "starts with",
            "ends with",
            "matches",
        ][..],
    );
    let case = select(&["", " ignoring case"][..]);
    let moment_of = move || moment(place);
    let of_time = select(&["before", "after"][..]);
    prop_oneof![
        (number(numbers.clone()), order.clone(), number(numbers))
            .prop_map(|(left, operator, right)| format!("{left} {operator} {right}")),
        (text(place), order.clone(), text_constant())
            .prop_map(|(left, operator, right)| format!("{left} {operator} {right}")),
        (text(place), of_text, case)
            .prop_map(|(value, operator, case)| format!("{value} {operator} \"a\"{case}")),
        (
            text(place),
            select(&["in", "not in", "has any of", "has all of", "has none of"][..])
        )
            .prop_map(|(value, operator)| format!("{value} {operator} (\"a\", \"B\", \"\")")),
        Just("n between -1 and 2".to_owned()),
        Just("l between \"a\" and \"b\"".to_owned()),
        (
            select(&["n", "t", "m"][..]),
            select(&["<", ">="][..]),
            select(&["l", "t"][..])
        )
            .prop_map(|(left, operator, right)| format!("{left} {operator} {right}")),
        Just("l between t and n".to_owned()),
        (
            select(&["version(t)", "coalesce(version(t), version(\"1\"))"][..]),
            order.clone()
        )
            .prop_map(|(left, operator)| format!("{left} {operator} version(\"1.0.0-beta\")")),
        Just("b".to_owned()),
        (
            select(&["n", "t", "b", "m", "l"][..]),
            select(&["is set", "is not set"][..])
        )
            .prop_map(|(name, test)| format!("{name} {test}")),
        Just("t in list(texts)".to_owned()),
        (moment_of(), of_time, moment_of())
            .prop_map(|(left, operator, right)| format!("{left} {operator} {right}")),
        Just("m on 2026-11-01".to_owned()),
        in_window(place),
        Just("m between 2026-11-01 and 2026-11-02".to_owned()),
    ]
    .boxed()
}

fn text_constant() -> impl Strategy<Value = String> {
    select(
        &[
            "\"\"",
            "\"a\"",
            "\"B\"",
            "\"1\"",
            "\"0xABCDEFabcdef0123456789ABCDEFabcdef012345\"",
        ][..],
    )
    .prop_map(str::to_owned)
}

fn text(place: Where) -> BoxedStrategy<String> {
    let plain = select(
        &[
            "t",
            "l",
            "lower(t)",
            "lookup(rates, t).t",
            "coalesce(t, \"a\")",
        ][..],
    )
    .prop_map(str::to_owned);
    if place == Where::Event {
        let own = select(&["source", "event", "user.t", "properties.t"][..]);
        return prop_oneof![4 => plain, 1 => own.prop_map(str::to_owned)].boxed();
    }
    let plain = prop_oneof![5 => plain, 1 => Just("wallets".to_owned())];
    let of_events = (
        select(
            &[
                ("first", ""),
                ("last", ""),
                ("top", ", 2"),
                ("top", ", 2 by count(where b)"),
                ("top", " by count()"),
            ][..],
        ),
        events(),
        filter(),
        window(),
    )
        .prop_map(|((function, number), events, filter, window)| {
            format!("{function}({events}.t{number}{filter}{window})")
        });
    prop_oneof![3 => plain, 1 => of_events].boxed()
}

fn number(leaf: BoxedStrategy<String>) -> BoxedStrategy<String> {
    leaf.prop_recursive(2, 6, 3, |of| {
        prop_oneof![
            (of.clone(), select(&["+", "-", "*", "/"][..]), of.clone())
                .prop_map(|(left, operator, right)| format!("({left} {operator} {right})")),
            of.clone().prop_map(|of| format!("abs({of})")),
            of.clone().prop_map(|of| format!("round({of}, 1)")),
            of.clone().prop_map(|of| format!("-({of})")),
            (of.clone(), of.clone()).prop_map(|(one, other)| format!("coalesce({one}, {other})")),
            (of.clone(), of).prop_map(|(one, other)| format!("if(b, {one}, {other})")),
        ]
    })
    .boxed()
}

fn event_numbers() -> BoxedStrategy<String> {
    select(
        &[
            "n",
            "0",
            "1",
            "2.5",
            "length(t)",
            "hour(m)",
            "hour(m, \"Asia/Shanghai\")",
            "weekday(m)",
            "day_of_month(m)",
            "month(m)",
            "year(m)",
            "lookup(rates, t).n",
            "1e18",
        ][..],
    )
    .prop_map(str::to_owned)
    .boxed()
}

fn user_numbers() -> BoxedStrategy<String> {
    let counts = (
        select(
            &[
                "count",
                "days",
                "hours",
                "weeks",
                "months",
                "streak",
                "longest_streak",
            ][..],
        ),
        events(),
        filter(),
        window(),
    )
        .prop_map(|(function, events, filter, window)| {
            format!("{function}({events}{filter}{window})")
        });
    let measures = (
        select(
            &[
                ("sum", ""),
                ("avg", ""),
                ("min", ""),
                ("max", ""),
                ("distinct", ""),
                ("median", ""),
                ("stddev", ""),
                ("percentile", ", 33.3"),
            ][..],
        ),
        events(),
        select(&["n", "(n * 2)", "(if(b, n, 1))"][..]),
        filter(),
        window(),
    )
        .prop_map(|((function, number), events, of, filter, window)| {
            format!("{function}({events}.{of}{number}{filter}{window})")
        });
    let collections = select(
        &[
            "count(l)",
            "count(l where value = \"a\" or value = user.t)",
            "distinct(user.l)",
            "sum(l)",
            "max(user.l.value) + 1",
            "if(any(l where value contains \"a\"), 1, 2)",
            "max(count(l where value != \"b\") per value)",
            "distinct(user.l having count() > 1 and max(sum(user.l) per value) > 0)",
            "distinct(user.l having count() > n or max(user.l) = user.t)",
        ][..],
    );
    prop_oneof![
        1 => collections.prop_map(str::to_owned),
        4 => event_numbers(),
        3 => counts,
        3 => measures,
        3 => groups(),
        1 => Just("tag(score)".to_owned()),
        1 => sequence::number(),
        1 => select(&["age(years, m)", "(age(m) / 1d)", "((m - first_time(other)) / 1h)"][..])
            .prop_map(str::to_owned),
        1 => Just("identity_count(wallet)".to_owned()),
        1 => Just("bucket(\"salt\", 7)".to_owned()),
        1 => Just("date_diff(days, m, 2026-11-01)".to_owned()),
    ]
    .boxed()
}

/// Numbers of groups of events.
fn groups() -> impl Strategy<Value = String> {
    let counted = select(
        &[
            "days(event_a",
            "hours(*",
            "distinct(event_a.t",
            "distinct(event_a.(t, n)",
            "streak(event_a",
            "longest_streak(event_a",
        ][..],
    );
    let having = select(
        &[
            "count() >= 2",
            "sum(event_a.n) > 1 and not (count(where b) = 0)",
            "avg(event_a.n where t = \"a\") >= n",
            "last_time(event_a) in last 7d or min(event_a.t) < \"b\"",
            "days(event_a) >= 2 or distinct(event_a.t having count() > 1) >= 1",
            "sequence(event_a where b -> not event_a where n > 1 -> event_a within 1d, same t)",
            "count_sequences(event_a -> event_a) >= 2 or avg(gap(event_a -> event_a)) < 1h",
            "max(count(event_a) per hour) > 1 and (n > 1 for at least 1d)",
        ][..],
    );
    let having =
        (counted, filter(), having, window()).prop_map(|(counted, filter, having, window)| {
            format!("{counted}{filter} having {having}{window})")
        });
    let function = select(&["max", "min", "avg", "median", "sum", "stddev"][..]);
    let of = select(
        &[
            "count(event_a where b)",
            "sum(event_a.n)",
            "days(event_*)",
            "median(*.n where t != \"a\")",
            "count_sequences(event_a -> event_b, same t)",
            "count(gap(event_a -> *))",
            "max(count(event_a where b) per day)",
        ][..],
    );
    let per = select(&["hour", "day", "month", "t", "(t, n)", "(hour(time))"][..]);
    let per = (function, of, per, window())
        .prop_map(|(function, of, per, window)| format!("{function}({of} per {per}{window})"));
    prop_oneof![having, per]
}

fn moment(place: Where) -> BoxedStrategy<String> {
    let constants = select(&["2026-11-01", "2026-11-01T10:00Z", "m"][..]).prop_map(str::to_owned);
    if place == Where::Event {
        return prop_oneof![3 => constants, 1 => Just("time".to_owned())].boxed();
    }
    let times = (select(&["first_time", "last_time"][..]), events(), filter())
        .prop_map(|(function, events, filter)| format!("{function}({events}{filter})"));
    let moved = select(&["m + 1d", "m - 90s", "now", "30d ago"][..]).prop_map(str::to_owned);
    prop_oneof![3 => constants, 2 => times, 2 => moved].boxed()
}

fn events() -> impl Strategy<Value = String> {
    let one = select(&EVENTS[..]).prop_map(str::to_owned);
    let more = select(
        &[
            "linked(wallet)",
            "(unlinked(social), other)",
            "*",
            "event_*",
            "(event_a, other)",
            "event event_b",
        ][..],
    )
    .prop_map(str::to_owned);
    let changes = select(
        &[
            "changed(n)",
            "(changed(t), event_a)",
            "(changed(l), changed(b))",
            "entered(yes)",
            "(left(tier), entered(tier))",
            "(left(score), event_b)",
        ][..],
    );
    prop_oneof![6 => one, 2 => more, 1 => changes.prop_map(str::to_owned)]
}

fn filter() -> impl Strategy<Value = String> {
    let condition = joined(tested(Where::Event));
    prop_oneof![2 => Just(String::new()), 1 => condition.prop_map(|condition| format!(" where {condition}"))]
}
