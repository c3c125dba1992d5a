//! Columns of a history, and what a change of an attribute does.

use std::cell::OnceCell;
use std::sync::Arc;

use domain::{Decimal, Stored, Value, stored};
use rules::checked::Place;

use crate::fold::canonical::Canonical;
use crate::fold::cells::Cells;
use crate::history::{Column, MISSING, MISSING_WIDE, NO_CODE, UNTOUCHED, UNTOUCHED_WIDE};

/// A column of the history, with its texts decoded when they are first asked for.
pub(in crate::fold) struct BoundColumn<'b> {
    pub(in crate::fold) column: &'b Column,
    decoded: OnceCell<Vec<Option<Value>>>,
    texts: OnceCell<Canonical>,
}

/// What an attribute change does to an attribute's feature.
pub(in crate::fold) struct Touch<'b> {
    pub(in crate::fold) feature: usize,
    pub(in crate::fold) cells: usize,
    pub(in crate::fold) source: &'b Column,
}

impl Touch<'_> {
    /// Keeps the mantissa, the code, or, of wide numbers, the row; whether there is one.
    pub(in crate::fold) fn apply(&self, cells: &mut Cells, user: usize, row: usize) -> bool {
        let kept = match self.source {
            Column::Number { mantissas, .. } => mantissas
                .get(row)
                .copied()
                .filter(|mantissa| *mantissa != UNTOUCHED),
            Column::WideNumber { mantissas, .. } => mantissas
                .get(row)
                .filter(|mantissa| **mantissa != UNTOUCHED_WIDE)
                .map(|_| row as i64),
            Column::Text { codes, .. } => codes
                .get(row)
                .filter(|code| **code != NO_CODE)
                .map(|code| i64::from(*code)),
        };
        if let Some(kept) = kept {
            *cells.cell(self.cells, user) = kept;
        }
        kept.is_some()
    }
}

impl<'b> BoundColumn<'b> {
    pub(in crate::fold) fn new(column: &'b Column) -> Self {
        Self {
            column,
            decoded: OnceCell::new(),
            texts: OnceCell::new(),
        }
    }

    /// The value that a row has there, as it is stored.
    pub(in crate::fold) fn value(&self, row: usize) -> Option<Value> {
        match self.column {
            Column::Number { scale, mantissas } => {
                let mantissa = *mantissas.get(row)?;
                (mantissa > UNTOUCHED && mantissa != MISSING)
                    .then(|| number(i128::from(mantissa), *scale))
            }
            Column::WideNumber { scale, mantissas } => {
                let mantissa = *mantissas.get(row)?;
                (mantissa > UNTOUCHED_WIDE && mantissa != MISSING_WIDE)
                    .then(|| number(mantissa, *scale))
            }
            Column::Text { codes, .. } => self.decoded().get(*codes.get(row)? as usize)?.clone(),
        }
    }

    /// The canonical text that a row has in a text column; none where it is a list.
    pub(in crate::fold) fn text(&self, row: usize) -> Option<&Value> {
        let Column::Text { codes, .. } = self.column else {
            return None;
        };
        let texts = self.texts();
        texts.texts.get(texts.code(*codes.get(row)?)? as usize)
    }

    /// The different canonical texts of a text column.
    pub(in crate::fold) fn texts(&self) -> &Canonical {
        self.texts
            .get_or_init(|| Canonical::new(self.decoded(), Place::Text))
    }

    /// The values that the codes of a text column stand for.
    pub(in crate::fold) fn decoded(&self) -> &[Option<Value>] {
        self.decoded.get_or_init(|| match self.column {
            Column::Text { texts, .. } => texts.iter().map(decode).collect(),
            _ => Vec::new(),
        })
    }
}

fn number(mantissa: i128, scale: u8) -> Value {
    Value::Number(Decimal::from_mantissa(mantissa, scale))
}

fn decode(text: &Arc<str>) -> Option<Value> {
    match stored::decode(text) {
        Stored::Value(value) => Some(value),
        // It is set, which is all that a rule can ask of an object itself.
        Stored::ObjectMarker => Some(Value::Object(Arc::default())),
        Stored::Unset => None,
    }
}
