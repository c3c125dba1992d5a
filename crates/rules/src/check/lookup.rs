//! `lookup(chains, chain).name`: a table that there is, and a column that it has.

use std::sync::Arc;

use domain::{Table, TableKey, Value, nearest};

use super::Checker;
use super::scope::Scope;
use crate::checked::{Measure, Place};
use crate::diagnostic::{Code, Diagnostic};
use crate::located::Located;
use crate::print::{printed_name, quoted};
use crate::tree::{Expression, Node};

/// The most columns that a message lists.
const MOST_LISTED: usize = 8;

impl Checker<'_> {
    pub(super) fn lookup(
        &mut self,
        (table, row, column): (&Located<String>, &Expression, &Located<String>),
        place: Place,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        let place_of_row = self.natural(row, scope).unwrap_or(Place::Text);
        let measured = self.measure(row, place_of_row, scope);
        let table = self.table(table)?;
        self.demand_column(&table, column)?;
        if let Node::Text(key) = &row.node {
            self.warn_of_unknown_row(&table, row, key);
        }
        Some(Measure::Lookup {
            table,
            column: column.node.as_str().into(),
            row: Box::new(measured?),
            place,
        })
    }

    fn table(&mut self, key: &Located<String>) -> Option<Arc<Table>> {
        let tables = &self.vocabulary.tables;
        match TableKey::new(&key.node) {
            Ok(table) => match tables.get(&table) {
                Some(table) => Some(Arc::clone(table)),
                None => {
                    let meant = self.meant(&key.node, tables.keys().map(TableKey::as_str));
                    self.unknown_key(key, Code::UnknownTable, "table", meant)
                }
            },
            Err(error) => self.fail(Code::InvalidConstant, key.range, error.to_string()),
        }
    }

    fn demand_column(&mut self, table: &Table, column: &Located<String>) -> Option<()> {
        let columns = table.columns();
        if columns.is_empty() || columns.contains(column.node.as_str()) {
            return Some(());
        }
        let meant = nearest(&column.node, columns.iter().map(AsRef::as_ref));
        let known = || {
            let listed: Vec<String> = columns
                .iter()
                .take(MOST_LISTED)
                .map(|column| format!("`{column}`"))
                .collect();
            format!("it has {}", listed.join(", "))
        };
        let correction = meant.map_or_else(known, |meant| format!("did you mean `{meant}`?"));
        let message = format!(
            "table `{}` has no column `{}`: {correction}",
            table.key(),
            column.node
        );
        let diagnostic = Diagnostic::error(Code::UnknownColumn, column.range, message);
        self.refuse(match meant {
            Some(meant) => diagnostic.with_fix(printed_name(meant)),
            None => diagnostic,
        })
    }

    fn warn_of_unknown_row(&mut self, table: &Table, row: &Expression, key: &str) {
        let canonical = Value::text(key).canonical_text();
        if canonical.is_none_or(|key| table.has(&key)) {
            return;
        }
        let meant = nearest(key, table.keys()).map(str::to_owned);
        let correction = meant
            .as_ref()
            .map(|meant| format!(": did you mean {meant:?}?"));
        let message = format!(
            "table `{}` has no row {key:?}{}",
            table.key(),
            correction.unwrap_or_default()
        );
        let diagnostic = Diagnostic::warning(Code::UnknownColumn, row.range, message);
        self.tell(match meant {
            Some(meant) => diagnostic.with_fix(quoted(&meant)),
            None => diagnostic,
        });
    }

    /// Whether all values of the column are numbers, where nothing else says what they are.
    pub(super) fn is_column_of_numbers(&self, table: &str, column: &str) -> bool {
        let Some(table) = self.vocabulary.tables.get(table) else {
            return false;
        };
        let mut values = table.column(column).peekable();
        values.peek().is_some() && values.all(|value| value.to_number().is_some())
    }
}
