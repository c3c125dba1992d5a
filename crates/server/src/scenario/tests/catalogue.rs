//! Each tag of the catalogue has a scenario that shows someone who has it and someone who has not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::*;
use crate::definitions;
use crate::scenario::file::{Expect, Members, Scenario, read};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The tags that an expectation shows from both sides: with somebody inside and somebody outside,
/// or with two values.
fn shown_from_both_sides<'e>(
    expect: &'e Expect,
    users: &BTreeSet<&str>,
    lines: &Lines<'_>,
) -> Vec<&'e str> {
    let in_parts = |members: &Members| {
        let (exactly, some) = (members.exactly.iter().flatten(), members.includes.iter());
        let inside: BTreeSet<&str> = exactly.chain(some).map(String::as_str).collect();
        let is_outside = |user: &&str| match members.exactly {
            Some(_) => !inside.contains(*user),
            None => members.excludes.iter().any(|other| other == *user),
        };
        !inside.is_empty() && users.iter().any(is_outside)
    };
    let at_a_value = |members: &Members| {
        let mut values = members.by_value.values().filter(|at| !at.is_empty());
        values.any(|at| users.iter().any(|user| !at.iter().any(|one| one == user)))
    };
    let tags = expect
        .tags
        .iter()
        .filter(|(_, members)| in_parts(members) || at_a_value(members))
        .map(|(tag, _)| tag.as_str());
    let differ = |values: &BTreeMap<String, exact::Exact>| {
        let texts = values.values().map(|value| value.json(lines).to_string());
        texts.collect::<BTreeSet<String>>().len() > 1
    };
    let values = expect
        .values
        .iter()
        .filter(|(_, values)| differ(values))
        .map(|(tag, _)| tag.as_str());
    tags.chain(values).collect()
}

fn users_of(scenario: &Scenario) -> BTreeSet<&str> {
    let entries = scenario.steps.iter().flat_map(|step| &step.ingest);
    entries.filter_map(|entry| entry.user.as_deref()).collect()
}

#[test]
fn every_predefined_tag_has_a_scenario_with_someone_inside_and_someone_outside() {
    let catalogue = definitions::read(&[root().join("catalogue")]);
    let catalogue = catalogue.unwrap_or_else(|problems| panic!("{problems}"));
    let mut without: BTreeSet<&str> = catalogue.tags.keys().map(|key| key.as_str()).collect();
    let mut files = Vec::new();
    find(&root().join("tests/scenarios/catalogue"), &mut files).unwrap();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let lines = Lines::of(&text);
        for scenario in read(&text) {
            let scenario = scenario.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            let name = &scenario.scenario.value;
            let is_of_catalogue = |path: &String| path.contains("/catalogue");
            for step in &scenario.steps {
                assert!(step.define.from.0.iter().all(is_of_catalogue), "{name}");
                assert!(step.define.tags.is_empty(), "{name}: rules are not copied");
                for tag in shown_from_both_sides(&step.expect, &users_of(&scenario), &lines) {
                    without.remove(tag);
                }
            }
        }
    }
    assert!(
        without.is_empty(),
        "no scenario shows both sides of {without:?}"
    );
}
