//! Who the users are: keys and numbers.

use domain::{IdentityKind, UserKey, UserNumber};

use crate::WarehouseError;
use crate::chdb::{Format, Params};
use crate::row_binary::RowReader;
use crate::statistics::{self, PropertyStatistics};
use crate::store::Store;

impl Store {
    /// All users in the order of their numbers. New ones are added by [`crate::WriteBatch::user`].
    ///
    /// # Errors
    /// What the engine says.
    pub fn load_users(&self) -> Result<Vec<(UserNumber, UserKey)>, WarehouseError> {
        let sql = "SELECT number, kind, key FROM users ORDER BY number";
        let bytes = self
            .connection()?
            .query(sql, &Params::new(), Format::RowBinary)?;
        let mut rows = RowReader::new(&bytes);
        let mut users = Vec::new();
        while !rows.is_empty() {
            let number = UserNumber(rows.u32()?);
            let kind = kind(rows.str()?)?;
            users.push((number, UserKey::new(kind, rows.str()?)));
        }
        Ok(users)
    }

    /// What the values of all properties and attributes look like.
    ///
    /// # Errors
    /// What the engine says.
    pub fn statistics(&self) -> Result<Vec<PropertyStatistics>, WarehouseError> {
        statistics::read(&mut *self.connection()?)
    }
}

fn kind(name: &str) -> Result<IdentityKind, WarehouseError> {
    IdentityKind::named(name).ok_or_else(|| WarehouseError::unexpected("a kind of identity", name))
}
