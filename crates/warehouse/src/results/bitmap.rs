//! Sets of users as bytes of the engine's states of `groupBitmap` over `UInt32`, into which views cast them: a column of
//! states would be decoded and encoded again whenever it is written or read.
//!
//! A state is `00`, a number of at most 32 users, and the users; or `01`, a length, and a bitmap in the portable roaring
//! format. The engine reads the second form at any size but the empty one.

use domain::UserSet;

use crate::WarehouseError;
use crate::row_binary::{RowReader, RowWriter};

const FEW: u8 = 0;
const MANY: u8 = 1;

/// Appends a set as a text that holds a state.
pub(super) fn write(set: &UserSet, rows: &mut RowWriter) {
    if set.is_empty() {
        rows.text(&[FEW, 0]);
        return;
    }
    let size = set.portable_size();
    rows.length(1 + length_of_length(size) + size);
    rows.u8(MANY);
    rows.length(size);
    rows.raw_with(|bytes| set.append_portable(bytes));
}

/// About how many bytes [`write`] takes for a set.
pub(super) fn size(set: &UserSet) -> usize {
    set.portable_size() + 3 * size_of::<u32>()
}

/// The bytes of a length, seven bits each.
fn length_of_length(length: usize) -> usize {
    (length.checked_ilog2().unwrap_or_default() as usize) / 7 + 1
}

/// Reads a state.
pub(super) fn read(state: &[u8]) -> Result<UserSet, WarehouseError> {
    let mut reader = RowReader::new(state);
    match reader.u8()? {
        FEW => {
            let count = reader.u8()?;
            let mut users = (0..count)
                .map(|_| reader.u32())
                .collect::<Result<Vec<u32>, _>>()?;
            users.sort_unstable();
            Ok(users.into_iter().collect())
        }
        MANY => UserSet::deserialize_portable(reader.text()?)
            .map_err(|error| WarehouseError::unexpected("a set of users", error.to_string())),
        kind => Err(WarehouseError::unexpected(
            "a set of users",
            format!("a state of kind {kind}"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_reads_back() {
        for users in [0..0_u32, 5..6, 0..32, 7..40, 0..100_000] {
            let set: UserSet = users.collect();
            let mut rows = RowWriter::default();
            write(&set, &mut rows);
            assert_eq!(
                read(RowReader::new(rows.bytes()).text().unwrap()).unwrap(),
                set
            );
            assert!(rows.bytes().len() <= size(&set));
        }
        assert_eq!(
            read(&[0, 2, 9, 0, 0, 0, 3, 0, 0, 0]).unwrap(),
            [3_u32, 9].into_iter().collect()
        );
        assert!(read(&[2]).is_err());
    }
}
