//! Arrow batches appended to the columns of a table, texts of all batches under one set of codes.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampMillisecondType, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use features::history::{MISSING, MISSING_WIDE, NO_CODE, UNTOUCHED, UNTOUCHED_WIDE};
use features::{Column, Table};
use foldhash::fast::RandomState;

use super::plan::{Planned, TablePlan};
use crate::WarehouseError;
use crate::promoted::PromotedForm;
use crate::statistics::Scope;

/// A table that is being filled.
pub(super) struct Gather<'plan> {
    plan: &'plan TablePlan,
    with_arrival: bool,
    table: Table,
    names: TextCodes,
    /// For each column, the codes of its texts; unused for numbers.
    codes: Vec<TextCodes>,
}

/// The codes that texts have in a block.
#[derive(Default)]
struct TextCodes {
    texts: Vec<Arc<str>>,
    codes: HashMap<Arc<str>, u32, RandomState>,
}

impl<'plan> Gather<'plan> {
    pub(super) fn new(plan: &'plan TablePlan, with_arrival: bool) -> Self {
        let columns = plan.columns.iter().map(empty_column).collect();
        Self {
            plan,
            with_arrival,
            table: Table {
                columns,
                ..Table::default()
            },
            names: TextCodes::default(),
            codes: plan.columns.iter().map(|_| TextCodes::default()).collect(),
        }
    }

    /// Appends a batch, whose columns stand in the order of [`TablePlan::sql`].
    pub(super) fn add(&mut self, batch: &RecordBatch) -> Result<(), WarehouseError> {
        let mut arrays = batch.columns().iter();
        let mut next = || {
            arrays
                .next()
                .ok_or_else(|| WarehouseError::unexpected("one more column", "the last"))
        };
        let users = next()?
            .as_primitive_opt::<UInt32Type>()
            .ok_or_else(|| wrong("user numbers"))?;
        self.table.users.extend_from_slice(users.values());
        let times = next()?
            .as_primitive_opt::<TimestampMillisecondType>()
            .ok_or_else(|| wrong("times"))?;
        self.table.times.extend_from_slice(times.values());
        if self.with_arrival {
            let arrivals = next()?
                .as_primitive_opt::<UInt64Type>()
                .ok_or_else(|| wrong("arrivals"))?;
            self.table.arrivals.extend_from_slice(arrivals.values());
        }
        if self.plan.scope == Scope::Events {
            self.names.append(next()?, &mut self.table.names)?;
        }
        for (column, codes) in self.table.columns.iter_mut().zip(&mut self.codes) {
            append(self.plan.scope, next()?, column, codes)?;
        }
        Ok(())
    }

    /// The table with everything that was added.
    pub(super) fn finish(mut self) -> Table {
        self.table.name_texts = self.names.texts;
        for (column, found) in self.table.columns.iter_mut().zip(self.codes) {
            if let Column::Text { texts, .. } = column {
                *texts = found.texts;
            }
        }
        self.table
    }
}

fn empty_column(planned: &Planned) -> Column {
    match planned {
        Planned::Promoted(column) => match column.form {
            PromotedForm::Number64 { scale } => Column::Number {
                scale,
                mantissas: Vec::new(),
            },
            PromotedForm::Number128 { scale } => Column::WideNumber {
                scale,
                mantissas: Vec::new(),
            },
            PromotedForm::Text => Column::Text {
                codes: Vec::new(),
                texts: Vec::new(),
            },
        },
        Planned::Source => Column::Text {
            codes: Vec::new(),
            texts: Vec::new(),
        },
    }
}

/// Appends one column. NULL is no value in events and no touch in attribute changes; an attribute that is touched
/// without a number has the least integer, which is [`MISSING`] itself.
fn append(
    scope: Scope,
    array: &ArrayRef,
    column: &mut Column,
    codes: &mut TextCodes,
) -> Result<(), WarehouseError> {
    match column {
        Column::Number { mantissas, .. } => {
            let null = if scope == Scope::Events {
                MISSING
            } else {
                UNTOUCHED
            };
            let array = array
                .as_primitive_opt::<Int64Type>()
                .ok_or_else(|| wrong("64-bit numbers"))?;
            match array.nulls().filter(|nulls| nulls.null_count() > 0) {
                None => mantissas.extend_from_slice(array.values()),
                Some(nulls) => mantissas.extend(
                    array
                        .values()
                        .iter()
                        .zip(nulls.iter())
                        .map(|(value, valid)| if valid { *value } else { null }),
                ),
            }
        }
        Column::WideNumber { mantissas, .. } => {
            let null = if scope == Scope::Events {
                MISSING_WIDE
            } else {
                UNTOUCHED_WIDE
            };
            let array = array
                .as_fixed_size_binary_opt()
                .ok_or_else(|| wrong("128-bit numbers"))?;
            for value in array {
                let value = value.map(|bytes| <[u8; 16]>::try_from(bytes).map(i128::from_le_bytes));
                mantissas.push(
                    value
                        .transpose()
                        .map_err(|_| wrong("128-bit numbers"))?
                        .unwrap_or(null),
                );
            }
        }
        Column::Text { codes: into, .. } => codes.append(array, into)?,
    }
    Ok(())
}

impl TextCodes {
    /// Appends the codes of a batch's texts. Only texts that occur in it are looked up.
    fn append(&mut self, array: &ArrayRef, into: &mut Vec<u32>) -> Result<(), WarehouseError> {
        let array = array
            .as_dictionary_opt::<UInt32Type>()
            .ok_or_else(|| wrong("texts by dictionary"))?;
        let texts = array
            .values()
            .as_binary_opt::<i32>()
            .ok_or_else(|| wrong("texts as bytes"))?;
        let mut known = vec![UNKNOWN; texts.len()];
        let keys = array.keys();
        into.reserve(keys.len());
        for (row, key) in keys.values().iter().enumerate() {
            let code = match known.get_mut(*key as usize) {
                _ if keys.is_null(row) => NO_CODE,
                None => return Err(wrong("texts of the dictionary")),
                Some(_) if texts.is_null(*key as usize) => NO_CODE,
                Some(code) => {
                    if *code == UNKNOWN {
                        *code = self.code(texts.value(*key as usize));
                    }
                    *code
                }
            };
            into.push(code);
        }
        Ok(())
    }

    fn code(&mut self, bytes: &[u8]) -> u32 {
        let text = String::from_utf8_lossy(bytes);
        if let Some(code) = self.codes.get(&*text) {
            return *code;
        }
        let text: Arc<str> = Arc::from(text);
        let code = self.texts.len() as u32;
        self.texts.push(Arc::clone(&text));
        self.codes.insert(text, code);
        code
    }
}

/// In a batch's own table: not looked up yet.
const UNKNOWN: u32 = u32::MAX - 1;

fn wrong(expected: &str) -> WarehouseError {
    WarehouseError::unexpected(expected, "a column of another type")
}
