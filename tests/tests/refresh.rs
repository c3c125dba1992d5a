//! Tags that stay fresh by themselves, through the whole binary, on a clock that the tests set: `compute --due --as-of`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use std::thread;
use std::time::{Duration, Instant};

use muster_tests::muster::Muster;
use muster_tests::process::{PATIENCE, PAUSE, finish, send_signal};
use muster_tests::serving::Serving;
use serde_json::{Value as Json, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Row, SqliteConnection};

use self::support::{SWAPS, ask, assert_tells, many_events, say};

fn parsed(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// An installation with swaps of four users in January and February 2026, and definitions.
fn platform(definitions: &str) -> Muster {
    let muster = Muster::new().unwrap();
    muster.write("swaps.csv", SWAPS).unwrap();
    muster.write("definitions.yaml", definitions).unwrap();
    say(&muster, IMPORT_SWAPS);
    say(&muster, "apply definitions.yaml");
    muster
}

const IMPORT_SWAPS: &str = "import events swaps.csv --user account --time at --name swap";

/// Computes what is due at an instant: the tags that were computed, how many cannot have changed, and those that failed.
fn due(muster: &Muster, at: &str) -> (Vec<String>, u64, Vec<String>) {
    let outcome = muster
        .call(&["compute", "--due", "--as-of", at, "--json"])
        .unwrap();
    let told = parsed(&outcome.stdout);
    let tags = |list: &str| {
        let tags = told[list].as_array().unwrap().iter();
        tags.map(|tag| tag["tag"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(outcome.code == Some(0), tags("failed").is_empty(), "{told}");
    (
        tags("tags"),
        told["unchanged"].as_u64().unwrap(),
        tags("failed"),
    )
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// How fresh a tag is at an instant.
fn freshness(muster: &Muster, tag: &str, at: &str) -> Json {
    let told = parsed(&say(muster, &format!("tags {tag} --as-of {at} --json")));
    told["tags"][0].clone()
}

/// Asks the catalogue in a way of its own.
fn in_catalogue<T>(muster: &Muster, ask: impl AsyncFnOnce(&mut SqliteConnection) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let options = SqliteConnectOptions::new().filename(muster.data().join("catalog.sqlite"));
    runtime.block_on(async {
        let mut connection = options.connect().await.unwrap();
        ask(&mut connection).await
    })
}

/// Runs a statement on the catalogue, as nothing of Muster would.
fn change_catalogue(muster: &Muster, sql: &'static str) {
    in_catalogue(muster, async |catalogue| {
        sqlx::query(sql).execute(catalogue).await.unwrap();
    });
}

/// Waits until a computation has begun and not ended.
fn wait_until_it_computes(muster: &Muster) {
    let deadline = Instant::now() + PATIENCE;
    let running = async |catalogue: &mut SqliteConnection| -> i64 {
        let sql = "select count(*) from runs where status = 'running'";
        let row = sqlx::query(sql).fetch_one(catalogue).await.unwrap();
        row.get(0)
    };
    while in_catalogue(muster, running) == 0 {
        assert!(Instant::now() < deadline);
        thread::sleep(PAUSE);
    }
}

#[test]
fn only_what_is_due_and_can_have_changed_is_computed() {
    let definitions = "\
lists:
  - {key: vips, users: [u1]}
tags:
  - {key: ever, rule: did(swap), refresh: every 1h}
  - {key: lately, rule: 'did(swap, last 10d)', refresh: every 1h}
  - {key: vip, rule: in list(vips), refresh: every 1h}
  - {key: other, rule: did(login), refresh: every 1h}
  - {key: morning, rule: not did(swap), refresh: 'cron \"0 8 * * *\"', timezone: Asia/Shanghai}
  - {key: kept, rule: did(swap), refresh: by_hand}
";
    let muster = platform(definitions);
    let due = |at| due(&muster, at);
    let all = names(&["ever", "lately", "morning", "other", "vip"]);
    assert_eq!(due("2026-02-10T00:00:00Z"), (all, 0, Vec::new()));
    assert_eq!(due("2026-02-10T00:59:00Z"), (Vec::new(), 0, Vec::new()));
    // Time alone changes what looks back.
    let after_an_hour = (names(&["lately"]), 3, Vec::new());
    assert_eq!(due("2026-02-10T01:00:00Z"), after_an_hour);
    let fresh = freshness(&muster, "ever", "2026-02-10T01:10:00Z");
    assert_eq!(
        (&fresh["state"], &fresh["data_as_of"], &fresh["next_run"]),
        (
            &json!("fresh"),
            &json!("2026-02-10T01:00:00Z"),
            &json!("2026-02-10T02:00:00Z")
        )
    );
    // A list that has other members.
    muster.write("vips.csv", "id\nu1\nu2\n").unwrap();
    say(&muster, "import list vips.csv --user id --list vips");
    assert_eq!(
        due("2026-02-10T02:00:00Z"),
        (names(&["lately", "vip"]), 2, Vec::new())
    );
    // Rows of one event, of a user who is known.
    muster.write("login.csv", "id,at\nu1,2026-02-09\n").unwrap();
    say(
        &muster,
        "import events login.csv --user id --time at --name login",
    );
    assert_eq!(
        due("2026-02-10T03:00:00Z"),
        (names(&["lately", "other"]), 2, Vec::new())
    );
    // A user who is new can have any tag.
    muster.write("new.csv", "id,at\nu9,2026-02-09\n").unwrap();
    say(
        &muster,
        "import events new.csv --user id --time at --name login",
    );
    let hourly = names(&["ever", "lately", "other", "vip"]);
    assert_eq!(due("2026-02-10T04:00:00Z"), (hourly, 0, Vec::new()));
    // 08:00 in Shanghai is 00:00 in UTC; the hourly ones come with it.
    assert_eq!(
        due("2026-02-11T00:00:00Z"),
        (names(&["lately", "morning"]), 3, Vec::new())
    );
    assert_eq!(ask(&muster, &["members", "morning"]), "u9\n");
    // What is done by hand is done by hand.
    let kept = freshness(&muster, "kept", "2026-02-11T00:00:00Z");
    assert_eq!(kept["state"], "not_computed");
    assert_tells(
        kept["note"]["zh"].as_str().unwrap(),
        &["`muster compute kept`"],
    );
    say(&muster, "compute kept --as-of 2026-02-11");
    assert_eq!(
        freshness(&muster, "kept", "2026-02-11T00:00:00Z")["count"],
        4
    );
}

#[test]
fn a_definition_that_changed_is_due_at_once_and_what_names_it_comes_along() {
    let definitions = "\
tags:
  - {key: big, rule: sum(swap.usd) >= 1000, refresh: every 1d}
  - {key: big_on_eth, rule: 'tag(big) and did(swap where chain = \"eth\")', refresh: every 1h}
  - {key: frozen, rule: tag(big), refresh: by_hand}
";
    let muster = platform(definitions);
    let due = |at| due(&muster, at);
    assert_eq!(due("2026-02-10T00:00:00Z").0, names(&["big", "big_on_eth"]));
    assert_eq!(ask(&muster, &["members", "big_on_eth"]), "u1\n");
    muster
        .write("definitions.yaml", &definitions.replace("1000", "0.2"))
        .unwrap();
    say(&muster, "apply definitions.yaml");
    let waiting = freshness(&muster, "big", "2026-02-10T00:10:00Z");
    assert_eq!(
        (
            &waiting["state"],
            &waiting["computed_version"],
            &waiting["version"]
        ),
        (&json!("due"), &json!(1), &json!(2))
    );
    assert_tells(
        waiting["note"]["en"].as_str().unwrap(),
        &["those of version 1; version 2 waits"],
    );
    assert_eq!(due("2026-02-10T00:10:00Z").0, names(&["big"]));
    // Its own hour has come, and what it names has changed.
    assert_eq!(due("2026-02-10T01:00:00Z").0, names(&["big", "big_on_eth"]));
    assert_eq!(ask(&muster, &["members", "big_on_eth"]), "u1\nu3\n");
}

#[test]
fn tags_in_real_time_follow_an_import_for_those_whom_it_concerns() {
    let definitions = "\
tags:
  - {key: swapper, rule: did(swap), refresh: real_time}
  - {key: big, rule: sum(swap.usd) >= 1000, refresh: real_time}
  - {key: slow, rule: did(swap), refresh: every 1h}
";
    let muster = platform(definitions);
    say(&muster, "compute");
    assert_eq!(ask(&muster, &["members", "swapper"]), "u1\nu2\nu3\nu5\n");
    muster
        .write(
            "more.csv",
            "account,at,usd\nu7,2026-02-09,5\nu3,2026-02-09,5000\n",
        )
        .unwrap();
    let import = [
        "import", "events", "more.csv", "--user", "account", "--time", "at", "--name", "swap",
    ];
    let outcome = muster.call(&import).unwrap();
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert_tells(
        &outcome.stderr,
        &["2 tags in real time followed: 2 entered, 0 left"],
    );
    assert_eq!(
        ask(&muster, &["members", "swapper"]),
        "u1\nu2\nu3\nu5\nu7\n"
    );
    assert_eq!(ask(&muster, &["members", "big"]), "u1\nu2\nu3\nu5\n");
    assert_eq!(ask(&muster, &["members", "slow"]), "u1\nu2\nu3\nu5\n");
    // The same file again brings nothing.
    let again = muster.call(&import).unwrap();
    assert!(!again.stderr.contains("real time"), "{again:?}");
}

const WITH_A_LIST: &str = "\
lists:
  - {key: vips, users: [u1, u2]}
tags:
  - {key: vip, rule: in list(vips), refresh: every 1h}
  - {key: vip_swapper, rule: tag(vip) and did(swap), refresh: every 1h}
  - {key: swapper, rule: did(swap), refresh: every 1h}
";

#[test]
fn a_tag_that_fails_keeps_its_members_is_tried_again_and_stops_no_other() {
    let muster = platform(WITH_A_LIST);
    assert_eq!(due(&muster, "2026-02-10T00:00:00Z").2, names(&[]));
    change_catalogue(
        &muster,
        "update definitions set removed_at = 1 where kind = 'list'",
    );
    muster
        .write("more.csv", "account,at\nu9,2026-02-09\n")
        .unwrap();
    say(
        &muster,
        "import events more.csv --user account --time at --name swap",
    );
    // The list is gone: `vip` fails, the others are computed, one of them by the members that `vip` has.
    let others = names(&["swapper", "vip_swapper"]);
    assert_eq!(
        due(&muster, "2026-02-10T01:00:00Z"),
        (others, 0, names(&["vip"]))
    );
    assert_eq!(ask(&muster, &["members", "vip"]), "u1\nu2\n");
    assert_eq!(ask(&muster, &["members", "vip_swapper"]), "u1\nu2\n");
    assert_eq!(
        ask(&muster, &["members", "swapper"]),
        "u1\nu2\nu3\nu5\nu9\n"
    );
    let failed = freshness(&muster, "vip", "2026-02-10T01:00:00Z");
    assert_eq!(
        (
            &failed["state"],
            &failed["count"],
            &failed["data_as_of"],
            &failed["next_run"]
        ),
        (
            &json!("failed"),
            &json!(2),
            &json!("2026-02-10T00:00:00Z"),
            &json!("2026-02-10T01:01:00Z")
        )
    );
    for language in ["zh", "en"] {
        assert_tells(failed["error"][language].as_str().unwrap(), &["`vips`"]);
    }
    let told = say(&muster, "tags --failed --as-of 2026-02-10T01:00:00Z");
    assert_tells(&told, &["vip", "failed", "vips"]);
    assert!(!told.contains("swapper"), "{told}");
    // It is tried again after a minute, then two, then four.
    for (at, tried) in [
        ("2026-02-10T01:00:59Z", false),
        ("2026-02-10T01:01:00Z", true),
        ("2026-02-10T01:02:59Z", false),
        ("2026-02-10T01:03:00Z", true),
        ("2026-02-10T01:06:59Z", false),
    ] {
        assert_eq!(
            due(&muster, at).2,
            names(if tried { &["vip"] } else { &[] }),
            "{at}"
        );
    }
    assert_eq!(
        freshness(&muster, "vip", "2026-02-10T01:07:00Z")["failures"],
        3
    );
    change_catalogue(
        &muster,
        "update definitions set removed_at = null where kind = 'list'",
    );
    assert_eq!(due(&muster, "2026-02-10T01:07:00Z").0, names(&["vip"]));
    let mended = freshness(&muster, "vip", "2026-02-10T01:07:00Z");
    assert_eq!(
        (&mended["state"], &mended["failures"]),
        (&json!("fresh"), &json!(0))
    );
}

#[test]
fn a_full_run_with_a_tag_that_fails_says_so_and_computes_all_others() {
    let muster = platform(WITH_A_LIST);
    say(&muster, "compute");
    change_catalogue(
        &muster,
        "update definitions set removed_at = 1 where kind = 'list'",
    );
    let outcome = muster.call(&["compute", "--lang", "zh"]).unwrap();
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert_tells(
        &outcome.stdout,
        &[
            "vip failed: ",
            "名单",
            "1 tags failed and keep the members that they had",
        ],
    );
    let server = muster.serve().unwrap();
    let (_, body) = server.get("/api/v1/tags/vip").unwrap();
    let vip = parsed(&body);
    assert_eq!(
        (&vip["freshness"]["state"], &vip["count"]),
        (&json!("failed"), &json!(2))
    );
    let (_, page) = server.get("/tags/vip").unwrap();
    assert_tells(&page, &["The last computation failed", "vips"]);
    let (_, body) = server.get("/api/v1/tags/swapper").unwrap();
    assert_eq!(parsed(&body)["freshness"]["state"], "fresh");
}

/// Asks a server about a tag until its members are those of a version; until then they are those of the version before.
fn until_fresh(server: &Serving, (before, after): ((u64, u64), (u64, u64))) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let (status, body) = server.get("/api/v1/tags/big").unwrap();
        assert_eq!(status, 200);
        let big = parsed(&body);
        let state = &big["freshness"]["state"];
        let number = |name: &str| big[name].as_u64().unwrap();
        if (number("computed_version"), number("count")) == after {
            assert_eq!(state, "fresh", "{big}");
            return;
        }
        assert_eq!(
            (number("computed_version"), number("count")),
            before,
            "{big}"
        );
        assert_eq!(state, "due", "{big}");
        assert!(Instant::now() < deadline, "{big}");
        thread::sleep(PAUSE);
    }
}

#[test]
fn a_server_computes_what_is_due_while_it_answers() {
    let muster = platform("tags:\n  - {key: big, rule: sum(swap.usd) >= 1000}\n");
    say(&muster, "compute");
    muster
        .write(
            "definitions.yaml",
            "tags:\n  - {key: big, rule: sum(swap.usd) >= 10000}\n",
        )
        .unwrap();
    say(&muster, "apply definitions.yaml");
    let server = muster.serve().unwrap();
    until_fresh(&server, ((1, 3), (2, 2)));
    // What is changed while it serves is followed as well.
    let back = r#"{"to": 1, "reason": "as it was"}"#;
    let (status, body) = server.post("/api/v1/tags/big/rollback", back).unwrap();
    assert_eq!(status, 200, "{body}");
    until_fresh(&server, ((2, 2), (3, 3)));
    assert_eq!(server.terminate().unwrap().code, Some(0));
}

/// A platform that takes a while to compute, and the members of a tag by two versions of its definition.
struct Versions {
    muster: Muster,
    members: [String; 2],
}

const VERSIONS: [&str; 2] = [
    "tags:\n  - {key: some, rule: count(note) >= 30 or did(note where note contains \"a\"), refresh: by_hand}\n",
    "tags:\n  - {key: some, rule: count(note) >= 30 and did(note where note starts with \"f\"), refresh: by_hand}\n",
];

fn versions() -> Versions {
    let muster = Muster::new().unwrap();
    muster.write("many.csv", &many_events(300_000)).unwrap();
    say(
        &muster,
        "import events many.csv --user user --time at --name note",
    );
    let members = VERSIONS.map(|definition| {
        muster.write("some.yaml", definition).unwrap();
        say(&muster, "apply some.yaml");
        say(&muster, "compute --as-of 2026-02-01");
        ask(&muster, &["members", "some"])
    });
    assert_ne!(members[0], members[1]);
    Versions { muster, members }
}

#[test]
fn a_computation_that_is_killed_leaves_members_of_one_version_and_says_of_which() {
    let Versions { muster, members } = versions();
    for turn in 0_usize..6 {
        // Version 3 is the first text again, version 4 the second, and so on.
        muster.write("some.yaml", VERSIONS[turn % 2]).unwrap();
        say(&muster, "apply some.yaml");
        let child = muster.start(&["compute", "--as-of", "2026-02-01"]).unwrap();
        thread::sleep(Duration::from_millis(200 + 300 * turn as u64));
        // A process that has ended by itself takes no signal.
        send_signal(&child, "-KILL").ok();
        finish(child, "").unwrap();
        let fresh = freshness(&muster, "some", "2026-02-01");
        let version = usize::try_from(fresh["computed_version"].as_u64().unwrap()).unwrap();
        assert_eq!(
            ask(&muster, &["members", "some"]),
            members[(version + 1) % 2],
            "turn {turn}: {fresh}"
        );
        let is_current = version == turn + 3;
        assert_eq!(
            fresh["state"] == "fresh",
            is_current,
            "turn {turn}: {fresh}"
        );
        assert_eq!(fresh["note"].is_null(), is_current, "turn {turn}: {fresh}");
    }
    say(&muster, "compute --as-of 2026-02-01");
    assert_eq!(
        freshness(&muster, "some", "2026-02-01")["computed_version"],
        8
    );
}

#[test]
fn a_definition_that_changes_while_it_is_computed_waits_for_the_next_time() {
    let Versions { muster, members } = versions();
    let child = muster.start(&["compute", "--as-of", "2026-02-01"]).unwrap();
    wait_until_it_computes(&muster);
    change_catalogue(
        &muster,
        "update definitions set version = version + 1 where definition_key = 'some'",
    );
    let outcome = finish(child, "").unwrap();
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let fresh = freshness(&muster, "some", "2026-02-01");
    assert_eq!(ask(&muster, &["members", "some"]), members[1]);
    assert_eq!(
        (
            &fresh["state"],
            &fresh["computed_version"],
            &fresh["version"]
        ),
        (&json!("due"), &json!(2), &json!(3)),
        "{fresh}"
    );
}

#[test]
fn of_two_computations_at_once_the_second_is_told_who_computes() {
    let Versions { muster, members } = versions();
    let first = muster.start(&["compute", "--as-of", "2026-02-01"]).unwrap();
    let number = first.id().to_string();
    wait_until_it_computes(&muster);
    let second = muster
        .call(&["compute", "some", "--as-of", "2026-02-01"])
        .unwrap();
    assert_tells(&second.failure().unwrap(), &["is in use by", &number]);
    assert_eq!(finish(first, "").unwrap().code, Some(0));
    assert_eq!(ask(&muster, &["members", "some"]), members[1]);
}
