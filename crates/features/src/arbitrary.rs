//! Random rules and random histories, for tests that several evaluators of rules agree.
//!
//! Small on purpose: few names, few users, few events, and instants drawn from a small pool, so
//! that equal times, missing values, boundaries of windows and changes of clocks meet often.
//! Everything follows from one seed. Only built with the feature `arbitrary`.

mod aggregates;
mod block;
mod collections;
mod conditions;
mod histories;
mod measures;
mod memberships;
mod population;
mod random;
mod renamed;
mod sequences;
mod shrink;
mod values;
mod windows;

pub use self::block::{Forms, block};
pub use self::population::Ingredients;
pub use self::random::Random;
pub use self::shrink::shrink;
pub use self::values::identities;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::{ListKey, Time};

use crate::program::ValueLists;
use crate::reference::{User, World};

/// Where the things of a rule stand, which decides what may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// In a condition or a measure over users.
    User,
    /// In a filter or an argument, over one event.
    Event,
    /// In a condition or a measure over one group of events.
    Group,
}

/// What rules and histories are drawn from.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    /// The instants that happen, some of which are boundaries; `now` is among them.
    pub instants: Vec<Time>,
}

/// Some users, with the instant at which they are looked at.
#[derive(Clone, Debug)]
pub struct Population {
    /// The instant, and the lists of values.
    pub world: World,
    /// Numbers, ascending, and histories. Some users are not known.
    pub users: Vec<(u32, User)>,
    /// What the histories were drawn from, and rules are to be drawn from.
    pub vocabulary: Vocabulary,
}

impl Population {
    /// A population of up to six users.
    pub fn draw(random: &mut Random) -> Self {
        let users = 1 + random.below(6);
        Self::of(random, users)
    }

    /// A population of so many users.
    pub fn of(random: &mut Random, users: usize) -> Self {
        let vocabulary = Vocabulary::draw(random);
        let now = vocabulary.instant(random);
        let mut number = 0;
        let users: Vec<(u32, User)> = (0..users)
            .map(|_| {
                number += 1 + random.below(3) as u32;
                (number, histories::user(random, &vocabulary))
            })
            .collect();
        Self {
            world: World {
                now,
                lists: lists(),
                users: users.iter().map(|(_, user)| user.clone()).collect(),
            },
            users,
            vocabulary,
        }
    }
}

/// The key of the list of values that rules name.
pub(crate) fn list_key() -> Option<ListKey> {
    ListKey::new("favourites").ok()
}

fn lists() -> ValueLists {
    let texts: HashSet<Arc<str>> = ["a", "12.5", "é", values::ADDRESS].map(Arc::from).into();
    let mut lists = HashMap::new();
    if let Some(key) = list_key() {
        lists.insert(key, Arc::new(texts));
    }
    lists
}
