//! What this stage needs from outside.

#[cfg(any(test, feature = "contract"))]
pub mod contract;
pub mod in_memory;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use domain::{Time, UserNumber};
use features::{HistoryBlock, Wanted};

use crate::PortError;
use crate::difference::Changes;
use crate::results::TagResults;

/// Whose histories are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// All numbers of a range.
    Range(Range<u32>),
    /// These numbers, ascending, each once.
    List(Vec<u32>),
}

impl Selection {
    /// Whether a number is among them.
    #[must_use]
    pub fn contains(&self, user: u32) -> bool {
        match self {
            Self::Range(range) => range.contains(&user),
            Self::List(numbers) => numbers.binary_search(&user).is_ok(),
        }
    }

    /// The numbers, ascending.
    #[must_use]
    pub fn numbers(&self) -> Vec<u32> {
        match self {
            Self::Range(range) => range.clone().collect(),
            Self::List(numbers) => numbers.clone(),
        }
    }
}

/// The histories of users.
pub trait Histories: Sync {
    /// How many user numbers have been given out: every user's number is below.
    ///
    /// # Errors
    /// What the store meets.
    fn extent(&self) -> Result<u32, PortError>;

    /// Reads the histories of some users. `HistoryBlock::users` is exactly the selection, those
    /// without rows too. Rows later than `now` may be left out; events that are kept no longer
    /// then are; no others.
    ///
    /// # Errors
    /// What the store meets.
    fn read(
        &self,
        users: &Selection,
        wanted: &Wanted,
        now: Time,
    ) -> Result<HistoryBlock, PortError>;

    /// Reads into a block that is needed no more, whatever it holds: a store may use its memory again.
    ///
    /// # Errors
    /// What the store meets; the block is of no use then.
    fn read_into(
        &self,
        users: &Selection,
        wanted: &Wanted,
        now: Time,
        block: &mut HistoryBlock,
    ) -> Result<(), PortError> {
        *block = self.read(users, wanted, now)?;
        Ok(())
    }
}

/// Whom a text identifies.
pub trait Identities: fmt::Debug + Send + Sync {
    /// The user whom an identity names, as it stands in attributes and properties.
    fn user(&self, identity: &str) -> Option<UserNumber>;

    /// The text of a user's key, its least identity.
    fn key(&self, user: UserNumber) -> Option<String>;
}

/// The results of runs.
pub trait Results: Sync {
    /// The results of the last run that was stored.
    ///
    /// # Errors
    /// What the store meets.
    fn latest(&self) -> Result<Option<Arc<TagResults>>, PortError>;

    /// Stores the results of a run and who entered and left, both or neither.
    ///
    /// # Errors
    /// What the store meets.
    fn store(&self, results: &Arc<TagResults>, changes: &Changes) -> Result<(), PortError>;
}
