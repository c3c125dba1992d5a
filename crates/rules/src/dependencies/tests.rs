//! What rules read, and in which order tags are computed.

use std::collections::{BTreeMap, BTreeSet};

use domain::TagKey;

use super::{Cycle, Defined, Dependencies, order};
use crate::tests::vocabulary::vocabulary;
use crate::{CheckOptions, Diagnostic, TextRange, parse, read};

fn dependencies(text: &str) -> Dependencies {
    read(text, &vocabulary(), &CheckOptions::default())
        .unwrap()
        .rule
        .dependencies()
        .clone()
}

fn tags(of: &[(&str, &[&str])]) -> BTreeMap<TagKey, BTreeSet<TagKey>> {
    let key = |text: &str| TagKey::new(text).unwrap();
    of.iter()
        .map(|(tag, on)| (key(tag), on.iter().map(|on| key(on)).collect()))
        .collect()
}

#[test]
fn a_rule_tells_everything_that_it_reads() {
    let found = dependencies(
        r#"count((swap, quest_*) where chain = "bsc" and user.country = "SG", since signup_at) > 0
           and tag(sybil) and not in list(staff) and country in list(hot_countries)
           and in audience(whales)"#,
    );
    assert_eq!(format!("{:?}", found.tags), r#"{TagKey("sybil")}"#);
    assert_eq!(found.lists.len(), 2);
    assert_eq!(found.audiences.len(), 1);
    assert_eq!(
        format!("{:?}", found.attributes),
        r#"{"country", "signup_at"}"#
    );
    assert_eq!(
        format!("{:?}", found.events),
        r#"{EventName("swap"): {"chain"}}"#
    );
    assert_eq!(
        format!("{:?}", found.event_prefixes),
        r#"{"quest_": {"chain"}}"#
    );
    assert!(!found.moves_with_time);
    assert!(dependencies("did(swap, last 3d)").moves_with_time);
    assert!(dependencies("age(signup_at) > 3d").moves_with_time);
}

#[test]
fn tags_are_known_before_anything_is_checked() {
    let rule = parse("case \"a\" when tag(x) = \"y\" case \"b\" when not tag(z)").unwrap();
    assert_eq!(
        format!("{:?}", rule.tags()),
        r#"{TagKey("x"), TagKey("z")}"#
    );
}

#[test]
fn tags_stand_behind_those_they_depend_on() {
    let ordered = order(&tags(&[
        ("a", &["c", "b"]),
        ("b", &["c"]),
        ("c", &["unknown"]),
        ("d", &[]),
    ]));
    let keys: Vec<String> = ordered.unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(keys, ["c", "b", "a", "d"]);
}

#[test]
fn a_cycle_is_told_with_its_whole_path() {
    let cycle = order(&tags(&[
        ("a", &["b"]),
        ("b", &["c"]),
        ("c", &["d"]),
        ("d", &["b"]),
    ]));
    let path = |cycle: Cycle| cycle.path.into_iter().map(Defined::Tag).collect();
    let told = Diagnostic::cycle(path(cycle.unwrap_err()), TextRange::default());
    assert_eq!(
        told.message.en,
        "these depend on one another: `b` → `c` → `d` → `b`: take one step out"
    );
    assert_eq!(
        told.message.zh,
        "它们互相依赖：`b` → `c` → `d` → `b`：去掉其中一环"
    );
    let own = order(&tags(&[("a", &["a"])])).unwrap_err();
    let told = Diagnostic::cycle(path(own), TextRange::default());
    assert_eq!(
        told.message.en,
        "these depend on one another: `a` → `a`: take one step out"
    );
}

#[test]
fn a_chain_of_a_hundred_thousand_tags_is_ordered() {
    let key = |number: usize| TagKey::new(&format!("t{number:06}")).unwrap();
    let chain = (0..100_000).map(|number| (key(number), BTreeSet::from([key(number + 1)])));
    assert_eq!(order(&chain.collect()).unwrap().len(), 100_000);
}
