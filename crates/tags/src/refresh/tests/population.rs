//! What is known among all users stays as it was where only some are refreshed.

use std::sync::Arc;

use features::arbitrary::Random;

use super::people::People;
use super::rules::{Asks, Rules};
use super::{assert_is_right, config, seeds};
use crate::ports::in_memory::ResultsInMemory;
use crate::refresh::given::FoldedHistories;
use crate::{Deps, TagResults, Users, compute, refresh};

#[test]
fn a_refresh_of_some_leaves_all_others_with_the_ranks_that_they_had() {
    for seed in seeds() {
        let mut random = Random::new(seed ^ 0x0A11);
        let people = People::draw(&mut random);
        let rules = Rules::draw(&mut random, &people, Asks::AmongAll);
        let program = rules.program(&people);
        let results = ResultsInMemory::default();
        let deps = Deps {
            histories: &people,
            results: &results,
        };
        let first = refresh(&deps, &program, &Users::All, &config()).unwrap();
        let (later, changed) = people.changed(&mut random);
        let deps = Deps {
            histories: &later,
            results: &results,
        };
        let these = Users::These(changed.clone());
        let some = refresh(&deps, &program, &these, &config()).unwrap();
        let (before, after) = (first.results.populations(), some.results.populations());
        assert!(Arc::ptr_eq(before.unwrap(), after.unwrap()));
        for ((slot, before), (_, after)) in first.results.iter().zip(some.results.iter()) {
            assert_eq!(
                before.minus(&changed),
                after.minus(&changed),
                "{slot:?}, seed {seed}"
            );
        }
    }
}

#[test]
fn without_what_was_known_among_all_users_everyone_is_refreshed() {
    let mut random = Random::new(11);
    let people = People::draw(&mut random);
    let rules = Rules::draw(&mut random, &people, Asks::AmongAll);
    let program = rules.program(&people);
    assert!(!program.populations.is_empty());
    let results = ResultsInMemory::default();
    let deps = Deps {
        histories: &people,
        results: &results,
    };
    let first = refresh(&deps, &program, &Users::All, &config()).unwrap();
    let loaded = TagResults::new(first.results.content().clone());
    let (later, changed) = people.changed(&mut random);
    let config = config();
    let folded = FoldedHistories {
        histories: &later,
        config: &config,
    };
    let these = Users::These(changed);
    let again = compute(&folded, &program, &these, Some(&loaded), &config).unwrap();
    assert_is_right(&again.results, &rules, &later, 11);
}
