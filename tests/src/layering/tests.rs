//! Each check of the layering finds a bad sample.

use std::collections::BTreeSet;

use super::*;
use crate::metadata::{Member, Package};

fn workspace(edges: &[(&str, &[&str], &[&str])]) -> Dependencies {
    let names = |list: &[&str]| -> BTreeSet<String> { list.iter().map(|&n| n.into()).collect() };
    let mut dependencies = Dependencies::default();
    for (name, normal, development) in edges {
        let member = Member {
            id: (*name).to_owned(),
            folder: format!("crates/{name}"),
            normal: names(normal),
            development: names(development),
        };
        dependencies.members.insert((*name).to_owned(), member);
        let package = Package {
            name: (*name).to_owned(),
            needs: names(normal),
        };
        dependencies.packages.insert((*name).to_owned(), package);
    }
    dependencies
}

#[test]
fn the_designed_imports_are_allowed() {
    let good = workspace(&[
        ("domain", &[], &[]),
        ("rules", &["domain", "serde"], &["proptest"]),
        ("tags", &["domain", "rules"], &["audiences"]),
        ("audiences", &["domain"], &[]),
        ("warehouse", &["tags", "libloading"], &[]),
        ("api", &["tags", "axum"], &[]),
        ("server", &["api", "warehouse"], &[]),
    ]);
    assert_eq!(forbidden_imports(&good), [""; 0]);
    assert_eq!(misplaced_drivers(&good), [""; 0]);
    assert_eq!(impure_reach(&good), [""; 0]);
}

#[test]
fn a_stage_that_imports_a_stage_is_found() {
    let bad = workspace(&[("tags", &["audiences"], &[]), ("audiences", &[], &[])]);
    let findings = forbidden_imports(&bad);
    assert_eq!(findings.len(), 1);
    assert!(findings[0].starts_with("`tags` imports `audiences`"));
}

#[test]
fn an_adapter_that_imports_an_adapter_is_found() {
    let bad = workspace(&[("catalog", &["warehouse"], &[]), ("warehouse", &[], &[])]);
    assert_eq!(forbidden_imports(&bad).len(), 1);
}

#[test]
fn an_api_that_imports_an_adapter_is_found() {
    let bad = workspace(&[("api", &["catalog"], &[]), ("catalog", &[], &[])]);
    assert_eq!(forbidden_imports(&bad).len(), 1);
}

#[test]
fn a_test_that_uses_what_stands_above_is_found() {
    let bad = workspace(&[("rules", &[], &["tags"]), ("tags", &[], &[])]);
    assert_eq!(
        forbidden_imports(&bad),
        ["the tests of `rules` use `tags`, which stands above it"]
    );
}

#[test]
fn a_crate_outside_the_picture_is_found() {
    let bad = workspace(&[("surprise", &[], &[])]);
    assert_eq!(forbidden_imports(&bad).len(), 1);
}

#[test]
fn a_driver_in_the_wrong_crate_is_found() {
    let bad = workspace(&[("server", &["axum", "sqlx"], &[])]);
    assert_eq!(misplaced_drivers(&bad).len(), 2);
}

#[test]
fn a_runtime_that_a_pure_crate_reaches_through_another_is_found() {
    let bad = workspace(&[
        ("domain", &["harmless"], &[]),
        ("harmless", &["tokio-util"], &[]),
        ("tokio-util", &[], &[]),
    ]);
    assert_eq!(
        impure_reach(&bad),
        ["`domain` must stay pure, but reaches `tokio-util`: domain → harmless → tokio-util"]
    );
}

#[test]
fn a_family_is_its_name_and_what_follows_a_hyphen() {
    assert!(belongs("arrow", "arrow"));
    assert!(belongs("arrow-array", "arrow"));
    assert!(!belongs("arrowhead", "arrow"));
}

#[test]
fn a_clock_in_a_pure_crate_is_found() {
    let file = |path, text| RepositoryFile::text(path, text);
    let bad = file(
        "crates/rules/src/check.rs",
        "//! Checks.\nlet now = jiff::Timestamp::now();\n",
    );
    assert_eq!(impure_sources(&[bad]).len(), 1);
    let good = [
        file(
            "crates/rules/src/check.rs",
            "//! No `Instant::now` here.\n#[cfg(test)]\nuse std::fs;\n",
        ),
        file("crates/rules/src/check/tests.rs", "use std::fs;\n"),
        file("crates/warehouse/src/store.rs", "use std::fs;\n"),
    ];
    assert_eq!(impure_sources(&good), [""; 0]);
}
