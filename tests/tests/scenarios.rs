//! Scenario files through the whole binary: the corpus passes, and a failure is told.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use muster_tests::muster::Muster;
use muster_tests::repository;

fn corpus() -> String {
    repository::root()
        .join("tests/scenarios")
        .display()
        .to_string()
}

#[test]
fn every_scenario_of_the_corpus_passes() {
    let muster = Muster::new().unwrap();
    let outcome = muster.call(&["scenario", "run", &corpus()]).unwrap();
    let printed = outcome.success().unwrap();
    assert!(printed.ends_with(" passed, 0 failed\n"), "{printed}");
    assert!(
        !muster.data().exists(),
        "scenarios do not touch the data folder"
    );
}

#[test]
fn with_json_there_is_an_object_for_each_scenario_of_the_corpus() {
    let muster = Muster::new().unwrap();
    let outcome = muster.call(&["scenario", "run", &corpus(), "--json"]);
    let printed = outcome.unwrap().success().unwrap();
    assert!(printed.lines().count() > 100, "{printed}");
    for line in printed.lines() {
        let object: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(object["passed"], true, "{line}");
    }
}

#[test]
fn a_scenario_that_fails_says_why_and_the_call_fails() {
    let muster = Muster::new().unwrap();
    let scenario = "scenario: whales\nsteps:\n  - at: 2026-11-22T00:00:00Z\n    define:\n      \
                    tags: [{key: whale, rule: sum(swap.usd) >= 100}]\n    \
                    ingest: [{user: u1, track: swap, properties: {usd: 99}}]\n    \
                    expect: {tags: {whale: [u1]}}\n";
    muster.write("whales.yaml", scenario).unwrap();
    let outcome = muster.call(&["scenario", "run", "whales.yaml"]).unwrap();
    assert_ne!(outcome.code, Some(0));
    for part in [
        "whales.yaml:1",
        "tag `whale`",
        "sum(swap.usd) = 99",
        "0 passed, 1 failed",
    ] {
        assert!(outcome.stdout.contains(part), "{part}: {}", outcome.stdout);
    }
}

#[test]
fn a_file_that_is_not_there_is_a_clear_error() {
    let muster = Muster::new().unwrap();
    let outcome = muster.call(&["scenario", "run", "absent.yaml"]).unwrap();
    assert!(outcome.failure().unwrap().contains("absent.yaml"));
}
