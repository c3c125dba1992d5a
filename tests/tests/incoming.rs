//! What comes in through the whole binary: calls as the SDKs send them, holdings, the tracking plan.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use muster_tests::muster::Muster;
use serde_json::{Value as Json, json};

use self::support::{ask, assert_tells, say};

fn parsed(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// What a browser sends before and after a visitor signs in, as the Segment SDK writes it.
const BROWSER: &str = r#"{"timestamp":"2026-03-01T10:00:00.123Z","integrations":{},"anonymousId":"a-1","type":"page","properties":{"path":"/quest","referrer":"","title":"Quest","url":"https://x/quest"},"context":{"library":{"name":"analytics.js","version":"next-1.70.0"},"userAgent":"Mozilla/5.0","locale":"en","page":{"path":"/quest"}},"messageId":"ajs-next-1","userId":null,"sentAt":"2026-03-01T10:00:01.000Z","name":null,"_metadata":{"bundled":["Segment.io"]}}
{"timestamp":"2026-03-01T10:01:00.000Z","anonymousId":"a-1","type":"track","event":"Quest Started","properties":{"quest_id":"q1"},"context":{},"messageId":"ajs-next-2","userId":null,"integrations":{}}
{"timestamp":"2026-03-01T10:02:00.000Z","anonymousId":"a-1","type":"identify","userId":"u1","traits":{"email":"u1@example.com","plan":{"name":"pro","seats":3}},"context":{},"messageId":"ajs-next-3","integrations":{}}
{"timestamp":"2026-03-01T10:03:00.000Z","anonymousId":"a-1","userId":"u1","type":"track","event":"Quest Completed","properties":{"quest_id":"q1","reward_usd":"12.50"},"context":{"traits":{"email":"u1@example.com"}},"messageId":"ajs-next-4"}
{"timestamp":"2026-03-01T10:04:00.000Z","anonymousId":"a-1","userId":"u1","type":"group","groupId":"guild-7","traits":{"name":"Guild","size":12},"context":{},"messageId":"ajs-next-5"}
"#;

/// What a server sends, as the SDKs for Python, Node and Ruby write it.
const SERVER: &str = r#"{"type":"alias","previousId":"old-1","userId":"u1","timestamp":"2026-03-02T00:00:00+00:00","context":{"library":{"name":"analytics-python","version":"2.3.2"}},"messageId":"py-1","integrations":{},"anonymousId":null}
{"type":"track","userId":42,"anonymousId":null,"event":"Quest Completed","properties":{"reward_usd":3},"timestamp":"2026-03-02T08:00:00.000+08:00","originalTimestamp":"2026-03-02T00:00:00Z","messageId":"py-2","context":{}}
{"type":"identify","userId":"42","context":{"traits":{"email":"u42@example.com"}},"timestamp":1772409600000,"messageId":"rb-1"}
{"type":"screen","anonymousId":"phone-9","name":"Home","category":"Main","properties":{"tab":1},"originalTimestamp":"2026-03-02T00:00:00.123456Z","messageId":"ios-1"}
{"type":"identify","anonymousId":"phone-9","userId":"42","traits":{},"timestamp":"2026-03-03T00:00:00Z","messageId":"ios-2"}
{"type":"track","anonymousId":"old-1","event":"Quest Started","properties":null,"timestamp":"2026-02-27T00:00:00Z","messageId":"late-1"}
"#;

#[test]
fn calls_as_sdks_send_them_give_one_history_for_one_person() {
    let muster = Muster::new().unwrap();
    muster.write("browser.ndjson", BROWSER).unwrap();
    muster.write("server.ndjson", SERVER).unwrap();
    for file in ["browser", "server"] {
        let told = parsed(&say(
            &muster,
            &format!("import events {file}.ndjson --json"),
        ));
        assert_eq!(
            (&told["rejected"], &told["duplicates"]),
            (&json!(0), &json!(0)),
            "{told}"
        );
    }
    let members = |rule: &str| ask(&muster, &["members", rule, "--as-of", "2026-03-10"]);
    assert_eq!(members("everyone"), "42\nu1\n");
    // What the visitor did before signing in, and what came late from the one before.
    assert_eq!(members("did(page) and count(`Quest Started`) = 2"), "u1\n");
    assert_eq!(members("sum(`Quest Completed`.reward_usd) = 12.5"), "u1\n");
    assert_eq!(members("plan.name = \"pro\" and plan.seats = 3"), "u1\n");
    assert_eq!(
        members("did(group where groupId = \"guild-7\" and size > 10)"),
        "u1\n"
    );
    assert_eq!(
        members("did(screen where name = \"Home\" and category = \"Main\" and tab = 1)"),
        "42\n"
    );
    assert_eq!(
        members("email = \"u42@example.com\" and did(`Quest Completed`)"),
        "42\n"
    );
    assert_eq!(members("did(page where context.locale = \"en\")"), "u1\n");
    assert_eq!(
        members("sequence(page -> `Quest Started` -> `Quest Completed` within 5m, last 30d)"),
        "u1\n"
    );
    let user = parsed(&say(&muster, "user anonymous:old-1 --json"));
    assert_eq!(user["user"], "u1");
    assert_eq!(
        user["identities"],
        json!(["u1", "anonymous:a-1", "anonymous:old-1"])
    );
}

const WALLETS: [&str; 2] = [
    "0x00000000000000000000000000000000000000aa",
    "0x00000000000000000000000000000000000000bb",
];

/// A user with two wallets.
fn with_wallets() -> Muster {
    let [one, other] = WALLETS;
    let muster = Muster::new().unwrap();
    let links = format!(
        "{{\"type\":\"alias\",\"userId\":\"u1\",\"previousId\":\"{one}\",\"timestamp\":\"2026-03-01\"}}\n\
         {{\"type\":\"alias\",\"userId\":\"u1\",\"previousId\":\"{other}\",\"timestamp\":\"2026-03-01\"}}\n"
    );
    muster.write("links.ndjson", &links).unwrap();
    say(&muster, "import events links.ndjson");
    muster
}

#[test]
fn holdings_of_all_wallets_come_from_a_row_for_each_or_a_list_for_each_wallet() {
    let [one, other] = WALLETS;
    let muster = with_wallets();
    let rows = format!(
        "wallet,chain,token,usd_value\n{one},eth,USDT,100\n{one},bsc,BNB,20.5\n{},eth,ETH,3\nu2,eth,ETH,7\nu3,,,\n,eth,ETH,1\n",
        other.replace("bb", "BB")
    );
    muster.write("holdings.csv", &rows).unwrap();
    let told = parsed(&say(
        &muster,
        "import holdings holdings.csv --user wallet --at 2026-03-02 --json",
    ));
    assert_eq!(
        (&told["added"], &told["rejected"]),
        (&json!(4), &json!(1)),
        "{told}"
    );
    let members = |rule: &str| ask(&muster, &["members", rule]);
    assert_eq!(members("sum(holdings.usd_value) = 123.5"), "u1\n");
    assert_eq!(
        members("distinct(holdings.chain) = 2 and count(holdings where token = \"ETH\") = 1"),
        "u1\n"
    );
    assert_eq!(members("any(holdings where usd_value > 5)"), "u1\nu2\n");
    assert_eq!(members("holdings is set"), "u1\nu2\nu3\n");
    let user = parsed(&say(&muster, "user u1 --json"));
    assert_eq!(
        user["attributes"]["holdings"].as_array().unwrap().len(),
        3,
        "{user}"
    );

    // One wallet tells anew, as an `identify` call; the other keeps what it has.
    let call = format!(
        "{{\"type\":\"identify\",\"userId\":\"{one}\",\"timestamp\":\"2026-03-03\",\"traits\":{{\"holdings\":[{{\"token\":\"USDT\",\"usd_value\":1}}]}}}}\n"
    );
    muster.write("told.ndjson", &call).unwrap();
    say(&muster, "import events told.ndjson");
    assert_eq!(members("sum(holdings.usd_value) = 4"), "u1\n");
    assert_eq!(
        ask(
            &muster,
            &[
                "members",
                "sum(holdings.usd_value) = 123.5",
                "--as-of",
                "2026-03-02"
            ]
        ),
        "u1\n"
    );
    let again = say(
        &muster,
        "import holdings holdings.csv --user wallet --at 2026-03-02",
    );
    assert!(again.contains("imported before"), "{again}");
    let sql = muster.call(&["sql", "holdings is set"]).unwrap();
    assert_tells(
        &sql.failure().unwrap(),
        &["each identity has holdings of its own"],
    );
}

#[test]
fn holdings_with_times_are_what_each_wallet_held_since() {
    let [one, _] = WALLETS;
    let muster = with_wallets();
    let rows = format!(
        "{{\"wallet\":\"{one}\",\"at\":\"2026-03-02\",\"token\":\"USDT\",\"amount\":1}}\n\
         {{\"wallet\":\"{one}\",\"at\":\"2026-03-05\",\"token\":\"USDT\",\"amount\":2}}\n\
         {{\"wallet\":\"{one}\",\"at\":\"2026-03-05\",\"token\":\"ETH\",\"amount\":2}}\n"
    );
    muster.write("holdings.ndjson", &rows).unwrap();
    say(
        &muster,
        "import holdings holdings.ndjson --user wallet --time at",
    );
    let held = |at: &str| {
        ask(
            &muster,
            &["members", "sum(holdings.amount) = 4", "--as-of", at],
        )
    };
    assert_eq!(
        (held("2026-03-04"), held("2026-03-06")),
        (String::new(), "u1\n".to_owned())
    );
}

#[test]
fn the_tracking_plan_is_planned_applied_exported_and_checks_rules() {
    let muster = Muster::new().unwrap();
    let plan = "events:\n  - key: swap\n    name: {zh: 兑换, en: Swap}\n    description: {zh: 完成一次兑换, en: One swap}\n    properties:\n      amount_usd: {type: number, unit: usd, required: true}\n      chain: {type: text, values: [bsc, eth]}\n  - login\n";
    muster.write("plan/events.yaml", plan).unwrap();
    assert_tells(
        &say(&muster, "plan plan"),
        &["+ event login", "+ event swap", "2 to add"],
    );
    assert_tells(&say(&muster, "apply plan"), &["2 added"]);
    assert_tells(&say(&muster, "apply plan"), &["2 unchanged"]);
    say(&muster, "export out");
    let exported = std::fs::read_to_string(muster.folder().join("out/events.yaml")).unwrap();
    let expected = "events:
  - key: login
  - key: swap
    name: {zh: 兑换, en: Swap}
    description: {zh: 完成一次兑换, en: One swap}
    properties:
      - key: amount_usd
        type: number
        unit: usd
        required: true
      - key: chain
        type: text
        values: [bsc, eth]
";
    assert_eq!(exported, expected);
    assert_tells(
        &say(&muster, "plan out --prune"),
        &["0 to add, 0 to change, 0 to remove, 2 unchanged"],
    );

    let tags = "tags:\n  - {key: near, rule: did(swpa)}\n  - {key: fine, rule: sum(swap.amount_usd) > 1}\n";
    muster.write("tags.yaml", tags).unwrap();
    let outcome = muster.call(&["plan", "tags.yaml"]).unwrap();
    assert_tells(
        &outcome.stderr,
        &["unknown event `swpa`: did you mean `swap`?"],
    );
    assert!(!outcome.stderr.contains("fine"), "{}", outcome.stderr);
    muster
        .write(
            "tags.yaml",
            "tags:\n  - {key: wrong, rule: sum(swap.chain) > 1}\n",
        )
        .unwrap();
    assert_tells(
        &support::refused(&muster, "apply tags.yaml"),
        &["declared as text in the tracking plan"],
    );
    // What is removed from the plan is as unknown as before.
    muster.write("none.yaml", "events: [login]\n").unwrap();
    assert_tells(&say(&muster, "apply none.yaml --prune"), &["- event swap"]);
    assert_tells(
        &muster.call(&["plan", "tags.yaml"]).unwrap().stderr,
        &["unknown event `swap`"],
    );
}
