//! What is defined after changes.

use std::collections::BTreeMap;

use catalog::{Change, Definitions, Versioned};
use domain::{ListKey, TagDefinition, TagKey, TagStatus};

use crate::platform::now;

/// What is defined after changes, and which drafts came with them.
pub(super) struct After {
    /// The definitions.
    pub definitions: Definitions,
    /// The members of the lists that the changes set.
    pub members: BTreeMap<ListKey, Vec<String>>,
    drafts: BTreeMap<TagKey, TagStatus>,
}

impl After {
    /// Makes the changes to definitions as they are stored.
    pub fn new(stored: Definitions, changes: &[Change]) -> Self {
        let mut after = Self {
            definitions: stored,
            members: BTreeMap::new(),
            drafts: BTreeMap::new(),
        };
        for change in changes {
            after.change(change);
        }
        after
    }

    /// Puts the drafts that came with the changes in force: what if they were published? Says which they are.
    pub fn publish_drafts(&mut self) -> BTreeMap<TagKey, TagStatus> {
        let drafts = std::mem::take(&mut self.drafts);
        let (published, waiting): (Vec<_>, Vec<_>) = std::mem::take(&mut self.definitions.drafts)
            .into_iter()
            .partition(|draft| drafts.contains_key(&draft.definition.key));
        self.definitions.drafts = waiting;
        for draft in published {
            let tag = TagDefinition {
                status: None,
                ..draft.definition
            };
            self.put_tag(&tag);
        }
        drafts
    }

    fn change(&mut self, change: &Change) {
        let stored = &mut self.definitions;
        match change {
            Change::PutTag(tag) => self.put_tag(tag),
            Change::PutAudience(audience) => {
                put(&mut stored.audiences, audience, |known| {
                    known.key == audience.key
                });
            }
            Change::PutList(list) => put(&mut stored.lists, list, |known| known.key == list.key),
            Change::SetMembers(list, texts) => {
                self.members.insert(list.clone(), texts.clone());
            }
            Change::PutTable(table) => {
                put(&mut stored.tables, table, |known| known.key == table.key);
            }
            Change::PutEvent(event) => {
                put(&mut stored.events, event, |known| known.key == event.key);
            }
            Change::RemoveEvent(key) => stored.events.retain(|event| event.definition.key != *key),
            Change::RemoveTable(key) => stored.tables.retain(|table| table.definition.key != *key),
            Change::RemoveTag(key) => {
                for tags in [&mut stored.tags, &mut stored.drafts, &mut stored.archived] {
                    remove(tags, key);
                }
            }
            Change::RemoveAudience(key) => {
                stored
                    .audiences
                    .retain(|audience| audience.definition.key != *key);
            }
            Change::RemoveList(key) => stored.lists.retain(|list| list.definition.key != *key),
        }
    }

    fn put_tag(&mut self, tag: &TagDefinition) {
        let stored = &mut self.definitions;
        let is_same = |known: &TagDefinition| known.key == tag.key;
        match tag.state() {
            TagStatus::Draft | TagStatus::InReview => {
                self.drafts.insert(tag.key.clone(), tag.state());
                put(&mut stored.drafts, tag, is_same);
            }
            TagStatus::Published | TagStatus::Paused => {
                remove(&mut stored.drafts, &tag.key);
                remove(&mut stored.archived, &tag.key);
                put(&mut stored.tags, tag, is_same);
            }
            TagStatus::Archived => {
                remove(&mut stored.drafts, &tag.key);
                remove(&mut stored.tags, &tag.key);
                put(&mut stored.archived, tag, is_same);
            }
        }
    }
}

fn remove(tags: &mut Vec<Versioned<TagDefinition>>, key: &TagKey) {
    tags.retain(|tag| tag.definition.key != *key);
}

/// Replaces a definition, or adds it with version 0: it is not stored yet.
fn put<T: Clone>(stored: &mut Vec<Versioned<T>>, definition: &T, is_same: impl Fn(&T) -> bool) {
    match stored.iter_mut().find(|known| is_same(&known.definition)) {
        Some(known) => known.definition = definition.clone(),
        None => stored.push(Versioned {
            definition: definition.clone(),
            version: 0,
            created_at: now(),
            updated_at: now(),
        }),
    }
}
