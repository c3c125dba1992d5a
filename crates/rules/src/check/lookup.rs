//! `lookup(chains, chain).name`: a table that there is, and a column that it has.

use std::sync::Arc;

use domain::{Table, TableKey, Value, nearest};

use super::Checker;
use super::scope::Scope;
use crate::checked::{Measure, Place};
use crate::diagnostic::Diagnostic;
use crate::located::Located;
use crate::mistake::{Constants, Correction, Names, TextsListed};
use crate::print::{printed_name, quoted};
use crate::tree::{Expression, Node};

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
                    let keys = tables.keys().map(TableKey::as_str);
                    let known = self.known(&key.node, keys, None);
                    self.unknown_key(key, known, |key, correction| Names::UnknownTable {
                        key,
                        correction,
                    })
                }
            },
            Err(error) => self.fail(key.range, Constants::from(error)),
        }
    }

    fn demand_column(&mut self, table: &Table, column: &Located<String>) -> Option<()> {
        let columns = table.columns();
        if columns.is_empty() || columns.contains(column.node.as_str()) {
            return Some(());
        }
        let columns = columns.iter().map(AsRef::as_ref);
        let meant = nearest(&column.node, columns.clone());
        let mistake = Names::UnknownColumn {
            table: table.key().as_str(),
            column: &column.node,
            correction: match meant {
                Some(_) => Correction::meant(meant),
                None => Correction::has(&column.node, columns),
            },
        };
        let fix = meant.map(printed_name);
        self.refuse(Diagnostic::at(column.range, mistake).with_fix_if_known(fix))
    }

    fn warn_of_unknown_row(&mut self, table: &Table, row: &Expression, key: &str) {
        let canonical = Value::text(key).canonical_text();
        if canonical.is_none_or(|key| table.has(&key)) {
            return;
        }
        let meant = nearest(key, table.keys());
        let mistake = Names::UnknownRow {
            table: table.key().as_str(),
            row: TextsListed::one(key),
            correction: meant.map_or(Correction::Unknown, Correction::meant_text),
        };
        let fix = meant.map(quoted);
        self.tell(Diagnostic::at(row.range, mistake).with_fix_if_known(fix));
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
