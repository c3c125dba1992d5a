//! A column of a Parquet file as stored texts.

use domain::stored;

use crate::files::cell::Cell;
use crate::files::columns::TextColumn;

/// Stored texts, some of them missing.
#[derive(Debug, Default)]
pub(super) struct CellColumn {
    texts: TextColumn,
    is_missing: Vec<bool>,
}

impl CellColumn {
    pub(super) fn clear(&mut self) {
        self.texts.truncate(0);
        self.is_missing.clear();
    }

    #[inline]
    pub(super) fn cell(&self, row: usize) -> Cell<'_> {
        self.stored(row).map_or(Cell::Missing, Cell::Stored)
    }

    /// A row's text, where it has one.
    pub(super) fn stored(&self, row: usize) -> Option<&str> {
        (self.is_missing.get(row) == Some(&false)).then(|| self.texts.get(row))
    }

    /// Bytes of a row's text.
    #[inline]
    pub(super) fn bytes(&self, row: usize) -> usize {
        self.texts.get(row).len()
    }

    #[inline]
    pub(super) fn push_missing(&mut self) {
        self.texts.push("");
        self.is_missing.push(true);
    }

    /// A text of the file, marked where it begins like a mark.
    #[inline]
    pub(super) fn push_text(&mut self, text: &str) {
        self.push_with(|out| {
            if text.starts_with(stored::MARK) {
                out.push(stored::MARK);
                out.push('t');
            }
            out.push_str(text);
        });
    }

    /// What is a stored text already.
    #[inline]
    pub(super) fn push_stored(&mut self, text: &str) {
        self.push_with(|out| out.push_str(text));
    }

    /// What a value writes, which is a stored text.
    pub(super) fn push_displayed(&mut self, value: &dyn std::fmt::Display) {
        use std::fmt::Write as _;
        self.push_with(|out| {
            // Writing to a String cannot fail.
            let _ = write!(out, "{value}");
        });
    }

    #[inline]
    pub(super) fn push_with(&mut self, write: impl FnOnce(&mut String)) {
        self.texts.push_with(write);
        self.is_missing.push(false);
    }
}
