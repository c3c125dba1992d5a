//! What a user holds in all wallets: each identity tells what it holds, and the user has what all
//! of them told last.
//!
//! Stores keep what each identity told. They join it on reading, so that whoever gains or loses an
//! identity has its holdings, or has them no longer.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{HOLDINGS, Stored, Value, stored};

use crate::history::{Column, NO_CODE, Table, WantedColumn};
use crate::place::elements;

/// What the identities of one user hold, told one after the other.
#[derive(Clone, Debug, Default)]
pub struct Holdings {
    by_identity: BTreeMap<u32, Value>,
}

impl Holdings {
    /// Hears what an identity holds from now on, nothing where it was unset; gives what the user
    /// holds, by identity, nothing where no identity tells anything.
    pub fn tell(&mut self, identity: u32, held: Option<Value>) -> Option<Value> {
        match held {
            Some(held) => self.by_identity.insert(identity, held),
            None => self.by_identity.remove(&identity),
        };
        let all = self.by_identity.values().flat_map(elements).cloned();
        (!self.by_identity.is_empty()).then(|| all.collect())
    }
}

/// Whether holdings are among the columns: then a store has to [`join`] them.
#[must_use]
pub fn are_wanted(columns: &[WantedColumn]) -> bool {
    columns.iter().any(|column| &*column.path == HOLDINGS)
}

/// Puts what the whole user holds in the place of what single identities told. `identities` has
/// the identity of each row of the attribute changes; columns of holdings are texts.
pub fn join(traits: &mut Table, columns: &[WantedColumn], identities: &[u32]) {
    let mut found = std::mem::take(&mut traits.columns);
    for (column, wanted) in found.iter_mut().zip(columns) {
        if &*wanted.path == HOLDINGS
            && let Column::Text { codes, texts } = column
        {
            join_column(traits, identities, codes, texts);
        }
    }
    traits.columns = found;
}

fn join_column(traits: &Table, identities: &[u32], codes: &mut [u32], texts: &mut Vec<Arc<str>>) {
    let told = told(traits, identities, codes);
    let of_several = told
        .chunk_by(|one, other| one.user == other.user)
        .filter(|of_user| {
            of_user
                .iter()
                .any(|one| Some(one.identity) != of_user.first().map(|first| first.identity))
        });
    for of_user in of_several {
        let mut holdings = Holdings::default();
        for Told { identity, row, .. } in of_user {
            let Some(code) = codes.get_mut(*row) else {
                continue;
            };
            let held = texts.get(*code as usize).and_then(|text| decoded(text));
            let all = holdings.tell(*identity, held);
            *code = u32::try_from(texts.len()).unwrap_or(NO_CODE);
            texts.push(encoded(all.as_ref()));
        }
    }
}

/// A row in which an identity tells what it holds.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    user: u32,
    time: i64,
    arrival: u64,
    row: usize,
    identity: u32,
}

/// The rows in which something is told, by user and in their order.
fn told(traits: &Table, identities: &[u32], codes: &[u32]) -> Vec<Told> {
    let keys = traits.users.iter().zip(&traits.times).zip(identities);
    let rows = keys.zip(codes).enumerate();
    let mut told: Vec<Told> = rows
        .filter(|(_, (_, code))| **code != NO_CODE)
        .map(|(row, (((user, time), identity), _))| Told {
            user: *user,
            time: *time,
            arrival: traits.arrivals.get(row).copied().unwrap_or_default(),
            row,
            identity: *identity,
        })
        .collect();
    told.sort_unstable();
    told
}

fn decoded(text: &str) -> Option<Value> {
    match stored::decode(text) {
        Stored::Value(value) => Some(value),
        Stored::ObjectMarker => Some(Value::Object(Arc::default())),
        Stored::Unset => None,
    }
}

fn encoded(held: Option<&Value>) -> Arc<str> {
    let text = held.and_then(|held| stored::encode(HOLDINGS, held).into_iter().next());
    text.map_or_else(|| Arc::from(stored::UNSET), |(_, text)| Arc::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::WantedForm;

    fn list(elements: &[&str]) -> Value {
        elements
            .iter()
            .map(|element| Value::text(element))
            .collect()
    }

    /// A table in which (user, time, identity) tell something.
    fn table(rows: &[(u32, i64, u32, Option<Value>)]) -> (Table, Vec<u32>) {
        let texts: Vec<Arc<str>> = rows.iter().map(|row| encoded(row.3.as_ref())).collect();
        let table = Table {
            users: rows.iter().map(|row| row.0).collect(),
            times: rows.iter().map(|row| row.1).collect(),
            columns: vec![Column::Text {
                codes: (0..rows.len() as u32).collect(),
                texts,
            }],
            ..Table::default()
        };
        (table, rows.iter().map(|row| row.2).collect())
    }

    fn joined(rows: &[(u32, i64, u32, Option<Value>)]) -> Vec<Option<Value>> {
        let (mut table, identities) = table(rows);
        let wanted = WantedColumn {
            path: Arc::from(HOLDINGS),
            form: WantedForm::Texts,
        };
        join(&mut table, &[wanted], &identities);
        let Column::Text { codes, texts } = &table.columns[0] else {
            panic!("{table:?}")
        };
        codes
            .iter()
            .map(|code| decoded(&texts[*code as usize]))
            .collect()
    }

    #[test]
    fn each_row_has_what_all_identities_of_its_user_told_last() {
        let rows = [
            (1, 10, 1, Some(list(&["a"]))),
            (1, 20, 5, Some(list(&["b", "c"]))),
            (1, 30, 1, Some(list(&["d"]))),
            (1, 40, 5, None),
            (2, 15, 2, Some(list(&["z"]))),
        ];
        let expected = [
            Some(list(&["a"])),
            Some(list(&["a", "b", "c"])),
            Some(list(&["d", "b", "c"])),
            Some(list(&["d"])),
            Some(list(&["z"])),
        ];
        assert_eq!(joined(&rows), expected);
    }

    #[test]
    fn the_order_of_rows_in_a_table_does_not_matter_but_that_of_their_times() {
        let rows = [
            (1, 20, 5, Some(list(&["b"]))),
            (1, 10, 1, Some(list(&["a"]))),
        ];
        assert_eq!(joined(&rows), [Some(list(&["a", "b"])), Some(list(&["a"]))]);
    }

    #[test]
    fn nothing_is_held_where_all_identities_unset_it() {
        let rows = [
            (1, 10, 1, Some(list(&["a"]))),
            (1, 20, 5, Some(list(&[]))),
            (1, 30, 1, None),
            (1, 40, 5, None),
        ];
        assert_eq!(joined(&rows)[2..], [Some(list(&[])), None]);
    }
}
