//! Columns as a block of the engine's Native format, which it takes over nearly as it is: three times faster than
//! rows, because nothing is parsed value by value.

mod read;

use std::collections::HashMap;

use foldhash::fast::RandomState;

pub(crate) use self::read::{BlockReader, Codes, NativeColumn};
use crate::row_binary::RowWriter;

/// A column of texts that are few: codes into a dictionary.
#[derive(Debug, Default)]
pub(crate) struct CodedTexts {
    dictionary: Dictionary,
    codes: Vec<u32>,
}

/// Texts and the codes that stand for them.
#[derive(Debug, Default)]
pub(crate) struct Dictionary {
    texts: Vec<Box<str>>,
    codes: HashMap<Box<str>, u32, RandomState>,
    last: u32,
}

impl Dictionary {
    /// The code of a text, a new one where it has none.
    #[inline]
    pub(crate) fn code(&mut self, text: &str) -> u32 {
        if self
            .texts
            .get(self.last as usize)
            .is_some_and(|last| **last == *text)
        {
            return self.last;
        }
        self.last = match self.codes.get(text) {
            Some(code) => *code,
            None => {
                let code = self.texts.len() as u32;
                self.texts.push(text.into());
                self.codes.insert(text.into(), code);
                code
            }
        };
        self.last
    }
}

impl CodedTexts {
    /// Adds a text.
    #[inline]
    pub(crate) fn push(&mut self, text: &str) {
        let code = self.dictionary.code(text);
        self.codes.push(code);
    }

    /// Adds the text of a code that [`CodedTexts::code`] gave.
    #[inline]
    pub(crate) fn push_code(&mut self, code: u32) {
        self.codes.push(code);
    }

    /// The code of a text.
    pub(crate) fn code(&mut self, text: &str) -> u32 {
        self.dictionary.code(text)
    }

    /// Writes the dictionary and the codes in the fewest bytes that hold them; nothing where there are no codes.
    fn write(&self, out: &mut RowWriter) {
        if self.codes.is_empty() {
            return;
        }
        let (width, kind) = match self.dictionary.texts.len() {
            0..=0x100 => (1, 0),
            0x101..=0x1_0000 => (2, 1),
            _ => (4, 2),
        };
        out.u64(kind | OWN_DICTIONARY);
        out.u64(self.dictionary.texts.len() as u64);
        for text in &self.dictionary.texts {
            out.text(text.as_bytes());
        }
        out.u64(self.codes.len() as u64);
        for code in &self.codes {
            match width {
                1 => out.u8(*code as u8),
                2 => out.raw(&(*code as u16).to_le_bytes()),
                _ => out.u32(*code),
            }
        }
    }
}

/// The version of the dictionary encoding, which stands before the column.
const DICTIONARY_VERSION: u64 = 1;

/// The block brings its own dictionary, which replaces the one before.
const OWN_DICTIONARY: u64 = 1 << 9 | 1 << 10;

/// A column of maps from few texts to any texts.
#[derive(Debug, Default)]
pub(crate) struct TextMaps {
    ends: Vec<u64>,
    /// The keys of all maps, one after another.
    pub(crate) keys: CodedTexts,
    values: RowWriter,
}

impl TextMaps {
    /// Adds a pair to the map that is being made.
    #[inline]
    pub(crate) fn push(&mut self, key_code: u32, value: &str) {
        self.keys.push_code(key_code);
        self.values.text(value.as_bytes());
    }

    /// Ends the map that is being made.
    #[inline]
    pub(crate) fn end(&mut self) {
        self.ends.push(self.keys.codes.len() as u64);
    }

    /// The size of the values so far, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.values.bytes().len()
    }
}

/// A column of any texts.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    encoded: RowWriter,
}

impl Texts {
    /// Adds a text.
    pub(crate) fn push(&mut self, text: &str) {
        self.encoded.text(text.as_bytes());
    }
}

/// A block that is being written, column by column.
pub(crate) struct Block {
    rows: usize,
    out: RowWriter,
}

impl Block {
    /// Begins a block of so many columns and rows.
    pub(crate) fn new(columns: usize, rows: usize) -> Self {
        let mut out = RowWriter::default();
        out.length(columns);
        out.length(rows);
        Self { rows, out }
    }

    fn header(&mut self, name: &str, kind: &str) {
        self.out.text(name.as_bytes());
        self.out.text(kind.as_bytes());
    }

    /// Writes a column of `UInt32`.
    pub(crate) fn u32s(&mut self, name: &str, values: &[u32]) {
        self.header(name, "UInt32");
        values.iter().for_each(|value| self.out.u32(*value));
    }

    /// Writes a column of `UInt64`.
    pub(crate) fn u64s(&mut self, name: &str, values: &[u64]) {
        self.header(name, "UInt64");
        values.iter().for_each(|value| self.out.u64(*value));
    }

    /// Writes a column of `UInt64` that is the same in all rows.
    pub(crate) fn u64_everywhere(&mut self, name: &str, value: u64) {
        self.header(name, "UInt64");
        (0..self.rows).for_each(|_| self.out.u64(value));
    }

    /// Writes a column of `Int64`.
    pub(crate) fn i64s(&mut self, name: &str, values: &[i64]) {
        self.header(name, "Int64");
        values.iter().for_each(|value| self.out.i64(*value));
    }

    /// Writes a column of `UInt128`.
    pub(crate) fn u128s(&mut self, name: &str, values: &[u128]) {
        self.header(name, "UInt128");
        values.iter().for_each(|value| self.out.u128(*value));
    }

    /// Writes a column of times in milliseconds.
    pub(crate) fn times(&mut self, name: &str, values: &[i64]) {
        self.header(name, "DateTime64(3, 'UTC')");
        values.iter().for_each(|value| self.out.i64(*value));
    }

    /// Writes a column of texts that are few.
    pub(crate) fn coded(&mut self, name: &str, values: &CodedTexts) {
        self.header(name, "LowCardinality(String)");
        self.out.u64(DICTIONARY_VERSION);
        values.write(&mut self.out);
    }

    /// Writes a column of texts.
    pub(crate) fn texts(&mut self, name: &str, values: &Texts) {
        self.header(name, "String");
        self.out.raw(values.encoded.bytes());
    }

    /// Writes a column of texts or none.
    pub(crate) fn texts_or_none<'texts>(
        &mut self,
        name: &str,
        values: impl Iterator<Item = Option<&'texts str>> + Clone,
    ) {
        self.header(name, "Nullable(String)");
        values
            .clone()
            .for_each(|value| self.out.u8(u8::from(value.is_none())));
        values.for_each(|value| self.out.text(value.unwrap_or_default().as_bytes()));
    }

    /// Writes a column of `String` whose values are appended one by one, each with its length before it.
    pub(crate) fn texts_with(&mut self, name: &str, append: impl FnOnce(&mut RowWriter)) {
        self.header(name, "String");
        append(&mut self.out);
    }

    /// Writes a column of `Array(UInt32)`: the list of each row ends where it is said.
    pub(crate) fn lists_of_u32s(&mut self, name: &str, ends: &[u64], values: &[u32]) {
        self.header(name, "Array(UInt32)");
        ends.iter().for_each(|end| self.out.u64(*end));
        values.iter().for_each(|value| self.out.u32(*value));
    }

    /// Writes a column of `Array(String)`.
    pub(crate) fn lists_of_texts(&mut self, name: &str, ends: &[u64], values: &Texts) {
        self.header(name, "Array(String)");
        ends.iter().for_each(|end| self.out.u64(*end));
        self.out.raw(values.encoded.bytes());
    }

    /// Writes a column of maps.
    pub(crate) fn maps(&mut self, name: &str, maps: &TextMaps) {
        self.header(name, "Map(LowCardinality(String), String)");
        self.out.u64(DICTIONARY_VERSION);
        maps.ends.iter().for_each(|end| self.out.u64(*end));
        maps.keys.write(&mut self.out);
        self.out.raw(maps.values.bytes());
    }

    /// The block's bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.out.bytes()
    }
}
