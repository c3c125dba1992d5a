//! The ports in memory, for tests and small tools.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{Time, UserKey, UserNumber};
use features::{Column, HistoryBlock, Table, Wanted, WantedForm};

use super::{Histories, Identities, Results, Selection};
use crate::PortError;
use crate::difference::Changes;
use crate::results::TagResults;

/// Histories as one block that holds everything; its columns are found by the order in which
/// they were wanted when it was made.
#[derive(Clone, Debug, Default)]
pub struct HistoriesInMemory {
    /// How many user numbers have been given out.
    pub extent: u32,
    /// What the columns of the block are.
    pub columns: Wanted,
    /// The histories of all users.
    pub history: HistoryBlock,
}

impl Histories for HistoriesInMemory {
    fn extent(&self) -> Result<u32, PortError> {
        Ok(self.extent)
    }

    fn read(
        &self,
        users: &Selection,
        wanted: &Wanted,
        _now: Time,
    ) -> Result<HistoryBlock, PortError> {
        let takes = |user: u32| match users {
            Selection::Range(range) => range.contains(&user),
            Selection::List(list) => list.binary_search(&user).is_ok(),
        };
        let columns = |all: &[features::WantedColumn], wanted: &[features::WantedColumn]| {
            wanted
                .iter()
                .map(|column| (column.form, all.iter().position(|other| other == column)))
                .collect::<Vec<_>>()
        };
        let events = columns(&self.columns.event_columns, &wanted.event_columns);
        let traits = columns(&self.columns.trait_columns, &wanted.trait_columns);
        let memberships = self.history.memberships.iter();
        let memberships =
            memberships.filter(|row| takes(row.user) && wanted.memberships.contains(&row.tag));
        Ok(HistoryBlock {
            users: users.numbers(),
            events: part(&self.history.events, &takes, &events),
            traits: part(&self.history.traits, &takes, &traits),
            memberships: memberships.cloned().collect(),
            ..HistoryBlock::default()
        })
    }
}

/// The rows of some users with the columns wanted; a column that is not there has no value.
fn part(
    table: &Table,
    takes: &dyn Fn(u32) -> bool,
    wanted: &[(WantedForm, Option<usize>)],
) -> Table {
    let rows: Vec<usize> = table
        .users
        .iter()
        .enumerate()
        .filter(|(_, user)| takes(**user))
        .map(|(row, _)| row)
        .collect();
    fn picked<T: Copy>(values: &[T], rows: &[usize]) -> Vec<T> {
        rows.iter()
            .filter_map(|row| values.get(*row).copied())
            .collect()
    }
    let column = |(_, place): &(WantedForm, Option<usize>)| match place
        .and_then(|place| table.columns.get(place))
    {
        Some(Column::Number { scale, mantissas }) => Column::Number {
            scale: *scale,
            mantissas: picked(mantissas, &rows),
        },
        Some(Column::WideNumber { scale, mantissas }) => Column::WideNumber {
            scale: *scale,
            mantissas: picked(mantissas, &rows),
        },
        Some(Column::Text { codes, texts }) => Column::Text {
            codes: picked(codes, &rows),
            texts: texts.clone(),
        },
        None => {
            let codes = vec![features::history::NO_CODE; rows.len()];
            Column::Text {
                codes,
                texts: Vec::new(),
            }
        }
    };
    Table {
        users: picked(&table.users, &rows),
        times: picked(&table.times, &rows),
        arrivals: picked(&table.arrivals, &rows),
        names: picked(&table.names, &rows),
        name_texts: table.name_texts.clone(),
        columns: wanted.iter().map(column).collect(),
    }
}

/// Identities by the numbers of the users whom they name.
#[derive(Clone, Debug, Default)]
pub struct IdentitiesInMemory {
    /// What identifies each user; the key first.
    pub of_users: BTreeMap<u32, Vec<UserKey>>,
}

impl Identities for IdentitiesInMemory {
    fn user(&self, identity: &str) -> Option<UserNumber> {
        let whose = |key: UserKey| {
            let mut users = self.of_users.iter();
            users.find_map(|(user, own)| own.contains(&key).then_some(UserNumber(*user)))
        };
        UserKey::meant_by(identity).find_map(whose)
    }

    fn key(&self, user: UserNumber) -> Option<String> {
        self.of_users
            .get(&user.0)
            .and_then(|own| own.first())
            .map(|key| key.text().to_string())
    }
}

/// The results of runs, the last and all changes.
#[derive(Debug, Default)]
pub struct ResultsInMemory {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    latest: Option<Arc<TagResults>>,
    changes: Vec<Changes>,
}

impl ResultsInMemory {
    /// The changes of all runs that were stored.
    #[must_use]
    pub fn changes(&self) -> Vec<Changes> {
        self.kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .changes
            .clone()
    }
}

impl Results for ResultsInMemory {
    fn latest(&self) -> Result<Option<Arc<TagResults>>, PortError> {
        Ok(self
            .kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .latest
            .clone())
    }

    fn store(&self, results: &Arc<TagResults>, changes: &Changes) -> Result<(), PortError> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.latest = Some(Arc::clone(results));
        kept.changes.push(changes.clone());
        Ok(())
    }
}
