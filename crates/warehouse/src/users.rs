//! Who the users are: keys and numbers.

use domain::{IdentityKind, UserKey, UserNumber};
use identity::Directory;

use crate::WarehouseError;
use crate::chdb::{Connection, Format, Params};
use crate::histories::UserSelection;
use crate::row_binary::RowReader;

/// All users.
pub(crate) fn read(connection: &mut Connection) -> Result<Directory, WarehouseError> {
    let mut directory = Directory::default();
    let sql = "SELECT number, kind, key FROM users";
    for rows in connection.stream(sql, &Params::new(), Format::RowBinary)? {
        for_each_user(rows?.bytes(), |number, key| directory.add(number, key))?;
    }
    Ok(directory)
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
    let mut users = Vec::new();
    for_each_user(&bytes, |number, key| users.push((number, key)))?;
    Ok(users)
}

fn for_each_user(
    bytes: &[u8],
    mut take: impl FnMut(UserNumber, UserKey),
) -> Result<(), WarehouseError> {
    let mut rows = RowReader::new(bytes);
    while !rows.is_empty() {
        let number = UserNumber(rows.u32()?);
        let kind = kind(rows.str()?)?;
        take(number, UserKey::new(kind, rows.str()?));
    }
    Ok(())
}

fn kind(name: &str) -> Result<IdentityKind, WarehouseError> {
    IdentityKind::named(name).ok_or_else(|| WarehouseError::unexpected("a kind of identity", name))
}
