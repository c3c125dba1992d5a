//! What is known among all users stays as it was where only some are refreshed.

use std::sync::Arc;

use super::rules::Asks;
use super::{Case, assert_is_right, config, members_of, seeds};
use crate::refresh::given::FoldedHistories;
use crate::{TagResults, Users, compute};

#[test]
fn a_refresh_of_some_leaves_all_others_with_the_ranks_that_they_had() {
    for seed in seeds() {
        let mut case = Case::draw(seed ^ 0x0A11, Asks::AmongAll);
        let first = case.refresh(&Users::All).unwrap();
        let changed = case.change_some();
        let some = case.refresh(&Users::These(changed.clone())).unwrap();
        let (before, after) = (first.results.populations(), some.results.populations());
        assert!(Arc::ptr_eq(before.unwrap(), after.unwrap()));
        for (slot, after) in some.results.iter() {
            let before = members_of(&first.results, slot);
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
    let drawn = (11..).map(|seed| Case::draw(seed, Asks::AmongAll));
    let asks = |case: &Case| !case.program.populations.is_empty();
    let mut case = drawn.into_iter().find(asks).unwrap();
    let first = case.refresh(&Users::All).unwrap();
    let loaded = TagResults::new(first.results.content().clone());
    let these = Users::These(case.change_some());
    let config = config();
    let folded = FoldedHistories::new(&case.people, &config);
    let again = compute(&folded, &case.program, &these, Some(&loaded), &config).unwrap();
    assert_is_right(&again.results, &case, 11);
}
