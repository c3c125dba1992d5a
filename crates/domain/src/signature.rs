//! Who changed something, why, and when.

use serde::{Deserialize, Serialize};

use crate::Time;

/// Who changed something, why, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Who; empty: nobody in particular.
    pub author: String,
    /// Why, in the author's words; empty: not said.
    pub reason: String,
    /// When.
    pub at: Time,
}

impl From<Time> for Signature {
    /// A change of which nothing is said but when.
    fn from(at: Time) -> Self {
        Self {
            author: String::new(),
            reason: String::new(),
            at,
        }
    }
}
