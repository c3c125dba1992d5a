//! ClickHouse alone, by the connection of the same store.

use anyhow::Result;
use warehouse::RowReader;
use warehouse::chdb::{Connection, Format, Params};

/// Runs a query whose rows nobody reads; they are computed all the same.
///
/// # Errors
/// What the engine says.
pub fn run_for_nobody(connection: &mut Connection, query: &str) -> Result<()> {
    Ok(connection.execute(&format!("{query} FORMAT Null"), &Params::new())?)
}

/// The one number that a query gives.
///
/// # Errors
/// What the engine says.
pub fn number(connection: &mut Connection, query: &str) -> Result<u64> {
    let bytes = connection.query(query, &Params::new(), Format::RowBinary)?;
    Ok(RowReader::new(&bytes).u64()?)
}

/// Runs a statement.
///
/// # Errors
/// What the engine says.
pub fn execute(connection: &mut Connection, statement: &str) -> Result<()> {
    Ok(connection.execute(statement, &Params::new())?)
}

/// Allows statements of a thousand rules.
///
/// # Errors
/// What the engine says.
pub fn allow_long_queries(connection: &mut Connection) -> Result<()> {
    for setting in [
        "max_query_size",
        "max_ast_elements",
        "max_expanded_ast_elements",
    ] {
        execute(connection, &format!("SET {setting} = 100000000"))?;
    }
    Ok(())
}
