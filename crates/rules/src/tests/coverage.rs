//! The random rules have every construct of `GRAMMAR.md`: what a test of random rules never draws, it
//! never tests.

use std::collections::BTreeSet;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value as Json;

use crate::arbitrary::{any_rule, checkable_rule};
use crate::tests::grammar::examples;
use crate::{Rule, parse};

/// What the members of a tree say by one of a few words rather than by a name of the user's.
const WORDS: [&str; 4] = ["function", "operator", "unit", "end"];

/// Nodes that are nothing but a word.
const NODES: [&str; 3] = ["now", "everyone", "any"];

/// The members of a tree, and the words in them.
fn add(json: &Json, constructs: &mut BTreeSet<String>) {
    match json {
        Json::Object(members) => {
            for (name, of) in members {
                constructs.insert(name.clone());
                match of {
                    Json::String(word) if WORDS.contains(&name.as_str()) => {
                        constructs.insert(format!("{name} {word}"));
                    }
                    Json::String(word) if NODES.contains(&word.as_str()) => {
                        constructs.insert(word.clone());
                    }
                    Json::Bool(true) => {
                        constructs.insert(format!("{name} true"));
                    }
                    _ => add(of, constructs),
                }
            }
        }
        Json::Array(elements) => elements.iter().for_each(|element| match element {
            Json::String(word) if NODES.contains(&word.as_str()) => {
                constructs.insert(word.clone());
            }
            element => add(element, constructs),
        }),
        _ => {}
    }
}

fn constructs(rules: impl Iterator<Item = Rule>) -> BTreeSet<String> {
    let mut constructs = BTreeSet::new();
    for rule in rules {
        let json: Json = serde_json::from_str(&rule.to_json().unwrap()).unwrap();
        add(&json, &mut constructs);
    }
    constructs
}

fn drawn<S: Strategy>(strategy: &S, count: usize) -> impl Iterator<Item = S::Value> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    (0..count).map(move |_| strategy.new_tree(&mut runner).unwrap().current())
}

fn of_the_grammar() -> BTreeSet<String> {
    constructs(examples().map(|text| parse(&text).unwrap()))
}

#[test]
fn random_trees_have_every_construct_of_the_grammar() {
    let drawn = constructs(drawn(&any_rule(), 3_000));
    let missing: Vec<String> = of_the_grammar().difference(&drawn).cloned().collect();
    assert!(missing.is_empty(), "never drawn: {missing:?}");
}

#[test]
fn random_rules_that_check_have_every_construct_of_the_grammar() {
    let drawn = constructs(drawn(&checkable_rule(), 6_000).map(|text| parse(&text).unwrap()));
    let missing: Vec<String> = of_the_grammar().difference(&drawn).cloned().collect();
    assert!(missing.is_empty(), "never drawn: {missing:?}");
}
