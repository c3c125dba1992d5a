//! The ids under which sources sent what is in the store, by which repeats are known.

use crate::WarehouseError;
use crate::chdb::{Format, Params};
use crate::store::Store;

impl Store {
    /// The hashed message ids of everything that came with one, in no order. 16 bytes each: meant for imports, not
    /// for every event that comes.
    ///
    /// # Errors
    /// What the engine says.
    pub fn messages(&self) -> Result<Vec<u128>, WarehouseError> {
        let sql = "SELECT message FROM events WHERE message != 0 \
                   UNION ALL SELECT message FROM traits WHERE message != 0";
        let bytes = self
            .connection()?
            .query(sql, &Params::new(), Format::RowBinary)?;
        Ok(bytes
            .as_chunks::<16>()
            .0
            .iter()
            .map(|id| u128::from_le_bytes(*id))
            .collect())
    }
}
