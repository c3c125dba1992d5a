//! What every implementation of the ports must do, as tests: an adapter's own tests call these
//! functions with the adapter. They end by a panic that says what is wrong.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{Decimal, TagKey, Time, UserNumber, UserSet, Value};
use features::{Arrivals, Column, HistoryBlock, Table, Wanted};

use super::{Histories, Results, Selection};
use crate::difference::{Change, Changes, difference};
use crate::results::{RunContent, TagResults};
use crate::rows::UserRows;
use crate::slot::TagSlot;
use crate::{Config, PortError};

/// Results are kept as they are, the last run only, across reopening.
///
/// `open` opens the same store every time, which has no results at first.
///
/// # Errors
/// What the store meets.
///
/// # Panics
/// Where the store does not keep its contract.
pub fn results_are_kept(open: &dyn Fn() -> Box<dyn Results>) -> Result<(), PortError> {
    assert!(open().latest()?.is_none(), "a new store has no results");
    let mut before: Option<Arc<TagResults>> = None;
    for results in runs()? {
        let results = Arc::new(results);
        let changes = difference(before.as_deref(), &results, Config::default().threads)?;
        let store = open();
        store.store(&results, &changes)?;
        same(store.latest()?, &results, "as they were stored");
        drop(store);
        same(open().latest()?, &results, "after reopening");
        before = Some(results);
    }
    Ok(())
}

/// A run that changes nothing can be stored, and one in which a tag is gone.
///
/// # Errors
/// What the store meets.
///
/// # Panics
/// Where the store does not keep its contract.
pub fn results_without_changes_are_kept(store: &dyn Results) -> Result<(), PortError> {
    let Some(first) = runs()?.into_iter().next() else {
        return Ok(());
    };
    let results = Arc::new(first);
    let none = Changes {
        run: results.run(),
        now: results.now(),
        changes: Vec::new(),
    };
    store.store(&results, &none)?;
    same(store.latest()?, &results, "without changes");
    let gone = TagResults::new(RunContent {
        run: results.run() + 1,
        slots: Arc::from([]),
        members: Vec::new(),
        values: BTreeMap::new(),
        rows: UserRows::default(),
        ..results.content().clone()
    });
    let gone = Arc::new(gone);
    let left = results.iter().map(|(slot, members)| Change {
        slot: slot.clone(),
        entered: Arc::default(),
        left: Arc::clone(members),
    });
    let changes = Changes {
        run: gone.run(),
        now: gone.now(),
        changes: left.collect(),
    };
    store.store(&gone, &changes)?;
    same(store.latest()?, &gone, "without tags");
    Ok(())
}

fn same(found: Option<Arc<TagResults>>, stored: &TagResults, when: &str) {
    let Some(found) = found else {
        panic_with(&format!("the results are gone {when}"))
    };
    assert_eq!(found.run(), stored.run(), "the number of the run {when}");
    assert_eq!(found.now(), stored.now(), "the instant {when}");
    assert_eq!(
        found.universe(),
        stored.universe(),
        "the known users {when}"
    );
    assert_eq!(found.slots(), stored.slots(), "the slots {when}");
    for ((slot, found), (_, stored)) in found.iter().zip(stored.iter()) {
        assert_eq!(found, stored, "the members of {slot:?} {when}");
    }
    let values = |results: &TagResults| -> BTreeMap<TagKey, Vec<(UserNumber, Value)>> {
        let values = results.all_values().iter();
        values
            .map(|(tag, values)| (tag.clone(), values.iter().collect()))
            .collect()
    };
    assert_eq!(values(&found), values(stored), "the values {when}");
    for user in stored.universe().iter() {
        assert_eq!(
            found.rows().packed(user),
            stored.rows().packed(user),
            "a row {when}"
        );
    }
}

#[allow(clippy::panic)]
fn panic_with(problem: &str) -> ! {
    panic!("{problem}")
}

type Set = (&'static str, Option<&'static str>, UserSet);

/// The values of a metric tag, by users.
type Values = Vec<(u32, Value)>;

/// Runs with all kinds of tags, values and sizes: tags come, go and change what they give.
fn runs() -> Result<Vec<TagResults>, PortError> {
    let set = |keep: fn(u32) -> bool| (0..140_000).filter(|user| keep(*user)).collect::<UserSet>();
    let first = vec![
        ("plain", None, set(|user| user % 3 == 0)),
        ("sparse", None, set(|user| user == 7 || user == 139_999)),
        ("nobody", None, UserSet::new()),
        ("everyone", None, set(|_| true)),
        ("level", Some("gold"), set(|user| user % 10 == 1)),
        ("level", Some("银"), set(|user| user % 10 == 2)),
        ("高净值", None, set(|user| user < 70_000)),
    ];
    let mut second = first.clone();
    second.retain(|(tag, ..)| *tag != "sparse");
    second.push(("new", None, set(|user| user % 1_000 == 0)));
    if let Some((.., members)) = second.first_mut() {
        members.insert(UserNumber(1));
        members.remove(UserNumber(3));
    }
    let mut third = second.clone();
    third.insert(0, ("sparse", None, set(|user| user == 9)));
    let number = |text: &str| Decimal::parse(text).map(Value::Number).ok_or("no number");
    let many = |first: u32| -> Result<Values, PortError> {
        let values = (first..140_000).step_by(7);
        let value = |user: u32| Ok((user, number(&format!("{}.5", user % 1_000))?));
        values.map(value).collect()
    };
    let few = |values: Vec<Value>| -> Values { (0..).zip(values).collect() };
    let all_kinds = few(vec![
        number("12.50")?,
        number("-3")?,
        number("115792089237316195423570985008687907853269984665640564039457584007913129639935")?,
        Value::text("“text” with \u{1} and 'quotes'"),
        Value::Time(Time::from_millis(1_700_000_000_123)),
        [Value::text("a"), number("1")?].into_iter().collect(),
    ]);
    let one_changed: Values = many(0)?
        .into_iter()
        .map(|(user, value)| {
            (
                user,
                if user == 70_000 {
                    Value::text("?")
                } else {
                    value
                },
            )
        })
        .filter(|(user, _)| *user != 139_993)
        .collect();
    let nobody = Vec::new;
    Ok(vec![
        run(
            1,
            first.clone(),
            vec![("amount", all_kinds.clone()), ("score", many(0)?)],
        )?,
        run(
            2,
            second.clone(),
            vec![
                ("amount", all_kinds.clone()),
                ("score", one_changed),
                ("unmeasured", nobody()),
            ],
        )?,
        run(
            3,
            third.clone(),
            vec![("amount", nobody()), ("score", many(70_000)?)],
        )?,
        run(4, third, vec![("amount", all_kinds)])?,
        run(
            5,
            second,
            vec![
                ("amount", few(vec![number("1")?])),
                ("score", few(vec![number("2")?])),
            ],
        )?,
        run(6, first, vec![("score", many(0)?)])?,
    ])
}

fn run(
    number: u64,
    mut sets: Vec<Set>,
    metrics: Vec<(&'static str, Values)>,
) -> Result<TagResults, PortError> {
    let mut values = BTreeMap::new();
    for (tag, found) in metrics {
        sets.push((tag, None, found.iter().map(|(user, _)| *user).collect()));
        let found = found
            .into_iter()
            .map(|(user, value)| (UserNumber(user), value));
        values.insert(TagKey::new(tag)?, Arc::new(found.collect()));
    }
    let mut slots = Vec::new();
    let mut members = Vec::new();
    for (tag, value, users) in sets {
        slots.push(TagSlot {
            tag: TagKey::new(tag)?,
            value: value.map(Arc::from),
        });
        members.push(Arc::new(users));
    }
    Ok(TagResults::new(RunContent {
        run: number,
        now: Time::from_millis(1_700_000_000_000 + number as i64),
        universe: Arc::new(UserSet::below(140_000)),
        slots: slots.into(),
        rows: UserRows::of_members(&members),
        members,
        values,
    }))
}

/// However users are cut, reading gives the same rows, for them alone, in order.
///
/// `histories` already has users; `wanted` is what is read of them.
///
/// # Errors
/// What the store meets.
///
/// # Panics
/// Where the store does not keep its contract.
pub fn reads_are_the_same_however_users_are_cut(
    histories: &dyn Histories,
    wanted: &Wanted,
    now: Time,
) -> Result<(), PortError> {
    let extent = histories.extent()?;
    let read = |users: Selection| -> Result<HistoryBlock, PortError> {
        let block = histories.read(&users, wanted, now)?;
        assert_eq!(
            block.users,
            users.numbers(),
            "the users of a block are those asked for"
        );
        check(&block.events, &users, wanted.event_columns.len());
        check(&block.traits, &users, wanted.trait_columns.len());
        for table in [&block.events, &block.traits] {
            assert!(
                wanted.arrivals == Arrivals::WhereNeeded || table.arrivals.len() == table.len(),
                "the orders of arrival that were asked for"
            );
        }
        Ok(block)
    };
    let whole = read(Selection::Range(0..extent))?;
    for size in [1, 2, 3, 8_192] {
        let (mut events, mut traits) = (Vec::new(), Vec::new());
        for start in (0..extent.min(200)).step_by(size) {
            let users = start..(start + size as u32).min(extent.min(200));
            let block = read(Selection::Range(users.clone()))?;
            let same = read(Selection::List(users.collect()))?;
            let (of_range, of_list) = (rows(&block.events, now), rows(&same.events, now));
            assert_eq!(
                of_range, of_list,
                "a list of users and their range have the same events"
            );
            events.extend(of_range);
            traits.extend(rows(&block.traits, now));
        }
        let first = |row: &Row| row.0 < 200;
        let expected =
            |table: &Table| -> Vec<Row> { rows(table, now).into_iter().filter(first).collect() };
        assert_eq!(events, expected(&whole.events), "events by {size} users");
        assert_eq!(
            traits,
            expected(&whole.traits),
            "attribute changes by {size} users"
        );
    }
    let every_third: Vec<u32> = (0..extent).step_by(3).collect();
    let block = read(Selection::List(every_third))?;
    let third = |row: &Row| row.0.is_multiple_of(3);
    let expected: Vec<Row> = rows(&whole.events, now).into_iter().filter(third).collect();
    assert_eq!(
        rows(&block.events, now),
        expected,
        "events of every third user"
    );
    assert!(
        read(Selection::List(Vec::new()))?.events.is_empty(),
        "nobody has no events"
    );
    Ok(())
}

/// Numbers of identities that belong to other users are nobody's: all that was said of them is read
/// under their owners, each row once.
///
/// `histories` already has users; `absorbed` are the identities with their owners.
///
/// # Errors
/// What the store meets.
///
/// # Panics
/// Where the store does not keep its contract.
pub fn identities_are_read_under_their_owners(
    histories: &dyn Histories,
    absorbed: &[(u32, u32)],
    wanted: &Wanted,
    now: Time,
) -> Result<(), PortError> {
    let read = |users: Vec<u32>| -> Result<HistoryBlock, PortError> {
        histories.read(&Selection::List(users), wanted, now)
    };
    for (identity, owner) in absorbed {
        let nobody = read(vec![*identity])?;
        assert!(nobody.events.is_empty(), "{identity} has events of its own");
        assert!(nobody.traits.is_empty(), "{identity} has attributes");
        let (mut both, alone) = (vec![*identity, *owner], read(vec![*owner])?);
        both.sort_unstable();
        let both = read(both)?;
        assert_eq!(rows(&both.events, now), rows(&alone.events, now));
        assert_eq!(rows(&both.traits, now), rows(&alone.traits, now));
        assert!(!alone.events.is_empty(), "{owner} has the events of both");
    }
    Ok(())
}

/// The form of a table, and that it holds nobody else.
fn check(table: &Table, users: &Selection, columns: usize) {
    assert_eq!(table.times.len(), table.len(), "each row has a time");
    assert!(table.arrivals.is_empty() || table.arrivals.len() == table.len());
    assert_eq!(
        table.columns.len(),
        columns,
        "the columns are those that were asked for"
    );
    for column in &table.columns {
        let entries = match column {
            Column::Number { mantissas, .. } => mantissas.len(),
            Column::WideNumber { mantissas, .. } => mantissas.len(),
            Column::Text { codes, .. } => codes.len(),
        };
        assert_eq!(
            entries,
            table.len(),
            "each column has an entry for each row"
        );
    }
    let numbers = users.numbers();
    let is_asked_for = |user: &u32| numbers.binary_search(user).is_ok();
    assert!(
        table.users.iter().all(is_asked_for),
        "rows of others were read"
    );
}

/// User, time, arrival and name of a row.
type Row = (u32, i64, u64, Option<Arc<str>>);

/// The visible rows of a table in one order.
fn rows(table: &Table, now: Time) -> Vec<Row> {
    let name = |row: usize| {
        let code = *table.names.get(row)?;
        table.name_texts.get(code as usize).cloned()
    };
    let arrival = |row: usize| table.arrivals.get(row).copied().unwrap_or_default();
    let mut rows: Vec<Row> = table
        .users
        .iter()
        .zip(&table.times)
        .enumerate()
        .filter(|(_, (_, time))| **time <= now.millis())
        .map(|(row, (user, time))| (*user, *time, arrival(row), name(row)))
        .collect();
    if table.arrivals.is_empty() {
        // The order of the table is that of arrival, but runs follow one another.
        rows.sort_by_key(|(user, time, ..)| (*user, *time));
    } else {
        rows.sort();
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::in_memory::{HistoriesInMemory, ResultsInMemory};

    /// The same store every time it is opened.
    struct Shared(Arc<ResultsInMemory>);

    impl Results for Shared {
        fn latest(&self) -> Result<Option<Arc<TagResults>>, PortError> {
            self.0.latest()
        }

        fn store(&self, results: &Arc<TagResults>, changes: &Changes) -> Result<(), PortError> {
            self.0.store(results, changes)
        }
    }

    #[test]
    fn results_in_memory_keep_the_contract() {
        let store = Arc::new(ResultsInMemory::default());
        results_are_kept(&|| Box::new(Shared(Arc::clone(&store)))).unwrap();
        results_without_changes_are_kept(&ResultsInMemory::default()).unwrap();
        let entered = &store.changes()[1].changes[0];
        assert_eq!(entered.entered.iter().collect::<Vec<_>>(), [UserNumber(1)]);
        assert_eq!(entered.left.iter().collect::<Vec<_>>(), [UserNumber(3)]);
    }

    #[test]
    fn histories_in_memory_keep_the_contract() {
        let users: Vec<u32> = vec![0, 0, 2, 5, 5, 5, 9];
        let events = Table {
            times: (0..users.len() as i64).collect(),
            names: users.iter().map(|user| user % 2).collect(),
            name_texts: vec![Arc::from("even"), Arc::from("odd")],
            users,
            ..Table::default()
        };
        let history = HistoryBlock {
            users: (0..10).collect(),
            events,
            ..HistoryBlock::default()
        };
        let histories = HistoriesInMemory {
            extent: 10,
            columns: Wanted::default(),
            history,
        };
        let now = Time::from_millis(5);
        reads_are_the_same_however_users_are_cut(&histories, &Wanted::default(), now).unwrap();
    }
}
