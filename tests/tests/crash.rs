//! Whatever ends a process, what is stored is whole: power cuts and requests to end, while it imports
//! and while it computes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use std::collections::BTreeSet;
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use muster_tests::muster::Muster;
use muster_tests::process::{Outcome, finish, send_signal};
use serde_json::Value as Json;

use self::support::{ask, assert_tells, many_events, say};

/// Events of the file that is imported: several batches.
const ROWS: u64 = 1_000_000;
/// Users of the file, with as many events each.
const USERS: u64 = 5_000;
/// Rows of a batch.
const BATCH: u64 = 250_000;
/// How long the end may take after it was asked for.
const PROMPTLY: Duration = Duration::from_secs(15);

const IMPORT: [&str; 10] = [
    "import", "events", "many.csv", "--user", "user", "--time", "at", "--name", "note", "--json",
];

fn with_many_events() -> Muster {
    let muster = Muster::new().unwrap();
    muster.write("many.csv", &many_events(ROWS)).unwrap();
    muster
}

fn parsed(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn count(muster: &Muster, rule: &str) -> u64 {
    let told = parsed(&ask(muster, &["count", rule, "--json"]));
    assert!(
        told["known_users"] == 0 || told["known_users"] == USERS,
        "{told}"
    );
    told["count"].as_u64().unwrap()
}

/// Sends a signal to a process after a while, and waits for its end, which must come promptly.
fn end(child: Child, signal: &str, after: Duration) -> Outcome {
    thread::sleep(after);
    // A process that has ended by itself takes no signal.
    send_signal(&child, signal).ok();
    let asked = Instant::now();
    let outcome = finish(child, "").unwrap();
    assert!(
        asked.elapsed() < PROMPTLY,
        "{:?}: {outcome:?}",
        asked.elapsed()
    );
    outcome
}

/// Imports the file to its end, which must be there once and whole after it.
fn goes_on_to_the_end(muster: &Muster) {
    let told = parsed(&ask(muster, &IMPORT));
    if told["imported_before"].is_null() {
        let rows = |name: &str| told[name].as_u64().unwrap();
        assert_eq!(rows("added") + rows("resumed_after"), ROWS, "{told}");
    }
    let each = format!("count(note) = {}", ROWS / USERS);
    assert_eq!(count(muster, &each), USERS);
    let again = parsed(&ask(muster, &IMPORT));
    assert!(again["imported_before"].is_string(), "{again}");
}

#[test]
fn an_import_that_is_killed_again_and_again_goes_on_and_adds_every_row_once() {
    let muster = with_many_events();
    for after in [400, 1_500, 900, 2_000, 1_200, 1_700] {
        let child = muster.start(&IMPORT).unwrap();
        let outcome = end(child, "-KILL", Duration::from_millis(after));
        assert!(
            outcome.code.is_none() || outcome.code == Some(0),
            "{outcome:?}"
        );
        // A batch holds the same number of events of each user.
        let counts = ask(&muster, &["members", "count(note)", "--format", "csv"]);
        let counts: BTreeSet<&str> = counts
            .lines()
            .skip(1)
            .filter_map(|line| line.split(',').nth(1))
            .collect();
        let whole = |count: &&str| count.parse::<u64>().unwrap() % (BATCH / USERS) == 0;
        assert!(counts.len() <= 1 && counts.iter().all(whole), "{counts:?}");
    }
    goes_on_to_the_end(&muster);
}

#[test]
fn an_import_that_is_asked_to_end_ends_at_once_and_goes_on_later() {
    for signal in ["-TERM", "-INT"] {
        let muster = with_many_events();
        for after in [500, 1_200] {
            let child = muster.start(&IMPORT).unwrap();
            let outcome = end(child, signal, Duration::from_millis(after));
            assert_eq!(outcome.code, Some(0), "{outcome:?}");
        }
        goes_on_to_the_end(&muster);
    }
}

#[test]
fn an_import_that_waits_for_its_input_ends_when_asked() {
    let muster = Muster::new().unwrap();
    let mut child = muster.start(&["import", "events", "-"]).unwrap();
    let input = child.stdin.take();
    thread::sleep(Duration::from_secs(1));
    let outcome = end(child, "-TERM", Duration::ZERO);
    drop(input);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert_tells(&outcome.stderr, &["stopped"]);
}

/// Tags that say of each user how often and when, so that results as of two instants differ.
const DEFINITIONS: &str = "\
tags:
  - key: some
    rule: count(note) >= 100
  - key: times
    value: count(note)
  - key: level
    cases:
      - {value: high, rule: count(note) >= 150}
      - {value: low, rule: count(note) >= 1}
";

/// The two instants as of which is computed, and what all results say then.
struct Computed {
    muster: Muster,
    instants: [(&'static str, [String; 3]); 2],
}

/// The results of the last computation.
fn results(muster: &Muster) -> [String; 3] {
    ["some", "times", "level"].map(|tag| ask(muster, &["members", tag, "--format", "csv"]))
}

fn computed() -> Computed {
    let muster = with_many_events();
    ask(&muster, &IMPORT);
    muster.write("definitions.yaml", DEFINITIONS).unwrap();
    say(&muster, "apply definitions.yaml");
    let instants = ["2026-01-10", "2026-02-01"].map(|instant| {
        ask(&muster, &["compute", "--as-of", instant]);
        (instant, results(&muster))
    });
    assert_ne!(instants[0].1, instants[1].1);
    Computed { muster, instants }
}

#[test]
fn a_computation_that_is_ended_leaves_the_results_before_or_the_new_ones_whole() {
    let Computed { muster, instants } = computed();
    let signals = ["-KILL", "-TERM", "-KILL", "-INT", "-KILL", "-TERM"];
    for (turn, signal) in signals.into_iter().enumerate() {
        let (instant, _) = &instants[turn % 2];
        let child = muster.start(&["compute", "--as-of", instant]).unwrap();
        let outcome = end(
            child,
            signal,
            Duration::from_millis(250 + 150 * turn as u64),
        );
        let expected = if signal == "-KILL" { None } else { Some(0) };
        assert!(
            outcome.code == expected || outcome.code == Some(0),
            "{outcome:?}"
        );
        let found = results(&muster);
        assert!(
            instants.iter().any(|(_, known)| *known == found),
            "turn {turn}"
        );
    }
    for (instant, known) in &instants {
        ask(&muster, &["compute", "--as-of", instant]);
        assert_eq!(results(&muster), *known);
    }
}
