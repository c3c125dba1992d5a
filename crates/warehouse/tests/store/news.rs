//! What has come since a batch, and of whom.

use domain::{EventName, EventType, IdentityKind, Position, Time, UserKey, UserNumber, UserSet};
use identity::{Moment, Relation, Statement};
use warehouse::{BatchNumber, EventRow, News, TraitRow, WriteBatch};

use crate::fresh::{database, open};

fn user(number: u32) -> (UserNumber, UserKey) {
    let key = UserKey::new(IdentityKind::Account, &format!("u{number}"));
    (UserNumber(number), key)
}

fn with_event(number: u32, name: &'static str, millis: i64) -> WriteBatch {
    let mut batch = WriteBatch::new();
    let row = EventRow {
        user: UserNumber(number),
        identity: UserNumber(number),
        time: Time::from_millis(millis),
        arrival: 0,
        position: Position::NONE,
        event_type: EventType::Track,
        name,
        source: "app",
        message: 0,
    };
    batch.event::<&str, &str>(&row, &[]);
    batch
}

fn with_users(numbers: std::ops::Range<u32>) -> WriteBatch {
    let mut batch = WriteBatch::new();
    for (number, key) in numbers.map(user) {
        batch.user(number, &key);
    }
    batch
}

fn with_trait(number: u32) -> WriteBatch {
    let mut batch = WriteBatch::new();
    let row = TraitRow {
        user: UserNumber(number),
        identity: UserNumber(number),
        time: Time::from_millis(5),
        arrival: 1,
        source: "app",
        message: 0,
    };
    batch.traits(&row, &[("level", "3")]);
    batch
}

fn with_link(one: u32, other: u32) -> WriteBatch {
    let mut batch = WriteBatch::new();
    let statement = Statement {
        moment: Moment {
            time: Time::from_millis(1),
            arrival: 2,
        },
        relation: Relation::Merge,
        one: UserNumber(one),
        other: UserNumber(other),
    };
    batch.statement(&statement, &user(one).1, &user(other).1);
    batch
}

fn users(numbers: &[u32]) -> UserSet {
    numbers.iter().copied().collect()
}

#[test]
fn what_has_come_since_a_batch_is_told_with_those_whom_it_concerns() {
    let database = database();
    let store = open(&database);
    store.write(&with_users(0..4)).unwrap();
    let first = store.settled_batch();
    assert!(store.news_since(first).unwrap().is_nothing());
    assert_eq!(store.latest_row().unwrap(), Time::from_millis(0));
    store.write(&with_event(1, "swap", 700)).unwrap();
    let second = store.settled_batch();
    store.write(&with_trait(2)).unwrap();
    store.write(&with_event(3, "login", 600)).unwrap();
    for store in [store, open(&database)] {
        let names = |names: &[&str]| names.iter().copied().map(EventName::new).collect();
        let since_first = News {
            events: names(&["swap", "login"]),
            attributes: true,
            identities: false,
        };
        assert_eq!(store.news_since(first).unwrap(), since_first);
        let since_second = News {
            events: names(&["login"]),
            ..since_first
        };
        assert_eq!(store.news_since(second).unwrap(), since_second);
        assert_eq!(store.users_since(first).unwrap(), users(&[1, 2, 3]));
        assert_eq!(store.users_since(second).unwrap(), users(&[2, 3]));
        assert_eq!(store.latest_row().unwrap(), Time::from_millis(700));
    }
}

#[test]
fn users_that_are_new_or_become_one_are_news_of_identities() {
    let store = open(&database());
    store.write(&with_users(0..3)).unwrap();
    assert!(store.news_since(BatchNumber(0)).unwrap().identities);
    let before = store.settled_batch();
    store.write(&with_link(0, 2)).unwrap();
    assert!(store.news_since(before).unwrap().identities);
    assert_eq!(store.users_since(before).unwrap(), users(&[0, 2]));
}

#[test]
fn results_have_a_number_from_the_first_on() {
    let store = open(&database());
    assert_eq!(store.newest_results().unwrap(), None);
}
