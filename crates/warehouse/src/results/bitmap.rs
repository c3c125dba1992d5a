//! Sets of users as the engine keeps them: states of `groupBitmap` over `UInt32`.
//!
//! A state is `00`, a number of at most 32 users, and the users; or `01`, a length, and a bitmap in the portable roaring
//! format. The engine reads the second form at any size but the empty one.

use domain::UserSet;

use crate::WarehouseError;
use crate::row_binary::{RowReader, RowWriter};

const FEW: u8 = 0;
const MANY: u8 = 1;

/// Appends a set as a state.
pub(super) fn write(set: &UserSet, rows: &mut RowWriter) {
    if set.is_empty() {
        rows.raw(&[FEW, 0]);
        return;
    }
    rows.u8(MANY);
    rows.text(&set.serialize_portable());
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
            assert_eq!(read(rows.bytes()).unwrap(), set);
        }
        assert_eq!(
            read(&[0, 2, 9, 0, 0, 0, 3, 0, 0, 0]).unwrap(),
            [3_u32, 9].into_iter().collect()
        );
        assert!(read(&[2]).is_err());
    }
}
