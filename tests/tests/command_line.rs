//! The story of a user, told through the whole binary: import, define, compute, ask, explain, serve.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use std::process::Command;

use muster_tests::muster::Muster;
use serde_json::{Value as Json, json};

use self::support::{ask, platform, say};

fn parsed(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The part of a line before the time that it took.
fn untimed(text: &str) -> &str {
    text.split(", in ").next().unwrap()
}

#[test]
fn events_come_from_csv_and_ndjson_packed_or_not_and_once() {
    let muster = Muster::new().unwrap();
    muster.write("swaps.csv", support::SWAPS).unwrap();
    let swaps = "import events swaps.csv --user account --time at --name swap";
    assert_eq!(untimed(&say(&muster, swaps)), "6 events, 4 new users");
    let again = say(&muster, swaps);
    assert!(again.contains("imported before"), "{again}");

    let calls = r#"{"type":"track","messageId":"m1","userId":"u2","event":"login","timestamp":"2026-03-01T00:00:00Z","properties":{"device":"ios"}}
{"type":"identify","messageId":"m2","userId":"u6","timestamp":"2026-03-02T00:00:00Z","traits":{"country":"FR"}}
{"type":"track","messageId":"m1","userId":"u2","event":"login","timestamp":"2026-03-01T00:00:00Z","properties":{"device":"ios"}}
{"type":"page","messageId":"m3","anonymousId":"x1","name":"home","timestamp":"2026-03-03T00:00:00Z"}
"#;
    let path = muster.write("calls.ndjson", calls).unwrap();
    let packed = Command::new("gzip").arg("-k").arg(&path).status().unwrap();
    assert!(packed.success());
    let told = parsed(&say(&muster, "import events calls.ndjson.gz --json"));
    assert_eq!(told["read"], 4);
    assert_eq!(
        (&told["added"], &told["duplicates"]),
        (&json!(3), &json!(1))
    );
    assert_eq!(told["new_users"], 2);
    // Its content is that of the packed file, which is known.
    let plain = parsed(&say(&muster, "import events calls.ndjson --json"));
    assert_eq!(plain["added"], 0);

    let outcome = muster
        .call_with_input(&["import", "events", "-"], &calls.replace(":\"m", ":\"n"))
        .unwrap();
    assert_eq!(
        untimed(&outcome.success().unwrap()),
        "3 events, 0 new users"
    );
    assert_eq!(ask(&muster, &["members", "country = \"FR\""]), "u6\n");
    assert_eq!(ask(&muster, &["members", "count(login) = 2"]), "u2\n");
    assert_eq!(
        ask(&muster, &["members", "sum(swap.usd) = 9007199254740993"]),
        "u5\n"
    );
}

#[test]
fn the_identities_of_one_person_have_one_history() {
    let muster = Muster::new().unwrap();
    let visits = r#"{"type":"page","anonymousId":"x1","name":"home","timestamp":"2026-03-01T00:00:00Z"}
{"type":"page","anonymousId":"x2","name":"home","timestamp":"2026-03-01T00:00:00Z"}
{"type":"page","anonymousId":"x3","name":"home","timestamp":"2026-03-01T00:00:00Z"}
"#;
    muster.write("visits.ndjson", visits).unwrap();
    say(&muster, "import events visits.ndjson");
    assert_eq!(
        ask(&muster, &["members", "everyone"]),
        "anonymous:x1\nanonymous:x2\nanonymous:x3\n"
    );
    let calls = r#"{"type":"identify","userId":"u1","anonymousId":"x1","timestamp":"2026-03-02T00:00:00Z","traits":{"country":"FR"}}
{"type":"alias","userId":"u2","previousId":"x2","timestamp":"2026-03-02T00:00:00Z"}
{"type":"alias","userId":"u1","previousId":"0xA1","timestamp":"2026-03-02T00:00:00Z"}
{"type":"track","userId":"0xA1","event":"swap","timestamp":"2026-03-03T00:00:00Z","properties":{"usd":5}}
{"type":"page","anonymousId":"x2","userId":"u1","name":"home","timestamp":"2026-03-04T00:00:00Z"}
"#;
    muster.write("calls.ndjson", calls).unwrap();
    say(&muster, "import events calls.ndjson");
    assert_eq!(ask(&muster, &["members", "count(page) = 2"]), "u1\n");
    assert_eq!(
        ask(&muster, &["members", "did(swap) and country = \"FR\""]),
        "u1\n"
    );
    assert_eq!(
        ask(&muster, &["members", "everyone"]),
        "anonymous:x3\nu1\nu2\n"
    );
    assert_eq!(ask(&muster, &["members", "has_identity(wallet)"]), "u1\n");
    assert_eq!(
        ask(
            &muster,
            &["members", "did(linked(wallet) where new = \"0xA1\")"]
        ),
        "u1\n"
    );
    let user = parsed(&ask(&muster, &["user", "anonymous:x1", "--json"]));
    assert_eq!(user["user"], "u1");
    assert_eq!(user["identities"], json!(["u1", "0xA1", "anonymous:x1"]));
    assert_eq!(user["events"].as_array().unwrap().len(), 4);
    assert_eq!(user["attributes"]["country"], "FR");
    muster
        .write("tags.yaml", "tags:\n  - {key: swapper, rule: did(swap)}\n")
        .unwrap();
    say(&muster, "apply tags.yaml");
    say(&muster, "compute");
    let explained = parsed(&ask(&muster, &["explain", "swapper", "x1", "--json"]));
    assert_eq!(
        (&explained["user"], &explained["has"]),
        (&json!("u1"), &json!(true))
    );
}

#[test]
fn profiles_hold_from_their_time_on() {
    let muster = Muster::new().unwrap();
    muster.write("people.csv", support::PEOPLE).unwrap();
    let changes = "id,at,kyc_level\nu3,2026-03-01,1\nu3,2026-06-01,2\n";
    muster.write("changes.csv", changes).unwrap();
    muster.write("today.csv", "id,kyc_level\nu9,7\n").unwrap();
    let told = say(
        &muster,
        "import profiles people.csv --user id --at 2026-01-01",
    );
    assert_eq!(untimed(&told), "4 profiles, 4 new users");
    say(&muster, "import profiles changes.csv --user id --time at");
    let told = say(&muster, "import profiles today.csv --user id");
    assert_eq!(untimed(&told), "1 profile, 1 new user");

    let members = |as_of: &str| {
        let asked = ["members", "kyc_level >= 1", "--as-of", as_of];
        ask(&muster, &asked)
    };
    assert_eq!(members("2025-12-31"), "");
    assert_eq!(members("2026-02-01"), "u1\nu2\nu4\n");
    assert_eq!(members("2026-03-01"), "u1\nu2\nu3\nu4\n");
    assert_eq!(ask(&muster, &["members", "kyc_level = 2"]), "u1\nu3\n");
    assert_eq!(ask(&muster, &["members", "kyc_level = 7"]), "u9\n");
}

#[test]
fn lists_of_users_and_of_values_are_used_by_rules() {
    let muster = platform();
    muster
        .write("partners.csv", "who\nu2\nu3\nnobody\n")
        .unwrap();
    muster.write("chains.csv", "chain\nbsc\n").unwrap();
    let told = say(
        &muster,
        "import list partners.csv --user who --list partners",
    );
    assert_eq!(told, "list `partners`: 3 of 3 rows are new members\n");
    let told = say(
        &muster,
        "import list chains.csv --value chain --list hot --json",
    );
    assert_eq!(
        parsed(&told),
        json!({"list": "hot", "read": 1, "added": 1, "rejected": 0})
    );
    assert_eq!(ask(&muster, &["members", "in list(partners)"]), "u2\nu3\n");
    let rule = "in list(partners) and did(swap where chain in list(hot))";
    assert_eq!(ask(&muster, &["members", rule]), "u2\n");
}

#[test]
fn definitions_are_planned_applied_and_exported_to_files_that_change_nothing() {
    let muster = platform();
    let told = say(&muster, "apply definitions.yaml");
    assert_eq!(told, "0 added, 0 changed, 0 removed, 5 unchanged\n");
    say(&muster, "compute");
    say(&muster, "export out");
    let told = say(&muster, "apply out");
    assert_eq!(told, "0 added, 0 changed, 0 removed, 5 unchanged\n");
    let other = Muster::new().unwrap();
    let exported = muster.folder().join("out").display().to_string();
    let told = ask(&other, &["apply", &exported]);
    assert!(
        told.ends_with("5 added, 0 changed, 0 removed, 0 unchanged\n"),
        "{told}"
    );

    let changed = support::DEFINITIONS
        .replace(
            "usd) >= 10000\n  - key: tier",
            "usd) >= 1000\n  - key: tier",
        )
        .replace(
            "  - key: rich_and_known\n    rule: tag(whale) and kyc_level >= 2\n",
            "",
        );
    muster.write("changed.yaml", &changed).unwrap();
    let planned = parsed(&say(&muster, "plan changed.yaml --prune --json"));
    assert_eq!(planned["unchanged"], 3);
    let changes = planned["changes"].as_array().unwrap();
    let of = |key: &str| changes.iter().find(|change| change["key"] == key).unwrap();
    assert_eq!(of("rich_and_known")["action"], "removed");
    assert_eq!(of("whale")["action"], "changed");
    assert_eq!(
        (&of("whale")["would_enter"], &of("whale")["would_leave"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(ask(&muster, &["members", "whale"]), "u1\nu5\n");
    let told = say(&muster, "apply changed.yaml --prune");
    assert!(
        told.ends_with("0 added, 1 changed, 1 removed, 3 unchanged\n"),
        "{told}"
    );
    say(&muster, "compute");
    assert_eq!(ask(&muster, &["members", "whale"]), "u1\nu2\nu5\n");
}

#[test]
fn tags_are_computed_all_or_some_now_or_as_of_an_instant() {
    let muster = platform();
    let counts = |arguments: &str| {
        let told = parsed(&say(&muster, arguments));
        assert_eq!(told["failed"], json!([]), "{told}");
        let tags = told["tags"].as_array().unwrap().clone();
        let pairs = tags.iter().map(|tag| {
            let value = tag["value"].as_str().unwrap_or_default();
            (
                format!("{}={value}", tag["tag"].as_str().unwrap()),
                tag["count"].as_u64().unwrap(),
            )
        });
        let mut pairs: Vec<(String, u64)> = pairs.collect();
        pairs.sort();
        (told["known_users"].as_u64().unwrap(), pairs)
    };
    let expected = |counts: [u64; 6]| -> Vec<(String, u64)> {
        let keys = [
            "rich_and_known=",
            "tier=gold",
            "tier=none",
            "tier=silver",
            "traded_usd=",
            "whale=",
        ];
        keys.map(ToOwned::to_owned)
            .into_iter()
            .zip(counts)
            .collect()
    };
    assert_eq!(counts("compute --json"), (5, expected([1, 2, 2, 1, 5, 2])));
    let then = counts("compute --as-of 2026-01-05T12:00:00Z --json");
    assert_eq!(then, (4, expected([1, 1, 3, 0, 4, 1])));
    let one = counts("compute whale --json");
    assert_eq!(one, (5, vec![("whale=".to_owned(), 2)]));
    let told = say(&muster, "compute");
    assert!(told.contains("whale           2\n"), "{told}");
    assert!(told.contains("4 tags of 5 users"), "{told}");
}

#[test]
fn members_come_as_ids_csv_and_ndjson_of_tags_values_audiences_and_rules() {
    let muster = platform();
    say(&muster, "compute");
    assert_eq!(say(&muster, "members whale"), "u1\nu5\n");
    assert_eq!(say(&muster, "members tag(whale)"), "u1\nu5\n");
    assert_eq!(
        say(&muster, "members rich_and_known --format csv"),
        "user\nu1\n"
    );
    assert_eq!(
        say(&muster, "members tier --format csv"),
        "user,value\nu1,gold\nu2,silver\nu3,none\nu4,none\nu5,gold\n"
    );
    assert_eq!(say(&muster, "members tier --value silver"), "u2\n");
    assert_eq!(
        say(&muster, "members traded_usd --format csv"),
        "user,value\nu1,12800.5\nu2,1500\nu3,0.3\nu4,0\nu5,9007199254740993\n"
    );
    let lines = "{\"user\":\"u1\"}\n{\"user\":\"u5\"}\n";
    assert_eq!(say(&muster, "members whale --format ndjson"), lines);
    assert_eq!(say(&muster, "members whale --json"), lines);
    let first = "user,value\nu1,gold\nu2,silver\n";
    assert_eq!(say(&muster, "members tier --format csv --limit 2"), first);
    let first = "{\"user\":\"u1\"}\n";
    assert_eq!(say(&muster, "members whale --json --limit 1"), first);
    assert_eq!(say(&muster, "members whale --limit 0"), "");
    assert_eq!(say(&muster, "members verified_traders"), "u1\nu2\n");
    let rule = "not tag(whale) and did(swap)";
    assert_eq!(ask(&muster, &["members", rule]), "u2\nu3\n");
    let then = ["members", "whale", "--as-of", "2026-02-06"];
    assert_eq!(ask(&muster, &then), "u1\n");
}

#[test]
fn counts_are_of_tags_audiences_and_any_rule() {
    let muster = platform();
    let told = parsed(&ask(&muster, &["count", "did(swap)", "--json"]));
    assert_eq!(
        (&told["count"], &told["known_users"]),
        (&json!(4), &json!(5))
    );
    say(&muster, "compute");
    let told = say(&muster, "count whale");
    assert!(told.starts_with("2 of 5 known users, as of "), "{told}");
    let told = parsed(&say(&muster, "count verified_traders --json"));
    assert_eq!(told["count"], 2);
    let then = ["count", "did(swap)", "--as-of", "2026-01-06T10:59:59.999Z"];
    let told = ask(&muster, &then);
    assert_eq!(told, "1 of 4 known users, as of 2026-01-06T10:59:59.999Z\n");
}

#[test]
fn hints_and_plans_come_with_numbers_of_users_and_rows() {
    let muster = platform();
    let tags = "tags:\n- {key: low, rule: 'count(swap) < 3 and country != \"SG\"'}\n";
    muster.write("low.yaml", tags).unwrap();
    let outcome = muster.call(&["plan", "low.yaml"]).unwrap();
    let (told, hints) = (&outcome.stdout, &outcome.stderr);
    assert!(told.contains("+ tag low   about 10 rows to read"), "{told}");
    for hint in ["= 1 user has no such event", "= 1 user has no value"] {
        assert!(hints.contains(hint), "{hint}: {hints}");
    }
    let outcome = muster.call(&["count", "sum(swap.usd) < 5"]).unwrap();
    let hints = &outcome.stderr;
    assert!(hints.contains("= 1 user has no such event"), "{hints}");
}

#[test]
fn an_explanation_has_evidence_and_says_why_a_user_left_in_both_languages() {
    let muster = platform();
    let tags = "tags:\n- {key: recent, name: {zh: 近期, en: Recent}, rule: 'did(swap where usd > 1, last 30d)'}\n";
    muster.write("recent.yaml", tags).unwrap();
    say(&muster, "apply recent.yaml");
    say(&muster, "compute --as-of 2026-01-20");
    let told = parsed(&say(&muster, "explain recent u1 --json --as-of 2026-01-20"));
    assert_eq!(told["has"], true);
    let measured = &told["rule"][0]["measured"][0];
    assert_eq!(measured["compared"], "> 0");
    assert_eq!(
        measured["window"]["between"],
        json!({"from": "2025-12-21T00:00:00.001Z", "to": "2026-01-20T00:00:00Z"})
    );
    let event = &measured["events"][0];
    assert_eq!(event["event"], "swap");
    assert!(event["properties"]["usd"].is_string(), "{told}");
    assert_eq!(told.get("change"), None);

    say(&muster, "compute --as-of 2026-06-01");
    let told = say(&muster, "explain recent u1 --lang en");
    assert!(
        told.contains("the user had it at 2026-01-20T00:00:00Z"),
        "{told}"
    );
    assert!(told.contains("✓ → ✗ the user did swap"), "{told}");
    let told = say(&muster, "explain recent u1 --lang zh");
    assert!(told.contains("2026-01-20T00:00:00Z 时还有该标签"), "{told}");
    assert!(
        told.contains("近 30 天（30 × 24 小时）内做过 swap"),
        "{told}"
    );
}

#[test]
fn a_user_and_a_tag_are_explained_and_a_rule_is_shown_as_a_query() {
    let muster = platform();
    say(&muster, "compute");
    let told = say(&muster, "explain rich_and_known u1 --as-of 2026-04-01");
    assert!(
        told.starts_with("u1 has rich_and_known, as of 2026-04-01T00:00:00Z\n"),
        "{told}"
    );
    assert!(told.contains("✓ the user has the tag whale"), "{told}");
    let told = parsed(&say(&muster, "explain whale u2 --json --as-of 2026-04-01"));
    assert_eq!(told["has"], false);
    assert_eq!(told["rule"][0]["measured"][0]["value"], "1500");

    let told = say(&muster, "user u3");
    for line in [
        "u3",
        "  country = DE",
        "  tier = none",
        "  traded_usd = 0.3",
    ] {
        assert!(told.lines().any(|found| found == line), "{line}: {told}");
    }
    let told = parsed(&say(&muster, "user u3 --json"));
    assert_eq!(
        told["attributes"],
        json!({"country": "DE", "kyc_level": "0"})
    );
    assert_eq!(
        told["tags"],
        json!({"tier": ["none"], "traded_usd": ["0.3"]})
    );
    let times: Vec<&Json> = told["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| &event["time"])
        .collect();
    assert_eq!(
        times,
        [
            &json!("2026-02-06T08:15:00Z"),
            &json!("2026-02-05T08:15:00Z")
        ]
    );

    let query = ask(&muster, &["sql", "count(swap where chain = \"bsc\") >= 1"]);
    assert!(
        query.contains("FROM events") && query.contains("'bsc'"),
        "{query}"
    );
}

#[test]
fn the_configuration_is_shown_as_it_is_in_force() {
    let muster = Muster::new().unwrap();
    muster
        .write("muster.toml", "[workspace]\ntimezone = \"Asia/Shanghai\"\n")
        .unwrap();
    let told = say(&muster, "config check --config muster.toml --json");
    let told = parsed(&told);
    assert_eq!(told["workspace"]["timezone"], "Asia/Shanghai");
    assert_eq!(told["server"]["listen"], "127.0.0.1:7400");
    assert_eq!(told["log"]["level"], "info");
    assert_eq!(
        told["store"]["data_dir"],
        muster.data().display().to_string()
    );
}

#[test]
fn the_demonstration_is_made_and_stays_as_it_is() {
    let muster = Muster::new().unwrap();
    let made = say(&muster, "demo --no-serve --users 200 --events 5000");
    assert!(
        made.starts_with("A demonstration platform: 200 users, 5,000 events, "),
        "{made}"
    );
    let told = parsed(&ask(&muster, &["count", "true or not true", "--json"]));
    assert_eq!(told["known_users"], 200);
    let again = say(&muster, "demo --no-serve --users 200 --events 5000");
    assert_eq!(again, made);
}

#[test]
fn the_server_answers_and_ends_in_order_when_asked() {
    let muster = platform();
    let server = muster.serve().unwrap();
    assert_eq!(server.get("/healthz").unwrap().0, 200);
    assert_eq!(server.get("/readyz").unwrap().0, 200);
    let (status, body) = server.get("/api/v1/tags").unwrap();
    assert_eq!(status, 200);
    let tags = parsed(&body);
    assert_eq!(
        (&tags["count"], &tags["known_users"]),
        (&json!(4), &json!(5))
    );
    let whale = tags["tags"]
        .as_array()
        .unwrap()
        .iter()
        .find(|tag| tag["key"] == "whale")
        .unwrap();
    assert_eq!(whale["count"], 2);

    let page = |after: &str| {
        parsed(
            &server
                .get(&format!(
                    "/api/v1/tags/tier/members?value=none&limit=1{after}"
                ))
                .unwrap()
                .1,
        )
    };
    let first = page("");
    assert_eq!(
        (&first["count"], &first["members"][0]["user"]),
        (&json!(2), &json!("u3")),
        "{first}"
    );
    let second = page(&format!("&after={}", first["next"].as_str().unwrap()));
    assert_eq!(
        (&second["members"][0]["user"], &second["next"]),
        (&json!("u4"), &Json::Null),
        "{second}"
    );

    let (status, body) = server
        .post(
            "/api/v1/rules/count",
            r#"{"rule": "did(swap) and kyc_level >= 1"}"#,
        )
        .unwrap();
    assert_eq!((status, &parsed(&body)["count"]), (200, &json!(2)));
    let (status, body) = server.get("/").unwrap();
    assert!(status == 200 && body.contains("whale"), "{body}");
    let (status, body) = server.get("/metrics").unwrap();
    assert!(status == 200 && body.contains("# HELP"), "{body}");

    let outcome = server.terminate().unwrap();
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert_eq!(say(&muster, "members whale"), "u1\nu5\n");
}
