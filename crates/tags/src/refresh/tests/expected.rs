//! What the reference evaluator says of all users.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{Keep, Time, UserNumber, Value};
use features::reference::{self, User, World};
use rules::checked::{Body, Case};

use super::people::People;
use super::rules::Rules;

/// All users with what each of the first `count` tags gives them, by the reference evaluator, at
/// an instant. Rules name only tags before their own.
pub(super) fn with_tags(
    (rules, count): (&Rules, usize),
    people: &People,
    instant: Time,
) -> Vec<User> {
    let mut all: Vec<User> = people.users.iter().map(|one| seen(rules, one)).collect();
    for (place, (key, body, as_of)) in rules.tags.iter().take(count).enumerate() {
        let own = as_of.filter(|as_of| *as_of < people.world.now);
        let other = own.filter(|own| *own != instant);
        let there = other.map(|own| with_tags((rules, place + 1), people, own));
        let world = world(people, instant, &all);
        let give = |(place, user): (usize, &User)| match (&there, rules.given.get(key)) {
            (_, Some(given)) => {
                let number = UserNumber(people.users[place].0);
                given.value(number).filter(|_| user.is_known(instant))
            }
            (Some(there), None) => there[place].tags.get(key).cloned(),
            (None, None) => value(body, user, &world).filter(|_| user.is_known(instant)),
        };
        let values: Vec<Option<Value>> = all.iter().enumerate().map(give).collect();
        for (user, value) in all.iter_mut().zip(values) {
            user.tags.extend(value.map(|value| (key.clone(), value)));
        }
        // The audience stands after the tags that it names.
        if let Some((key, condition)) = rules.audiences.first().filter(|_| place == 2) {
            let world = self::world(people, instant, &all);
            let holds = |user: &User| reference::holds(condition, user, &world);
            let members: Vec<bool> = all.iter().map(holds).collect();
            for (user, _) in all.iter_mut().zip(members).filter(|(_, is_in)| *is_in) {
                user.audiences.insert(key.clone());
            }
        }
    }
    all
}

pub(super) fn seen(rules: &Rules, (number, user): &(u32, User)) -> User {
    let lists = rules.lists.iter();
    let lists = lists.filter(|(_, users)| users.contains(UserNumber(*number)));
    User {
        tags: BTreeMap::new(),
        audiences: BTreeSet::new(),
        lists: lists.map(|(list, _)| list.clone()).collect(),
        ..user.clone()
    }
}

pub(super) fn world(people: &People, now: Time, users: &[User]) -> World {
    World {
        now,
        users: users.into(),
        ..people.world.clone()
    }
}

pub(super) fn value(body: &Body, user: &User, world: &World) -> Option<Value> {
    match body {
        Body::Condition(condition) => {
            reference::holds(condition, user, world).then_some(Value::Bool(true))
        }
        Body::Measure(measure) => reference::value(measure, user, world),
        Body::Cases {
            cases,
            otherwise,
            keep,
        } => {
            let holds = |case: &&Case| reference::holds(&case.when, user, world);
            let mut values: Vec<Value> = cases
                .iter()
                .filter(holds)
                .map(|case| Value::Text(Arc::clone(&case.value)))
                .collect();
            if values.is_empty() {
                values.extend(otherwise.iter().map(|value| Value::Text(Arc::clone(value))));
            }
            // Two cases of one value give it once.
            let mut seen = BTreeSet::new();
            values.retain(|value| seen.insert(value.clone()));
            match keep {
                Keep::First => values.into_iter().next(),
                Keep::All => {
                    // In the order in which the cases name them first.
                    let named = |value: &Value| {
                        let is_named = |case: &Case| Value::Text(case.value.clone()) == *value;
                        cases.iter().position(is_named)
                    };
                    values.sort_by_key(named);
                    (!values.is_empty()).then(|| Value::List(values.into()))
                }
            }
        }
    }
}
