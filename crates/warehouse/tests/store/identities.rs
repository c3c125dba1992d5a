//! Identities of one user in the store: rows are read under the user who owns them, wherever and whenever they were
//! written, also after a crash.

use domain::{EventType, IdentityKind, Span, Time, UserKey, UserNumber};
use features::{Arrivals, Column, Wanted, WantedColumn, WantedForm};
use identity::ports::Statements;
use identity::ports::contract::{statements_are_kept, told};
use identity::{Identities, Moment, Relation, Statement};
use proptest::prelude::*;
use rules::checked::{IdentitySort, IdentityValue};
use tags::ports::contract::{
    identities_are_read_under_their_owners, reads_are_the_same_however_users_are_cut,
};
use tags::ports::{Histories, Selection};
use warehouse::chdb::Params;
use warehouse::{EventRow, Retention, Store, TraitRow, UserSelection, WriteBatch};

use crate::fresh::{database, engine, open, store, text};

/// Two accounts, a wallet, two visitors.
fn key(number: u32) -> UserKey {
    let kind = match number {
        0 | 1 => IdentityKind::Account,
        2 => IdentityKind::Wallet,
        _ => IdentityKind::Anonymous,
    };
    let prefix = if kind == IdentityKind::Wallet {
        "0x"
    } else {
        "n"
    };
    UserKey::new(kind, &format!("{prefix}{number}"))
}

const IDENTITIES: u32 = 5;

fn with_users() -> WriteBatch {
    let mut batch = WriteBatch::new();
    for number in 0..IDENTITIES {
        batch.user(UserNumber(number), &key(number));
    }
    batch
}

/// An event of an identity, written where the store keeps its rows.
fn event(store: &Store, batch: &mut WriteBatch, identity: u32, time: i64, arrival: u64) {
    let identity = UserNumber(identity);
    let row = EventRow {
        user: store.homes().get(&identity).copied().unwrap_or(identity),
        identity,
        time: Time::from_millis(time),
        arrival,
        position: domain::Position::NONE,
        event_type: EventType::Track,
        name: "swap",
        source: "app",
        message: 0,
    };
    batch.event(&row, &[("usd", arrival.to_string())]);
}

fn say(batch: &mut WriteBatch, relation: Relation, one: u32, other: u32, time: i64) {
    let statement = statement(relation, one, other, time);
    batch.statement(&statement, &key(one), &key(other));
}

fn statement(relation: Relation, one: u32, other: u32, time: i64) -> Statement {
    Statement {
        moment: Moment {
            time: Time::from_millis(time),
            arrival: 1_000 + time as u64,
        },
        relation,
        one: UserNumber(one),
        other: UserNumber(other),
    }
}

fn wanted() -> Wanted {
    Wanted {
        event_columns: vec![WantedColumn {
            path: "usd".into(),
            form: WantedForm::Numbers,
        }],
        arrivals: Arrivals::Always,
        ..Wanted::default()
    }
}

/// User, time and arrival of all events, in order.
fn events(store: &Store) -> Vec<(u32, i64, u64)> {
    let plan = store.plan_histories(&wanted()).unwrap();
    let everyone = UserSelection::Range(0..IDENTITIES);
    let table = store.histories(&plan, &everyone).unwrap().events;
    let Column::Number { mantissas, .. } = &table.columns[0] else {
        panic!("no numbers")
    };
    let mut rows: Vec<(u32, i64, u64)> = (0..table.len())
        .map(|row| (table.users[row], table.times[row], table.arrivals[row]))
        .collect();
    let told = mantissas.iter().map(|usd| *usd as u64);
    assert!(
        told.eq(table.arrivals.iter().copied()),
        "columns stay with their rows"
    );
    rows.sort_unstable();
    rows
}

#[test]
fn what_is_said_of_a_later_time_holds_when_that_has_come() {
    let name = database();
    let now = Time::from_millis(100);
    let open = || Store::on_as_of(engine(), &name, now, Retention::default()).unwrap();
    let store = open();
    let mut batch = with_users();
    event(&store, &mut batch, 0, 10, 1);
    event(&store, &mut batch, 3, 20, 2);
    event(&store, &mut batch, 4, 30, 3);
    say(&mut batch, Relation::Link, 0, 3, 100);
    say(&mut batch, Relation::Link, 0, 4, 101);
    store.write(&batch).unwrap();
    let before = [(0, 10, 1), (0, 20, 2), (4, 30, 3)];
    let after = [(0, 10, 1), (0, 20, 2), (0, 30, 3)];
    assert_eq!(events(&store), before);
    drop(store);
    let store = open();
    assert_eq!(events(&store), before);
    store.settle(Time::from_millis(101));
    assert_eq!(events(&store), after);
    // Time never goes back.
    store.settle(Time::from_millis(1));
    assert_eq!(events(&store), after);
}

#[test]
fn events_that_are_no_longer_kept_are_not_read() {
    let day = Span::from_millis(100);
    let retention = Retention {
        events: Some(day),
        changes: None,
    };
    let store = Store::on_as_of(engine(), &database(), Time::MAX, retention).unwrap();
    let mut batch = with_users();
    for (arrival, time) in [(1, 10), (2, 11), (3, 110)] {
        event(&store, &mut batch, 0, time, arrival);
    }
    store.write(&batch).unwrap();
    let read = |now| {
        let users = Selection::Range(0..1);
        let block = store.read(&users, &wanted(), Time::from_millis(now));
        block.unwrap().events.times
    };
    assert_eq!(read(109), [10, 11, 110]);
    assert_eq!(read(110), [11, 110]);
    assert_eq!(read(111), [110]);
    let newest = store.recent_events(UserNumber(0), Time::from_millis(110), 9);
    let newest: Vec<i64> = newest
        .unwrap()
        .iter()
        .map(|event| event.time.millis())
        .collect();
    assert_eq!(newest, [110, 11]);
}

#[test]
fn what_was_said_of_identities_is_kept() {
    let name = database();
    let (statements, keys) = told();
    let mut batch = WriteBatch::new();
    for (number, key) in &keys {
        batch.user(*number, key);
    }
    for statement in &statements {
        batch.statement(statement, &keys[&statement.one], &keys[&statement.other]);
    }
    open(&name).write(&batch).unwrap();
    statements_are_kept(&|| -> Box<dyn Statements> { Box::new(open(&name)) }).unwrap();
}

#[test]
fn rows_that_were_written_before_a_link_are_read_under_the_owner() {
    let name = database();
    let store = open(&name);
    let mut batch = with_users();
    event(&store, &mut batch, 0, 10, 1);
    event(&store, &mut batch, 3, 5, 2);
    event(&store, &mut batch, 3, 10, 0);
    store.write(&batch).unwrap();
    let mut batch = WriteBatch::new();
    say(&mut batch, Relation::Link, 0, 3, 20);
    store.write(&batch).unwrap();
    let merged = [(0, 5, 2), (0, 10, 0), (0, 10, 1)];
    assert_eq!(events(&store), merged);
    assert_eq!(events(&open(&name)), merged);
    let now = Time::from_millis(100);
    identities_are_read_under_their_owners(&store, &[(3, 0)], &wanted(), now).unwrap();
    reads_are_the_same_however_users_are_cut(&store, &wanted(), now).unwrap();
    // What is written later lies with the owner at once.
    let mut batch = WriteBatch::new();
    event(&store, &mut batch, 3, 30, 3);
    store.write(&batch).unwrap();
    assert_eq!(
        text(&store, "SELECT count() FROM events WHERE user = 0"),
        "4"
    );
    let mut batch = WriteBatch::new();
    say(&mut batch, Relation::Split, 0, 3, 40);
    store.write(&batch).unwrap();
    assert_eq!(
        events(&store),
        [(0, 10, 1), (3, 5, 2), (3, 10, 0), (3, 30, 3)]
    );
    assert_eq!(events(&open(&name)), events(&store));
}

#[test]
fn a_user_is_looked_at_with_all_identities() {
    let store = store();
    let mut batch = with_users();
    event(&store, &mut batch, 0, 10, 1);
    event(&store, &mut batch, 2, 20, 2);
    let change = TraitRow {
        user: UserNumber(2),
        identity: UserNumber(2),
        time: Time::from_millis(15),
        arrival: 3,
        source: "app",
        message: 0,
    };
    batch.traits(&change, &[("country", "SG")]);
    say(&mut batch, Relation::Link, 0, 2, 30);
    store.write(&batch).unwrap();
    let now = Time::from_millis(100);
    let looked_at = || {
        let recent = store.recent_events(UserNumber(0), now, 10).unwrap();
        let changes = store.attribute_changes(UserNumber(0), now).unwrap();
        (recent.len(), changes.len())
    };
    assert_eq!(looked_at(), (2, 1), "before the rows are moved");
    assert_eq!(store.move_home().unwrap(), 1);
    assert_eq!(looked_at(), (2, 1), "after it");
    assert_eq!(store.move_home().unwrap(), 0);
}

#[test]
fn a_user_holds_what_all_identities_told_last() {
    let store = open(&database());
    let mut batch = with_users();
    let mut hold = |identity: u32, time: i64, arrival: u64, held: &str| {
        let row = TraitRow {
            user: UserNumber(identity),
            identity: UserNumber(identity),
            time: Time::from_millis(time),
            arrival,
            source: "chain",
            message: 0,
        };
        batch.traits(&row, &[("holdings", format!("\u{1}l[{held}]"))]);
    };
    hold(0, 10, 1, "\"a\"");
    hold(2, 20, 2, "\"w\"");
    hold(0, 30, 3, "\"b\",\"c\"");
    hold(1, 15, 4, "\"z\"");
    say(&mut batch, Relation::Link, 0, 2, 40);
    store.write(&batch).unwrap();
    let wanted = Wanted {
        trait_columns: vec![WantedColumn {
            path: "holdings".into(),
            form: WantedForm::Texts,
        }],
        ..Wanted::default()
    };
    let held = || {
        let plan = store.plan_histories(&wanted).unwrap();
        let block = store.histories(&plan, &UserSelection::Range(0..3)).unwrap();
        let Column::Text { codes, texts } = &block.traits.columns[0] else {
            panic!("{block:?}")
        };
        let rows = block
            .traits
            .users
            .iter()
            .zip(&block.traits.times)
            .zip(codes);
        let told =
            rows.map(|((user, time), code)| (*user, *time, texts[*code as usize].to_string()));
        let mut told: Vec<(u32, i64, String)> = told.collect();
        told.sort();
        told
    };
    let list = |text: &str| format!("\u{1}l[{text}]");
    let expected = [
        (0, 10, list("\"a\"")),
        (0, 20, list("\"a\",\"w\"")),
        (0, 30, list("\"b\",\"c\",\"w\"")),
        (1, 15, list("\"z\"")),
    ];
    assert_eq!(held(), expected);
    let mut split = WriteBatch::new();
    say(&mut split, Relation::Split, 0, 2, 50);
    store.write(&split).unwrap();
    let apart = [
        (0, 10, list("\"a\"")),
        (0, 30, list("\"b\",\"c\"")),
        (1, 15, list("\"z\"")),
        (2, 20, list("\"w\"")),
    ];
    assert_eq!(held(), apart);
}

#[test]
fn the_fold_is_given_the_identities_that_it_asks_for() {
    let store = store();
    let mut batch = with_users();
    say(&mut batch, Relation::Link, 1, 2, 30);
    say(&mut batch, Relation::Link, 1, 3, 40);
    say(&mut batch, Relation::Split, 1, 3, 50);
    store.write(&batch).unwrap();
    let column = |value: IdentityValue| WantedColumn {
        path: value.path(),
        form: WantedForm::Texts,
    };
    let wanted = Wanted {
        identity_columns: vec![
            column(IdentityValue::Key),
            column(IdentityValue::Count(IdentitySort::Kind(
                IdentityKind::Wallet,
            ))),
        ],
        identity_events: true,
        ..Wanted::default()
    };
    let plan = store.plan_histories(&wanted).unwrap();
    for users in [
        UserSelection::Range(0..IDENTITIES),
        UserSelection::Listed(&[0, 1, 2, 3, 4]),
    ] {
        let block = store.histories(&plan, &users).unwrap();
        assert_eq!(block.identities.users, [0, 1, 3, 4]);
        let texts = |column: usize| match &block.identities.columns[column] {
            Column::Text { codes, texts } => {
                let text = |code: &u32| texts[*code as usize].to_string();
                codes.iter().map(text).collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(texts(0), ["n0", "n1", "n3", "n4"]);
        assert_eq!(texts(1), ["0", "1", "0", "0"]);
        let events: Vec<(u32, i64, bool)> = block
            .identity_events
            .iter()
            .map(|event| (event.user, event.time, event.is_linked))
            .collect();
        assert_eq!(events, [(1, 30, true), (1, 40, true), (1, 50, false)]);
    }
}

/// A store with a visitor's rows that are to be moved, and a copy of them where they belong, in a batch of which
/// these steps are recorded.
fn crashed(name: &str, steps: &[u8]) {
    let store = open(name);
    let mut batch = with_users();
    event(&store, &mut batch, 3, 5, 1);
    event(&store, &mut batch, 0, 6, 2);
    say(&mut batch, Relation::Link, 0, 3, 20);
    store.write(&batch).unwrap();
    let mut connection = store.connection().unwrap();
    let mut execute = |sql: &str| connection.execute(sql, &Params::new()).unwrap();
    execute("INSERT INTO identity_homes (identity, user, former, batch) SELECT 3, 0, 3, 50");
    execute(
        "INSERT INTO events (user, time, arrival, identity, type, name, source, message, properties, batch) \
         SELECT 0, time, arrival, identity, type, name, source, message, properties, 50 FROM events WHERE user = 3",
    );
    for step in steps {
        execute(&format!(
            "INSERT INTO batches (batch, step, import, position) SELECT 50, {step}, 0, 0"
        ));
    }
}

#[test]
fn a_crash_while_rows_are_moved_neither_loses_nor_doubles_any() {
    for steps in [&[1][..], &[1, 2], &[1, 2, 4]] {
        let name = database();
        crashed(&name, steps);
        let store = open(&name);
        if steps != [1, 2, 4] {
            assert_eq!(text(&store, "SELECT count() FROM events"), "2", "{steps:?}");
            assert_eq!(events(&store), [(0, 5, 1), (0, 6, 2)], "{steps:?}");
        }
        assert_eq!(store.move_home().unwrap(), 0);
    }
}

fn step() -> impl Strategy<Value = (Relation, u32, u32)> {
    let relation = prop_oneof![
        4 => Just(Relation::Link),
        1 => Just(Relation::Merge),
        1 => Just(Relation::Split),
    ];
    (relation, 0..IDENTITIES, 0..IDENTITIES)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn whatever_is_said_all_rows_are_read_once_under_their_owner(
        steps in prop::collection::vec(step(), 1..6),
    ) {
        let store = store();
        let mut written: Vec<(u32, i64, u64)> = Vec::new();
        let mut statements = Vec::new();
        let mut batch = with_users();
        for (round, (relation, one, other)) in (0_i64..).zip(steps) {
            for identity in 0..IDENTITIES {
                let arrival = written.len() as u64;
                event(&store, &mut batch, identity, round % 3, arrival);
                written.push((identity, round % 3, arrival));
            }
            if one != other {
                say(&mut batch, relation, one, other, round);
                statements.push(statement(relation, one, other, round));
            }
            store.write(&batch).unwrap();
            batch = WriteBatch::new();
            let keys = (0..IDENTITIES).map(|number| (UserNumber(number), key(number)));
            let identities = Identities::of(&statements, keys);
            let owned = written.iter().map(|(identity, time, arrival)| {
                (identities.owner(UserNumber(*identity)).0, *time, *arrival)
            });
            let mut expected: Vec<_> = owned.collect();
            expected.sort_unstable();
            prop_assert_eq!(events(&store), expected);
        }
    }
}
