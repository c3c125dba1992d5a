//! Blocks appended to the columns of a table, texts of all blocks under one set of codes.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use features::history::{MISSING, MISSING_WIDE, NO_CODE, UNTOUCHED, UNTOUCHED_WIDE};
use features::{Column, Table};
use foldhash::fast::RandomState;

use super::plan::{Planned, TablePlan};
use crate::WarehouseError;
use crate::native::{BlockReader, Codes, NativeColumn};
use crate::promoted::PromotedForm;
use crate::statistics::Scope;

/// Room is made ahead for so many rows at most.
const MOST_RESERVED: usize = 8 << 20;

/// A table that is being filled.
pub(super) struct Gather<'plan> {
    plan: &'plan TablePlan,
    with_arrival: bool,
    /// The numbers of the users who are read.
    users: Range<u32>,
    table: Table,
    /// The identity of each row, where it is read.
    identities: Vec<u32>,
    names: TextCodes,
    /// For each column, the codes of its texts; unused for numbers.
    codes: Vec<TextCodes>,
}

/// The codes that texts have in a table.
#[derive(Default)]
struct TextCodes {
    texts: Vec<Arc<str>>,
    codes: HashMap<Arc<str>, u32, RandomState>,
    /// For each code of a block, the code here; memory to work in.
    known: Vec<u32>,
}

impl<'plan> Gather<'plan> {
    /// A table without rows, for users whose numbers lie in a range, in the memory of another.
    pub(super) fn new(
        plan: &'plan TablePlan,
        with_arrival: bool,
        users: Range<u32>,
        spent: Table,
    ) -> Self {
        let mut columns = spent.columns.into_iter();
        let column = |planned| empty_column(planned, columns.next());
        Self {
            plan,
            with_arrival,
            users,
            table: Table {
                columns: plan.columns.iter().map(column).collect(),
                users: emptied(spent.users),
                times: emptied(spent.times),
                arrivals: emptied(spent.arrivals),
                names: emptied(spent.names),
                name_texts: Vec::new(),
            },
            identities: Vec::new(),
            names: TextCodes::default(),
            codes: plan.columns.iter().map(|_| TextCodes::default()).collect(),
        }
    }

    /// Appends blocks, whose columns stand in the order of [`TablePlan::sql`].
    pub(super) fn add(&mut self, bytes: &[u8]) -> Result<(), WarehouseError> {
        let mut blocks = BlockReader::new(bytes);
        while blocks.next_block()?.is_some() {
            let users = numbers(blocks.column()?)?;
            let is_first = self.table.is_empty();
            self.table.users.extend(users.map(u32::from_le_bytes));
            if is_first {
                self.reserve();
            }
            let times = numbers(blocks.column()?)?;
            self.table.times.extend(times.map(i64::from_le_bytes));
            if self.with_arrival {
                let arrivals = numbers(blocks.column()?)?;
                self.table.arrivals.extend(arrivals.map(u64::from_le_bytes));
            }
            if self.plan.scope == Scope::Events {
                self.names.append(blocks.column()?, &mut self.table.names)?;
            }
            if self.plan.with_identity {
                let identities = numbers(blocks.column()?)?;
                self.identities.extend(identities.map(u32::from_le_bytes));
            }
            for (column, codes) in self.table.columns.iter_mut().zip(&mut self.codes) {
                append(self.plan.scope, blocks.column()?, column, codes)?;
            }
        }
        Ok(())
    }

    /// Makes room for about as many rows as there will be, if all users have as many as those of the first block.
    fn reserve(&mut self) {
        let rows = self.table.len();
        let met = match (self.table.users.first(), self.table.users.last()) {
            (Some(first), Some(last)) => last.abs_diff(*first) as usize + 1,
            _ => return,
        };
        let expected = rows * self.users.len() / met;
        let room = (expected + expected / 8)
            .min(MOST_RESERVED)
            .saturating_sub(rows);
        self.table.users.reserve(room);
        self.table.times.reserve(room);
        if self.with_arrival {
            self.table.arrivals.reserve(room);
        }
        if self.plan.scope == Scope::Events {
            self.table.names.reserve(room);
        }
        for column in &mut self.table.columns {
            match column {
                Column::Number { mantissas, .. } => mantissas.reserve(room),
                Column::WideNumber { mantissas, .. } => mantissas.reserve(room),
                Column::Text { codes, .. } => codes.reserve(room),
            }
        }
    }

    /// The table with everything that was added, and the identity of each row where it is read.
    pub(super) fn finish(mut self) -> (Table, Vec<u32>) {
        self.table.name_texts = self.names.texts;
        for (column, found) in self.table.columns.iter_mut().zip(self.codes) {
            if let Column::Text { texts, .. } = column {
                *texts = found.texts;
            }
        }
        (self.table, self.identities)
    }
}

/// A column without rows, in the memory of another if that has the same form.
fn empty_column(planned: &Planned, spent: Option<Column>) -> Column {
    let form = match planned {
        Planned::Promoted(column) => column.form,
        Planned::Position => PromotedForm::Number64 { scale: 0 },
        Planned::Source => PromotedForm::Text,
    };
    match form {
        PromotedForm::Number64 { scale } => Column::Number {
            scale,
            mantissas: match spent {
                Some(Column::Number { mantissas, .. }) => emptied(mantissas),
                _ => Vec::new(),
            },
        },
        PromotedForm::Number128 { scale } => Column::WideNumber {
            scale,
            mantissas: match spent {
                Some(Column::WideNumber { mantissas, .. }) => emptied(mantissas),
                _ => Vec::new(),
            },
        },
        PromotedForm::Text => Column::Text {
            codes: match spent {
                Some(Column::Text { codes, .. }) => emptied(codes),
                _ => Vec::new(),
            },
            texts: Vec::new(),
        },
    }
}

fn emptied<T>(mut values: Vec<T>) -> Vec<T> {
    values.clear();
    values
}

/// Appends one column. NULL is no value in events and no touch in attribute changes; an attribute that is touched
/// without a number has the least integer, which is [`MISSING`] itself.
fn append(
    scope: Scope,
    found: NativeColumn<'_>,
    column: &mut Column,
    codes: &mut TextCodes,
) -> Result<(), WarehouseError> {
    match column {
        Column::Number { mantissas, .. } => {
            let none = if scope == Scope::Events {
                MISSING
            } else {
                UNTOUCHED
            };
            append_numbers(found, none, i64::from_le_bytes, mantissas)
        }
        Column::WideNumber { mantissas, .. } => {
            let none = if scope == Scope::Events {
                MISSING_WIDE
            } else {
                UNTOUCHED_WIDE
            };
            append_numbers(found, none, i128::from_le_bytes, mantissas)
        }
        Column::Text { codes: into, .. } => codes.append(found, into),
    }
}

/// Appends numbers, and `none` for rows without one.
fn append_numbers<const WIDTH: usize, T: Copy>(
    found: NativeColumn<'_>,
    none: T,
    decode: impl Fn([u8; WIDTH]) -> T,
    into: &mut Vec<T>,
) -> Result<(), WarehouseError> {
    let NativeColumn::Numbers { nulls, .. } = found else {
        return Err(wrong("numbers"));
    };
    let values = numbers(found)?.map(decode);
    if nulls.is_empty() {
        into.extend(values);
    } else {
        let or_none = |(value, null): (T, &u8)| if *null == 0 { value } else { none };
        into.extend(values.zip(nulls).map(or_none));
    }
    Ok(())
}

/// Numbers of so many bytes.
fn numbers<const WIDTH: usize>(
    found: NativeColumn<'_>,
) -> Result<impl ExactSizeIterator<Item = [u8; WIDTH]>, WarehouseError> {
    match found {
        NativeColumn::Numbers { values, .. } if values.len() % WIDTH == 0 => {
            Ok(values.as_chunks().0.iter().copied())
        }
        _ => Err(wrong("numbers")),
    }
}

impl TextCodes {
    /// Appends the codes of a block's texts.
    fn append(
        &mut self,
        found: NativeColumn<'_>,
        into: &mut Vec<u32>,
    ) -> Result<(), WarehouseError> {
        let NativeColumn::Texts { texts, codes } = found else {
            return Err(wrong("texts by dictionary"));
        };
        let mut known = std::mem::take(&mut self.known);
        known.clear();
        known.extend(
            texts
                .into_iter()
                .map(|text| text.map_or(NO_CODE, |text| self.code(text))),
        );
        let code = |code: usize| known.get(code).copied().unwrap_or(NO_CODE);
        match codes {
            Codes::Bytes(codes) => into.extend(codes.iter().map(|of| code(usize::from(*of)))),
            Codes::Pairs(codes) => {
                into.extend(
                    codes
                        .iter()
                        .map(|of| code(usize::from(u16::from_le_bytes(*of)))),
                );
            }
            Codes::Quads(codes) => {
                into.extend(
                    codes
                        .iter()
                        .map(|of| code(u32::from_le_bytes(*of) as usize)),
                );
            }
        }
        self.known = known;
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

fn wrong(expected: &str) -> WarehouseError {
    WarehouseError::unexpected(expected, "a column of another type")
}
