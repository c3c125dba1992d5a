//! Results of runs in the store.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

use domain::{Decimal, TagKey, Time, UserNumber, UserSet, Value};
use features::{Membership, Recorded};
use tags::ports::Results;
use tags::{RunContent, TagResults, TagSlot, UserRows, difference};
use warehouse::chdb::Params;
use warehouse::{Store, UserSelection};

use crate::fresh::{database, open, store, text};

/// A store, and the same opened again.
fn stores() -> [Store; 2] {
    let database = database();
    [(); 2].map(|()| open(&database))
}

fn slot(tag: &str, value: Option<&str>) -> TagSlot {
    TagSlot {
        tag: TagKey::new(tag).unwrap(),
        value: value.map(Arc::from),
    }
}

/// When runs are, unless a test says otherwise.
const NOW: Time = Time::from_millis(1_793_491_200_123);

fn results(run: u64, sets: [std::ops::Range<u32>; 4]) -> Arc<TagResults> {
    results_at(run, NOW, sets)
}

fn results_at(run: u64, now: Time, sets: [std::ops::Range<u32>; 4]) -> Arc<TagResults> {
    let slots = vec![
        slot("nobody", None),
        slot("level", Some("gold")),
        slot("level", Some("")),
        slot("spent", None),
    ];
    let members: Vec<Arc<UserSet>> = sets
        .into_iter()
        .map(|users| Arc::new(users.collect()))
        .collect();
    let value = |user: UserNumber| match user.0 % 3 {
        0 => Value::Number(Decimal::parse("12.5").unwrap()),
        1 => Value::text("a\tb"),
        _ => Value::List(Arc::from([
            Value::text("x"),
            Value::Time(Time::from_millis(5)),
        ])),
    };
    let values = members[3].iter().map(|user| (user, value(user))).collect();
    let rows = UserRows::of_members(&members);
    Arc::new(TagResults::new(RunContent {
        run,
        now,
        universe: Arc::new(UserSet::below(200_000)),
        slots: slots.into(),
        members,
        values: BTreeMap::from([(TagKey::new("spent").unwrap(), Arc::new(values))]),
        rows,
    }))
}

#[test]
fn the_latest_run_is_loaded_as_it_was_stored_and_takes_the_place_of_the_one_before() {
    let [store, reopened] = stores();
    assert!(store.latest().unwrap().is_none());
    let threads = NonZeroUsize::MIN;
    let first = results(1, [0..0, 3..20, 0..100_000, 5..900]);
    store
        .store(&first, &difference(None, &first, threads).unwrap())
        .unwrap();
    assert_eq!(*store.latest().unwrap().unwrap(), *first);
    let second = results(2, [7..8, 3..25, 0..100_000, 5..6]);
    store
        .store(
            &second,
            &difference(Some(&first), &second, threads).unwrap(),
        )
        .unwrap();
    assert_eq!(*store.latest().unwrap().unwrap(), *second);
    assert_eq!(*reopened.latest().unwrap().unwrap(), *second);
    // The large set has not changed and was not written again.
    let written = "SELECT run, count() FROM tag_members GROUP BY run ORDER BY run";
    assert_eq!(text(&store, written), "1\t4\n2\t3");
    assert_eq!(
        text(
            &store,
            "SELECT tag, value, bitmapCardinality(members) FROM current_tags ORDER BY tag, value"
        ),
        "level\t\t100000\nlevel\tgold\t22\nnobody\t\\N\t1\nspent\t\\N\t1"
    );
    let changes = "SELECT tag, value, bitmapToArray(entered), bitmapCardinality(left) FROM tag_changes \
        WHERE run = 2 ORDER BY tag";
    assert_eq!(
        text(&store, changes),
        "level\tgold\t[20,21,22,23,24]\t0\nnobody\t\\N\t[7]\t0\nspent\t\\N\t[]\t894"
    );
}

#[test]
fn a_tag_that_comes_or_goes_and_a_value_that_changes_write_nothing_else() {
    let [store, reopened] = stores();
    let first = results(1, [3..9, 0..100_000, 0..150_000, 0..70_000]);
    let mut before: Option<Arc<TagResults>> = None;
    let mut keep = |content: RunContent| {
        let rows = UserRows::of_members(&content.members);
        let run = Arc::new(TagResults::new(RunContent { rows, ..content }));
        let changes = difference(before.as_deref(), &run, NonZeroUsize::MIN).unwrap();
        store.store(&run, &changes).unwrap();
        before = Some(run);
    };
    keep(first.content().clone());
    let spent = TagKey::new("spent").unwrap();
    let mut second = first.content().clone();
    let slots = [slot("new", None)]
        .into_iter()
        .chain(first.slots().iter().cloned());
    (second.run, second.slots) = (2, slots.collect());
    second.members.insert(0, Arc::new((5..8).collect()));
    let changed = |(user, value): (UserNumber, Value)| match user.0 {
        69_999 => (user, Value::text("changed")),
        _ => (user, value),
    };
    let values = first.values(&spent).unwrap().iter().map(changed).collect();
    second.values.insert(spent.clone(), Arc::new(values));
    keep(second.clone());
    let sets = "SELECT run, count() FROM tag_members GROUP BY run ORDER BY run";
    let pieces = "SELECT DISTINCT run, tag, piece FROM metric_pieces ORDER BY run, piece";
    assert_eq!(text(&store, sets), "1\t4\n2\t1");
    assert_eq!(
        text(&store, pieces),
        "1\tspent\t0\n1\tspent\t1\n2\tspent\t1"
    );
    let third = RunContent {
        run: 3,
        ..first.content().clone()
    };
    keep(RunContent {
        values: second.values,
        ..third
    });
    assert_eq!(text(&store, sets), "1\t4\n2\t1");
    let tags = "SELECT arrayStringConcat(groupArray(tag), ' ') FROM (SELECT tag FROM current_tags ORDER BY tag)";
    assert_eq!(text(&store, tags), "level level nobody spent");
    let value = "SELECT value FROM current_values WHERE tag = 'spent' AND user IN (69996, 69999) ORDER BY user";
    assert_eq!(text(&store, value), "12.5\nchanged");
    assert_eq!(reopened.latest().unwrap(), before);
}

#[test]
fn a_run_that_was_cut_short_is_not_there_and_can_be_stored_again() {
    let [crashed, store] = stores();
    let threads = NonZeroUsize::MIN;
    let first = results(1, [0..0, 3..20, 0..100_000, 5..9]);
    let changes = difference(None, &first, threads).unwrap();
    crashed.store(&first, &changes).unwrap();
    let second = results(2, [1..2, 3..20, 0..100_000, 5..9]);
    let further = difference(Some(&first), &second, threads).unwrap();
    crashed.store(&second, &further).unwrap();
    let forget = "ALTER TABLE runs DELETE WHERE run = 2 SETTINGS mutations_sync = 2";
    store
        .connection()
        .unwrap()
        .execute(forget, &Params::new())
        .unwrap();
    assert_eq!(*store.latest().unwrap().unwrap(), *first);
    store.store(&second, &further).unwrap();
    assert_eq!(*store.latest().unwrap().unwrap(), *second);
    assert_eq!(
        text(
            &store,
            "SELECT count() FROM membership_changes WHERE run = 2"
        ),
        "1"
    );
    let current = "SELECT count() FROM current_tags";
    assert_eq!(text(&store, current), "4");
}

#[test]
fn values_of_before_do_not_come_back_where_they_could_not_be_dropped() {
    let [store, reopened] = stores();
    let first = results(1, [0..0, 3..20, 0..10, 0..140_000]);
    let second = results(2, [0..0, 3..20, 0..10, 0..5]);
    let mut before: Option<&TagResults> = None;
    for run in [&first, &second] {
        let changes = difference(before, run, NonZeroUsize::MIN).unwrap();
        store.store(run, &changes).unwrap();
        before = Some(run);
    }
    let pieces = "SELECT count() FROM metric_pieces WHERE run = 1";
    assert_eq!(text(&store, pieces), "0", "all values were written anew");
    // As if the process had ended before they were dropped.
    let left = "INSERT INTO metric_pieces VALUES (1, 'spent', 1, 'number', [70000], ['7'])";
    let mut connection = store.connection().unwrap();
    connection.execute(left, &Params::new()).unwrap();
    assert_eq!(*reopened.latest().unwrap().unwrap(), *second);
    let values = "SELECT count() FROM current_values";
    assert_eq!(text(&store, values), "5");
}

#[test]
fn results_that_an_older_muster_stored_are_taken_over() {
    let database = database();
    let store = open(&database);
    let first = results(1, [0..0, 3..20, 0..100_000, 0..70_000]);
    let changes = difference(None, &first, NonZeroUsize::MIN).unwrap();
    store.store(&first, &changes).unwrap();
    for sql in [
        "CREATE TABLE metric_values (run UInt64, tag LowCardinality(String), user UInt32, kind LowCardinality(String), \
            value String) ENGINE = MergeTree PARTITION BY run ORDER BY (tag, user)",
        "INSERT INTO metric_values SELECT run, tag, user, kind, value FROM metric_pieces \
            ARRAY JOIN users AS user, values AS value",
        "DROP TABLE metric_pieces",
        "DROP TABLE run_layouts",
        "ALTER TABLE schema_migrations DELETE WHERE version = 9 SETTINGS mutations_sync = 2",
    ] {
        let mut connection = store.connection().unwrap();
        connection.execute(sql, &Params::new()).unwrap();
    }
    let newer = open(&database);
    assert_eq!(*newer.latest().unwrap().unwrap(), *first);
    assert_eq!(text(&newer, "EXISTS TABLE metric_values"), "0");
}

/// Who entered and left with a run: tag, value, and how many.
fn changes_of(store: &Store, run: u64) -> String {
    let sql = format!(
        "SELECT tag, value, bitmapCardinality(entered), bitmapCardinality(left) FROM tag_changes \
        WHERE run = {run} AND bitmapCardinality(entered) + bitmapCardinality(left) > 0 ORDER BY tag, value"
    );
    text(store, &sql)
}

#[test]
fn who_entered_with_a_first_run_is_written_once_and_stays() {
    let [store, reopened] = stores();
    let first = results(1, [0..0, 3..20, 0..70_000, 5..900]);
    let entered = difference(None, &first, NonZeroUsize::MIN).unwrap();
    let expected = "level\t\t70000\t0\nlevel\tgold\t17\t0\nspent\t\\N\t895\t0";
    for _ in 0..2 {
        store.store(&first, &entered).unwrap();
        assert_eq!(changes_of(&store, 1), expected);
        assert_eq!(text(&store, "SELECT count() FROM membership_changes"), "0");
        // As if the process had ended before the run was whole.
        let forget = "ALTER TABLE runs DELETE WHERE run = 1 SETTINGS mutations_sync = 2";
        let mut connection = store.connection().unwrap();
        connection.execute(forget, &Params::new()).unwrap();
        assert_eq!(changes_of(&store, 1), "");
    }
    store.store(&first, &entered).unwrap();
    let second = results(2, [0..7, 9..20, 1..70_001, 5..6]);
    let changes = difference(Some(&first), &second, NonZeroUsize::MIN).unwrap();
    store.store(&second, &changes).unwrap();
    let members = "SELECT DISTINCT run FROM tag_members";
    assert_eq!(text(&store, members), "2");
    assert_eq!(changes_of(&reopened, 1), expected);
    assert_eq!(
        changes_of(&store, 2),
        "level\t\t1\t1\nlevel\tgold\t0\t6\nnobody\t\\N\t7\t0\nspent\t\\N\t0\t894"
    );
    let level = TagKey::new("level").unwrap();
    let last = |user| store.last_membership(&level, UserNumber(user)).unwrap();
    assert_eq!(last(0), Some(first.now()));
    assert_eq!(last(30), None);
}

#[test]
fn what_runs_recorded_is_read_for_the_users_and_tags_asked_for() {
    let store = store();
    let first = results(1, [0..0, 5..9, 9..12, 0..4]);
    store
        .store(
            &first,
            &difference(None, &first, NonZeroUsize::MIN).unwrap(),
        )
        .unwrap();
    let second = results(2, [0..0, 7..9, 5..7, 0..4]);
    let changes = difference(Some(&first), &second, NonZeroUsize::MIN).unwrap();
    store.store(&second, &changes).unwrap();
    let level = [TagKey::new("level").unwrap()];
    let rows = |users: UserSelection<'_>| -> Vec<(u32, u64, Membership, Option<String>)> {
        let rows = store.memberships(&level, &users).unwrap();
        assert!(
            rows.iter()
                .all(|row| row.identity == row.user && row.at == first.now())
        );
        let row = |row: Recorded| {
            let value = row.value.map(|value| value.to_string());
            (row.user, row.run, row.change, value)
        };
        rows.into_iter().map(row).collect()
    };
    let (gold, empty) = (Some("gold".to_owned()), Some(String::new()));
    let expected = vec![
        (6, 1, Membership::Entered, gold.clone()),
        (6, 2, Membership::Left, gold.clone()),
        (6, 2, Membership::Entered, empty.clone()),
        (7, 1, Membership::Entered, gold),
    ];
    assert_eq!(rows(UserSelection::Range(6..8)), expected);
    assert_eq!(rows(UserSelection::Listed(&[6, 7])), expected);
    let left = rows(UserSelection::Listed(&[10]));
    assert_eq!(
        left,
        vec![
            (10, 1, Membership::Entered, empty.clone()),
            (10, 2, Membership::Left, empty)
        ]
    );
    assert!(rows(UserSelection::Range(100..200)).is_empty());
    let nothing = store
        .memberships(&[], &UserSelection::Range(0..10))
        .unwrap();
    assert!(nothing.is_empty());
}

#[test]
fn what_a_run_found_that_looked_back_is_recorded_behind_what_was_recorded_before() {
    let [store, _] = stores();
    let later = Time::from_millis(NOW.millis() + 1);
    let earlier = Time::from_millis(NOW.millis() - 86_400_000);
    let runs = [
        results_at(1, NOW, [0..1, 0..0, 0..0, 0..0]),
        results_at(2, earlier, [0..0, 0..0, 0..0, 0..0]),
        results_at(3, later, [0..1, 0..0, 0..0, 0..0]),
    ];
    let mut before: Option<&TagResults> = None;
    for run in &runs {
        let changes = difference(before, run, NonZeroUsize::MIN).unwrap();
        store.store(run, &changes).unwrap();
        before = Some(run);
    }
    let tag = [TagKey::new("nobody").unwrap()];
    let recorded = store.memberships(&tag, &UserSelection::Range(0..1));
    let recorded: Vec<(u64, Time, Membership)> = recorded
        .unwrap()
        .into_iter()
        .map(|row| (row.run, row.at, row.change))
        .collect();
    let expected = [
        (1, NOW, Membership::Entered),
        (2, NOW, Membership::Left),
        (3, later, Membership::Entered),
    ];
    assert_eq!(recorded, expected);
}
