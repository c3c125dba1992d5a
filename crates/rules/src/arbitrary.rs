//! Random rules for property tests, here and in the crates that compute rules. Only built for
//! tests and with the feature `arbitrary`.
//!
//! [`any_rule`] draws every tree that a text can be read into; most of them mean nothing.
//! [`checkable_rule`] draws rules that check, over the names of [`names`].

mod any_tree;
mod checkable;

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{
    AudienceKey, Cell, EventName, ListKey, ListKind, LocalizedText, Table, TableDefinition,
    TableKey, TableRow, TagKey,
};

pub use self::any_tree::any_rule;
pub use self::checkable::{checkable_condition, checkable_rule};
use crate::checked::Place;
use crate::vocabulary::{TagKind, Vocabulary};

/// Properties of each event, and attributes of the user: a number, a text, a truth, a time and
/// a list of texts.
pub const VALUES: [&str; 5] = ["n", "t", "b", "m", "l"];

/// The events.
pub const EVENTS: [&str; 3] = ["event_a", "event_b", "other"];

/// The names that checkable rules use: the events [`EVENTS`] with the properties [`VALUES`],
/// attributes of the same names, the tags `yes` (yes/no), `tier` (`gold`, `silver`) and `score`
/// (a number), the lists `users` and `texts`, the audience `some`, and the table
/// `rates` with the columns `n` and `t`.
#[must_use]
pub fn names() -> Vocabulary {
    let values: BTreeSet<Arc<str>> = VALUES.iter().map(|name| Arc::from(*name)).collect();
    let kinds = [
        ("yes", TagKind::YesNo),
        (
            "tier",
            TagKind::Values(BTreeSet::from([Arc::from("gold"), Arc::from("silver")])),
        ),
        ("score", TagKind::Metric(Place::Number)),
    ];
    let lists = [("users", ListKind::Users), ("texts", ListKind::Values)];
    Vocabulary {
        events: EVENTS
            .iter()
            .map(|name| (EventName::new(name), values.clone()))
            .collect(),
        attributes: values,
        collections: BTreeSet::from([Arc::from("l")]),
        tags: kinds
            .into_iter()
            .filter_map(|(key, kind)| Some((TagKey::new(key).ok()?, kind)))
            .collect(),
        lists: lists
            .into_iter()
            .filter_map(|(key, kind)| Some((ListKey::new(key).ok()?, kind)))
            .collect(),
        tables: rates()
            .into_iter()
            .map(|table| (table.key().clone(), Arc::new(table)))
            .collect(),
        audiences: AudienceKey::new("some").into_iter().collect(),
        ..Vocabulary::default()
    }
}

/// Values for the texts `a` and `B`.
fn rates() -> Option<Table> {
    let cell = |(column, value): (&str, &str)| Cell {
        column: Arc::from(column),
        value: Arc::from(value),
    };
    let row = |cells: [(&str, &str); 3]| TableRow {
        cells: cells.map(cell).into(),
    };
    let definition = TableDefinition {
        key: TableKey::new("rates").ok()?,
        name: LocalizedText::default(),
        description: LocalizedText::default(),
        by: None,
        rows: [
            [("key", "a"), ("n", "1.5"), ("t", "b")],
            [("key", "B"), ("n", "none"), ("t", "")],
        ]
        .map(row)
        .into(),
    };
    definition.table().ok()
}
