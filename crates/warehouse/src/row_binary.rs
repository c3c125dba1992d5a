//! Rows as the engine's RowBinary bytes: numbers in little-endian, texts with their length before them.

use crate::WarehouseError;

/// Appends values to a buffer as RowBinary.
#[derive(Debug, Default)]
pub struct RowWriter {
    bytes: Vec<u8>,
}

impl RowWriter {
    /// An empty writer with room for `capacity` bytes.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(capacity),
        }
    }

    /// The bytes so far.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Forgets the bytes, keeps their room.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }

    /// A `UInt8`, or the mark before a `Nullable`: 0 a value follows, 1 none.
    pub fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    /// A `UInt32`.
    pub fn u32(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// A `UInt64`.
    pub fn u64(&mut self, value: u64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// An `Int64`, or a `DateTime64(3)` in milliseconds.
    pub fn i64(&mut self, value: i64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// A `UInt128`.
    pub fn u128(&mut self, value: u128) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// An `Int128`.
    pub fn i128(&mut self, value: i128) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// A `String`, plain or `LowCardinality`: any bytes.
    pub fn text(&mut self, value: &[u8]) {
        self.length(value.len());
        self.bytes.extend_from_slice(value);
    }

    /// A number of members before an `Array` or `Map`, or of bytes before a text: seven bits a byte, lowest first.
    pub fn length(&mut self, value: usize) {
        let mut rest = value;
        while rest >= 0x80 {
            self.bytes.push((rest & 0x7f) as u8 | 0x80);
            rest >>= 7;
        }
        self.bytes.push(rest as u8);
    }

    /// Lets others append bytes that are RowBinary already.
    pub(crate) fn raw_with(&mut self, append: impl FnOnce(&mut Vec<u8>)) {
        append(&mut self.bytes);
    }

    /// Bytes that are RowBinary already.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }
}

/// Reads RowBinary values one after another.
#[derive(Clone, Copy, Debug)]
pub struct RowReader<'bytes> {
    rest: &'bytes [u8],
}

impl<'bytes> RowReader<'bytes> {
    /// Reads from the first byte on.
    #[must_use]
    pub fn new(bytes: &'bytes [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Whether all is read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// A `UInt8`.
    ///
    /// # Errors
    /// When the bytes end too early; so for all that follow.
    pub fn u8(&mut self) -> Result<u8, WarehouseError> {
        Ok(u8::from_le_bytes(self.fixed()?))
    }

    /// A `UInt32`.
    ///
    /// # Errors
    /// When the bytes end too early.
    pub fn u32(&mut self) -> Result<u32, WarehouseError> {
        Ok(u32::from_le_bytes(self.fixed()?))
    }

    /// A `UInt64`.
    ///
    /// # Errors
    /// When the bytes end too early.
    pub fn u64(&mut self) -> Result<u64, WarehouseError> {
        Ok(u64::from_le_bytes(self.fixed()?))
    }

    /// An `Int64`, or a `DateTime64(3)` in milliseconds.
    ///
    /// # Errors
    /// When the bytes end too early.
    pub fn i64(&mut self) -> Result<i64, WarehouseError> {
        Ok(i64::from_le_bytes(self.fixed()?))
    }

    /// An `Int128`.
    ///
    /// # Errors
    /// When the bytes end too early.
    pub fn i128(&mut self) -> Result<i128, WarehouseError> {
        Ok(i128::from_le_bytes(self.fixed()?))
    }

    /// A `String`.
    ///
    /// # Errors
    /// When the bytes end too early.
    pub fn text(&mut self) -> Result<&'bytes [u8], WarehouseError> {
        let length = self.length()?;
        self.raw(length)
    }

    /// So many bytes as they are.
    ///
    /// # Errors
    /// When the bytes end too early.
    pub fn raw(&mut self, length: usize) -> Result<&'bytes [u8], WarehouseError> {
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or_else(too_short)?;
        self.rest = rest;
        Ok(bytes)
    }

    /// A `String` that is UTF-8.
    ///
    /// # Errors
    /// When the bytes end too early or are not UTF-8.
    pub fn str(&mut self) -> Result<&'bytes str, WarehouseError> {
        std::str::from_utf8(self.text()?)
            .map_err(|error| WarehouseError::unexpected("text", error.to_string()))
    }

    /// A number of members or bytes.
    ///
    /// # Errors
    /// When the bytes end too early.
    pub fn length(&mut self) -> Result<usize, WarehouseError> {
        let mut length = 0_usize;
        for shift in (0..usize::BITS).step_by(7) {
            let byte = self.u8()?;
            length |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(length);
            }
        }
        Err(WarehouseError::unexpected(
            "a length",
            "more than ten bytes of it",
        ))
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], WarehouseError> {
        let (value, rest) = self.rest.split_first_chunk().ok_or_else(too_short)?;
        self.rest = rest;
        Ok(*value)
    }
}

fn too_short() -> WarehouseError {
    WarehouseError::unexpected("a whole row", "its beginning")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let mut writer = RowWriter::default();
        let long = vec![7_u8; 300];
        writer.u32(u32::MAX);
        writer.i64(-5);
        writer.text(b"");
        writer.text(&long);
        writer.i128(i128::MIN);
        let mut reader = RowReader::new(writer.bytes());
        assert_eq!(reader.u32().unwrap(), u32::MAX);
        assert_eq!(reader.i64().unwrap(), -5);
        assert_eq!(reader.text().unwrap(), b"");
        assert_eq!(reader.text().unwrap(), long);
        assert_eq!(reader.i128().unwrap(), i128::MIN);
        assert!(reader.is_empty());
        assert!(reader.u8().is_err());
    }
}
