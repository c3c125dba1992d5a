//! The random rules of this crate are made of everything that rules are made of when they are checked.

use std::collections::BTreeSet;

use features::arbitrary::{Ingredients, Population, Random};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rules::arbitrary::{checkable_rule, names};
use rules::checked::{Body, Measure};
use rules::{CheckOptions, read};

/// What names other tags, audiences and lists of users, which the tests of their refresh draw
/// (`tags/src/refresh/tests/rules.rs`).
const OF_OTHER_TAGS: [&str; 5] = [
    "AudienceKey",
    "HasTag",
    "InAudience",
    "TagValue",
    "UserInList",
];

/// The variants that a value shows, without what stands in its texts.
fn variants(shown: &str) -> BTreeSet<String> {
    let outside = shown.split('"').step_by(2);
    let words = outside.flat_map(|text| text.split(|letter: char| !letter.is_alphanumeric()));
    words
        .filter(|word| word.starts_with(char::is_uppercase))
        .map(str::to_owned)
        .collect()
}

#[test]
fn random_conditions_are_made_of_everything_that_rules_become() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let texts = checkable_rule();
    let mut wanted = BTreeSet::new();
    for _ in 0..3_000 {
        let text = texts.new_tree(&mut runner).expect("a text").current();
        let checked = read(&text, &names(), &CheckOptions::default()).expect("it checks");
        if let Body::Condition(condition) = checked.rule.body() {
            wanted.extend(variants(&format!("{condition:?}")));
        }
    }
    let mut drawn = BTreeSet::new();
    for seed in 0..3_000 {
        let mut random = Random::new(seed);
        let population = Population::of(&mut random, 1);
        let vocabulary = &population.vocabulary;
        let condition = vocabulary.condition(&mut random, 3);
        let ingredients = Ingredients {
            measure: &|random, place| vocabulary.measure_of(random, place, 1),
            condition: &|random| vocabulary.condition(random, 1),
        };
        let (among_all, _) = ingredients.population(&mut random);
        let measure = Measure::Population(Box::new(among_all));
        drawn.extend(variants(&format!("{condition:?} {measure:?}")));
    }
    drawn.extend(OF_OTHER_TAGS.map(str::to_owned));
    let missing: Vec<&String> = wanted.difference(&drawn).collect();
    assert!(missing.is_empty(), "never drawn: {missing:?}");
}
