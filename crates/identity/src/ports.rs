//! What this stage needs from outside.

#[cfg(any(test, feature = "contract"))]
pub mod contract;
pub mod in_memory;

use domain::{UserKey, UserNumber};

use crate::{PortError, Statement};

/// What was said about identities.
pub trait Statements {
    /// All statements that are kept, in no order.
    ///
    /// # Errors
    /// What the store meets.
    fn statements(&self) -> Result<Vec<Statement>, PortError>;

    /// The keys of the identities that statements name, in no order.
    ///
    /// # Errors
    /// What the store meets.
    fn keys(&self) -> Result<Vec<(UserNumber, UserKey)>, PortError>;
}
