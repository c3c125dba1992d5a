//! What every implementation of the port must do, as tests: an adapter's own tests call these
//! functions with the adapter. They end by a panic that says what is wrong.

use std::collections::BTreeMap;

use domain::{IdentityKind, Time, UserKey, UserNumber};

use super::Statements;
use crate::{Moment, PortError, Relation, Statement};

/// What the contract keeps: one statement of each relation, identities of all kinds.
#[must_use]
pub fn told() -> (Vec<Statement>, BTreeMap<UserNumber, UserKey>) {
    let keys: BTreeMap<UserNumber, UserKey> = (0_u32..)
        .map(UserNumber)
        .zip(IdentityKind::ALL)
        .map(|(number, kind)| (number, UserKey::new(kind, &format!("network:{number} 名"))))
        .collect();
    let statements = (0_u32..).zip(Relation::ALL);
    let statements = statements.map(|(number, relation)| Statement {
        moment: Moment {
            time: Time::from_millis(1_700_000_000_123 - i64::from(number)),
            arrival: u64::MAX / 2 + u64::from(number),
        },
        relation,
        one: UserNumber(number),
        other: UserNumber(number + 2),
    });
    (statements.collect(), keys)
}

/// What was told is there, and there again after reopening.
///
/// `open` opens the same store every time, to which [`told`] was told.
///
/// # Errors
/// What the store meets.
///
/// # Panics
/// Where the store does not keep its contract.
pub fn statements_are_kept(open: &dyn Fn() -> Box<dyn Statements>) -> Result<(), PortError> {
    let (mut statements, keys) = told();
    statements.sort_unstable();
    for when in ["as it was told", "after reopening"] {
        let store = open();
        let mut found = store.statements()?;
        found.sort_unstable();
        assert_eq!(found, statements, "the statements, {when}");
        let found: BTreeMap<UserNumber, UserKey> = store.keys()?.into_iter().collect();
        assert_eq!(found, keys, "the keys, {when}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::in_memory::StatementsInMemory;

    #[test]
    fn statements_in_memory_keep_the_contract() {
        let open = || -> Box<dyn Statements> {
            let (statements, keys) = told();
            Box::new(StatementsInMemory { statements, keys })
        };
        statements_are_kept(&open).unwrap();
    }
}
