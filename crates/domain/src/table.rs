//! Tables of reference data: rows that rules look up by a key.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Error, LocalizedText, TableKey, Value, canonical_address_or_same};

/// The column that holds the keys of rows, where a table has one of that name and says nothing
/// else.
const KEY_COLUMN: &str = "key";

/// A table that people maintain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableDefinition {
    /// What rules call it.
    pub key: TableKey,
    /// What people call it; empty: by its key.
    #[serde(default, skip_serializing_if = "LocalizedText::is_empty")]
    pub name: LocalizedText,
    /// What it is for.
    #[serde(default, skip_serializing_if = "LocalizedText::is_empty")]
    pub description: LocalizedText,
    /// The column by whose values rows are found. Left out, it is the column `key`, or where no
    /// row has one, the first column of the first row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The rows.
    pub rows: Vec<TableRow>,
}

/// A row: columns and their values, in the order in which they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TableRow {
    /// The cells.
    pub cells: Vec<Cell>,
}

/// A value of a row. Its text is canonical: the place of its use decides its type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// The column.
    pub column: Arc<str>,
    /// The value.
    pub value: Arc<str>,
}

impl TableRow {
    /// The value in a column.
    #[must_use]
    pub fn value(&self, column: &str) -> Option<&Arc<str>> {
        let cell = self.cells.iter().find(|cell| &*cell.column == column)?;
        Some(&cell.value)
    }
}

impl TableDefinition {
    /// The column by whose values rows are found.
    #[must_use]
    pub fn key_column(&self) -> &str {
        let has_key = || self.rows.iter().any(|row| row.value(KEY_COLUMN).is_some());
        let first = || self.rows.first()?.cells.first();
        match (&self.by, first()) {
            (Some(by), _) => by,
            (None, Some(first)) if !has_key() => &first.column,
            (None, _) => KEY_COLUMN,
        }
    }

    /// The table, ready to be looked up.
    ///
    /// # Errors
    /// [`Error::InvalidDefinition`] for a row without a key, and for two with the same.
    pub fn table(&self) -> Result<Table, Error> {
        let by = self.key_column();
        let invalid = |problem: String| Error::InvalidDefinition {
            problem: format!("table `{}`: {problem}", self.key),
        };
        let mut rows = HashMap::with_capacity(self.rows.len());
        for (place, row) in self.rows.iter().enumerate() {
            let Some(key) = row.value(by) else {
                let number = place + 1;
                return Err(invalid(format!(
                    "row {number} has no `{by}`, by which rows are found (`by` names another column)"
                )));
            };
            let key: Arc<str> = Arc::from(canonical_address_or_same(key));
            let cells = row
                .cells
                .iter()
                .map(|cell| {
                    (
                        Arc::clone(&cell.column),
                        Value::Text(Arc::clone(&cell.value)),
                    )
                })
                .collect();
            if rows.insert(Arc::clone(&key), cells).is_some() {
                return Err(invalid(format!("two rows have the {by} `{key}`")));
            }
        }
        let cells = self.rows.iter().flat_map(|row| &row.cells);
        Ok(Table {
            key: self.key.clone(),
            columns: cells.map(|cell| Arc::clone(&cell.column)).collect(),
            rows,
        })
    }
}

/// A table as rules look it up.
#[derive(Clone, PartialEq, Eq)]
pub struct Table {
    key: TableKey,
    columns: BTreeSet<Arc<str>>,
    rows: HashMap<Arc<str>, BTreeMap<Arc<str>, Value>>,
}

impl Table {
    /// What rules call it.
    #[must_use]
    pub fn key(&self) -> &TableKey {
        &self.key
    }

    /// The columns of all rows.
    #[must_use]
    pub fn columns(&self) -> &BTreeSet<Arc<str>> {
        &self.columns
    }

    /// The keys of the rows, in no order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.rows.keys().map(AsRef::as_ref)
    }

    /// Whether a row has this key, a canonical text.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.rows.contains_key(key)
    }

    /// The value of a row in a column; missing where there is no such row or no value in it.
    #[must_use]
    pub fn cell(&self, key: &str, column: &str) -> Option<&Value> {
        self.rows.get(key)?.get(column)
    }

    /// The values of a column, in no order.
    pub fn column(&self, column: &str) -> impl Iterator<Item = &Value> {
        self.rows.values().filter_map(move |row| row.get(column))
    }
}

impl Hash for Table {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
        self.rows.len().hash(state);
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Table({}, {} rows)", self.key, self.rows.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(by: Option<&str>, rows: &[&[(&str, &str)]]) -> TableDefinition {
        let cell = |(column, value): &(&str, &str)| Cell {
            column: Arc::from(*column),
            value: Arc::from(*value),
        };
        let row = |cells: &&[(&str, &str)]| TableRow {
            cells: cells.iter().map(cell).collect(),
        };
        TableDefinition {
            key: TableKey::new("chains").unwrap(),
            name: LocalizedText::default(),
            description: LocalizedText::default(),
            by: by.map(str::to_owned),
            rows: rows.iter().map(row).collect(),
        }
    }

    #[test]
    fn rows_are_found_by_the_column_key_or_the_first_one_or_the_one_named() {
        let by_first = definition(None, &[&[("chain", "bsc"), ("gas", "3")]]);
        assert_eq!(by_first.key_column(), "chain");
        let by_key = definition(None, &[&[("gas", "3"), ("key", "bsc")]]);
        assert_eq!(by_key.key_column(), "key");
        let by_name = definition(Some("id"), &[&[("key", "1"), ("id", "56")]]);
        let table = by_name.table().unwrap();
        assert_eq!(table.cell("56", "key"), Some(&Value::text("1")));
        assert_eq!(table.cell("1", "key"), None);
        assert_eq!(table.cell("56", "gas"), None);
    }

    #[test]
    fn every_row_has_a_key_of_its_own_and_addresses_are_in_lower_case() {
        let no_key = definition(None, &[&[("id", "a")], &[("name", "b")]]);
        let problem = no_key.table().unwrap_err().to_string();
        assert!(problem.contains("row 2 has no `id`"), "{problem}");
        let upper = "0xABCDEFABCDEF0123456789ABCDEFABCDEF012345";
        let lower = upper.to_lowercase().replace("0X", "0x");
        let twice = definition(None, &[&[("token", upper)], &[("token", &lower)]]);
        let problem = twice.table().unwrap_err().to_string();
        assert!(problem.contains("two rows have the token"), "{problem}");
        let once = definition(None, &[&[("token", upper), ("decimals", "6")]]);
        assert!(once.table().unwrap().has(&lower));
    }
}
