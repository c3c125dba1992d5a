//! Why a user has a tag, is in an audience or matches a rule, through the whole binary.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use muster_tests::muster::Muster;
use serde_json::{Value as Json, json};

use self::support::{ask, assert_tells, platform, refused, say};

const AUDIENCE: &str = "\
audiences:
  - key: rich_traders
    name: {zh: 富有的交易者, en: Rich traders}
    rule: tag(rich_and_known) and did(swap where chain = \"bsc\")
";

/// With an audience over a tag of a tag.
fn with_audience() -> Muster {
    let muster = platform();
    muster.write("audience.yaml", AUDIENCE).unwrap();
    say(&muster, "apply audience.yaml");
    muster
}

fn parsed(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}

#[test]
fn an_audience_is_explained_with_the_tags_that_it_names() {
    let muster = with_audience();
    let told = say(&muster, "explain rich_traders u1 --as-of 2026-04-01");
    assert!(
        told.starts_with("u1 is in the audience rich_traders, as of 2026-04-01T00:00:00Z\n"),
        "{told}"
    );
    let parts = [
        "✓ all of these:",
        "✓ the user has the tag rich_and_known",
        "✓ the user has the tag whale",
        "sum(swap.usd) = 12800.5",
        "kyc_level = 2",
    ];
    assert_tells(&told, &parts);
    let told = say(&muster, "explain rich_traders u2 --lang zh");
    assert_tells(&told, &["u2 不在人群 rich_traders 中", "✗ 有标签 whale"]);
    let told = parsed(&ask(
        &muster,
        &["explain", "in audience(rich_traders)", "u1", "--json"],
    ));
    assert_eq!(told["audience"], "rich_traders");
    assert_eq!(told["name"]["en"], "Rich traders");
    assert_eq!((&told["has"], &told["tag"]), (&json!(true), &Json::Null));
}

#[test]
fn a_rule_that_nobody_has_defined_is_explained() {
    let muster = platform();
    let rule = "count(swap where chain = \"bsc\") >= 1 and not tag(whale)";
    let then = ["--as-of", "2026-04-01"];
    let told = ask(
        &muster,
        &[&["explain", rule, "u1", "--lang", "en"], &then[..]].concat(),
    );
    assert!(
        told.starts_with("u1 does not match the rule, as of 2026-04-01T00:00:00Z\n"),
        "{told}"
    );
    assert_tells(&told, &["✓ the number of swap events", "✗ not:"]);
    let value = ask(
        &muster,
        &["explain", "sum(swap.usd) * 2", "u2", "--lang", "zh"],
    );
    assert!(value.starts_with("u2 的值为 3000（截至 "), "{value}");
    let key = ["explain", "tag(whale)", "u1", "--json"];
    assert_eq!(parsed(&ask(&muster, &key))["tag"], "whale");
}

/// Points for seven conditions of which two hold for `u1`.
const SCORE: &str = "points(\
    1 when sum(swap.usd) >= 1, 2 when sum(swap.usd) >= 100000, 2.5 when kyc_level >= 1, \
    4 when country = \"DE\", 8 when country = \"JP\", 16 when country = \"FR\", 32 when kyc_level >= 3)";

#[test]
fn of_a_sum_of_points_the_sum_and_what_holds_are_told() {
    let muster = platform();
    let rule = format!("{SCORE} > 3");
    let told = ask(&muster, &["explain", &rule, "u1", "--lang", "zh"]);
    let lines: Vec<&str> = told.lines().map(str::trim).collect();
    assert_eq!(lines[1], "✓ 得分之和大于 3（为 3.5）");
    assert!(
        lines[2].starts_with("✓ 1 分：swap 的 usd 之和至少为 1"),
        "{told}"
    );
    assert!(lines.contains(&"✓ 2.5 分：kyc_level 至少为 1"), "{told}");
    assert_eq!(lines.last(), Some(&"另有 5 项不成立"));
    assert!(!told.contains("points("), "{told}");
    let json = parsed(&ask(&muster, &["explain", &rule, "u1", "--json"]));
    let sum = &json["rule"][0];
    assert_eq!(
        (&sum["joint"], &sum["measured"][0]["value"]),
        (&json!("points"), &json!("3.5"))
    );
    let parts = sum["parts"].as_array().unwrap();
    let holds: Vec<bool> = parts.iter().map(|part| part["holds"] == true).collect();
    assert_eq!(holds, [true, true, false, false, false, false, false]);
    let few = "points(1 when kyc_level >= 1, 2 when kyc_level >= 3)";
    let told = ask(&muster, &["explain", few, "u1", "--lang", "en"]);
    assert_tells(
        &told,
        &[
            "✓ the sum of points (it is 1)",
            "✗ 2 points: kyc_level is at least 3",
        ],
    );
}

#[test]
fn what_cannot_be_explained_is_told_with_what_to_do() {
    let muster = with_audience();
    let near = refused(&muster, "explain rich_trader u1");
    assert_tells(
        &near,
        &["there is no tag, audience or attribute `rich_trader`"],
    );
    assert_tells(&near, &["did you mean `rich_traders`?"]);
    let wrong = muster.call(&["explain", "count(swap) >=", "u1"]).unwrap();
    assert_tells(
        &wrong.failure().unwrap(),
        &["the rule has mistakes", "rule:1:15"],
    );
}

#[test]
fn a_server_explains_audiences_and_rules() {
    let muster = with_audience();
    say(&muster, "compute");
    let server = muster.serve().unwrap();
    let why = |rule: &str, user: &str| {
        let asked = json!({"rule": rule, "user": user}).to_string();
        let (status, body) = server.post("/api/v1/rules/explain", &asked).unwrap();
        (status, parsed(&body))
    };
    let (status, told) = why("rich_traders", "u1");
    assert_eq!((status, &told["audience"]), (200, &json!("rich_traders")));
    assert_eq!((&told["has"], told.get("change")), (&json!(true), None));
    let named = &told["rule"][0]["parts"][0];
    assert_eq!(named["text"], "tag(rich_and_known)");
    assert_eq!(named["parts"][0]["joint"], "all");
    let (_, told) = why("count(swap) * 2", "u3");
    assert_eq!(
        (&told["asked"], &told["values"]),
        (&json!("count(swap) * 2"), &json!(["4"]))
    );
    for (rule, user, status, code) in [
        ("count(swap) >=", "u1", 422, "invalid_rule"),
        ("whal", "u1", 404, "not_found"),
        ("whale", "u9", 404, "not_found"),
    ] {
        let (answered, told) = why(rule, user);
        assert_eq!(
            (answered, &told["error"]["code"]),
            (status, &json!(code)),
            "{told}"
        );
    }
    let page = "/rules/explain?rule=in+audience(rich_traders)&user=u2&lang=zh";
    let (status, page) = server.get(page).unwrap();
    assert_eq!(status, 200);
    assert_tells(&page, &["不属于人群", "富有的交易者", "sum(swap.usd)"]);
}
