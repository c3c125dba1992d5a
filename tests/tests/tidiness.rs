//! The repository as it is keeps the house style.

use anyhow::Result;
use muster_tests::repository::RepositoryFile;
use muster_tests::{metadata, repository, tidiness};

fn assert_none(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

fn assert_clean(check: fn(&[RepositoryFile]) -> Vec<String>) -> Result<()> {
    assert_none(&check(&repository::files()?));
    Ok(())
}

#[test]
fn every_source_file_says_what_it_is() -> Result<()> {
    assert_clean(tidiness::code_without_heading)
}

#[test]
fn no_source_file_is_too_long() -> Result<()> {
    assert_clean(tidiness::long_files)
}

#[test]
fn no_function_is_too_long() -> Result<()> {
    assert_clean(tidiness::long_functions)
}

#[test]
fn no_name_is_empty_of_meaning() -> Result<()> {
    assert_clean(tidiness::forbidden_type_names)?;
    assert_clean(tidiness::vague_file_names)
}

#[test]
fn modules_stand_beside_their_folders() -> Result<()> {
    assert_clean(tidiness::module_files)
}

#[test]
fn nothing_is_left_unfinished() -> Result<()> {
    assert_clean(tidiness::unfinished_work)
}

#[test]
fn no_path_of_a_machine_is_named() -> Result<()> {
    assert_clean(tidiness::machine_paths)
}

#[test]
fn no_file_is_too_large_for_git() -> Result<()> {
    assert_clean(tidiness::large_files)
}

#[test]
fn every_crate_has_a_readme_and_takes_the_lints() {
    let dependencies = metadata::read().unwrap();
    let folders: Vec<&str> = dependencies
        .members
        .values()
        .map(|member| member.folder.as_str())
        .collect();
    assert_none(&tidiness::bare_crates(
        &folders,
        &repository::files().unwrap(),
    ));
}

#[test]
fn the_workspace_denies_what_the_style_forbids() {
    let manifest = std::fs::read_to_string(repository::root().join("Cargo.toml")).unwrap();
    assert_none(&tidiness::missing_lints(&manifest.parse().unwrap()));
}

#[test]
fn both_readmes_show_the_same_commands() -> Result<()> {
    assert_clean(tidiness::differing_commands)
}

#[test]
fn links_between_documents_lead_somewhere() -> Result<()> {
    assert_clean(tidiness::broken_links)
}

#[test]
fn every_invariant_names_a_test_that_is_there() -> Result<()> {
    assert_clean(tidiness::invariants_without_test)
}
