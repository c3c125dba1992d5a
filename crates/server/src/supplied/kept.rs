//! What people supplied, kept as long as it and the users are the same.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use domain::{ListKey, ListKind, Supplied, TagKey};

use super::Members;
use crate::lists::ListMembers;
use crate::users::Users;

/// The members of tags and lists that were read before.
#[derive(Debug, Default)]
pub struct KeptSupply {
    pub(super) tags: Kept<(TagKey, Supplied), Arc<Members>>,
    pub(crate) lists: Kept<(ListKey, ListKind), ListMembers>,
}

/// What was read, by keys.
#[derive(Debug)]
pub(crate) struct Kept<K, T>(Mutex<HashMap<K, Reading<T>>>);

#[derive(Debug)]
struct Reading<T> {
    /// How often it had changed when it was read.
    times: u64,
    /// The users to whom its keys were found to belong.
    users: Users,
    read: T,
}

impl<K, T> Default for Kept<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Clone + Eq + Hash, T: Clone> Kept<K, T> {
    /// What was read, if it has changed no more often than `times` and the users are the same; else it is read.
    ///
    /// # Errors
    /// Those of reading.
    pub fn get(
        &self,
        key: &K,
        times: u64,
        users: &Users,
        read: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(key)
            && known.times == times
            && known.users.is_same(users)
        {
            return Ok(known.read.clone());
        }
        let reading = Reading {
            times,
            users: users.clone(),
            read: read()?,
        };
        let read = reading.read.clone();
        let mut known = lock();
        // What was found for other users is of no use, and would keep them in memory.
        known.retain(|_, reading| reading.users.is_same(users));
        known.insert(key.clone(), reading);
        Ok(read)
    }
}
