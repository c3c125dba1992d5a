//! The past of tags, through the whole binary: who had one on a day, what changed, how its count went.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use muster_tests::muster::Muster;
use serde_json::{Value as Json, json};

use self::support::{ask, refused, say};

const TRADES: &str = "\
account,at,usd
u1,2026-03-01T09:00:00Z,500
u2,2026-03-02T09:00:00Z,50
u3,2026-03-02T10:00:00Z,500
u2,2026-03-04T15:30:00Z,500
";

/// Days begin at 16:00 UTC in Shanghai.
const TAGS: &str = "\
tags:
  - key: active
    rule: did(trade, last 48h)
  - key: tier
    timezone: Asia/Shanghai
    cases:
      - {value: gold, rule: 'sum(trade.usd, last 72h) >= 100'}
      - {value: silver, rule: did(trade)}
  - key: traded
    value: sum(trade.usd)
audiences:
  - key: idle_traders
    rule: tag(tier) and not tag(active)
";

/// A platform that was computed on the evenings of five days.
fn platform() -> Muster {
    let muster = Muster::new().unwrap();
    muster.write("trades.csv", TRADES).unwrap();
    muster.write("tags.yaml", TAGS).unwrap();
    say(
        &muster,
        "import events trades.csv --user account --time at --name trade",
    );
    say(&muster, "apply tags.yaml");
    for day in 1..=5 {
        say(
            &muster,
            &format!("compute --as-of 2026-03-0{day}T15:00:00Z"),
        );
    }
    muster
}

#[test]
fn the_past_of_tags_is_what_was_computed_then() {
    let muster = platform();
    let on = |rule: &str, day: &str| ask(&muster, &["members", rule, "--on", day]);
    assert_eq!(on("tag(active)", "2026-03-01"), "u1\n");
    assert_eq!(on("tag(active)", "2026-03-02"), "u1\nu2\nu3\n");
    assert_eq!(on("active", "2026-03-03T14:59:59Z"), "u1\nu2\nu3\n");
    assert_eq!(on("active", "2026-03-03T15:00:00Z"), "u2\nu3\n");
    assert_eq!(on("idle_traders", "2026-03-04"), "u1\nu2\nu3\n");
    assert_eq!(on("not tag(active)", "2026-03-01"), "");
    assert_eq!(on("tag(tier) = \"gold\"", "2026-03-04"), "u3\n");
    let of_tier = "members tier --on 2026-03-02 --format csv";
    assert_eq!(
        say(&muster, of_tier),
        "user,value\nu1,gold\nu2,silver\nu3,gold\n"
    );
    assert_eq!(
        say(&muster, "members tier --on 2026-03-05 --value gold"),
        "u2\n"
    );
    let counted: Json =
        serde_json::from_str(&say(&muster, "count active --on 2026-03-02 --json")).unwrap();
    assert_eq!(
        (
            &counted["count"],
            &counted["known_users"],
            &counted["as_of"]
        ),
        (&json!(3), &json!(3), &json!("2026-03-02T15:00:00Z"))
    );

    let early = refused(&muster, "members active --on 2026-02-28");
    assert!(
        early.contains("is recorded since 2026-03-01T15:00:00Z"),
        "{early}"
    );
    let later = refused(&muster, "members active --on 2226-01-01");
    assert!(later.contains("still to come"), "{later}");
    let measured = refused(&muster, "members traded --on 2026-03-02 --value 500");
    assert!(measured.contains("measured ones are not"), "{measured}");
    let events = muster.call(&["members", "did(trade)", "--on", "2026-03-02"]);
    let events = events.unwrap().failure().unwrap();
    assert!(events.contains("there is `--as-of`"), "{events}");
}

#[test]
fn changes_between_two_days_and_the_trend_of_a_count_are_told() {
    let muster = platform();
    assert_eq!(
        say(&muster, "changes active --from 2026-03-01 --to 2026-03-04"),
        "- u1\n0 entered, 1 left, from 2026-03-01T15:00:00Z to 2026-03-04T15:00:00Z\n"
    );
    let moved = "changes tier --from 2026-03-02 --format csv";
    assert_eq!(
        say(&muster, moved),
        "user,change,before,after\nu1,changed,gold,silver\nu2,changed,silver,gold\nu3,changed,gold,silver\n"
    );
    let line = say(
        &muster,
        "changes active --from 2026-03-01T15:00:00Z --to 2026-03-02 --json",
    );
    assert_eq!(
        line,
        "{\"user\":\"u2\",\"change\":\"entered\"}\n{\"user\":\"u3\",\"change\":\"entered\"}\n"
    );
    let backwards = refused(&muster, "changes active --from 2026-03-04 --to 2026-03-02");
    assert!(
        backwards.contains("name the earlier one first"),
        "{backwards}"
    );
    let unknown = refused(&muster, "changes activ --from 2026-03-04");
    assert!(unknown.contains("did you mean `active`?"), "{unknown}");

    let trend = say(&muster, "trend active --days 4");
    let days: Vec<Vec<&str>> = trend
        .lines()
        .map(|line| line.split_whitespace().take(4).collect())
        .collect();
    assert_eq!(
        days,
        [
            vec!["day", "users", "entered", "left"],
            vec!["2026-03-02", "3", "+2", "0"],
            vec!["2026-03-03", "2", "0", "-1"],
            vec!["2026-03-04", "0", "0", "-2"],
            vec!["2026-03-05", "1", "+1", "0"],
        ]
    );
    let trend: Json = serde_json::from_str(&say(&muster, "trend tier --json")).unwrap();
    assert_eq!(trend["timezone"], "Asia/Shanghai");
    assert_eq!(
        trend["points"][1]["values"][1],
        json!({"value": "silver", "count": 1})
    );
    assert_eq!(trend["points"][0]["entered"], Json::Null);

    let server = muster.serve().unwrap();
    let get = |address: &str| {
        let (status, body) = server.get(address).unwrap();
        assert_eq!(status, 200, "{body}");
        serde_json::from_str::<Json>(&body).unwrap()
    };
    let on = get("/api/v1/tags/tier/members?on=2026-03-02&value=gold");
    assert_eq!(on["count"], 2);
    let changes = get("/api/v1/tags/tier/changes?from=2026-03-02&limit=1");
    assert_eq!(
        (
            &changes["changed"],
            &changes["users"][0]["after"],
            &changes["next"]
        ),
        (&json!(3), &json!(["silver"]), &json!("u1"))
    );
    assert_eq!(
        get("/api/v1/tags/active/trend?days=2")["points"][1]["count"],
        1
    );
    let (status, body) = server
        .post(
            "/api/v1/rules/count",
            r#"{"rule": "in audience(idle_traders)", "on": "2026-03-04"}"#,
        )
        .unwrap();
    assert_eq!(status, 200, "{body}");
    assert_eq!(serde_json::from_str::<Json>(&body).unwrap()["count"], 3);
    assert_eq!(
        server
            .get("/api/v1/tags/tier/members?on=2026-02-01")
            .unwrap()
            .0,
        400
    );
    let (_, page) = server.get("/tags/active").unwrap();
    assert!(page.contains("<polyline"), "{page}");
    server.terminate().unwrap();
}

#[test]
fn whoever_was_merged_since_is_shown_as_the_user_of_today() {
    let muster = Muster::new().unwrap();
    let track = |user: &str, at: &str| {
        format!(
            r#"{{"type":"track","{user}","event":"trade","timestamp":"{at}","properties":{{"usd":5}}}}"#
        )
    };
    let before = [
        track(r#"anonymousId":"x1"#, "2026-03-01T09:00:00Z"),
        track(r#"userId":"u1"#, "2026-03-02T09:00:00Z"),
        track(r#"userId":"u2"#, "2026-03-02T09:00:00Z"),
    ];
    muster.write("before.ndjson", &before.join("\n")).unwrap();
    muster.write("tags.yaml", TAGS).unwrap();
    say(&muster, "import events before.ndjson");
    say(&muster, "apply tags.yaml");
    for day in 1..=2 {
        say(
            &muster,
            &format!("compute --as-of 2026-03-0{day}T15:00:00Z"),
        );
    }
    assert_eq!(
        say(&muster, "members active --on 2026-03-02"),
        "anonymous:x1\nu1\nu2\n"
    );
    let link = r#"{"type":"identify","userId":"u1","anonymousId":"x1","timestamp":"2026-03-03T00:00:00Z"}"#;
    muster.write("link.ndjson", link).unwrap();
    say(&muster, "import events link.ndjson");
    say(&muster, "compute --as-of 2026-03-03T15:00:00Z");
    assert_eq!(say(&muster, "members active --on 2026-03-02"), "u1\nu2\n");
    assert_eq!(say(&muster, "members active --on 2026-03-01"), "u1\n");
    let not = ask(
        &muster,
        &["members", "not tag(active)", "--on", "2026-03-01"],
    );
    assert_eq!(not, "");
    let trend: Json = serde_json::from_str(&say(&muster, "trend active --json")).unwrap();
    assert_eq!(trend["points"][1]["count"], 2);
}
