//! How often this process has changed what people supply, so that who has read it knows whether to read it again. There is
//! one process at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{ListKey, TagKey};

use crate::{Catalog, Change};

/// Counts of changes since the catalog was opened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Touched(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    tags: HashMap<TagKey, u64>,
    lists: HashMap<ListKey, u64>,
}

impl Catalog {
    /// How often the members that people supplied for a tag have changed since the catalog was opened.
    #[must_use]
    pub fn tag_supplied(&self, tag: &TagKey) -> u64 {
        self.touched
            .with(|counts| counts.tags.get(tag).copied().unwrap_or(0))
    }

    /// How often the members of a list have changed since the catalog was opened.
    #[must_use]
    pub fn list_supplied(&self, list: &ListKey) -> u64 {
        self.touched
            .with(|counts| counts.lists.get(list).copied().unwrap_or(0))
    }
}

impl Touched {
    /// Notes that the members of a tag are others. To be called once they are.
    pub fn tag(&self, tag: &TagKey) {
        self.with(|counts| *counts.tags.entry(tag.clone()).or_default() += 1);
    }

    /// Notes that the members of a list are others. To be called once they are.
    pub fn list(&self, list: &ListKey) {
        self.with(|counts| *counts.lists.entry(list.clone()).or_default() += 1);
    }

    /// Notes what changes of definitions do to members: a tag that becomes another forgets them.
    pub fn by(&self, change: &Change) {
        match change {
            Change::PutTag(tag) => self.tag(&tag.key),
            Change::RemoveTag(tag) => self.tag(tag),
            Change::PutList(list) => self.list(&list.key),
            Change::SetMembers(list, _) | Change::RemoveList(list) => self.list(list),
            _ => {}
        }
    }

    fn with<T>(&self, look: impl FnOnce(&mut Counts) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
