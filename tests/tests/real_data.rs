//! All results that are known of real data come out of Muster, by the commands of `examples/` as
//! they stand there.
//!
//! The data is no part of the repository: `MUSTER_DATA` names the folder that has it.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that is skipped says so; what fails in a test fails the test"
)]

use std::path::Path;
use std::process::Command;

use muster_tests::muster::Muster;
use muster_tests::{readme, real_data, repository};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

/// How many results are known.
const RESULTS: usize = 27;

/// The data set in `expected.json`, the folder of its example, and how many results are known.
const EXAMPLES: [(&str, &str, usize); 5] = [
    ("cow", "cow", 9),
    ("uniswap", "uniswap", 5),
    ("cdnow", "cdnow", 5),
    ("completejourney", "completejourney", 5),
    ("ethtx", "ethereum", 3),
];

fn expected(data: &Path) -> Vec<Json> {
    let text = std::fs::read_to_string(data.join("expected.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Runs the commands that an example shows, from a folder that holds `examples/`.
fn run_example(muster: &Muster, example: &str, data: &Path) {
    let examples = repository::root().join("examples");
    std::os::unix::fs::symlink(&examples, muster.folder().join("examples")).unwrap();
    let text = std::fs::read_to_string(examples.join(example).join("README.md")).unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let folder_of_binary = muster.binary().parent().unwrap();
    let output = Command::new("sh")
        .args(["-eux", "-c", &readme::script(&text)])
        .env("PATH", format!("{}:{path}", folder_of_binary.display()))
        .env("MUSTER_DATA", data)
        .current_dir(muster.folder())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

/// How a result differs from the one that is known; nothing where it is the same.
fn difference(muster: &Muster, example: &str, known: &Json) -> Option<String> {
    let tag = known["name"].as_str().unwrap();
    let data = format!("muster-data-{example}");
    let output = Command::new(muster.binary())
        .args(["members", tag, "--format", "ids", "--data", &data])
        .current_dir(muster.folder())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let ids = String::from_utf8(output.stdout).unwrap();
    let digest: String = Sha256::digest(ids.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let (count, expected) = (ids.lines().count() as u64, &known["expected_count"]);
    let is_same = expected.as_u64() == Some(count)
        && known["expected_sha256_of_sorted_lines"].as_str() == Some(&digest);
    (!is_same).then(|| format!("{example}/{tag}: {count} users, expected {expected}"))
}

fn results_are_as_known(dataset: &str) {
    let Some(data) = real_data::folder() else {
        println!("skipped: no data");
        return;
    };
    let (_, example, results) = EXAMPLES.iter().find(|(name, ..)| *name == dataset).unwrap();
    let mut known = expected(&data);
    known.retain(|result| result["dataset"] == dataset);
    assert_eq!(known.len(), *results);
    let muster = Muster::new().unwrap();
    run_example(&muster, example, &data);
    let differences: Vec<String> = known
        .iter()
        .filter_map(|result| difference(&muster, example, result))
        .collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn the_airdrop_of_cow_is_as_published() {
    results_are_as_known("cow");
}

#[test]
fn the_flags_and_amounts_of_uniswap_are_as_published() {
    results_are_as_known("uniswap");
}

#[test]
fn the_repeat_purchases_of_cdnow_are_as_published() {
    results_are_as_known("cdnow");
}

#[test]
fn the_households_of_the_complete_journey_are_as_computed() {
    results_are_as_known("completejourney");
}

#[test]
fn the_senders_of_ethereum_are_as_computed() {
    results_are_as_known("ethtx");
}

#[test]
fn every_known_result_belongs_to_an_example() {
    let Some(data) = real_data::folder() else {
        println!("skipped: no data");
        return;
    };
    let listed: usize = EXAMPLES.iter().map(|(_, _, results)| results).sum();
    assert_eq!(listed, RESULTS);
    assert_eq!(expected(&data).len(), RESULTS);
}
