//! Typed columns beside the map: properties and attributes that rules use are converted once, when they are written
//! or first wanted, and never mean anything else than the map's text.

mod expression;

use std::fmt::Write as _;

use crate::WarehouseError;
use crate::chdb::{Connection, Format, Params};
use crate::row_binary::RowReader;
use crate::sql;
use crate::statistics::{Scope, ValueCounts};
use crate::store::Store;

/// The form of a typed column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PromotedForm {
    /// `Nullable(Int64)`: value × 10^scale, where the value has at most 18 digits in all.
    Number64 {
        /// Places after the point.
        scale: u8,
    },
    /// `Nullable(Int128)`: the same with at most 38 digits.
    Number128 {
        /// Places after the point.
        scale: u8,
    },
    /// `LowCardinality(Nullable(String))`: the stored text.
    Text,
}

/// A property or an attribute in a typed column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PromotedColumn {
    /// Whose property it is.
    pub scope: Scope,
    /// Its dotted path.
    pub path: String,
    /// The form in which it stands.
    pub form: PromotedForm,
}

/// The scales that are tried first, so that one more place in the data seldom means one more conversion.
const USUAL_SCALES: [u8; 5] = [0, 2, 6, 9, 18];

impl PromotedForm {
    /// The narrowest form that holds all numbers among these values; none where a list is among them or a number is
    /// too long, so that only the text says it all.
    #[must_use]
    pub fn of_numbers(counts: &ValueCounts) -> Option<Self> {
        if counts.lists > 0 {
            return None;
        }
        let scale_within = |most: u32| {
            let usual = USUAL_SCALES
                .into_iter()
                .filter(|scale| u32::from(*scale) >= counts.max_places);
            let exact = u8::try_from(counts.max_places).ok();
            usual
                .chain(exact)
                .find(|scale| counts.max_digits + u32::from(*scale) <= most)
        };
        scale_within(18)
            .map(|scale| Self::Number64 { scale })
            .or_else(|| scale_within(38).map(|scale| Self::Number128 { scale }))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Number64 { .. } => "number64",
            Self::Number128 { .. } => "number128",
            Self::Text => "text",
        }
    }

    fn scale(self) -> u8 {
        match self {
            Self::Number64 { scale } | Self::Number128 { scale } => scale,
            Self::Text => 0,
        }
    }

    fn parse(name: &str, scale: u8) -> Result<Self, WarehouseError> {
        match name {
            "number64" => Ok(Self::Number64 { scale }),
            "number128" => Ok(Self::Number128 { scale }),
            "text" => Ok(Self::Text),
            _ => Err(WarehouseError::unexpected("the form of a column", name)),
        }
    }

    /// Whether both hold numbers, or both texts: a property needs one column of each sort.
    fn is_same_sort(self, other: Self) -> bool {
        (self == Self::Text) == (other == Self::Text)
    }
}

impl PromotedColumn {
    /// The column's name: the form, then the path with everything but ASCII letters, digits and `_` as `~` and two
    /// hexadecimal digits a byte (a dot would make it a part of a nested column).
    #[must_use]
    pub fn name(&self) -> String {
        let mut name = match self.form {
            PromotedForm::Text => "text_".to_owned(),
            form => format!("{}_{}_", form.name(), form.scale()),
        };
        for byte in self.path.bytes() {
            if byte.is_ascii_alphanumeric() || byte == b'_' {
                name.push(char::from(byte));
            } else {
                // Writing to a text cannot fail.
                let _ = write!(name, "~{byte:02x}");
            }
        }
        name
    }
}

impl Store {
    /// The typed columns that are there.
    ///
    /// # Errors
    /// What the engine says.
    pub fn promoted(&self) -> Result<Vec<PromotedColumn>, WarehouseError> {
        read(&mut *self.connection()?)
    }

    /// Makes typed columns, those that are not there yet, and converts the rows that are; returns when all is done.
    /// A number column of another form for the same path gives way.
    ///
    /// # Errors
    /// What the engine says; asked again, it goes on where it ended.
    pub fn promote(&self, wanted: &[PromotedColumn]) -> Result<(), WarehouseError> {
        let _one = self.promotion();
        let mut connection = self.connection()?;
        let there = read(&mut connection)?;
        for scope in [Scope::Events, Scope::Traits] {
            let mut new: Vec<_> = wanted
                .iter()
                .filter(|wish| wish.scope == scope && !there.contains(wish))
                .collect();
            new.sort();
            new.dedup();
            if !new.is_empty() {
                add(&mut connection, scope, &new)?;
            }
            for old in there
                .iter()
                .filter(|old| new.iter().any(|wish| gives_way(old, wish)))
            {
                remove(&mut connection, old)?;
            }
        }
        Ok(())
    }
}

fn gives_way(old: &PromotedColumn, new: &PromotedColumn) -> bool {
    old.scope == new.scope && old.path == new.path && old.form.is_same_sort(new.form)
}

fn add(
    connection: &mut Connection,
    scope: Scope,
    columns: &[&PromotedColumn],
) -> Result<(), WarehouseError> {
    let clauses = |clause: &dyn Fn(&PromotedColumn) -> String| {
        columns
            .iter()
            .map(|column| clause(column))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let add = clauses(&|column| {
        let name = sql::identifier(&column.name());
        format!(
            "ADD COLUMN IF NOT EXISTS {name} {}",
            expression::definition(column)
        )
    });
    let convert =
        clauses(&|column| format!("MATERIALIZE COLUMN {}", sql::identifier(&column.name())));
    let table = scope.table();
    connection.execute(&format!("ALTER TABLE {table} {add}"), &Params::new())?;
    connection.execute(
        &format!("ALTER TABLE {table} {convert} SETTINGS mutations_sync = 2"),
        &Params::new(),
    )?;
    for column in columns {
        connection.execute(
            "INSERT INTO promoted_columns (table_name, path, form, scale, column_name) \
             SELECT {table:String}, {path:String}, {form:String}, {scale:UInt8}, {name:String}",
            &Params::new()
                .text("table", table)
                .text("path", &column.path)
                .text("form", column.form.name())
                .integer("scale", column.form.scale())
                .text("name", column.name()),
        )?;
    }
    tracing::info!(
        table,
        columns = columns.len(),
        "properties got typed columns"
    );
    Ok(())
}

/// Forgets a column, then drops it: a crash in between leaves a column that nobody reads.
fn remove(connection: &mut Connection, column: &PromotedColumn) -> Result<(), WarehouseError> {
    let (table, name) = (column.scope.table(), column.name());
    let forget = format!(
        "ALTER TABLE promoted_columns DELETE WHERE table_name = {} AND column_name = {} SETTINGS mutations_sync = 2",
        sql::literal(table),
        sql::literal(&name)
    );
    connection.execute(&forget, &Params::new())?;
    let drop = format!(
        "ALTER TABLE {table} DROP COLUMN IF EXISTS {}",
        sql::identifier(&name)
    );
    connection.execute(&drop, &Params::new())
}

fn read(connection: &mut Connection) -> Result<Vec<PromotedColumn>, WarehouseError> {
    let sql = "SELECT DISTINCT table_name, path, form, scale FROM promoted_columns ORDER BY table_name, path, form";
    let bytes = connection.query(sql, &Params::new(), Format::RowBinary)?;
    let mut rows = RowReader::new(&bytes);
    let mut columns = Vec::new();
    while !rows.is_empty() {
        let scope = Scope::parse(rows.str()?)?;
        let path = rows.str()?.to_owned();
        let form = rows.str()?;
        columns.push(PromotedColumn {
            scope,
            path,
            form: PromotedForm::parse(form, rows.u8()?)?,
        });
    }
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(max_digits: u32, max_places: u32) -> ValueCounts {
        ValueCounts {
            numbers: 1,
            max_digits,
            max_places,
            ..ValueCounts::default()
        }
    }

    #[test]
    fn the_narrowest_form_that_holds_all_numbers_is_chosen() {
        for (digits, places, form) in [
            (0, 0, Some(PromotedForm::Number64 { scale: 0 })),
            (5, 1, Some(PromotedForm::Number64 { scale: 2 })),
            (15, 3, Some(PromotedForm::Number64 { scale: 3 })),
            (18, 0, Some(PromotedForm::Number64 { scale: 0 })),
            (19, 0, Some(PromotedForm::Number128 { scale: 0 })),
            (20, 18, Some(PromotedForm::Number128 { scale: 18 })),
            (21, 18, None),
            (78, 0, None),
        ] {
            assert_eq!(
                PromotedForm::of_numbers(&counts(digits, places)),
                form,
                "{digits}.{places}"
            );
        }
        assert_eq!(
            PromotedForm::of_numbers(&ValueCounts {
                lists: 1,
                ..counts(1, 0)
            }),
            None
        );
    }

    #[test]
    fn different_columns_have_different_names() {
        let name = |path: &str| {
            PromotedColumn {
                scope: Scope::Events,
                path: path.into(),
                form: PromotedForm::Text,
            }
            .name()
        };
        assert_eq!(name("a.b"), "text_a~2eb");
        assert_ne!(name("a~2eb"), name("a.b"));
        assert_eq!(name("金额`"), "text_~e9~87~91~e9~a2~9d~60");
    }
}
