//! A table as it is written in a file of definitions or in a scenario.

use std::sync::Arc;

use domain::{Cell, LocalizedText, TableDefinition, TableKey, TableRow, Value};
use serde::Deserialize;

use crate::scenario::exact::{Exact, Lines};

/// A table: a list of rows, or rows by their keys.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenTable {
    /// What rules call it.
    pub key: TableKey,
    #[serde(default)]
    name: LocalizedText,
    #[serde(default)]
    description: LocalizedText,
    by: Option<String>,
    rows: Exact,
}

impl WrittenTable {
    /// The definition, with every digit that stands in the lines of its file.
    ///
    /// # Errors
    /// In words, what is wrong with the rows.
    pub fn definition(&self, lines: &Lines<'_>) -> Result<TableDefinition, String> {
        let by = self.by.clone();
        let rows = match (self.rows.elements(), self.rows.members()) {
            (Some(rows), _) => rows
                .iter()
                .map(|row| self.row(Vec::new(), row, lines))
                .collect::<Result<_, _>>()?,
            (None, Some(rows)) => {
                let column = by.as_deref().unwrap_or("key");
                let keyed = |(key, row): &(String, Exact)| {
                    let cell = Cell {
                        column: Arc::from(column),
                        value: Arc::from(key.as_str()),
                    };
                    self.row(vec![cell], row, lines)
                };
                rows.iter().map(keyed).collect::<Result<_, _>>()?
            }
            (None, None) => return Err(self.wrong("`rows` is a list of rows")),
        };
        let definition = TableDefinition {
            key: self.key.clone(),
            name: self.name.clone(),
            description: self.description.clone(),
            by,
            rows,
        };
        definition.table().map_err(|error| error.to_string())?;
        Ok(definition)
    }

    fn row(
        &self,
        mut cells: Vec<Cell>,
        row: &Exact,
        lines: &Lines<'_>,
    ) -> Result<TableRow, String> {
        let members = row
            .members()
            .ok_or_else(|| self.wrong("a row is written like `{id: bsc, name: BNB Chain}`"))?;
        for (column, value) in members {
            let json = value.json(lines);
            let Some(value) = Value::from_json(&json) else {
                continue;
            };
            let value = value
                .canonical_text()
                .ok_or_else(|| self.wrong(&format!("`{column}` is no single value")))?;
            cells.push(Cell {
                column: Arc::from(column.as_str()),
                value,
            });
        }
        Ok(TableRow { cells })
    }

    fn wrong(&self, problem: &str) -> String {
        format!("table `{}`: {problem}", self.key)
    }
}
