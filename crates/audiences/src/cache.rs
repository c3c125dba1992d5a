//! Members of audiences that were asked for before, by content.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::UserSet;

use crate::Error;
use crate::algebra::{count, members};
use crate::expression::AudienceExpression;
use crate::ports::Sets;

/// Members of the audiences asked for last. What belongs to an earlier run is forgotten.
#[derive(Debug)]
pub struct AudienceCache {
    most: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    run: u64,
    /// Counts up with every question.
    clock: u64,
    /// Members, and when they were asked for last.
    members: HashMap<AudienceExpression, (Arc<UserSet>, u64)>,
}

impl AudienceCache {
    /// A cache of at most so many audiences.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self {
            most,
            kept: Mutex::default(),
        }
    }

    /// The users in an audience.
    ///
    /// # Errors
    /// As [`members`].
    pub fn members(
        &self,
        expression: &AudienceExpression,
        sets: &dyn Sets,
    ) -> Result<Arc<UserSet>, Error> {
        if let Some(known) = self.at(sets.run()).get(expression) {
            return Ok(known);
        }
        let found = members(expression, sets)?;
        self.at(sets.run()).insert(expression, &found, self.most);
        Ok(found)
    }

    /// How many users are in an audience. Nothing is kept for it.
    ///
    /// # Errors
    /// As [`count`].
    pub fn count(&self, expression: &AudienceExpression, sets: &dyn Sets) -> Result<u64, Error> {
        let known = self.at(sets.run()).get(expression);
        known.map_or_else(|| count(expression, sets), |known| Ok(known.len()))
    }

    /// What is kept of a run.
    fn at(&self, run: u64) -> MutexGuard<'_, Kept> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.run != run {
            *kept = Kept {
                run,
                ..Kept::default()
            };
        }
        kept
    }
}

impl Kept {
    fn get(&mut self, expression: &AudienceExpression) -> Option<Arc<UserSet>> {
        self.clock += 1;
        let (members, asked) = self.members.get_mut(expression)?;
        *asked = self.clock;
        Some(Arc::clone(members))
    }

    fn insert(&mut self, expression: &AudienceExpression, members: &Arc<UserSet>, most: usize) {
        if most == 0 {
            return;
        }
        while self.members.len() >= most {
            let oldest = self.members.iter().min_by_key(|(_, (_, asked))| *asked);
            let Some(oldest) = oldest.map(|(expression, _)| expression.clone()) else {
                break;
            };
            self.members.remove(&oldest);
        }
        self.members
            .insert(expression.clone(), (Arc::clone(members), self.clock));
    }
}

#[cfg(test)]
mod tests {
    use domain::{ListKey, UserNumber};

    use super::*;
    use crate::ports::in_memory::SetsInMemory;

    fn list(name: &str) -> AudienceExpression {
        AudienceExpression::List(ListKey::new(name).unwrap())
    }

    #[test]
    fn what_was_asked_for_is_kept_until_the_next_run() {
        let set = |users: &[u32]| Arc::new(users.iter().copied().collect::<UserSet>());
        let mut sets = SetsInMemory {
            run: 1,
            universe: set(&[1, 2, 3]),
            ..SetsInMemory::default()
        };
        for name in ["a", "b", "c"] {
            sets.lists.insert(ListKey::new(name).unwrap(), set(&[1, 2]));
        }
        let cache = AudienceCache::new(2);
        let first = cache.members(&list("a"), &sets).unwrap();
        assert!(Arc::ptr_eq(
            &first,
            &cache.members(&list("a"), &sets).unwrap()
        ));
        cache.members(&list("b"), &sets).unwrap();
        cache.members(&list("a"), &sets).unwrap();
        cache.members(&list("c"), &sets).unwrap();
        assert!(
            Arc::ptr_eq(&first, &cache.members(&list("a"), &sets).unwrap()),
            "asked for last"
        );
        assert_eq!(cache.count(&list("a"), &sets), Ok(2));
        sets.run = 2;
        sets.universe = set(&[1]);
        let later = cache.members(&list("a"), &sets).unwrap();
        assert_eq!(later.iter().collect::<Vec<_>>(), [UserNumber(1)]);
    }
}
