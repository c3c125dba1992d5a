//! What people's queries read and return: users by their keys, values without the marks of their storage, nothing
//! later than `now`.

use std::thread;
use std::time::{Duration, Instant};

use domain::{EventType, IdentityKind, Kind, Language, Time, UserKey, UserNumber, Value};
use warehouse::{
    EventRow, QueryAnswer, QueryLimits, QueryProblem, QueryProblemKind, QueryReads, QueryShape,
    Store, TraitRow, WriteBatch,
};

use crate::fresh::{store, text};

pub const DAY: i64 = 86_400_000;
pub const FIRST: i64 = 1_767_225_600_000;

/// Room for what the tests do, and little more.
pub fn limits() -> QueryLimits {
    QueryLimits {
        time: Duration::from_secs(2),
        rows_read: 50_000_000,
        result_rows: 1_000_000,
        memory_bytes: 400_000_000,
        threads: 1,
    }
}

pub fn now() -> Time {
    Time::from_millis(FIRST + 10 * DAY)
}

pub fn check(store: &Store, sql: &str) -> Result<QueryShape, QueryProblem> {
    store.sandbox(limits(), now()).unwrap().check(sql)
}

pub fn run(store: &Store, sql: &str) -> Result<QueryAnswer, QueryProblem> {
    run_at(store, sql, now())
}

pub fn run_at(store: &Store, sql: &str, at: Time) -> Result<QueryAnswer, QueryProblem> {
    store.sandbox(limits(), at).unwrap().run(sql)
}

/// The rows in the order of their users: `u1 10.5`, or `u1` alone.
fn rows(store: &Store, sql: &str) -> Vec<String> {
    rows_at(store, sql, now())
}

fn rows_at(store: &Store, sql: &str, at: Time) -> Vec<String> {
    let answer = run_at(store, sql, at).unwrap_or_else(|problem| panic!("{sql}: {problem:?}"));
    let row = |row: &warehouse::QueryRow| match &row.value {
        Some(Value::Bool(truth)) => format!("{} {truth}", row.user),
        Some(Value::Number(number)) => format!("{} {number}", row.user),
        Some(Value::Text(text)) => format!("{} {text}", row.user),
        Some(other) => panic!("{other:?}"),
        None => row.user.clone(),
    };
    let mut rows: Vec<String> = answer.rows.iter().map(row).collect();
    rows.sort();
    rows
}

fn event(user: u32, day: i64, arrival: u64, name: &str) -> EventRow<'_> {
    EventRow {
        user: UserNumber(user),
        identity: UserNumber(user),
        time: Time::from_millis(FIRST + day * DAY),
        arrival,
        position: domain::Position::NONE,
        event_type: EventType::Track,
        name,
        source: "app",
        message: 0,
    }
}

fn traits(user: u32, day: i64, arrival: u64) -> TraitRow<'static> {
    TraitRow {
        user: UserNumber(user),
        identity: UserNumber(user),
        time: Time::from_millis(FIRST + day * DAY),
        arrival,
        source: "crm",
        message: 0,
    }
}

/// Keys of all kinds, also such as look like another kind's.
fn keys() -> Vec<UserKey> {
    let mut keys = vec![
        UserKey::account("u1"),
        UserKey::parse("0xA1"),
        UserKey::anonymous("a7"),
        UserKey::account("anonymous:a7"),
        UserKey::account("account:x"),
        UserKey::account("a:b"),
        UserKey::account("用户 'x`"),
    ];
    keys.extend(IdentityKind::ALL.map(|kind| UserKey::new(kind, "0xZZ")));
    keys.extend(IdentityKind::ALL.map(|kind| UserKey::new(kind, "0x12")));
    keys.push(UserKey::new(IdentityKind::Social, "twitter:alice"));
    keys
}

/// Three users with events and attributes.
pub fn filled() -> Store {
    let store = store();
    let mut batch = WriteBatch::new();
    for (number, key) in (0..).zip(["u1", "0xa1", "anonymous:a7"]) {
        batch.user(UserNumber(number), &UserKey::parse(key));
    }
    batch.event(
        &event(0, 0, 1, "swap"),
        &[("usd", "1e1"), ("chain", "bsc"), ("gone", "\u{1}n")],
    );
    batch.event(
        &event(0, 1, 2, "swap"),
        &[("usd", "0.5"), ("o", "\u{1}o"), ("o.a", "\u{1}l[1,2]")],
    );
    batch.event(
        &event(1, 2, 3, "swap"),
        &[("usd", "7"), ("note", "\u{1}t\u{1}n")],
    );
    batch.event(&event(2, 20, 4, "swap"), &[("usd", "1000")]);
    batch.traits(&traits(0, 0, 5), &[("country", "SG"), ("kyc", "1")]);
    batch.traits(&traits(0, 1, 6), &[("country", "\u{1}n"), ("kyc", "2")]);
    batch.traits(
        &traits(1, 0, 7),
        &[("home", "\u{1}o"), ("home.city", "上海")],
    );
    batch.traits(
        &traits(1, 1, 8),
        &[("home", "\u{1}o"), ("home.zip", "200000")],
    );
    batch.traits(&traits(2, 20, 9), &[("country", "FR")]);
    store.write(&batch).unwrap();
    store
}

/// `views: events / attributes / tags`
fn told(reads: &QueryReads) -> String {
    let names = [&reads.events, &reads.attributes, &reads.tags];
    let names = names.map(|names| names.iter().cloned().collect::<Vec<_>>().join(" "));
    let views: Vec<&str> = reads.views.iter().map(String::as_str).collect();
    format!("{}: {}", views.join(" "), names.join(" / "))
}

#[test]
fn what_a_query_reads_is_told_by_name_where_there_is_no_doubt() {
    let store = filled();
    for (sql, reads) in [
        (
            "SELECT user FROM user_events WHERE 'swap' = name AND time < {now:DateTime64(3)}",
            "user_events: swap /  / ",
        ),
        (
            "SELECT user FROM user_events WHERE name IN ('swap', 'it''s a, b') OR name = 'x\\y'",
            "user_events: it's a, b swap x\\y /  / ",
        ),
        (
            "SELECT e.user FROM user_events e JOIN user_profiles p ON p.user = e.user \
             WHERE e.name = 'swap' AND p.attributes['country'] = 'SG' AND mapContains(attributes, 'kyc')",
            "user_events user_profiles: swap / country kyc / ",
        ),
        (
            "WITH whales AS (SELECT user FROM user_tags WHERE tag = 'whale') \
             SELECT user FROM user_attribute_changes WHERE attribute = 'vip' AND user IN whales",
            "user_attribute_changes user_tags:  / vip / whale",
        ),
        // Who did not, and what is only counted, look at all.
        (
            "SELECT user FROM user_events WHERE name != 'swap'",
            "user_events:  /  / ",
        ),
        (
            "SELECT user, countIf(name = 'swap') FROM user_events GROUP BY user",
            "user_events:  /  / ",
        ),
        (
            "SELECT user FROM user_events WHERE name = 'swap' OR type = 'page'",
            "user_events:  /  / ",
        ),
        (
            "SELECT any(name) AS n FROM user_events GROUP BY user HAVING n = 'swap'",
            "user_events:  /  / ",
        ),
        (
            "SELECT u.user FROM known_users u ANY LEFT JOIN user_events e ON e.user = u.user WHERE e.name = 'swap'",
            "known_users user_events:  /  / ",
        ),
        (
            "SELECT user FROM user_events WHERE name = 'swap' AND user NOT IN (SELECT user FROM user_events)",
            "user_events:  /  / ",
        ),
        (
            "SELECT user, toString(attributes) FROM user_profiles",
            "user_profiles:  /  / ",
        ),
    ] {
        let shape = check(&store, sql).unwrap_or_else(|problem| panic!("{sql}: {problem:?}"));
        assert_eq!(told(&shape.reads), reads, "{sql}");
    }
}

#[test]
fn a_column_that_is_not_there_is_told_with_those_that_are() {
    let store = filled();
    let refused = |sql: &str| check(&store, sql).unwrap_err();
    let problem = refused("SELECT user FROM user_events WHERE nane = 'swap'");
    assert_eq!(
        problem.said(Language::English),
        "there is no column `nane` (did you mean `name`?): `user_events` has `user`, `time`, `type`, `name`, \
         `source`, `properties`"
    );
    assert_eq!(problem.place, Some((35, 39)));
    let sql = "SELECT e.user FROM user_events e JOIN user_profiles p ON p.user = e.user WHERE e.kyc = '2'";
    assert_eq!(
        refused(sql).said(Language::Chinese),
        "没有列 `e.kyc`：`user_events` 的列是 `user`、`time`、`type`、`name`、`source`、`properties`；\
         `user_profiles` 的列是 `user`、`attributes`"
    );
}

#[test]
fn a_query_returns_users_by_their_keys_and_values_of_its_type() {
    let store = filled();
    let spent = "SELECT user, sum(toDecimal64OrZero(properties['usd'], 2)) AS spent FROM user_events \
        WHERE name = 'swap' AND properties['usd'] NOT LIKE '%e%' GROUP BY user -- all of it";
    assert_eq!(rows(&store, spent), ["0xa1 7", "u1 0.5"]);
    let shape = check(&store, spent).unwrap();
    assert_eq!(shape.value, Some(Kind::Number));
    assert_eq!(told(&shape.reads), "user_events: swap /  / ");
    let truth = "SELECT user, mapContains(attributes, 'kyc') FROM user_profiles;";
    assert_eq!(check(&store, truth).unwrap().value, Some(Kind::Number));
    let truth = "SELECT user, mapContains(attributes, 'kyc')::Bool AS `值` FROM user_profiles;\n ;";
    assert_eq!(rows(&store, truth), ["0xa1 false", "u1 true"]);
    let answer = run(
        &store,
        "SELECT if(user = 'u1', NULL, user) AS u, nullIf(user, '0xa1') FROM user_profiles",
    );
    let answer = answer.unwrap();
    assert_eq!((answer.rows.len(), answer.without_user), (1, 1));
    assert_eq!(answer.rows.first().unwrap().value, None);
    let numbers = "SELECT 'u' || toString(number) AS user, if(number = 1, inf, number / 2) AS v FROM numbers(3)";
    assert_eq!(rows(&store, numbers), ["u0 0", "u1", "u2 1"]);
    let large = "SELECT 'u1', toUInt256('57896044618658097711785492504343953926634992332820282019728792003956564819949')";
    assert_eq!(
        run(&store, large).unwrap().rows.first().unwrap().value,
        Some(Value::Number(
            domain::Decimal::parse(
                "57896044618658097711785492504343953926634992332820282019728792003956564819949"
            )
            .unwrap()
        ))
    );
}

#[test]
fn values_stand_in_the_views_without_the_marks_of_their_storage() {
    let store = filled();
    let of = |path: &str| {
        format!(
            "SELECT user, properties['{path}'] AS v FROM user_events WHERE mapContains(properties, '{path}')"
        )
    };
    assert_eq!(rows(&store, &of("usd")), ["0xa1 7", "u1 0.5", "u1 1e1"]);
    assert_eq!(rows(&store, &of("o.a")), ["u1 [1,2]"]);
    assert_eq!(rows(&store, &of("note")), ["0xa1 \u{1}n"]);
    let none: [String; 0] = [];
    for path in ["gone", "o", "usd\\x01n#"] {
        assert_eq!(rows(&store, &of(path)), none, "{path}");
    }
    let profiles = "SELECT user, toString(mapSort(attributes)) AS v FROM user_profiles";
    assert_eq!(
        rows(&store, profiles),
        ["0xa1 {'home.zip':'200000'}", "u1 {'kyc':'2'}"]
    );
    let changes = "SELECT user, concat(attribute, '=', ifNull(value, 'NULL')) AS v FROM user_attribute_changes \
        WHERE user = 'u1'";
    assert_eq!(
        rows(&store, changes),
        ["u1 country=NULL", "u1 country=SG", "u1 kyc=1", "u1 kyc=2"]
    );
}

#[test]
fn every_key_is_written_in_the_views_as_everywhere() {
    let store = store();
    let mut batch = WriteBatch::new();
    let keys = keys();
    for (number, key) in (0..).zip(&keys) {
        batch.user(UserNumber(number), key);
    }
    store.write(&batch).unwrap();
    let mut written: Vec<String> = keys.iter().map(ToString::to_string).collect();
    written.sort();
    assert_eq!(rows(&store, "SELECT user FROM known_users"), written);
}

#[test]
fn a_query_sees_nothing_later_than_now_and_is_told_when_that_is() {
    let store = filled();
    let users = "SELECT DISTINCT user FROM user_events";
    let at = |day: i64| Time::from_millis(FIRST + day * DAY);
    assert_eq!(rows_at(&store, users, at(1)), ["u1"]);
    assert_eq!(rows_at(&store, users, at(2)), ["0xa1", "u1"]);
    assert_eq!(
        rows_at(&store, users, at(20)),
        ["0xa1", "anonymous:a7", "u1"]
    );
    let lately = "SELECT user FROM user_events WHERE time > {now:DateTime64(3)} - INTERVAL 1 DAY";
    assert_eq!(rows_at(&store, lately, at(2)), ["0xa1"]);
    assert_eq!(rows_at(&store, lately, at(20)), ["anonymous:a7"]);
    let profile = "SELECT user, attributes['kyc'] AS kyc FROM user_profiles WHERE mapContains(attributes, 'kyc')";
    assert_eq!(rows_at(&store, profile, at(0)), ["u1 1"]);
    let written = "SELECT 'u1', formatDateTime({now:DateTime64(3)}, '%F %T')";
    assert_eq!(
        rows_at(&store, written, Time::from_millis(-1)),
        ["u1 1969-12-31 23:59:59"]
    );
}

#[test]
fn what_a_query_must_return_is_said_with_its_place() {
    let store = filled();
    for (sql, part, place) in [
        ("SELECT 1", "must be text", Some("1")),
        (
            "SELECT user, time FROM user_events",
            "write `toString(…)`",
            Some("time"),
        ),
        (
            "SELECT user, [1] AS list FROM user_events",
            "`Array(UInt8)`",
            Some("list"),
        ),
        (
            "SELECT user, user, name FROM user_events",
            "returns 3 columns",
            None,
        ),
        (
            "SELECT user, user FROM user_events",
            "both columns are called `user`",
            None,
        ),
        (
            "SELECT user FROM user_events WHER name = 'a'",
            "`name` is not expected here",
            Some("name"),
        ),
        (
            "SELECT user, FROM user_events GROUP",
            "it ends too early",
            None,
        ),
        ("SELECT usr FROM user_events", "`usr`", None),
        ("  \n", "the query is empty", None),
    ] {
        let problem = check(&store, sql).expect_err(sql);
        let said = problem.said(Language::English);
        assert!(said.contains(part), "{sql}: {said}");
        assert!(!problem.said(Language::Chinese).is_empty());
        if let Some(place) = place {
            let (start, end) = problem.place.expect(sql);
            assert_eq!(sql.get(start..end), Some(place), "{sql}");
        }
        assert_eq!(problem.kind, QueryProblemKind::Refused, "{sql}");
    }
}

#[test]
fn a_query_can_be_cancelled() {
    let store = filled();
    let endless =
        "SELECT toString(count()) FROM numbers(100000) AS a, numbers(100000) AS b, numbers(9) AS c";
    let patient = QueryLimits {
        time: Duration::from_secs(60),
        rows_read: u64::MAX,
        ..limits()
    };
    let sandbox = store.sandbox(patient, now()).unwrap();
    let cancel = sandbox.cancel();
    let began = Instant::now();
    let problem = thread::scope(|scope| {
        let running = scope.spawn(|| sandbox.run(endless));
        thread::sleep(Duration::from_millis(500));
        cancel.cancel().unwrap();
        running.join().unwrap()
    });
    let problem = problem.unwrap_err();
    assert_eq!(problem.said(Language::English), "the query was cancelled");
    assert_eq!(problem.kind, QueryProblemKind::Failed);
    assert!(began.elapsed() < Duration::from_secs(20));
    assert_eq!(text(&store, "SELECT count() FROM events"), "4");
}
