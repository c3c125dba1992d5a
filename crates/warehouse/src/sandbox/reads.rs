//! What a query reads, as far as its text leaves no doubt.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::query_tree::QueryNode;

/// What a query reads: views, and of some views only what is of certain names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryReads {
    /// The views.
    pub views: BTreeSet<String>,
    /// The names of the only events that it reads; empty where it may read any.
    pub events: BTreeSet<String>,
    /// The paths of the only attributes that it reads; empty where it may read any.
    pub attributes: BTreeSet<String>,
    /// The keys of the only tags that it reads; empty where it may read any.
    pub tags: BTreeSet<String>,
}

/// The names that are read of some views: none of them, some, or any.
type Names = Option<BTreeSet<String>>;

impl QueryReads {
    /// What a query reads that names these views and is resolved to such a tree.
    pub(super) fn of(views: Vec<String>, tree: &QueryNode<'_>) -> Self {
        let nodes = tree.all();
        let mut events: Names = Some(BTreeSet::new());
        let (mut attributes, mut tags) = (events.clone(), events.clone());
        for table in nodes.iter().filter(|node| node.kind == "TABLE") {
            let view = table.last(", table_name: ").unwrap_or_default();
            let view = view.split(", ").next().unwrap_or_default();
            let id = table.id();
            match view.rsplit('.').next().unwrap_or_default() {
                "user_events" => add(&mut events, only(&nodes, id, "name")),
                "user_attribute_changes" => add(&mut attributes, only(&nodes, id, "attribute")),
                "user_profiles" => add(&mut attributes, keys(tree, id)),
                "user_tags" | "user_tag_changes" => add(&mut tags, only(&nodes, id, "tag")),
                _ => {}
            }
        }
        Self {
            views: views.into_iter().collect(),
            events: events.unwrap_or_default(),
            attributes: attributes.unwrap_or_default(),
            tags: tags.unwrap_or_default(),
        }
    }

    /// Whether it reads one of these views.
    #[must_use]
    pub fn reads_any(&self, views: &[&str]) -> bool {
        views.iter().any(|view| self.views.contains(*view))
    }
}

fn add(all: &mut Names, more: Names) {
    match (all.as_mut(), more) {
        (Some(names), Some(more)) => names.extend(more),
        _ => *all = None,
    }
}

/// The values of a column to which a query restricts a table, before anything else is done with its rows.
fn only(nodes: &[&QueryNode<'_>], table: &str, column: &str) -> Names {
    let mut queries = nodes.iter().filter(|node| node.kind == "QUERY");
    let query = queries.find(|query| {
        let from = query.child("JOIN TREE");
        from.is_some_and(|from| from.children.iter().any(|one| is_from(one, table)))
    })?;
    let conditions = ["PREWHERE", "WHERE"].iter();
    let mut conditions = conditions.filter_map(|kind| query.child(kind)?.children.first());
    conditions.find_map(|condition| restriction(condition, table, column))
}

/// Whether each row of a table is a row of what is read, or goes into several, before conditions are asked.
fn is_from(node: &QueryNode<'_>, table: &str) -> bool {
    let is_open = match node.kind {
        "TABLE" => return node.id() == table,
        "JOIN" => node.last(", strictness: ") == Some("ALL, kind: INNER"),
        "ARRAY_JOIN" | "TABLE EXPRESSION" | "LEFT TABLE EXPRESSION" | "RIGHT TABLE EXPRESSION" => {
            true
        }
        _ => false,
    };
    is_open && node.children.iter().any(|child| is_from(child, table))
}

fn restriction(condition: &QueryNode<'_>, table: &str, column: &str) -> Names {
    let is_column = |node: &QueryNode<'_>| node.column_of(table) == Some(column);
    if let Some([left, right]) = condition.arguments_of(&["equals", "in"]) {
        let constant = match (is_column(left), is_column(right)) {
            (true, false) => right,
            (false, true) => left,
            _ => return None,
        };
        return constant.texts().map(|texts| texts.into_iter().collect());
    }
    if let Some(all) = condition.arguments_of(&["and"]) {
        return all.iter().find_map(|one| restriction(one, table, column));
    }
    let either = condition.arguments_of(&["or"])?;
    let names = either.iter().map(|one| restriction(one, table, column));
    let names = names.collect::<Option<Vec<_>>>()?;
    Some(names.into_iter().flatten().collect())
}

/// The keys of a map of attributes that are looked up, where nothing else is done with it.
fn keys(node: &QueryNode<'_>, table: &str) -> Names {
    const MAP: &str = "attributes";
    if let Some([map, key]) = node.arguments_of(&["arrayElement", "mapContains", "has"])
        && matches!(map.column_of(table), Some(MAP | "attributes.keys"))
        && let Some(texts) = key.texts()
    {
        return Some(texts.into_iter().collect());
    }
    let mut names = Some(BTreeSet::new());
    if let Some(column) = node.column_of(table)
        && let Some(part) = column.strip_prefix(MAP)
    {
        let key = part.strip_prefix(".key_");
        return key.map(|key| BTreeSet::from([key.to_owned()]));
    }
    for child in &node.children {
        add(&mut names, keys(child, table));
    }
    names
}
