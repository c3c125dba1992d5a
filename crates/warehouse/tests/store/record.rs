//! The record of changes: what it says of earlier runs is what was stored then, also after old changes were folded.

use std::num::NonZeroUsize;
use std::sync::Arc;

use domain::{Span, TagKey, Time, UserNumber, UserSet};
use features::{Membership, Recorded};
use proptest::prelude::*;
use tags::ports::Results;
use tags::{Past, RunContent, TagResults, TagSlot, UserRows, difference};
use warehouse::{RecordedRun, Retention, Store, UserSelection};

use crate::fresh::{database, engine, open, text};

const DAY: i64 = Span::DAY.millis();

/// When the first run of a test is.
const FIRST: Time = Time::from_millis(1_793_491_200_000);

fn key(tag: &str) -> TagKey {
    TagKey::new(tag).unwrap()
}

/// A tag without values, a layered one, and one that only some runs have.
fn slots() -> [TagSlot; 4] {
    let slot = |tag: &str, value: Option<&str>| TagSlot {
        tag: key(tag),
        value: value.map(Arc::from),
    };
    [
        slot("whale", None),
        slot("tier", Some("gold")),
        slot("tier", Some("silver")),
        slot("fleeting", None),
    ]
}

/// A run: how many hours after the one before, and the members of each slot; the last slot may not be there.
type Drawn = (i64, Vec<Vec<u32>>, bool);

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    let users = prop::collection::vec(0..200_000_u32, 0..6);
    let sets = prop::collection::vec(users, 4);
    prop::collection::vec((-30..60_i64, sets, any::<bool>()), 1..7)
}

fn results(run: u64, now: Time, (_, sets, has_last): &Drawn) -> Arc<TagResults> {
    let count = if *has_last { 4 } else { 3 };
    let members: Vec<Arc<UserSet>> = sets
        .iter()
        .take(count)
        .map(|users| Arc::new(users.iter().copied().collect()))
        .collect();
    Arc::new(TagResults::new(RunContent {
        run,
        now,
        universe: Arc::new(UserSet::below(200_000 + run as u32)),
        slots: slots().into_iter().take(count).collect(),
        rows: UserRows::of_members(&members),
        members,
        values: Default::default(),
    }))
}

/// Stores the runs, and gives them.
fn stored(store: &Store, drawn: &[Drawn]) -> Vec<Arc<TagResults>> {
    let mut now = FIRST;
    let mut runs: Vec<Arc<TagResults>> = Vec::new();
    for (number, run) in (1..).zip(drawn) {
        now = Time::from_millis(now.millis() + run.0 * Span::HOUR.millis());
        let next = results(number, now, run);
        let before = runs.last().map(Arc::as_ref);
        let changes = difference(before, &next, NonZeroUsize::MIN).unwrap();
        store.store(&next, &changes).unwrap();
        runs.push(next);
    }
    runs
}

fn kept_for(changes: Option<Span>) -> (String, Store) {
    let name = database();
    let retention = Retention {
        events: None,
        changes,
    };
    let store = Store::on_as_of(engine(), &name, Time::MAX, retention).unwrap();
    (name, store)
}

/// The members of every slot after a run, by taking back what came later.
fn taken_back(store: &Store, run: &RecordedRun) -> Past {
    let latest = store.latest().unwrap().unwrap();
    let tags = ["whale", "tier", "fleeting"].map(key);
    let mut past = Past::of(&latest, &tags);
    let changes = store.changes_between(&tags, run.run, latest.run()).unwrap();
    for later in changes.unwrap() {
        past.take_back(&later.change);
    }
    past
}

fn assert_known(store: &Store, runs: &[Arc<TagResults>]) {
    let recorded = store.recorded_runs().unwrap();
    let first = recorded.first().unwrap().run;
    assert_eq!(recorded.len() as u64, runs.len() as u64 - first + 1);
    for (run, stored) in recorded.iter().zip(runs.iter().skip(first as usize - 1)) {
        assert_eq!(run.run, stored.run());
        let past = taken_back(store, run);
        for slot in slots() {
            let expected = stored.members_with_slot(&slot).cloned().unwrap_or_default();
            assert_eq!(
                past.members_with(&slot),
                &expected,
                "{slot:?} in run {}",
                run.run
            );
        }
        let known = store.known_in_run(run.run).unwrap().unwrap();
        assert_eq!(known, **stored.universe());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    #[test]
    fn every_run_reads_back_as_it_was_stored(drawn in drawn()) {
        let (_, store) = kept_for(None);
        let runs = stored(&store, &drawn);
        assert_known(&store, &runs);
        let (_, folding) = kept_for(Some(Span::DAY));
        let runs = stored(&folding, &drawn);
        assert_known(&folding, &runs);
        let recorded = folding.recorded_runs().unwrap();
        // At least a day is kept, as far as there is one.
        let edge = recorded.last().unwrap().at.millis() - DAY;
        let first = recorded.first().unwrap();
        prop_assert!(first.run == 1 || first.at.millis() <= edge);
    }
}

#[test]
fn old_changes_become_the_members_of_then_and_later_ones_stay() {
    let (name, store) = kept_for(Some(Span::DAY));
    let run = |hours, whale: &[u32], gold: &[u32]| -> Drawn {
        let sets = vec![whale.to_vec(), gold.to_vec(), vec![], vec![]];
        (hours, sets, true)
    };
    let drawn = [
        run(0, &[1, 2], &[7]),
        run(20, &[2, 3], &[]),
        run(10, &[3, 4], &[8]),
        run(20, &[4], &[8]),
    ];
    let runs = stored(&store, &drawn);
    let reopened = open(&name);
    for store in [&store, &reopened] {
        let recorded = store.recorded_runs().unwrap();
        let numbers: Vec<u64> = recorded.iter().map(|run| run.run).collect();
        assert_eq!(
            numbers,
            [2, 3, 4],
            "the run at 20 h is the last a day before 50 h"
        );
        assert_known(store, &runs);
        let too_early = store.changes_between(&[key("whale")], 1, 4).unwrap();
        assert_eq!(too_early, None);
    }
    let changes = "SELECT run, tag, bitmapToArray(entered), bitmapToArray(left) FROM tag_changes ORDER BY run, tag";
    assert_eq!(
        text(&reopened, changes),
        "2\twhale\t[2,3]\t[]\n3\ttier\t[8]\t[]\n3\twhale\t[4]\t[2]\n4\twhale\t[]\t[3]"
    );
    let rows = ["membership_changes", "first_members", "base_members"]
        .map(|table| text(&reopened, &format!("SELECT count() FROM {table}")));
    assert_eq!(rows, ["3", "0", "1"]);
    let recorded = reopened
        .memberships(&[key("whale")], &UserSelection::Range(0..10))
        .unwrap();
    let rows = recorded
        .into_iter()
        .map(|row: Recorded| (row.user, row.run, row.change));
    let (came, went) = (Membership::Entered, Membership::Left);
    let expected = [
        (2, 2, came),
        (2, 3, went),
        (3, 2, came),
        (3, 4, went),
        (4, 3, came),
    ];
    assert_eq!(rows.collect::<Vec<_>>(), expected);
    let last = reopened
        .last_membership(&key("whale"), UserNumber(2))
        .unwrap();
    assert_eq!(last, Some(runs[1].now()));
}

#[test]
fn a_folding_that_was_cut_short_alters_nothing_and_is_made_again() {
    let (name, store) = kept_for(None);
    let run = |hours, whale: &[u32]| -> Drawn {
        (hours, vec![whale.to_vec(), vec![9], vec![], vec![5]], true)
    };
    let drawn = [
        run(0, &[1, 2]),
        run(10, &[2]),
        run(10, &[2, 3]),
        run(40, &[3]),
    ];
    let runs = stored(&store, &drawn[..3]);
    // Members were written, but nothing says that they count.
    let leftover =
        "INSERT INTO base_members SELECT 2 AS run, slot, tag, value, members FROM first_members";
    store
        .connection()
        .unwrap()
        .execute(leftover, &Default::default())
        .unwrap();
    assert_known(&store, &runs);
    let retention = Retention {
        events: None,
        changes: Some(Span::DAY),
    };
    let folding = Store::on_as_of(engine(), &name, Time::MAX, retention).unwrap();
    let last = results(
        4,
        Time::from_millis(FIRST.millis() + 60 * Span::HOUR.millis()),
        &drawn[3],
    );
    let changes = difference(Some(&runs[2]), &last, NonZeroUsize::MIN).unwrap();
    folding.store(&last, &changes).unwrap();
    let all: Vec<_> = runs.into_iter().chain([last]).collect();
    assert_known(&folding, &all);
    assert_eq!(folding.recorded_runs().unwrap()[0].run, 3);
    // What the members stand for is still there: it is not read twice.
    let again = "INSERT INTO membership_changes SELECT 3 AS run, now, tag, value, entered, left FROM membership_changes";
    folding
        .connection()
        .unwrap()
        .execute(again, &Default::default())
        .unwrap();
    let of_base = "SELECT count() FROM tag_changes WHERE run = 3 AND tag = 'whale'";
    assert_eq!(text(&folding, of_base), "1");
}
