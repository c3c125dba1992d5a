//! What uses what, through the whole binary: nothing is removed that is used.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use serde_json::{Value as Json, json};

use self::support::{assert_tells, platform, refused, say};

const FEWER: &str = "\
tags:
  - key: rich_and_known
    rule: tag(whale) and kyc_level >= 2
";

#[test]
fn uses_are_told_and_what_is_used_stays() {
    let muster = platform();
    let whale = say(&muster, "uses whale");
    assert_eq!(
        whale,
        "tag whale\n  uses: event swap\n  used by: tag rich_and_known\n"
    );
    let level: Json = serde_json::from_str(&say(&muster, "uses kyc_level --json")).unwrap();
    assert_eq!(
        level["uses"][0]["used_by"],
        json!([
            {"kind": "tag", "key": "rich_and_known"},
            {"kind": "audience", "key": "verified_traders"},
        ])
    );
    let chinese = say(&muster, "uses rich_and_known --lang zh");
    assert_tells(
        &chinese,
        &[
            "标签 rich_and_known",
            "使用：标签 whale、属性 kyc_level",
            "并由此间接使用：事件 swap",
        ],
    );
    let unknown = refused(&muster, "uses whal");
    assert!(unknown.contains("did you mean `whale`?"), "{unknown}");

    muster.write("fewer.yaml", FEWER).unwrap();
    let kept = refused(&muster, "apply fewer.yaml --prune");
    assert_tells(
        &kept,
        &[
            "tag whale: is still used by tag `rich_and_known`: take it out of their rules first",
            "unknown tag `whale`",
        ],
    );
    let chinese = refused(&muster, "apply fewer.yaml --prune --lang zh");
    assert_tells(&chinese, &["仍被使用：标签 `rich_and_known`"]);
    let archived = refused(&muster, "archive whale");
    assert_tells(&archived, &["is still used by tag `rich_and_known`"]);

    // Without those that use it, it may go.
    muster
        .write("none.yaml", "tags:\n  - {key: other, rule: did(swap)}\n")
        .unwrap();
    assert_tells(&say(&muster, "apply none.yaml --prune"), &["- tag whale"]);
}

const TWICE: &str = "\
tags:
  - key: known_whale
    rule: kyc_level >= 2 and tag(whale) and kyc_level >= 2
";

#[test]
fn a_tag_that_means_the_same_as_another_is_hinted_at_and_listed() {
    let muster = platform();
    muster.write("twice.yaml", TWICE).unwrap();
    let planned = muster.call(&["plan", "twice.yaml"]).unwrap();
    assert_tells(
        &planned.stderr,
        &["means the same as tag `rich_and_known`: perhaps one of them is enough"],
    );
    say(&muster, "apply twice.yaml");
    let again = muster.call(&["plan", "twice.yaml"]).unwrap();
    assert!(!again.stderr.contains("means the same"), "{}", again.stderr);
    assert_eq!(
        say(&muster, "tags --duplicates"),
        "known_whale  rich_and_known\n"
    );
    // They were defined today, so that nobody can have done without them for long.
    assert_eq!(say(&muster, "tags --unused"), "there are no unused tags\n");
    let all: Json = serde_json::from_str(&say(&muster, "tags --unused --days 0 --json")).unwrap();
    assert_eq!(all, json!({"days": 0, "unused": []}));
}
