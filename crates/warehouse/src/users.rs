//! Who the users are: keys and numbers.

use domain::{IdentityKind, UserKey, UserNumber};

use crate::WarehouseError;
use crate::chdb::{Connection, Format, Params};
use crate::histories::UserSelection;
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
        read_users(&mut *self.connection()?, sql, &Params::new())
    }

    /// What the values of all properties and attributes look like.
    ///
    /// # Errors
    /// What the engine says.
    pub fn statistics(&self) -> Result<Vec<PropertyStatistics>, WarehouseError> {
        statistics::read(&mut *self.connection()?)
    }
}

/// Some users with their own keys, in the order of their numbers.
pub(crate) fn users_of(
    connection: &mut Connection,
    users: &UserSelection<'_>,
) -> Result<Vec<(UserNumber, UserKey)>, WarehouseError> {
    let (condition, params) = users.condition("number");
    let sql = format!("SELECT number, kind, key FROM users WHERE {condition} ORDER BY number");
    read_users(connection, &sql, &params)
}

/// The users that a query of number, kind and key gives.
pub(crate) fn read_users(
    connection: &mut Connection,
    sql: &str,
    params: &Params,
) -> Result<Vec<(UserNumber, UserKey)>, WarehouseError> {
    let bytes = connection.query(sql, params, Format::RowBinary)?;
    let mut rows = RowReader::new(&bytes);
    let mut users = Vec::new();
    while !rows.is_empty() {
        let number = UserNumber(rows.u32()?);
        let kind = kind(rows.str()?)?;
        users.push((number, UserKey::new(kind, rows.str()?)));
    }
    Ok(users)
}

fn kind(name: &str) -> Result<IdentityKind, WarehouseError> {
    IdentityKind::named(name).ok_or_else(|| WarehouseError::unexpected("a kind of identity", name))
}
