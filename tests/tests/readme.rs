//! What the README shows works as it stands there.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::process::{Command, Stdio};

use muster_tests::muster::Muster;
use muster_tests::{process, readme, repository};

#[test]
fn every_command_of_the_readme_works() {
    let printed = printed_by("README.md");
    assert!(printed.contains("0xa1"), "{printed}");
}

#[test]
fn every_command_of_the_life_of_a_tag_works_in_both_languages() {
    for (file, version) in [
        ("docs/life.md", "bob: agreed on Monday"),
        ("docs/life.zh-CN.md", "bob: 周一会上已同意"),
    ] {
        let printed = printed_by(file);
        assert!(printed.contains("would enter"), "{printed}");
        assert!(printed.contains(version), "{printed}");
    }
}

/// What the commands of a document print, in a folder of their own.
fn printed_by(document: &str) -> String {
    let text = std::fs::read_to_string(repository::root().join(document)).unwrap();
    let muster = Muster::new().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let folder_of_binary = muster.binary().parent().unwrap();
    let child = Command::new("sh")
        .args(["-eux", "-c", &readme::script(&text)])
        .env("PATH", format!("{}:{path}", folder_of_binary.display()))
        .current_dir(muster.folder())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    process::finish(child, "").unwrap().success().unwrap()
}
