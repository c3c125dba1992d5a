//! The second look at a query: what the engine has found its names to mean.

use super::gate::VIEWS;
use super::refusal::{QueryProblem, Refusal};
use crate::chdb::{Connection, Format, Params};

/// Lets the engine resolve all names, and refuses whatever it finds beside the views. Constant queries inside of the
/// query run here, within the limits of the connection, which has passed the first look.
pub(super) fn check(
    connection: &mut Connection,
    sql: &str,
    params: &Params,
) -> Result<(), QueryProblem> {
    const EXPLAIN: &str = "EXPLAIN QUERY TREE run_passes = 1 ";
    let explained = format!("{EXPLAIN}{sql}");
    let bytes = connection
        .query(&explained, params, Format::TabSeparated)
        .map_err(|error| QueryProblem::of_engine(&error, sql, EXPLAIN.len()))?;
    let tree = String::from_utf8_lossy(&bytes);
    for line in tree.lines().map(str::trim_start) {
        if line.starts_with("TABLE id: ") {
            // The name stands last, after an alias that may be anything.
            let name = line
                .rsplit_once("table_name: ")
                .map_or("", |(_, name)| name);
            let name = name.split(", ").next().unwrap_or_default();
            // A name without a database is what a recursive query has found so far.
            let own = name.rsplit_once('.').map(|(_, own)| own);
            if name != "system.one" && own.is_some_and(|own| !VIEWS.contains(&own)) {
                return Err(Refusal::Table {
                    name: name.to_owned(),
                    all: VIEWS.map(|view| format!("`{view}`")).join(", "),
                }
                .problem());
            }
        }
        if line.starts_with("TABLE_FUNCTION id: ")
            && !line.ends_with("table_function_name: numbers")
        {
            let name = line
                .rsplit_once(": ")
                .map_or("", |(_, name)| name)
                .to_owned();
            return Err(Refusal::TableFunction { name }.problem());
        }
    }
    Ok(())
}
