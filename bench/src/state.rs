//! Reads a state of ClickHouse's `groupBitmap` over `UInt32`.

use anyhow::{Result, bail};
use domain::{UserNumber, UserSet};
use warehouse::RowReader;

/// The users in a state: few of them one by one, or a bitmap in the portable roaring format.
///
/// # Errors
/// The bytes are no state.
pub fn users(state: &[u8]) -> Result<UserSet> {
    let mut reader = RowReader::new(state);
    match reader.u8()? {
        0 => {
            let mut users = UserSet::new();
            for _ in 0..reader.u8()? {
                users.insert(UserNumber(reader.u32()?));
            }
            Ok(users)
        }
        1 => Ok(UserSet::deserialize_portable(reader.text()?)?),
        kind => bail!("a state of kind {kind}"),
    }
}
