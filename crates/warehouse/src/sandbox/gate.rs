//! What a query must be before it is run: one reading statement, over the views that are meant for people, with
//! functions that are allowed.

use std::collections::HashSet;

use super::functions::{self, Forbidden};
use super::limits::LONGEST;
use super::refusal::{QueryProblem, Refusal};
use super::tree::Node;
use crate::WarehouseError;
use crate::chdb::{Connection, Format, Params, StatementClass, Statements};

/// What people's queries may read.
pub(super) const VIEWS: [&str; 6] = [
    "known_users",
    "user_attribute_changes",
    "user_events",
    "user_profiles",
    "user_tag_changes",
    "user_tags",
];

/// What a query stands in when it is looked at: a statement of its own could end with more than a query.
const BEFORE: &str = "SELECT * FROM (\n";
const AFTER: &str = "\n)";

/// The nodes of a reading query. `ColumnsApplyTransformer` is not among them: it calls a function that the tree does
/// not name.
const KINDS: &[&str] = &[
    "ArrayJoin",
    "Asterisk",
    "ColumnsExceptTransformer",
    "ColumnsListMatcher",
    "ColumnsRegexpMatcher",
    "ColumnsReplaceTransformer",
    "ColumnsReplaceTransformer::Replacement",
    "ColumnsTransformerList",
    "ExpressionList",
    "Function",
    "Identifier",
    "InterpolateElement",
    "Literal",
    "OrderByElement",
    "QualifiedAsterisk",
    "QualifiedColumnsListMatcher",
    "QualifiedColumnsRegexpMatcher",
    "SampleRatio",
    "SelectIntersectExceptQuery",
    "SelectQuery",
    "SelectWithUnionQuery",
    "Subquery",
    "TableExpression",
    "TableIdentifier",
    "TableJoin",
    "TablesInSelectQuery",
    "TablesInSelectQueryElement",
    "WindowDefinition",
    "WindowListElement",
    "WithElement",
];

/// The text without what may end it.
pub(super) fn trimmed(sql: &str) -> &str {
    sql.trim_end_matches(|c: char| c == ';' || c.is_whitespace())
}

/// Looks at a query without running any of it; gives the views that it reads.
pub(super) fn check(
    connection: &mut Connection,
    sql: &str,
    params: &Params,
) -> Result<Vec<String>, QueryProblem> {
    check_text(sql)?;
    let failed = |error: WarehouseError| QueryProblem::of_engine(&error, sql, 0);
    let alone = connection.classify(sql).map_err(failed)?;
    let within = format!("{BEFORE}{sql}{AFTER}");
    let explained = format!("EXPLAIN AST {within}");
    match alone {
        Statements {
            count: 1,
            class: StatementClass::Reads,
        } => {}
        Statements { count: 0, .. } => {
            return Err(syntax_of(connection, sql, params));
        }
        Statements { count: 1, .. } => return Err(Refusal::NotASelect.problem()),
        Statements { .. } => return Err(Refusal::SeveralStatements.problem()),
    }
    let classes = connection.classify(&within).map_err(failed)?;
    if classes.count > 1 {
        return Err(Refusal::SeveralStatements.problem());
    }
    let offset = "EXPLAIN AST ".len() + BEFORE.len();
    let tree = text_of(connection, &explained, params).map_err(|error| {
        let problem = QueryProblem::of_engine(&error, sql, offset);
        // Alone it is a statement: it has more than a query in parentheses can have.
        if classes.count == 0 {
            return QueryProblem {
                place: problem.place,
                ..Refusal::NotASubquery.problem()
            };
        }
        problem
    })?;
    let root = Node::read(&tree).ok_or_else(|| Refusal::Unreadable.problem())?;
    let tables = tables(connection).map_err(failed)?;
    check_tree(&root, sql, &tables)
}

fn check_text(sql: &str) -> Result<(), QueryProblem> {
    if sql.trim().is_empty() {
        return Err(Refusal::Empty.problem());
    }
    if sql.len() > LONGEST {
        return Err(Refusal::TooLong { most: LONGEST }.problem());
    }
    if sql
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    {
        return Err(Refusal::ControlCharacter.problem());
    }
    Ok(())
}

/// What is wrong with a text that is no statement.
fn syntax_of(connection: &mut Connection, sql: &str, params: &Params) -> QueryProblem {
    const EXPLAIN: &str = "EXPLAIN AST ";
    match text_of(connection, &format!("{EXPLAIN}{sql}"), params) {
        Err(error) => QueryProblem::of_engine(&error, sql, EXPLAIN.len()),
        Ok(_) => Refusal::NotASelect.problem(),
    }
}

/// The tables and views of the database.
fn tables(connection: &mut Connection) -> Result<HashSet<String>, WarehouseError> {
    let sql = "SELECT name FROM system.tables WHERE database = currentDatabase()";
    let names = text_of(connection, sql, &Params::new())?;
    Ok(names.lines().map(str::to_owned).collect())
}

fn text_of(
    connection: &mut Connection,
    sql: &str,
    params: &Params,
) -> Result<String, WarehouseError> {
    let bytes = connection.query(sql, params, Format::TabSeparated)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Looks at every node.
fn check_tree(
    root: &Node<'_>,
    sql: &str,
    tables: &HashSet<String>,
) -> Result<Vec<String>, QueryProblem> {
    let mut read = Vec::new();
    for node in root.all() {
        check_node(node, sql)?;
        for name in tables_of(node) {
            let is_view = VIEWS.contains(&name);
            // Another name is that of a query of a WITH, or unknown to the engine; unless it is a table.
            if !is_view && (!is_plain(name) || tables.contains(name)) {
                let all = VIEWS.map(|view| format!("`{view}`")).join(", ");
                let refusal = Refusal::Table {
                    name: name.to_owned(),
                    all,
                };
                return Err(refusal.at(sql, name));
            }
            if is_view && !read.iter().any(|known| known == name) {
                read.push(name.to_owned());
            }
        }
    }
    read.sort_unstable();
    Ok(read)
}

fn check_node(node: &Node<'_>, sql: &str) -> Result<(), QueryProblem> {
    let name = node.name.to_owned();
    match node.kind {
        "Set" => Err(Refusal::Settings.problem()),
        "Function" => functions::check(node.name).map_err(|forbidden| {
            let refusal = match forbidden {
                Forbidden::Clock => Refusal::Clock { name },
                Forbidden::Chance => Refusal::Chance { name },
                Forbidden::Other => Refusal::Function { name },
            };
            refusal.at(sql, node.name)
        }),
        "TableExpression" => {
            let mut sources = node
                .children
                .iter()
                .filter(|child| child.kind == "Function");
            match sources.find(|child| child.name != "numbers") {
                Some(function) => Err(Refusal::TableFunction {
                    name: function.name.to_owned(),
                }
                .at(sql, function.name)),
                None => Ok(()),
            }
        }
        "Identifier" if functions::is_clock(node.name) => {
            Err(Refusal::Clock { name }.at(sql, node.name))
        }
        kind if KINDS.contains(&kind) => Ok(()),
        "ColumnsApplyTransformer" => {
            let name = "APPLY".to_owned();
            Err(Refusal::Construct { name }.at(sql, "APPLY"))
        }
        kind => {
            let name = kind.to_owned();
            Err(Refusal::Construct { name }.problem())
        }
    }
}

/// What a node may read as a table: the table itself, and a name to the right of `IN`.
fn tables_of<'text>(node: &Node<'text>) -> Vec<&'text str> {
    match node.kind {
        "TableIdentifier" => vec![node.name],
        "Function" if MEMBERSHIPS.contains(&node.name.to_lowercase().as_str()) => {
            let arguments = node.children.iter().flat_map(|list| &list.children);
            let right = arguments.skip(1).filter(|child| child.kind == "Identifier");
            right.map(|child| child.name).collect()
        }
        _ => Vec::new(),
    }
}

/// The functions of `IN`, whose right side may name a table.
const MEMBERSHIPS: &[&str] = &[
    "in",
    "notin",
    "globalin",
    "globalnotin",
    "nullin",
    "notnullin",
    "globalnullin",
    "globalnotnullin",
    "inignoreset",
    "notinignoreset",
    "globalinignoreset",
    "globalnotinignoreset",
    "nullinignoreset",
    "notnullinignoreset",
    "globalnullinignoreset",
    "globalnotnullinignoreset",
];

/// Whether a name is one word, without a database before it.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}
