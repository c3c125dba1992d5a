//! The refresh against the reference evaluator, user by user, on random tags and histories.

mod expected;
mod given;
mod people;
mod population;
mod ranges;
mod rules;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::Arc;

use ::rules::checked::{Body, Condition};
use domain::{TagKey, UserNumber, UserSet, Value};
use features::arbitrary::Random;

use self::expected::with_tags;
use self::people::People;
use self::rules::{Asks, Rules, key};
use super::*;
use crate::TagSlot;
use crate::ports::in_memory::ResultsInMemory;
use crate::rows::UserRows;

/// Random users and tags, and what refreshes have found of them.
struct Case {
    random: Random,
    people: People,
    rules: Rules,
    program: TagProgram,
    results: ResultsInMemory,
}

impl Case {
    fn draw(seed: u64, asks: Asks) -> Self {
        let mut random = Random::new(seed);
        let people = People::draw(&mut random);
        let rules = Rules::draw(&mut random, &people, asks);
        Self {
            program: rules.program(&people),
            results: ResultsInMemory::default(),
            random,
            people,
            rules,
        }
    }

    fn refresh(&self, users: &Users) -> Result<Refreshed, Error> {
        let deps = Deps {
            histories: &self.people,
            results: &self.results,
        };
        refresh(&deps, &self.program, users, &config())
    }

    /// Lets time pass: the histories of some users are others and what they are given, and these are the ones.
    fn change_some(&mut self) -> UserSet {
        let (later, changed) = self.people.changed(&mut self.random);
        self.people = later;
        for place in 0..self.rules.tags.len() {
            if let Some(old) = self.rules.given.get(&self.rules.tags[place].0) {
                let new = given::regiven(&mut self.random, old, &changed);
                self.rules.give(place, new);
            }
        }
        self.program = self.rules.program(&self.people);
        changed
    }
}

/// Checks everything in the results against the reference.
fn assert_is_right(results: &TagResults, Case { rules, people, .. }: &Case, seed: u64) {
    let now = people.world.now;
    let known = people.users.iter().filter(|(_, user)| user.is_known(now));
    let universe: UserSet = known.map(|(number, _)| *number).collect();
    assert_eq!(**results.universe(), universe, "known users, seed {seed}");
    let mut members: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); results.slots().len()];
    let mut values: BTreeMap<TagKey, Vec<(UserNumber, Value)>> = BTreeMap::new();
    let expected = with_tags((rules, rules.tags.len()), people, now);
    let known = people.users.iter().zip(expected);
    for ((number, _), user) in known.filter(|((_, user), _)| user.is_known(now)) {
        let tags = user.tags;
        for (slot, members) in results.slots().iter().zip(&mut members) {
            let has = match (tags.get(&slot.tag), &slot.value) {
                (None, _) => false,
                (Some(_), None) => true,
                (Some(value), Some(wanted)) => {
                    features::place::elements(value).contains(&Value::Text(Arc::clone(wanted)))
                }
            };
            if has {
                members.insert(*number);
            }
        }
        for (key, body, _) in &rules.tags {
            if let (Body::Measure(_), Some(value)) = (body, tags.get(key)) {
                values
                    .entry(key.clone())
                    .or_default()
                    .push((UserNumber(*number), value.clone()));
            }
        }
    }
    for ((slot, found), members) in results.iter().zip(members) {
        let found: BTreeSet<u32> = found.iter().map(u32::from).collect();
        assert_eq!(
            found,
            members,
            "{slot:?}, seed {seed}, {:?}",
            rules.body_of(&slot.tag)
        );
    }
    for (key, found) in results.all_values() {
        let found: Vec<_> = found.iter().collect();
        assert_eq!(
            found,
            values.remove(key).unwrap_or_default(),
            "{key}, seed {seed}, {:?}",
            rules.body_of(key)
        );
    }
    let sets: Vec<_> = results
        .iter()
        .map(|(_, members)| Arc::clone(members))
        .collect();
    let rows = UserRows::of_members(&sets);
    for user in 0..people.extent() {
        let user = UserNumber(user);
        assert_eq!(
            results.rows().packed(user),
            rows.packed(user),
            "row of {user}, seed {seed}"
        );
    }
}

/// Who is in a slot; nobody, where there is no such slot.
fn members_of(results: &TagResults, slot: &TagSlot) -> Arc<UserSet> {
    let members = results.members_with_slot(slot);
    members.cloned().unwrap_or_default()
}

fn config() -> Config {
    Config {
        threads: NonZeroUsize::new(2).unwrap(),
        users_per_read: 8_192,
    }
}

/// The seeds of random cases: `MUSTER_TEST_CASES` of them from `MUSTER_TEST_SEED` on, for longer
/// runs by command and for single cases.
fn seeds() -> std::ops::Range<u64> {
    let number = |name: &str, usual: u64| {
        std::env::var(name)
            .ok()
            .and_then(|number| number.parse().ok())
            .unwrap_or(usual)
    };
    let first = number("MUSTER_TEST_SEED", 0);
    first..first + number("MUSTER_TEST_CASES", 60)
}

#[test]
fn a_refresh_of_all_agrees_with_the_reference_evaluator() {
    for seed in seeds() {
        let asks = if seed % 2 == 0 {
            Asks::AmongAll
        } else {
            Asks::OfEach
        };
        let case = Case::draw(seed, asks);
        let refreshed = case.refresh(&Users::All).unwrap();
        assert_is_right(&refreshed.results, &case, seed);
    }
}

#[test]
fn a_refresh_of_those_who_changed_gives_what_a_refresh_of_all_gives() {
    for seed in seeds() {
        let mut case = Case::draw(seed ^ 0xABCD, Asks::OfEach);
        let first = case.refresh(&Users::All).unwrap();
        let changed = case.change_some();
        let some = case.refresh(&Users::These(changed)).unwrap();
        assert_is_right(&some.results, &case, seed);
        let all = case.refresh(&Users::All).unwrap();
        assert!(
            all.changes.changes.is_empty(),
            "a repair finds nothing to correct, seed {seed}"
        );
        for ((_, before), (_, after)) in some.results.iter().zip(all.results.iter()) {
            assert!(Arc::ptr_eq(before, after), "it shares all, seed {seed}");
        }
        for change in &some.changes.changes {
            let before = members_of(&first.results, &change.slot);
            let after = members_of(&some.results, &change.slot);
            assert_eq!(before.minus(&change.left).or(&change.entered), *after);
            assert!(change.left.is_subset(&before) && change.entered.and(&before).is_empty());
        }
        assert_eq!(case.results.changes().len(), 3);
    }
}

#[test]
fn results_of_other_definitions_are_no_base_for_a_refresh_of_some() {
    let mut case = Case::draw(7, Asks::OfEach);
    let these = Users::These(UserSet::below(3));
    let refused = |case: &Case| {
        let refreshed = case.refresh(&these);
        matches!(refreshed, Err(Error::DefinitionsChanged))
    };
    assert!(refused(&case));
    case.refresh(&Users::All).unwrap();
    case.rules.tags.push((
        key("new", 1),
        Body::Condition(Condition::Constant(true)),
        None,
    ));
    case.program = case.rules.program(&case.people);
    assert!(refused(&case));
    let all = case.refresh(&Users::All).unwrap();
    let new = all
        .changes
        .changes
        .iter()
        .find(|change| change.slot.tag == key("new", 1))
        .unwrap();
    assert_eq!(&new.entered, all.results.universe());
}
