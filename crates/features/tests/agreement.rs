//! The fold and the reference evaluator say the same of random rules over random histories.
//!
//! A failure prints the seed, and the smallest rule and population found that still disagree.
//! `MUSTER_TEST_CASES` runs more cases, `MUSTER_TEST_SEED` begins elsewhere.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "what fails in a test fails the test"
)]

#[path = "agreement/coverage.rs"]
mod coverage;
#[path = "agreement/holdings.rs"]
mod holdings;
#[path = "agreement/sequences.rs"]
mod sequences;

use std::env;
use std::ops::Range;

use domain::{AudienceKey, ListKey, TagKey, Time, Value, Zone};
use features::arbitrary::{Forms, Population, Random, block, shrink};
use features::evaluate::{self, Scope};
use features::reference::{self, Outcome, User, World};
use features::{Feature, FeatureBlock, FeatureSet, Program, place};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rules::arbitrary::{checkable_rule, names};
use rules::checked::{
    Aggregate, Body, Condition, Measure, Path, Place, Population as CheckedPopulation,
};
use rules::{CheckOptions, CheckedRule};

/// How deep rules are nested.
const DEPTH: usize = 3;

const ALL_FORMS: [Forms; 3] = [Forms::Narrowest, Forms::Mixed, Forms::Texts];

fn number(name: &str, otherwise: u64) -> u64 {
    env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

fn seeds(cases: u64) -> Range<u64> {
    let first = number("MUSTER_TEST_SEED", 1);
    first..first + number("MUSTER_TEST_CASES", cases)
}

/// The features of one user, as the fold left them; tags and lists as they are known.
struct OfBlock<'a> {
    program: &'a Program,
    block: &'a FeatureBlock,
    place: usize,
    user: Option<&'a User>,
    world: &'a World,
}

impl OfBlock<'_> {
    fn feature(&self, feature: &Feature) -> Option<Value> {
        let number = self
            .program
            .features()
            .number(feature)
            .expect("the feature is in the program");
        self.block.columns[number].value(self.place)
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
    fn population(&self, population: &CheckedPopulation) -> Option<Value> {
        let measure = Measure::Population(Box::new(population.clone()));
        reference::value(&measure, self.user?, self.world)
    }
    fn tag_at(&self, tag: &TagKey, at: &Measure, place: Place) -> Option<Value> {
        self.feature(&Feature::TagAt {
            tag: tag.clone(),
            at: at.clone(),
            place,
        })
    }
    fn held_since(&self, test: &Condition) -> Option<Value> {
        self.feature(&Feature::HeldSince(test.clone()))
    }
    fn tag_value(&self, tag: &TagKey, place: Place) -> Option<Value> {
        place::convert(self.user?.tags.get(tag)?.clone(), place)
    }
    fn has_tag(&self, tag: &TagKey) -> bool {
        self.user.is_some_and(|user| user.tags.contains_key(tag))
    }
    fn in_audience(&self, audience: &AudienceKey) -> bool {
        self.user
            .is_some_and(|user| user.audiences.contains(audience))
    }
    fn user_in_list(&self, list: &ListKey) -> bool {
        self.user.is_some_and(|user| user.lists.contains(list))
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
        for (place, number) in block.users.iter().enumerate() {
            let found = population
                .users
                .binary_search_by_key(number, |(number, _)| *number);
            let user = found.ok().map(|found| &population.users[found].1);
            let scope = OfBlock {
                program: &program,
                block: &block,
                place,
                user,
                world,
            };
            answers.push((*number, ask(&scope)));
        }
    });
    answers
}

fn known(population: &Population) -> impl Iterator<Item = &(u32, User)> {
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

fn assert_agreement(condition: &Condition, population: &Population, seed: u64) {
    for forms in ALL_FORMS {
        let fails = |condition: &Condition, population: &Population| {
            disagree(condition, population, forms, seed)
        };
        if fails(condition, population) {
            let (condition, population) = shrink(condition, population, &fails);
            panic!("seed {seed}, {forms:?}: {condition:#?}\n{population:#?}");
        }
    }
}

#[test]
fn the_fold_selects_the_users_that_the_reference_selects() {
    let (mut selected, mut asked) = (0, 0);
    for seed in seeds(3_000) {
        let mut random = Random::new(seed);
        let population = Population::draw(&mut random);
        let condition = population.vocabulary.condition(&mut random, DEPTH);
        for (_, user) in known(&population) {
            asked += 1;
            selected += usize::from(reference::holds(&condition, user, &population.world));
        }
        assert_agreement(&condition, &population, seed);
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
    for seed in seeds(3_000) {
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
        for forms in ALL_FORMS {
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
    for seed in seeds(1_000) {
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

#[test]
fn users_in_different_blocks_do_not_touch_one_another() {
    let seed = seeds(1).start;
    let mut random = Random::new(seed ^ 0xb10c);
    let population = Population::of(&mut random, 5_000);
    let conditions: Vec<Condition> = (0..8)
        .map(|_| population.vocabulary.condition(&mut random, 2))
        .collect();
    let mut set = FeatureSet::default();
    conditions
        .iter()
        .for_each(|condition| set.add_condition(condition));
    let ask = |scope: &dyn Scope| -> Vec<bool> {
        conditions
            .iter()
            .map(|condition| evaluate::condition(condition, scope))
            .collect()
    };
    let holds = |user: &User| -> Vec<bool> {
        let world = &population.world;
        conditions
            .iter()
            .map(|condition| reference::holds(condition, user, world))
            .collect()
    };
    let by_fold = folded(set, &population, Forms::Mixed, seed, &ask);
    assert_eq!(by_fold.len(), known(&population).count());
    for ((number, folded), (known, user)) in by_fold.iter().zip(known(&population)) {
        assert_eq!(
            (number, folded),
            (known, &holds(user)),
            "seed {seed}: {conditions:#?}"
        );
    }
}

/// The conditions, and the measures, that a rule is made of.
fn parts(rule: &CheckedRule) -> Vec<Condition> {
    match rule.body() {
        Body::Condition(condition) => vec![condition.clone()],
        Body::Cases { cases, .. } => cases.iter().map(|case| case.when.clone()).collect(),
        Body::Measure(measure) => vec![Condition::IsSet(measure.clone())],
    }
}

#[test]
fn rules_that_are_written_as_text_agree_too() {
    let config = Config::default();
    let mut chosen = [7; 32];
    chosen[..8].copy_from_slice(&seeds(1).start.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &chosen);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let strategy = checkable_rule();
    for seed in seeds(2_000) {
        let mut random = Random::new(seed ^ 0x7e47);
        let population = Population::draw(&mut random).named_as_in_texts(&mut random);
        let text = strategy.new_tree(&mut runner).expect("a text").current();
        let zone = Zone::named(random.pick("UTC", &["Asia/Shanghai", "America/New_York"]));
        let options = CheckOptions {
            zone: zone.expect("a zone"),
            ..CheckOptions::default()
        };
        let rule = rules::read(&text, &names(), &options)
            .expect("a rule that checks")
            .rule;
        for condition in parts(&rule) {
            assert_agreement(&condition, &population, seed);
        }
        for (_, user) in known(&population) {
            let outcome = reference::evaluate(&rule, user, &population.world);
            let is_layered = matches!(rule.body(), Body::Cases { .. });
            assert_eq!(matches!(outcome, Outcome::Values(_)), is_layered, "{text}");
        }
    }
}
