//! Tags that mean the same: their rules have one canonical form.

use std::collections::HashMap;

use domain::{TagKey, Time};
use rules::CheckedRule;

use crate::rulebook::Rulebook;

/// Tags that mean the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Duplicates {
    groups: Vec<Vec<TagKey>>,
}

impl Duplicates {
    /// The tags of each meaning that several have, by their keys.
    #[must_use]
    pub fn groups(&self) -> &[Vec<TagKey>] {
        &self.groups
    }

    /// The first other tag that means the same, of one that is not the first itself.
    #[must_use]
    pub fn of(&self, tag: &TagKey) -> Option<&TagKey> {
        let mut groups = self.groups.iter();
        let group = groups.find(|group| group.contains(tag))?;
        group.first().filter(|first| *first != tag)
    }
}

/// The tags of a rulebook that mean the same.
#[must_use]
pub fn duplicates(book: &Rulebook) -> Duplicates {
    let mut meanings: HashMap<(CheckedRule, Option<Time>), Vec<TagKey>> = HashMap::new();
    for tag in &book.tags {
        let meaning = (tag.rule.canonical(), tag.definition.as_of);
        let tags = meanings.entry(meaning).or_default();
        tags.push(tag.definition.key.clone());
    }
    let mut groups: Vec<Vec<TagKey>> = meanings
        .into_values()
        .filter(|tags| tags.len() > 1)
        .map(|mut tags| {
            tags.sort();
            tags
        })
        .collect();
    groups.sort();
    Duplicates { groups }
}
