//! The states of wanted tags, and with which stored version each is compared.

use std::collections::BTreeMap;

use catalog::{Definitions, Versioned};
use domain::{TagDefinition, TagKey, TagStatus};

use super::Wanted;

/// Tags as they are wanted and as they are stored, ready to be compared as texts.
pub(super) struct Tags<'w> {
    /// Each with the state that it gets.
    pub wanted: BTreeMap<&'w str, TagDefinition>,
    /// Of each the version that would be replaced.
    pub stored: BTreeMap<String, TagDefinition>,
}

impl<'w> Tags<'w> {
    /// Finds for each wanted tag what it would replace.
    pub fn new(wanted: &'w Wanted, stored: &Definitions) -> Self {
        let in_force = by_key(stored.tags.iter().chain(&stored.archived));
        let drafts = by_key(&stored.drafts);
        let mut tags = Self {
            wanted: BTreeMap::new(),
            stored: BTreeMap::new(),
        };
        for (key, tag) in drafts.iter().chain(&in_force) {
            tags.stored.insert(key.as_str().to_owned(), (*tag).clone());
        }
        for (key, tag) in &wanted.tags {
            let known = Known {
                in_force: in_force.get(key).copied(),
                draft: drafts.get(key).copied(),
            };
            let (before, after) = known.compared(&tag.definition);
            if let Some(before) = before {
                tags.stored.insert(key.as_str().to_owned(), before.clone());
            }
            tags.wanted.insert(key.as_str(), after);
        }
        tags
    }
}

/// What is stored of a tag.
#[derive(Clone, Copy)]
struct Known<'d> {
    in_force: Option<&'d TagDefinition>,
    draft: Option<&'d TagDefinition>,
}

impl<'d> Known<'d> {
    /// The version that a wanted one replaces, and the wanted one with its state. One without a state keeps that of the
    /// version in force. A draft of what is in force already is nothing new.
    fn compared(self, wanted: &TagDefinition) -> (Option<&'d TagDefinition>, TagDefinition) {
        let newest = self.draft.or(self.in_force);
        match (wanted.status, self.in_force) {
            (Some(status), _) if status.is_proposal() => match (self.draft, self.in_force) {
                (None, Some(in_force)) if is_same_but_state(in_force, wanted) => {
                    (Some(in_force), in_force.clone())
                }
                _ => (newest, wanted.clone()),
            },
            (None, Some(in_force)) => (Some(in_force), in_state(wanted, in_force.status)),
            (status, in_force) => {
                let status = status.filter(|status| *status != TagStatus::Published);
                (in_force.or(self.draft), in_state(wanted, status))
            }
        }
    }
}

fn in_state(tag: &TagDefinition, status: Option<TagStatus>) -> TagDefinition {
    TagDefinition {
        status,
        ..tag.clone()
    }
}

fn is_same_but_state(tag: &TagDefinition, other: &TagDefinition) -> bool {
    in_state(tag, other.status) == *other
}

fn by_key<'d>(
    stored: impl IntoIterator<Item = &'d Versioned<TagDefinition>>,
) -> BTreeMap<&'d TagKey, &'d TagDefinition> {
    let with_key =
        |stored: &'d Versioned<TagDefinition>| (&stored.definition.key, &stored.definition);
    stored.into_iter().map(with_key).collect()
}
