//! The workspace as it is keeps the layering that ARCHITECTURE.md draws.

use muster_tests::{layering, metadata, repository};

fn assert_none(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

#[test]
fn no_crate_imports_what_the_layering_forbids() {
    let dependencies = metadata::read().unwrap();
    assert_none(&layering::forbidden_imports(&dependencies));
}

#[test]
fn every_driver_is_known_only_where_it_belongs() {
    let dependencies = metadata::read().unwrap();
    assert_none(&layering::misplaced_drivers(&dependencies));
}

#[test]
fn the_pure_crates_reach_no_runtime_and_no_driver() {
    let dependencies = metadata::read().unwrap();
    assert_none(&layering::impure_reach(&dependencies));
}

#[test]
fn the_pure_crates_do_no_io_and_read_no_clock() {
    assert_none(&layering::impure_sources(&repository::files().unwrap()));
}
