//! The fold and the reference evaluator say the same of random rules over random histories.
//!
//! A failure prints the seed, and the smallest rule and population found that still disagree.
//! `AGREEMENT_CASES` runs more cases, `AGREEMENT_SEED` begins elsewhere.
#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "what fails in a test fails the test"
)]

use std::env;

use domain::{ListKey, Time, Value};
use features::arbitrary::{Forms, Population, Random, block, shrink};
use features::evaluate::{self, Scope};
use features::{Feature, FeatureBlock, FeatureSet, Program};
use features::{place, reference};
use rules::checked::{Aggregate, Condition, Path, Place};

/// How deep rules are nested.
const DEPTH: usize = 3;

fn number(name: &str, otherwise: u64) -> u64 {
    env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

fn seeds() -> std::ops::Range<u64> {
    let first = number("AGREEMENT_SEED", 1);
    first..first + number("AGREEMENT_CASES", 3_000)
}

/// The features of one user, as the fold left them.
struct OfBlock<'a> {
    program: &'a Program,
    block: &'a FeatureBlock,
    user: usize,
}

impl OfBlock<'_> {
    fn feature(&self, feature: &Feature) -> Option<Value> {
        let number = self
            .program
            .features()
            .number(feature)
            .expect("the feature is in the program");
        self.block.columns[number].value(self.user)
    }
}

impl Scope for OfBlock<'_> {
    fn now(&self) -> Time {
        self.program.now()
    }
    fn attribute(&self, path: &Path, place: Place) -> Option<Value> {
        self.feature(&Feature::Attribute {
            path: path.clone(),
            place,
        })
    }
    fn aggregate(&self, aggregate: &Aggregate) -> Option<Value> {
        self.feature(&Feature::Aggregate(aggregate.clone()))
    }
    fn value_in_list(&self, list: &ListKey, text: &str) -> bool {
        self.program
            .lists()
            .get(list)
            .is_some_and(|texts| texts.contains(text))
    }
}

/// The known users with what `ask` says of each, by the fold.
fn folded<T>(
    set: FeatureSet,
    population: &Population,
    forms: Forms,
    seed: u64,
    ask: &dyn Fn(&dyn Scope) -> T,
) -> Vec<(u32, T)> {
    let world = &population.world;
    let program = Program::new(set, world.now, world.lists.clone());
    let mut random = Random::new(seed);
    let history = block(&population.users, program.wanted(), forms, &mut random);
    let mut answers = Vec::new();
    program.fold(&history, &mut |block| {
        for (user, number) in block.users.iter().enumerate() {
            if block.known[user / 64] >> (user % 64) & 1 == 1 {
                let scope = OfBlock {
                    program: &program,
                    block: &block,
                    user,
                };
                answers.push((*number, ask(&scope)));
            }
        }
    });
    answers
}

fn known(population: &Population) -> impl Iterator<Item = &(u32, reference::User)> {
    population
        .users
        .iter()
        .filter(|(_, user)| user.is_known(population.world.now))
}

fn disagree(condition: &Condition, population: &Population, forms: Forms, seed: u64) -> bool {
    let mut set = FeatureSet::default();
    set.add_condition(condition);
    let ask = |scope: &dyn Scope| evaluate::condition(condition, scope);
    let by_fold = folded(set, population, forms, seed, &ask);
    let by_reference: Vec<(u32, bool)> = known(population)
        .map(|(number, user)| {
            (
                *number,
                reference::holds(condition, user, &population.world),
            )
        })
        .collect();
    by_fold != by_reference
}

#[test]
fn the_fold_selects_the_users_that_the_reference_selects() {
    let mut selected = 0;
    let mut asked = 0;
    for seed in seeds() {
        let mut random = Random::new(seed);
        let population = Population::draw(&mut random);
        let condition = population.vocabulary.condition(&mut random, DEPTH);
        for (_, user) in known(&population) {
            asked += 1;
            selected += usize::from(reference::holds(&condition, user, &population.world));
        }
        for forms in [Forms::Narrowest, Forms::Mixed, Forms::Texts] {
            let fails = |condition: &Condition, population: &Population| {
                disagree(condition, population, forms, seed)
            };
            if fails(&condition, &population) {
                let (condition, population) = shrink(&condition, &population, &fails);
                panic!("seed {seed}, {forms:?}: {condition:#?}\n{population:#?}");
            }
        }
    }
    println!("{selected} of {asked} answers are yes");
    assert!(
        asked / 5 < selected && selected < asked * 4 / 5,
        "rules hold for some, not for all"
    );
}

#[test]
fn the_fold_measures_what_the_reference_measures() {
    let mut present = 0;
    for seed in seeds() {
        let mut random = Random::new(seed ^ 0x5eed);
        let population = Population::draw(&mut random);
        let measure = population.vocabulary.measure(&mut random, DEPTH);
        let mut set = FeatureSet::default();
        set.add_measure(&measure);
        let ask = |scope: &dyn Scope| evaluate::measure(&measure, scope);
        let by_reference: Vec<(u32, Option<Value>)> = known(&population)
            .map(|(number, user)| (*number, reference::value(&measure, user, &population.world)))
            .collect();
        present += by_reference
            .iter()
            .filter(|(_, value)| value.is_some())
            .count();
        for forms in [Forms::Narrowest, Forms::Mixed, Forms::Texts] {
            let by_fold = folded(set.clone(), &population, forms, seed, &ask);
            assert_eq!(
                canonical(by_fold),
                canonical(by_reference.clone()),
                "seed {seed}, {forms:?}: {measure:#?}\n{population:#?}"
            );
        }
    }
    assert!(present > 0);
}

/// What is stored is text, so that of a value of any type only its text is known.
fn canonical(values: Vec<(u32, Option<Value>)>) -> Vec<(u32, Option<Value>)> {
    let canonical = |value: Value| place::convert(value.clone(), Place::Text).unwrap_or(value);
    values
        .into_iter()
        .map(|(user, value)| (user, value.map(canonical)))
        .collect()
}

#[test]
fn not_is_the_complement_among_known_users() {
    for seed in seeds() {
        let mut random = Random::new(seed ^ 0xdead);
        let population = Population::draw(&mut random);
        let condition = population.vocabulary.condition(&mut random, DEPTH);
        let mut set = FeatureSet::default();
        set.add_condition(&condition);
        let negated = Condition::Not(Box::new(condition.clone()));
        let ask = |scope: &dyn Scope| {
            (
                evaluate::condition(&condition, scope),
                evaluate::condition(&negated, scope),
            )
        };
        for (user, (yes, no)) in folded(set, &population, Forms::Mixed, seed, &ask) {
            assert!(yes != no, "seed {seed}, user {user}: {condition:#?}");
        }
    }
}
