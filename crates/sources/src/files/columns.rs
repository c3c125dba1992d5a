//! Columns of a batch: one buffer of bytes each, no allocation per cell.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::ops::Range;

/// Texts one behind the other in one buffer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextColumn {
    texts: String,
    /// Where each text ends in `texts`.
    ends: Vec<usize>,
}

impl TextColumn {
    /// How many texts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text of a row; the empty text beyond the last.
    #[must_use]
    #[inline]
    pub fn get(&self, row: usize) -> &str {
        self.texts.get(self.range(row)).unwrap_or_default()
    }

    /// The texts in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|row| self.get(row))
    }

    /// Bytes of all texts together.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.texts.len()
    }

    /// Appends a text.
    #[inline]
    pub fn push(&mut self, text: &str) {
        self.texts.push_str(text);
        self.ends.push(self.texts.len());
    }

    /// Appends what `write` appends to the buffer as one text.
    #[inline]
    pub(crate) fn push_with(&mut self, write: impl FnOnce(&mut String)) {
        write(&mut self.texts);
        self.ends.push(self.texts.len());
    }

    /// An empty column with room for as much as this one has.
    pub(crate) fn with_same_room(&self) -> Self {
        Self {
            texts: String::with_capacity(self.texts.len()),
            ends: Vec::with_capacity(self.ends.len()),
        }
    }

    /// Forgets all texts from a row on.
    pub(crate) fn truncate(&mut self, rows: usize) {
        self.ends.truncate(rows);
        self.texts.truncate(self.ends.last().copied().unwrap_or(0));
    }

    fn range(&self, row: usize) -> Range<usize> {
        let start = match row.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or(usize::MAX),
            None => 0,
        };
        start..self.ends.get(row).copied().unwrap_or(0)
    }
}

/// Texts that repeat, such as event names: a code per row, each text once.
#[derive(Clone, Debug, Default)]
pub struct NameColumn {
    codes: Vec<u32>,
    names: Dictionary,
}

impl NameColumn {
    /// The code of each row.
    #[must_use]
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// The texts that the codes stand for.
    #[must_use]
    pub fn names(&self) -> &TextColumn {
        &self.names.texts
    }

    /// The text of a row; the empty text beyond the last.
    #[must_use]
    pub fn get(&self, row: usize) -> &str {
        self.codes
            .get(row)
            .map_or("", |code| self.names.texts.get(*code as usize))
    }

    /// An empty column with room for as much as this one has.
    pub(crate) fn with_same_room(&self) -> Self {
        Self {
            codes: Vec::with_capacity(self.codes.len()),
            names: Dictionary::default(),
        }
    }

    #[inline]
    pub(crate) fn push(&mut self, name: &str) {
        self.codes.push(self.names.code(name));
    }
}

/// The properties of each row: any number of (path, stored text) pairs, each path once.
///
/// A stored text is what `domain::stored` reads.
#[derive(Clone, Debug, Default)]
pub struct PropertyColumn {
    /// Where the pairs of each row end.
    ends: Vec<usize>,
    /// The path of each pair, as a code.
    keys: Vec<u32>,
    /// The value of each pair.
    values: TextColumn,
    paths: Dictionary,
}

impl PropertyColumn {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The paths that codes stand for.
    #[must_use]
    pub fn paths(&self) -> &TextColumn {
        &self.paths.texts
    }

    /// The pairs of a row: the code of the path (see [`PropertyColumn::paths`]) and the stored
    /// text.
    #[inline]
    pub fn row(&self, row: usize) -> impl ExactSizeIterator<Item = (u32, &str)> {
        let start = match row.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or(0),
            None => 0,
        };
        let end = self.ends.get(row).copied().unwrap_or(start);
        let keys = self.keys.get(start..end).unwrap_or_default();
        keys.iter()
            .enumerate()
            .map(move |(pair, key)| (*key, self.values.get(start + pair)))
    }

    /// The stored text at a path of a row, searched for one by one: for tests and displays.
    #[must_use]
    pub fn get(&self, row: usize, path: &str) -> Option<&str> {
        self.row(row)
            .find(|(key, _)| self.paths.texts.get(*key as usize) == path)
            .map(|(_, value)| value)
    }

    /// Bytes of all values and keys together.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.values.bytes() + self.keys.len() * size_of::<u32>()
    }

    /// An empty column with room for as much as this one has.
    pub(crate) fn with_same_room(&self) -> Self {
        Self {
            ends: Vec::with_capacity(self.ends.len()),
            keys: Vec::with_capacity(self.keys.len()),
            values: self.values.with_same_room(),
            paths: Dictionary::default(),
        }
    }

    /// The code of a path.
    #[inline]
    pub(crate) fn key(&mut self, path: &str) -> u32 {
        self.paths.code(path)
    }

    /// Where the values of the row that is being written go.
    #[inline]
    pub(crate) fn push(&mut self, key: u32, value: &str) {
        self.keys.push(key);
        self.values.push(value);
    }

    /// As [`PropertyColumn::push`], the value being what `write` appends.
    #[inline]
    pub(crate) fn push_with(&mut self, key: u32, write: impl FnOnce(&mut String)) {
        self.keys.push(key);
        self.values.push_with(write);
    }

    /// Ends the row that is being written.
    #[inline]
    pub(crate) fn end_row(&mut self) {
        self.ends.push(self.keys.len());
    }

    /// The pairs of the row that is being written.
    pub(crate) fn written(&self) -> impl Iterator<Item = (u32, &str)> {
        let start = self.ends.last().copied().unwrap_or(0);
        let keys = self.keys.get(start..).unwrap_or_default();
        keys.iter()
            .enumerate()
            .map(move |(pair, key)| (*key, self.values.get(start + pair)))
    }

    /// Forgets the pairs of the row that is being written.
    pub(crate) fn abandon_row(&mut self) {
        let kept = self.ends.last().copied().unwrap_or(0);
        self.keys.truncate(kept);
        self.values.truncate(kept);
    }
}

/// Each text once, with its code.
#[derive(Clone, Debug, Default)]
struct Dictionary {
    texts: TextColumn,
    /// From a text's hash to the codes of the texts that have it, nearly always one.
    codes: HashMap<u64, Vec<u32>, foldhash::fast::FixedState>,
    hasher: foldhash::fast::RandomState,
    /// The code that was given out last, and for each code the one that came after it the last
    /// time: rows mostly have the same paths in the same order.
    last: u32,
    next: Vec<u32>,
}

impl Dictionary {
    #[inline]
    fn code(&mut self, text: &str) -> u32 {
        let guess = self.next.get(self.last as usize).copied().unwrap_or(0);
        let is_right = !self.texts.is_empty() && self.texts.get(guess as usize) == text;
        let code = if is_right {
            guess
        } else {
            self.find_or_add(text)
        };
        if let Some(next) = self.next.get_mut(self.last as usize) {
            *next = code;
        }
        self.last = code;
        code
    }

    fn find_or_add(&mut self, text: &str) -> u32 {
        let same_hash = self.codes.entry(self.hasher.hash_one(text)).or_default();
        let found = same_hash
            .iter()
            .find(|code| self.texts.get(**code as usize) == text);
        if let Some(code) = found {
            return *code;
        }
        // A batch has far fewer texts than 2^32, being bounded in bytes.
        let code = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        same_hash.push(code);
        self.texts.push(text);
        self.next.push(code);
        code
    }
}
