//! The life of a predefined tag, as a person of operations leads it: on the command line, and while the platform is
//! served.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use muster_tests::muster::Muster;
use serde_json::{Value as Json, json};

use self::support::{ask, say};

fn parsed(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn count(muster: &Muster, tag: &str) -> u64 {
    parsed(&ask(muster, &["count", tag, "--json"]))["count"]
        .as_u64()
        .unwrap()
}

/// The file of the predefined tag, as `muster export` writes it, with its bound changed.
fn with_bound(muster: &Muster, from: &str, to: &str) -> String {
    let folder = muster.folder().join("mine/tags");
    let files = std::fs::read_dir(folder).unwrap();
    let texts = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let text = texts
        .into_iter()
        .find(|text| text.contains("key: swaps_10_in_30d\n"));
    let text = text.expect("the catalogue has a tag `swaps_10_in_30d`");
    let start = text.find("  - key: swaps_10_in_30d\n").unwrap();
    let rest = text.get(start + 1..).unwrap();
    let end = rest
        .find("\n  - key: ")
        .map_or(text.len(), |end| start + 1 + end);
    let tag = text.get(start..end).unwrap();
    assert!(tag.contains(from), "{tag}");
    format!("tags:\n{}\n", tag.replace(from, to))
}

#[test]
fn a_predefined_tag_is_changed_tried_published_computed_the_next_day_and_rolled_back() {
    let muster = Muster::new().unwrap();
    say(
        &muster,
        "demo --users 1000 --events 60000 --as-of 2026-11-20T00:00:00Z --no-serve",
    );
    let before = count(&muster, "swaps_10_in_30d");
    // Take it over: the definitions as files.
    say(&muster, "export mine");
    let changed = with_bound(&muster, ">= 10", ">= 5");
    muster.write("quiet.yaml", &changed).unwrap();

    // Look at the effect, for the next day.
    let day = "2026-11-21T00:00:00Z";
    let plan = ["plan", "quiet.yaml", "--as-of", day, "--examples", "3"];
    let told = ask(&muster, &plan);
    assert!(told.contains("~ tag swaps_10_in_30d"), "{told}");
    let planned = parsed(&ask(&muster, &[&plan[..], &["--json"]].concat()));
    let effect = &planned["changes"][0];
    let (enter, leave) = (
        effect["would_enter"].as_u64().unwrap(),
        effect["would_leave"].as_u64().unwrap(),
    );
    assert!(enter > 0, "{planned}");
    let first = effect["entering"][0].as_str().unwrap().to_owned();

    // Publish, and compute the next day: exactly those enter and leave.
    let applied = [
        "apply",
        "quiet.yaml",
        "--author",
        "ann",
        "--reason",
        "the season is quiet",
    ];
    ask(&muster, &applied);
    say(&muster, &format!("compute --as-of {day}"));
    assert_eq!(count(&muster, "swaps_10_in_30d"), before + enter - leave);
    let members = ask(&muster, &["members", "swaps_10_in_30d"]);
    assert!(members.lines().any(|member| member == first), "{members}");

    // See its history.
    let versions = parsed(&say(&muster, "versions swaps_10_in_30d --json"));
    let newest = &versions["versions"][0];
    assert_eq!(
        (&newest["version"], &newest["author"]),
        (&json!(2), &json!("ann"))
    );
    assert_eq!(newest["reason"], "the season is quiet");
    let difference = say(&muster, "versions swaps_10_in_30d --diff 1 2");
    assert!(
        difference.contains("- ") && difference.contains(">= 5"),
        "{difference}"
    );

    // Roll back.
    let back = [
        "rollback",
        "swaps_10_in_30d",
        "--author",
        "bob",
        "--reason",
        "too many",
    ];
    ask(&muster, &back);
    say(&muster, &format!("compute --as-of {day}"));
    assert_eq!(
        ask(&muster, &["members", "swaps_10_in_30d", "--format", "ids"])
            .lines()
            .count() as u64,
        count(&muster, "swaps_10_in_30d")
    );
    let versions = parsed(&say(&muster, "versions swaps_10_in_30d --json"));
    let [back, _, first] = versions["versions"].as_array().unwrap().as_slice() else {
        panic!("{versions}");
    };
    assert_eq!(back["definition"], first["definition"]);
    assert_eq!(back["reason"], "too many");
}

#[test]
fn tags_are_drafted_paused_and_archived() {
    let muster = support::platform();
    say(&muster, "compute");
    let draft = "tags:\n  - {key: whale, rule: \"sum(swap.usd) >= 1000\", status: draft}\n";
    muster.write("draft.yaml", draft).unwrap();
    say(&muster, "apply draft.yaml");
    say(&muster, "compute");
    assert_eq!(say(&muster, "members whale"), "u1\nu5\n");
    let told = say(&muster, "publish whale --dry-run");
    assert!(told.contains("would enter: u2\n"), "{told}");
    // The tag that uses it is named only where users enter or leave it.
    assert!(!told.contains("rich_and_known"), "{told}");
    say(&muster, "submit whale");
    say(&muster, "publish whale --reason ready");
    // The members are of the old version as a whole until the new one is computed as a whole.
    assert_eq!(say(&muster, "members whale"), "u1\nu5\n");
    say(&muster, "compute");
    assert_eq!(say(&muster, "members whale"), "u1\nu2\nu5\n");
    // The file still says draft, of what is published.
    let again = say(&muster, "apply draft.yaml");
    assert_eq!(again, "0 added, 0 changed, 0 removed, 1 unchanged\n");

    say(&muster, "pause whale");
    muster
        .write(
            "more.csv",
            "account,at,usd,chain\nu3,2026-02-07T00:00:00Z,5000,eth\n",
        )
        .unwrap();
    say(
        &muster,
        "import events more.csv --user account --time at --name swap",
    );
    say(&muster, "compute");
    assert_eq!(say(&muster, "members whale"), "u1\nu2\nu5\n");
    assert_eq!(say(&muster, "members tier --value silver"), "u2\nu3\n");
    let outcome = muster.call(&["compute", "whale"]).unwrap();
    assert!(outcome.failure().unwrap().contains("tag `whale` is paused"));
    say(&muster, "resume whale");
    say(&muster, "compute");
    assert_eq!(say(&muster, "members whale"), "u1\nu2\nu3\nu5\n");

    let outcome = muster.call(&["archive", "whale"]).unwrap();
    let refused = outcome.failure().unwrap();
    assert!(refused.contains("rich_and_known"), "{refused}");
    say(&muster, "archive rich_and_known whale");
    say(&muster, "compute");
    let outcome = muster.call(&["count", "tag(whale)"]).unwrap();
    assert!(outcome.failure().unwrap().contains("unknown tag `whale`"));
    say(&muster, "resume whale rich_and_known");
    say(&muster, "compute");
    assert_eq!(say(&muster, "members rich_and_known"), "u1\n");
}

#[test]
fn while_it_is_served_tags_are_changed_over_http_and_calls_say_how() {
    let muster = support::platform();
    say(&muster, "compute");
    let serving = muster.serve().unwrap();
    let outcome = muster.call(&["pause", "whale"]).unwrap();
    let told = outcome.failure().unwrap();
    assert!(told.contains("POST /api/v1/tags/whale/pause"), "{told}");
    assert!(told.contains(&serving.address().to_string()), "{told}");

    let put = json!({
        "definition": {"rule": "sum(swap.usd) >= 1000", "status": "draft"}, "author": "ann", "reason": "lower",
    });
    let put_whale = |body: &Json| {
        serving
            .send("PUT", "/api/v1/tags/whale", &body.to_string())
            .unwrap()
    };
    let (status, answer) = put_whale(&put);
    assert_eq!(status, 200, "{answer}");
    let (_, tried) = serving
        .post("/api/v1/tags/whale/publish", r#"{"dry_run": true}"#)
        .unwrap();
    let effect = &parsed(&tried)["effects"][0];
    assert_eq!(
        (&effect["would_enter"], &effect["entering"]),
        (&json!(1), &json!(["u2"]))
    );
    let (_, page) = serving
        .get("/tags/whale/versions/2?effect=1&lang=en")
        .unwrap();
    assert!(
        page.contains("1 would enter") && page.contains("u2"),
        "{page}"
    );
    let (status, _) = serving
        .post(
            "/api/v1/tags/whale/publish",
            r#"{"author": "bob", "reason": "ok"}"#,
        )
        .unwrap();
    assert_eq!(status, 200);
    let (_, tag) = serving.get("/api/v1/tags/whale").unwrap();
    assert_eq!(parsed(&tag)["version"], 3);
    let (status, answer) = put_whale(&json!({"definition": {"rule": "tag(tire) = \"gold\""}}));
    assert_eq!(status, 422, "{answer}");
    assert!(answer.contains("did you mean `tier`?"), "{answer}");
    let (status, answer) = serving
        .post("/api/v1/tags/whale/rollback", r#"{"to": 9}"#)
        .unwrap();
    assert_eq!(status, 400, "{answer}");
    serving.terminate().unwrap();
    let versions = say(&muster, "versions whale");
    assert!(
        versions.contains("bob: ok") && versions.contains("ann: lower"),
        "{versions}"
    );
}
