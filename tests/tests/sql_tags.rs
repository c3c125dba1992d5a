//! SQL tags through the whole binary: checked when they are defined, run before the rules, kept when they fail.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use muster_tests::muster::Muster;
use serde_json::Value as Json;

use self::support::{ask, assert_tells, platform, refused, say};

fn parsed(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Tags of each type, with users inside and outside, and rules over them.
const TAGS: &str = "\
tags:
  - key: big_spender
    sql: |
      SELECT user FROM user_events
      WHERE name = 'swap' AND time > {now:DateTime64(3)} - INTERVAL 30 DAY
      GROUP BY user
      HAVING sum(toDecimal128OrZero(properties['usd'], 2)) >= 1000
  - key: last_chain
    sql: |
      SELECT user, argMax(properties['chain'], time) AS chain FROM user_events GROUP BY user;
  - key: swapped_usd
    sql: SELECT user, sum(toDecimal128OrZero(properties['usd'], 2)) AS usd FROM user_events GROUP BY user
  - key: is_known
    sql: |
      SELECT user, (toUInt8OrZero(attributes['kyc_level']) >= 2)::Bool AS known FROM user_profiles
  - key: known_spender
    rule: tag(big_spender) and tag(is_known) and tag(swapped_usd) > 10000
  - key: on_bsc
    rule: tag(last_chain) = \"bsc\"
";

fn with_tags() -> Muster {
    let muster = platform();
    muster.write("sql.yaml", TAGS).unwrap();
    say(&muster, "apply sql.yaml");
    muster
}

fn members(muster: &Muster, expression: &str) -> Vec<String> {
    let told = ask(muster, &["members", expression]);
    let users = told.lines().map(|line| line.split('\t').next().unwrap());
    let mut users: Vec<String> = users.map(ToOwned::to_owned).collect();
    users.sort();
    users
}

fn nobody() -> Vec<String> {
    Vec::new()
}

#[test]
fn the_query_decides_who_has_the_tag_as_of_the_day_that_is_computed() {
    let muster = with_tags();
    say(&muster, "compute --as-of 2026-02-10");
    assert_eq!(members(&muster, "big_spender"), ["u5"]);
    assert_eq!(members(&muster, "tag(last_chain) = \"bsc\""), ["u2", "u5"]);
    assert_eq!(members(&muster, "on_bsc"), ["u2", "u5"]);
    let exact = "tag(swapped_usd) = 9007199254740993";
    assert_eq!(members(&muster, exact), ["u5"]);
    assert_eq!(members(&muster, "is_known"), ["u1", "u4"]);
    assert_eq!(members(&muster, "known_spender"), nobody());
    // A month before, the same definitions say what was true then.
    say(&muster, "compute --as-of 2026-01-10");
    assert_eq!(members(&muster, "big_spender"), ["u1", "u2"]);
    assert_eq!(members(&muster, "known_spender"), ["u1"]);
    assert_eq!(members(&muster, "last_chain"), ["u1", "u2"]);
    let counted = parsed(&ask(&muster, &["count", "big_spender", "--json"]));
    assert_eq!(counted["count"], 2);
    // A question of another day asks the query as of that day.
    let then = ask(
        &muster,
        &["members", "tag(big_spender)", "--as-of", "2026-02-10"],
    );
    assert_eq!(then, "u5\n");
}

#[test]
fn an_explanation_says_which_query_gave_which_value() {
    let muster = with_tags();
    say(&muster, "compute --as-of 2026-02-10");
    let told = say(&muster, "explain last_chain u5 --lang en");
    assert_tells(
        &told,
        &[
            "u5 has last_chain = bsc",
            "the query gave this user the value bsc",
        ],
    );
    let told = say(&muster, "explain big_spender u1 --lang zh");
    assert_tells(
        &told,
        &[
            "u1 没有标签 big_spender",
            "查询上一次运行时没有给出这个用户",
        ],
    );
    let told = parsed(&say(&muster, "explain on_bsc u5 --json"));
    let text = told.to_string();
    assert_tells(&text, &["argMax(properties['chain'], time)"]);
}

#[test]
fn a_query_that_may_not_run_is_refused_with_its_place_and_changes_nothing() {
    let muster = platform();
    let bad = "\
tags:
  - key: stolen
    sql: |
      SELECT user
      FROM file('/etc/passwd', 'CSV', 'user String')
  - key: nameless
    sql: SELECT usr FROM user_events
";
    muster.write("bad.yaml", bad).unwrap();
    for command in ["plan bad.yaml", "apply bad.yaml"] {
        let told = refused(&muster, command);
        assert_tells(
            &told,
            &[
                "a query may not use the table function `file`",
                "FROM file('/etc/passwd', 'CSV', 'user String')",
                "there is no column `usr` (did you mean `user`?): `user_events` has `user`, `time`",
            ],
        );
    }
    let told = refused(&muster, "members tag(stolen)");
    assert!(!told.contains("/etc/passwd"), "{told}");
}

#[test]
fn what_a_query_reads_is_part_of_the_lineage_and_stays_while_it_is_read() {
    let muster = with_tags();
    let read =
        "tags:\n  - {key: of_whales, sql: \"SELECT user FROM user_tags WHERE tag = 'whale'\"}\n";
    muster.write("of_whales.yaml", read).unwrap();
    say(&muster, "apply of_whales.yaml");
    let told = say(&muster, "uses big_spender");
    assert_tells(&told, &["uses: event swap, view user_events"]);
    let told = say(&muster, "uses last_chain --lang zh");
    assert_tells(&told, &["使用：视图 user_events"]);
    assert!(!told.contains("事件"), "{told}");
    let told = say(&muster, "uses whale");
    assert_tells(&told, &["tag of_whales"]);
    let told = parsed(&say(&muster, "uses user_profiles --kind view --json"));
    assert_eq!(told["uses"][0]["used_by"][0]["key"], "is_known");
    muster.write("only/rest.yaml", read).unwrap();
    let told = refused(&muster, "plan only --prune");
    assert_tells(&told, &["whale: is still used by tag `of_whales`"]);
}

#[test]
fn users_whom_a_query_names_and_nobody_knows_are_told_with_its_freshness() {
    let muster = platform();
    let strangers = "tags:\n  - key: strangers\n    sql: |\n      SELECT user FROM known_users UNION ALL \
                     SELECT if(number = 1500, NULL, concat('nobody', toString(number))) FROM numbers(1501)\n";
    muster.write("strangers.yaml", strangers).unwrap();
    say(&muster, "apply strangers.yaml");
    say(&muster, "compute");
    let told = say(&muster, "tags strangers --lang en");
    assert_tells(
        &told,
        &["rows of its query that name no known user are left out: 1,501"],
    );
    let told = parsed(&say(&muster, "tags strangers --json"));
    assert_eq!(
        (&told["tags"][0]["state"], &told["tags"][0]["count"]),
        (&"fresh".into(), &5.into())
    );
    let note = told["tags"][0]["note"]["zh"].as_str().unwrap();
    assert_eq!(note, "查询结果里有 1,501 行的用户还没有人认识，没有计入");
    let all_known = "tags:\n  - {key: strangers, sql: SELECT user FROM known_users}\n";
    muster.write("strangers.yaml", all_known).unwrap();
    say(&muster, "apply strangers.yaml");
    say(&muster, "compute");
    let told = parsed(&say(&muster, "tags strangers --json"));
    assert!(told["tags"][0]["note"].is_null(), "{told}");
}

#[test]
fn a_query_that_fails_fails_its_tag_alone_and_keeps_its_last_members() {
    let muster = with_tags();
    say(&muster, "compute --as-of 2026-02-10");
    // Two rows for one user are no value; nobody can see that without running the query.
    let doubled = "\
tags:
  - key: last_chain
    sql: SELECT user, properties['chain'] AS chain FROM user_events
  - key: whale
    rule: sum(swap.usd) >= 1000
";
    muster.write("doubled.yaml", doubled).unwrap();
    say(&muster, "apply doubled.yaml");
    let told = muster.call(&["compute", "--as-of", "2026-02-10"]).unwrap();
    assert_eq!(told.code, Some(1));
    assert_tells(
        &told.stdout,
        &[
            "last_chain failed",
            "more than one row for 2 users, such as `u",
        ],
    );
    assert_eq!(members(&muster, "tag(last_chain) = \"bsc\""), ["u2", "u5"]);
    assert_eq!(members(&muster, "whale"), ["u1", "u2", "u5"]);
    assert_eq!(members(&muster, "on_bsc"), ["u2", "u5"]);
}

#[test]
fn a_query_is_exported_as_it_was_written() {
    let muster = with_tags();
    say(&muster, "export out");
    let told = say(&muster, "apply out");
    assert_tells(&told, &["0 added, 0 changed"]);
}
