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
    let text = std::fs::read_to_string(repository::root().join("README.md")).unwrap();
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
    let printed = process::finish(child, "").unwrap().success().unwrap();
    assert!(printed.contains("0xa1"), "{printed}");
}
