//! The members of lists: users by number (those nobody knows do not matter), values as they are.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use anyhow::Result;
use catalog::Definitions;
use domain::{ListKey, ListKind, UserNumber, UserSet};
use features::ValueLists;

use crate::platform::Platform;
use crate::users::Users;

type UserLists = BTreeMap<ListKey, Arc<UserSet>>;

/// The members of a list.
#[derive(Clone, Debug)]
pub enum ListMembers {
    /// Of a list of users.
    Users(Arc<UserSet>),
    /// Of a list of values.
    Values(Arc<HashSet<Arc<str>>>),
}

impl ListMembers {
    fn of(kind: ListKind, members: &[String], users: &Users) -> Self {
        match kind {
            ListKind::Users => {
                let known = members.iter().filter_map(|member| users.user(member));
                let mut numbers: Vec<UserNumber> = known.collect();
                numbers.sort_unstable();
                Self::Users(Arc::new(numbers.into_iter().collect()))
            }
            ListKind::Values => {
                let texts = members.iter().map(|member| Arc::from(member.as_str()));
                Self::Values(Arc::new(texts.collect()))
            }
        }
    }
}

/// The members of all lists; of some they are given.
///
/// # Errors
/// The catalog's.
pub fn members(
    platform: &Platform,
    definitions: &Definitions,
    given: &BTreeMap<ListKey, Vec<String>>,
    users: &Users,
) -> Result<(UserLists, ValueLists)> {
    let (mut user_lists, mut value_lists) = (UserLists::new(), ValueLists::new());
    for list in &definitions.lists {
        let (key, kind) = (list.definition.key.clone(), list.definition.kind);
        let members = match given.get(&key) {
            Some(members) => ListMembers::of(kind, members, users),
            None if list.version == 0 => ListMembers::of(kind, &[], users),
            None => {
                let times = platform.catalog.list_supplied(&key);
                let kept = &platform.kept_supply().lists;
                kept.get(&(key.clone(), kind), times, users, || {
                    let members = platform.wait(platform.catalog.members(&key))?;
                    Ok(ListMembers::of(kind, &members, users))
                })?
            }
        };
        match members {
            ListMembers::Users(users) => drop(user_lists.insert(key, users)),
            ListMembers::Values(texts) => drop(value_lists.insert(key, texts)),
        }
    }
    Ok((user_lists, value_lists))
}
