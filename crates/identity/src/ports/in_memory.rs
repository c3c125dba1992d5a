//! The port in memory, for scenarios and tests.

use std::collections::BTreeMap;

use domain::{UserKey, UserNumber};

use super::Statements;
use crate::{PortError, Statement};

/// Statements in the order in which they were heard.
#[derive(Clone, Debug, Default)]
pub struct StatementsInMemory {
    /// All of them.
    pub statements: Vec<Statement>,
    /// The keys of the identities.
    pub keys: BTreeMap<UserNumber, UserKey>,
}

impl Statements for StatementsInMemory {
    fn statements(&self) -> Result<Vec<Statement>, PortError> {
        Ok(self.statements.clone())
    }

    fn keys(&self) -> Result<Vec<(UserNumber, UserKey)>, PortError> {
        let keys = self.keys.iter();
        Ok(keys.map(|(number, key)| (*number, key.clone())).collect())
    }
}
