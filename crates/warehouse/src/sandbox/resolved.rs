//! The second look at a query: what the engine has found its names to mean.

use std::collections::BTreeMap;

use domain::nearest;

use super::gate::VIEWS;
use super::query_tree::QueryNode;
use super::reads::QueryReads;
use super::refusal::{Columns, Nearest, QueryProblem, Refusal};
use crate::WarehouseError;
use crate::chdb::{Connection, Format, Params};

/// Lets the engine resolve all names, and refuses whatever it finds beside the views; gives what is read. Constant
/// queries inside of the query run here, within the limits of the connection, which has passed the first look.
pub(super) fn check(
    connection: &mut Connection,
    sql: &str,
    params: &Params,
    views: Vec<String>,
) -> Result<QueryReads, QueryProblem> {
    const EXPLAIN: &str = "EXPLAIN QUERY TREE run_passes = 1 ";
    let explained = format!("{EXPLAIN}{sql}");
    let bytes = match connection.query(&explained, params, Format::TabSeparated) {
        Ok(bytes) => bytes,
        Err(error) => {
            let problem = unknown_column(connection, &error, sql, &views);
            return Err(
                problem.unwrap_or_else(|| QueryProblem::of_engine(&error, sql, EXPLAIN.len()))
            );
        }
    };
    let tree = String::from_utf8_lossy(&bytes);
    check_sources(&tree)?;
    Ok(QueryReads::of(views, &QueryNode::read(&unescaped(&tree))))
}

/// The text without the escapes of its format: those of backslashes and quotes; line feeds stay apart from line ends.
fn unescaped(text: &str) -> String {
    let mut letters = text.chars().peekable();
    let mut unescaped = String::with_capacity(text.len());
    while let Some(letter) = letters.next() {
        let escaped = letters.next_if(|next| letter == '\\' && matches!(next, '\\' | '\''));
        unescaped.push(escaped.unwrap_or(letter));
    }
    unescaped
}

/// Refuses tables and table functions beside those that are meant for people.
fn check_sources(tree: &str) -> Result<(), QueryProblem> {
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

const UNKNOWN_IDENTIFIER: i32 = 47;

/// A column that no view has, with those that the views of the query have; `None` for another problem.
fn unknown_column(
    connection: &mut Connection,
    error: &WarehouseError,
    sql: &str,
    views: &[String],
) -> Option<QueryProblem> {
    let WarehouseError::Engine {
        code: UNKNOWN_IDENTIFIER,
        message,
        ..
    } = error
    else {
        return None;
    };
    // ``Unknown expression identifier `usr` in scope …``, `Identifier 'e.usr' cannot be resolved from table …`
    let name = message.split(['`', '\'']).nth(1)?;
    let columns = columns_of(connection, views)
        .ok()
        .filter(|all| !all.is_empty())?;
    let own = name.rsplit('.').next().unwrap_or(name);
    let known = columns.values().flatten().map(String::as_str);
    let refusal = Refusal::UnknownColumn {
        name: name.to_owned(),
        meant: Nearest(nearest(own, known).map(str::to_owned)),
        columns: Columns(columns),
    };
    Some(refusal.at(sql, name))
}

/// The columns of each of these views, in their order.
fn columns_of(
    connection: &mut Connection,
    views: &[String],
) -> Result<BTreeMap<String, Vec<String>>, WarehouseError> {
    let sql = "SELECT table, name FROM system.columns WHERE database = currentDatabase() ORDER BY table, position";
    let bytes = connection.query(sql, &Params::new(), Format::TabSeparated)?;
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in String::from_utf8_lossy(&bytes).lines() {
        if let Some((view, column)) = line.split_once('\t')
            && views.iter().any(|known| known == view)
        {
            let columns = columns.entry(view.to_owned()).or_default();
            columns.push(column.to_owned());
        }
    }
    Ok(columns)
}
