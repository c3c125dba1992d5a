//! What a store knows of what is written without asking again: always what the next opening reads.

use domain::{EventType, Position, Time, UserKey, UserNumber};
use identity::{Moment, Relation, Statement};
use tags::ports::Histories;
use warehouse::chdb::Params;
use warehouse::{EventRow, PropertyStatistics, Store, TraitRow, WriteBatch};

use crate::fresh::{database, open, store};

/// Everybody with key and owner and where rows lie, and the statistics.
type Known = (
    Vec<(UserNumber, UserKey, UserNumber, Option<UserNumber>)>,
    Vec<PropertyStatistics>,
    u32,
);

fn known(store: &Store) -> Known {
    let (directory, identities, homes) = (store.directory(), store.identities(), store.homes());
    let one = |(number, key): (UserNumber, &UserKey)| {
        let home = homes.get(&number).copied();
        (number, key.clone(), identities.owner(number), home)
    };
    let everybody = directory.iter().map(one).collect();
    let extent = store.extent().unwrap();
    (everybody, store.statistics().to_vec(), extent)
}

fn key(number: u32) -> UserKey {
    match number % 2 {
        0 => UserKey::account(&format!("u{number}")),
        _ => UserKey::anonymous(&format!("a{number}")),
    }
}

/// New users from `first` on, each with an event and an attribute, each second one linked to the one before.
fn batch(first: u32, property: &str) -> WriteBatch {
    let mut batch = WriteBatch::new();
    for number in first..first + 10 {
        let (user, time) = (UserNumber(number), Time::from_millis(i64::from(number)));
        let arrival = u64::from(number);
        batch.user(user, &key(number));
        let event = EventRow {
            user,
            identity: user,
            time,
            arrival,
            position: Position::NONE,
            event_type: EventType::Track,
            name: "swap",
            source: "app",
            message: 0,
        };
        batch.event(&event, &[(property, "1.5"), ("chain", "bsc")]);
        let traits = TraitRow {
            user,
            identity: user,
            time,
            arrival,
            source: "crm",
            message: 0,
        };
        batch.traits(&traits, &[(property, "text")]);
        if number % 2 == 1 {
            let (one, other) = (UserNumber(number - 1), user);
            let statement = Statement {
                moment: Moment { time, arrival },
                relation: Relation::Link,
                one,
                other,
            };
            batch.statement(&statement, &key(one.0), &key(other.0));
        }
    }
    batch
}

#[test]
fn what_is_known_is_what_the_next_opening_reads() {
    let database = database();
    let store = open(&database);
    for (first, property) in [(0, "usd"), (10, "usd"), (20, "amount")] {
        let before = store.directory();
        store.write(&batch(first, property)).unwrap();
        assert_eq!(before.extent(), first, "who has it keeps it as it was");
        assert_eq!(known(&store), known(&open(&database)));
        assert_eq!(store.extent().unwrap(), first + 10);
        assert_eq!(store.identities().owner(UserNumber(first + 1)).0, first);
    }
    store.move_home().unwrap();
    assert_eq!(known(&store), known(&open(&database)));
    let swaps = store.statistics();
    let amounts = swaps.iter().filter(|property| property.path == "amount");
    assert_eq!(
        amounts.map(|property| property.counts.present).sum::<u64>(),
        20
    );
}

#[test]
fn of_a_batch_that_fails_nobody_is_known() {
    let store = store();
    store.write(&batch(0, "usd")).unwrap();
    let drop_traits = "DROP TABLE traits SYNC";
    let mut connection = store.connection().unwrap();
    connection.execute(drop_traits, &Params::new()).unwrap();
    store.write(&batch(10, "usd")).unwrap_err();
    assert_eq!(store.extent().unwrap(), 10);
    assert_eq!(store.directory().len(), 10);
    let (kind, text) = (key(10).kind(), key(10).text().to_string());
    assert_eq!(store.directory().number(kind, &text), None);
}
