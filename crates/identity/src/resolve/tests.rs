//! Tests of what statements come to.

use proptest::prelude::*;

use super::*;
use crate::Identities;
use domain::Time;

/// Identities by their first letters: u account, w wallet, s social, d device, a anonymous.
fn key(name: &str) -> UserKey {
    let kind = match name.as_bytes().first() {
        Some(b'u') => IdentityKind::Account,
        Some(b'w') => IdentityKind::Wallet,
        Some(b's') => IdentityKind::Social,
        Some(b'd') => IdentityKind::Device,
        _ => IdentityKind::Anonymous,
    };
    UserKey::new(kind, name)
}

const NAMES: [&str; 10] = ["u1", "u2", "u3", "w1", "w2", "s1", "d1", "a1", "a2", "a3"];

fn number(name: &str) -> UserNumber {
    UserNumber(NAMES.iter().position(|own| *own == name).unwrap() as u32)
}

fn keys() -> HashMap<UserNumber, UserKey> {
    NAMES.iter().map(|name| (number(name), key(name))).collect()
}

/// Statements `a1 u1`, `merge u1 u2`, `split u1 a1`, one a line, each a second after the other.
fn read(text: &str) -> Vec<Statement> {
    let line = |(second, line): (usize, &str)| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (relation, names) = match words.as_slice() {
            [relation, names @ ..] if names.len() == 2 => {
                (Relation::named(relation).unwrap(), names)
            }
            names => (Relation::Link, names),
        };
        Statement {
            moment: Moment {
                time: Time::from_millis(second as i64 * 1_000),
                arrival: 0,
            },
            relation,
            one: number(names[0]),
            other: number(names[1]),
        }
    };
    text.split(';')
        .map(str::trim)
        .enumerate()
        .map(line)
        .collect()
}

/// The users of several identities, as `u1 a1, u2 w1`.
fn users(text: &str) -> String {
    shown(&resolve(&read(text), &keys()))
}

fn shown(resolution: &Resolution) -> String {
    let name = |identity: &UserNumber| NAMES[identity.0 as usize];
    let user = |user: &LinkedUser| {
        user.identities
            .iter()
            .map(name)
            .collect::<Vec<_>>()
            .join(" ")
    };
    let several = resolution
        .users
        .iter()
        .filter(|user| user.identities.len() > 1);
    several.map(user).collect::<Vec<_>>().join(", ")
}

#[test]
fn linked_identities_are_one_user_with_the_number_of_the_strongest() {
    assert_eq!(users("a1 u1"), "u1 a1");
    assert_eq!(users("a1 w1; w1 u1; d1 s1; s1 a1"), "u1 w1 s1 d1 a1");
    assert_eq!(users("w2 w1; a1 w2"), "w1 w2 a1");
}

#[test]
fn an_identity_belongs_to_the_account_of_its_earliest_link() {
    assert_eq!(users("w1 u1; w1 u2"), "u1 w1");
    assert_eq!(users("w1 u2; w1 u1"), "u2 w1");
    let resolution = resolve(&read("w1 u1; w1 u2"), &keys());
    assert_eq!(resolution.conflicts.len(), 1);
    assert_eq!(resolution.conflicts[0].other, number("u2"));
}

#[test]
fn what_is_linked_by_way_of_others_belongs_to_their_account_too() {
    assert_eq!(users("a1 w1; w1 u1; a1 u2"), "u1 w1 a1");
    assert_eq!(users("w1 u1; a1 u2; a1 w1"), "u1 w1, u2 a1");
}

#[test]
fn a_shared_visitor_makes_no_one_user_of_two_wallets() {
    assert_eq!(users("a1 w1; a1 w2"), "w1 a1");
    assert_eq!(users("a1 w1; a1 w2; w1 w2"), "w1 w2 a1");
    assert_eq!(users("a1 w1; a1 w2; a1 u1"), "u1 w1 a1");
}

#[test]
fn a_link_that_is_repeated_says_nothing_more() {
    // Of two wallets that share a visitor the second stays apart, also when the first has signed up.
    assert_eq!(users("w2 a1; w1 a1; w1 u1; w1 a1"), "u1 w1, w2 a1");
    assert_eq!(users("w1 u1; w1 u2; w1 u2; split u1 w1"), "u2 w1");
}

#[test]
fn accounts_become_one_only_by_a_merge() {
    assert_eq!(users("u1 u2"), "");
    assert_eq!(users("merge u1 u2"), "u1 u2");
    assert_eq!(users("a1 u1; a2 u2; merge u2 u1"), "u1 u2 a1 a2");
    // Of two accounts the one with the earliest link is the least.
    assert_eq!(users("a1 u2; merge u1 u2"), "u2 u1 a1");
    // What was a conflict before joins nobody new after it.
    assert_eq!(users("w1 u1; w1 u2; merge u1 u2"), "u1 u2 w1");
}

#[test]
fn a_split_makes_two_of_one_again() {
    assert_eq!(users("w1 u1; split u1 w1"), "");
    assert_eq!(
        users("a1 u1; a2 u2; merge u1 u2; split u1 u2"),
        "u1 a1, u2 a2"
    );
    assert_eq!(users("w1 u1; split u1 w1; w1 u1"), "u1 w1");
    assert_eq!(users("w1 u1; split u1 w1; w1 u2"), "u2 w1");
}

#[test]
fn a_split_takes_back_what_holds_two_together_the_newest_first() {
    assert_eq!(users("u1 a1; a1 w1; split u1 w1"), "u1 a1");
    assert_eq!(users("a1 w1; u1 a1; split u1 w1"), "w1 a1");
    assert_eq!(users("u1 w1; u1 a1; w1 a1; split u1 a1"), "u1 w1");
    assert_eq!(users("merge u1 u3; merge u3 u2; split u1 u2"), "u1 u3");
    // Two who are two stay as they are.
    assert_eq!(users("u1 a1; split u2 a1"), "u1 a1");
}

#[test]
fn what_was_a_conflict_holds_once_the_other_link_is_split() {
    assert_eq!(users("w1 u1; w1 u2; split u1 w1"), "u2 w1");
    let resolution = resolve(&read("w1 u1; w1 u2; split u1 w1"), &keys());
    let changes = |name: &str| {
        let user = resolution
            .users
            .iter()
            .find(|user| user.identities.contains(&number(name)));
        let changes = user.unwrap().changes.iter();
        let told = changes.map(|change| {
            let second = change.moment.time.millis() / 1_000;
            let what = if change.is_linked {
                "linked"
            } else {
                "unlinked"
            };
            format!("{second} {what} {}", NAMES[change.identity.0 as usize])
        });
        told.collect::<Vec<_>>()
    };
    assert_eq!(changes("u1"), ["0 linked w1", "2 unlinked w1"]);
    assert_eq!(changes("u2"), ["2 linked w1"]);
}

#[test]
fn an_account_with_very_many_visitors_is_resolved_in_a_moment() {
    let count = 200_000;
    let mut keys: HashMap<UserNumber, UserKey> = HashMap::default();
    keys.insert(UserNumber(0), UserKey::account("u"));
    let link = |number: u32| Statement {
        moment: Moment {
            time: Time::from_millis(0),
            arrival: u64::from(number),
        },
        relation: Relation::Link,
        one: UserNumber(0),
        other: UserNumber(number),
    };
    let statements: Vec<Statement> = (1..=count).map(link).collect();
    let resolution = resolve(&statements, &keys);
    assert_eq!(resolution.users.len(), 1);
    assert_eq!(resolution.users[0].identities.len(), count as usize + 1);
}

fn statement() -> impl Strategy<Value = Statement> {
    let relation = prop_oneof![
        6 => Just(Relation::Link),
        1 => Just(Relation::Merge),
        1 => Just(Relation::Split),
    ];
    (0..12_i64, 0..3_u64, relation, 0..10_u32, 0..10_u32).prop_map(
        |(time, arrival, relation, one, other)| Statement {
            moment: Moment {
                time: Time::from_millis(time),
                arrival,
            },
            relation,
            one: UserNumber(one),
            other: UserNumber(other),
        },
    )
}

fn owners(identities: &Identities) -> Vec<UserNumber> {
    (0..10).map(|n| identities.owner(UserNumber(n))).collect()
}

proptest! {
    #[test]
    fn the_order_in_which_statements_are_heard_does_not_matter(
        statements in prop::collection::vec(statement(), 0..24),
        seed in any::<u64>(),
    ) {
        let mut shuffled = statements.clone();
        let mut state = seed;
        for place in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(place, (state >> 33) as usize % (place + 1));
        }
        prop_assert_eq!(resolve(&statements, &keys()), resolve(&shuffled, &keys()));
        let whole = Identities::of(&statements, keys());
        let mut parts = Identities::default();
        for part in shuffled.chunks(3) {
            let before = owners(&parts);
            let moved = parts.add(part, keys());
            let after = owners(&parts);
            for (number, (before, after)) in (0..).zip(before.iter().zip(&after)) {
                prop_assert_eq!(moved.contains(&UserNumber(number)), before != after);
            }
        }
        prop_assert_eq!(owners(&whole), owners(&parts));
        prop_assert_eq!(whole.conflicts(), parts.conflicts());
    }

    #[test]
    fn what_is_said_of_a_later_time_holds_when_that_has_come(
        statements in prop::collection::vec(statement(), 0..24),
        begin in 0..12_i64,
        instants in prop::collection::vec(0..12_i64, 0..4),
        heard in 0..24_usize,
    ) {
        let mut identities = Identities::as_of(Time::from_millis(begin));
        let (before, after) = statements.split_at(heard.min(statements.len()));
        identities.add(before, keys());
        let mut now = begin;
        for instant in instants {
            now = now.max(instant);
            identities.settle(Time::from_millis(instant));
            prop_assert!(!identities.awaits(Time::from_millis(now)));
        }
        identities.add(after, keys());
        let due: Vec<Statement> = statements
            .into_iter()
            .filter(|said| said.moment.time <= Time::from_millis(now))
            .collect();
        let expected = Identities::of(&due, keys());
        prop_assert_eq!(owners(&identities), owners(&expected));
        prop_assert_eq!(identities.conflicts(), expected.conflicts());
    }

    #[test]
    fn two_accounts_are_one_only_where_a_merge_was_heard(
        statements in prop::collection::vec(statement(), 0..24),
    ) {
        let without: Vec<Statement> = statements
            .into_iter()
            .filter(|statement| statement.relation != Relation::Merge)
            .collect();
        for user in resolve(&without, &keys()).users {
            let accounts = user.identities.iter().filter(|identity| identity.0 < 3);
            prop_assert!(accounts.count() < 2);
        }
    }

    #[test]
    fn what_was_split_last_is_two(
        statements in prop::collection::vec(statement(), 0..24),
        one in 0..10_u32,
        other in 0..10_u32,
    ) {
        prop_assume!(one != other);
        let mut statements = statements;
        statements.push(Statement {
            moment: Moment { time: Time::from_millis(100), arrival: 0 },
            relation: Relation::Split,
            one: UserNumber(one),
            other: UserNumber(other),
        });
        let identities = Identities::of(&statements, keys());
        prop_assert_ne!(
            identities.owner(UserNumber(one)),
            identities.owner(UserNumber(other))
        );
    }

    #[test]
    fn what_says_nothing_new_changes_nobody(
        statements in prop::collection::vec(statement(), 0..24),
        more in prop::collection::vec(statement(), 0..6),
    ) {
        let mut all = Identities::of(&statements, keys());
        let mut some = all.clone();
        let news = some.news(&more);
        all.add(&more, keys());
        some.add(&news, keys());
        prop_assert_eq!(owners(&all), owners(&some));
    }
}
