//! What a rule names of the other definitions, and where.

use std::collections::BTreeSet;

use domain::{AudienceKey, ListKey, TableKey, TagKey};

use crate::located::Located;
use crate::tree::{EventPattern, Expression, Node, Rule};

/// A tag or an audience: what may need itself in a circle.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Defined {
    /// The tag of that key.
    Tag(TagKey),
    /// The audience of that key.
    Audience(AudienceKey),
}

impl Rule {
    /// The tags and audiences that the rule names, known or not, with their places in its text.
    #[must_use]
    pub fn references(&self) -> Vec<Located<Defined>> {
        let mut references = Vec::new();
        for expression in self.expressions() {
            add_references(expression, &mut references);
        }
        references
    }

    /// The tags that the rule names, known or not: what has to be checked before it.
    #[must_use]
    pub fn tags(&self) -> BTreeSet<TagKey> {
        let references = self.references().into_iter();
        let tags = references.filter_map(|reference| match reference.node {
            Defined::Tag(key) => Some(key),
            Defined::Audience(_) => None,
        });
        tags.collect()
    }

    /// The audiences that the rule names, known or not.
    #[must_use]
    pub fn audiences(&self) -> BTreeSet<AudienceKey> {
        let references = self.references().into_iter();
        let audiences = references.filter_map(|reference| match reference.node {
            Defined::Audience(key) => Some(key),
            Defined::Tag(_) => None,
        });
        audiences.collect()
    }
}

impl Rule {
    /// The lists and the tables that the rule names, known or not.
    #[must_use]
    pub fn lists_and_tables(&self) -> (BTreeSet<ListKey>, BTreeSet<TableKey>) {
        let (mut lists, mut tables) = (BTreeSet::new(), BTreeSet::new());
        let mut open = self.expressions();
        while let Some(expression) = open.pop() {
            match &expression.node {
                Node::InList(list) | Node::ValueInList { list, .. } => {
                    lists.extend(ListKey::new(&list.node));
                }
                Node::Lookup { table, .. } => tables.extend(TableKey::new(&table.node)),
                _ => {}
            }
            open.extend(expression.node.children());
        }
        (lists, tables)
    }
}

fn add_references(expression: &Expression, references: &mut Vec<Located<Defined>>) {
    let tag = |key: &Located<String>| {
        let tag = TagKey::new(&key.node).ok()?;
        Some(Located::new(Defined::Tag(tag), key.range))
    };
    match &expression.node {
        Node::Tag(key) | Node::TagAt { tag: key, .. } => references.extend(tag(key)),
        Node::InAudience(key) => {
            let audience = AudienceKey::new(&key.node).map(Defined::Audience);
            references.extend(audience.map(|audience| Located::new(audience, key.range)));
        }
        node => references.extend(node.events().filter_map(tag_of_event).filter_map(tag)),
    }
    for child in expression.node.children() {
        add_references(child, references);
    }
}

/// The tag whose coming or going is an event.
fn tag_of_event(pattern: &Located<EventPattern>) -> Option<&Located<String>> {
    match &pattern.node {
        EventPattern::Entered(tag) | EventPattern::Left(tag) => Some(tag),
        _ => None,
    }
}
