//! The states of tags in a scenario: what `muster apply` makes of `status`.

use std::collections::BTreeMap;

use domain::{TagDefinition, TagStatus, nearest};

/// Tags in force, archived ones, and drafts beside them.
#[derive(Clone, Debug, Default)]
pub struct TagsInLife {
    /// Those in force, and archived ones.
    tags: Vec<TagDefinition>,
    drafts: BTreeMap<String, TagDefinition>,
}

impl TagsInLife {
    /// Takes a definition over. One that says no state keeps that of the one in force; a draft stands beside it.
    pub fn put(&mut self, tag: &TagDefinition) {
        let key = tag.key.as_str();
        if tag.state().is_proposal() {
            self.drafts.insert(key.to_owned(), tag.clone());
            return;
        }
        self.drafts.remove(key);
        let known = self.tags.iter_mut().find(|known| known.key == tag.key);
        let before = known.as_ref().map(|known| known.state());
        let tag = TagDefinition {
            status: tag.status.or(before),
            ..tag.clone()
        };
        match known {
            Some(known) => *known = tag,
            None => self.tags.push(tag),
        }
    }

    /// Puts a draft in force.
    ///
    /// # Errors
    /// In words, where there is no such draft.
    pub fn publish(&mut self, key: &str) -> Result<(), String> {
        let Some(draft) = self.drafts.get(key).cloned() else {
            let near = nearest(key, self.drafts.keys().map(String::as_str));
            let hint = near.map_or_else(String::new, |near| format!(": did you mean `{near}`?"));
            return Err(format!("there is no draft of tag `{key}` to publish{hint}"));
        };
        self.put(&TagDefinition {
            status: Some(TagStatus::Published),
            ..draft
        });
        Ok(())
    }

    /// The tags that rules may name.
    pub fn in_force(&self) -> Vec<TagDefinition> {
        let tags = self.tags.iter();
        let in_force = tags.filter(|tag| tag.state() != TagStatus::Archived);
        in_force.cloned().collect()
    }

    /// The state of a tag that is a draft alone, or archived.
    pub fn state_aside(&self, key: &str) -> Option<TagStatus> {
        let mut tags = self.tags.iter();
        let known = tags.find(|tag| tag.key.as_str() == key);
        let draft = self.drafts.get(key);
        known.or(draft).map(TagDefinition::state)
    }

    /// Puts the tag of a key as it was before, or takes it away.
    pub fn revert(&mut self, key: &str, before: Option<&Self>) {
        self.tags.retain(|tag| tag.key.as_str() != key);
        let before = before.into_iter().flat_map(|before| &before.tags);
        let old = before.filter(|tag| tag.key.as_str() == key);
        self.tags.extend(old.cloned());
    }
}
