//! Blocks of the engine's Native format, read where they lie: a column of numbers is a piece of the bytes.

use crate::WarehouseError;
use crate::row_binary::RowReader;

/// The blocks of some bytes, one after the other, each column by column.
pub(crate) struct BlockReader<'bytes> {
    bytes: RowReader<'bytes>,
    /// Of the block that is being read.
    rows: usize,
    columns: usize,
}

/// A column of a block.
pub(crate) enum NativeColumn<'bytes> {
    /// Numbers, or what is one inside: little-endian, one after the other.
    Numbers {
        /// The numbers of all rows.
        values: &'bytes [u8],
        /// For each row, 1 where it has none; nothing where all rows have one.
        nulls: &'bytes [u8],
    },
    /// Texts by a dictionary of the block.
    Texts {
        /// What the codes stand for; no text for NULL.
        texts: Vec<Option<&'bytes [u8]>>,
        /// For each row the code of its text.
        codes: Codes<'bytes>,
    },
}

/// Codes in the fewest bytes that hold them.
#[derive(Clone, Copy)]
pub(crate) enum Codes<'bytes> {
    Bytes(&'bytes [u8]),
    Pairs(&'bytes [[u8; 2]]),
    Quads(&'bytes [[u8; 4]]),
}

impl<'bytes> BlockReader<'bytes> {
    /// Reads from the first byte on.
    pub(crate) fn new(bytes: &'bytes [u8]) -> Self {
        Self {
            bytes: RowReader::new(bytes),
            rows: 0,
            columns: 0,
        }
    }

    /// Begins the next block that has rows, and says how many; `None` after the last.
    pub(crate) fn next_block(&mut self) -> Result<Option<usize>, WarehouseError> {
        while !self.bytes.is_empty() {
            self.columns = self.bytes.length()?;
            self.rows = self.bytes.length()?;
            if self.rows > 0 {
                return Ok(Some(self.rows));
            }
            for _ in 0..self.columns {
                self.header()?;
            }
        }
        Ok(None)
    }

    /// The next column of the block.
    pub(crate) fn column(&mut self) -> Result<NativeColumn<'bytes>, WarehouseError> {
        self.columns = self
            .columns
            .checked_sub(1)
            .ok_or_else(|| WarehouseError::unexpected("one more column", "the last"))?;
        let kind = self.header()?;
        if let Some(texts) = argument(kind, "LowCardinality(") {
            return self.texts(texts.starts_with("Nullable("));
        }
        let (kind, nulls) = match argument(kind, "Nullable(") {
            Some(inside) => (inside, self.bytes.raw(self.rows)?),
            None => (kind, &[][..]),
        };
        let width = width(kind)?;
        let values = self.bytes.raw(self.rows.saturating_mul(width))?;
        Ok(NativeColumn::Numbers { values, nulls })
    }

    /// Name and type of a column; the type is what is of use.
    fn header(&mut self) -> Result<&'bytes str, WarehouseError> {
        self.bytes.text()?;
        self.bytes.str()
    }

    fn texts(&mut self, has_nulls: bool) -> Result<NativeColumn<'bytes>, WarehouseError> {
        let version = self.bytes.u64()?;
        let kind = self.bytes.u64()?;
        if version != super::DICTIONARY_VERSION || kind & SHARED_DICTIONARY != 0 {
            return Err(WarehouseError::unexpected(
                "a dictionary of the block",
                format!("version {version}, kind {kind:#x}"),
            ));
        }
        let count = self.bytes.u64()?;
        let mut texts = (0..count)
            .map(|_| self.bytes.text().map(Some))
            .collect::<Result<Vec<_>, _>>()?;
        // The first place is kept for NULL.
        if let (true, Some(first)) = (has_nulls, texts.first_mut()) {
            *first = None;
        }
        let rows = usize::try_from(self.bytes.u64()?).unwrap_or(usize::MAX);
        if rows != self.rows {
            return Err(WarehouseError::unexpected(
                "a code for each row",
                format!("{rows}"),
            ));
        }
        let codes = match kind & 0xFF {
            0 => Codes::Bytes(self.bytes.raw(rows)?),
            1 => Codes::Pairs(self.bytes.raw(rows * 2)?.as_chunks().0),
            2 => Codes::Quads(self.bytes.raw(rows * 4)?.as_chunks().0),
            wider => {
                let found = format!("codes of width {wider}");
                return Err(WarehouseError::unexpected("codes of 32 bits", found));
            }
        };
        Ok(NativeColumn::Texts { texts, codes })
    }
}

/// The codes refer to a dictionary that is shared by blocks.
const SHARED_DICTIONARY: u64 = 1 << 8;

/// What stands between the brackets of a type.
fn argument<'kind>(kind: &'kind str, name: &str) -> Option<&'kind str> {
    kind.strip_prefix(name)?.strip_suffix(')')
}

/// How many bytes a number takes.
fn width(kind: &str) -> Result<usize, WarehouseError> {
    Ok(match kind {
        "UInt8" => 1,
        "UInt32" | "Int32" => 4,
        "UInt64" | "Int64" => 8,
        "UInt128" | "Int128" => 16,
        _ if kind.starts_with("DateTime64(") => 8,
        _ => {
            return Err(WarehouseError::unexpected(
                "a column of numbers or texts",
                kind,
            ));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Block, CodedTexts};
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let mut texts = CodedTexts::default();
        ["bsc", "eth", "bsc"]
            .into_iter()
            .for_each(|text| texts.push(text));
        let mut block = Block::new(2, 3);
        block.u32s("user", &[7, 8, 9]);
        block.coded("chain", &texts);
        let mut reader = BlockReader::new(block.bytes());
        assert_eq!(reader.next_block().unwrap(), Some(3));
        let NativeColumn::Numbers { values, nulls: [] } = reader.column().unwrap() else {
            panic!("no numbers")
        };
        assert_eq!(values, [7, 0, 0, 0, 8, 0, 0, 0, 9, 0, 0, 0]);
        let NativeColumn::Texts {
            texts,
            codes: Codes::Bytes(codes),
        } = reader.column().unwrap()
        else {
            panic!("no texts")
        };
        assert_eq!(
            (texts, codes),
            (vec![Some(&b"bsc"[..]), Some(b"eth")], &[0, 1, 0][..])
        );
        assert!(reader.column().is_err());
        assert_eq!(reader.next_block().unwrap(), None);
    }

    #[test]
    fn other_bytes_are_refused() {
        for bytes in [
            &[1_u8][..],
            &[1, 1, 1, b'a', 6, b'S'],
            b"\x01\x01\x01a\x06String\x01a",
        ] {
            let mut reader = BlockReader::new(bytes);
            assert!(reader.next_block().and_then(|_| reader.column()).is_err());
        }
    }
}
