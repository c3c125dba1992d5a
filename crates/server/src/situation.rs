//! What one user's tags follow from: rules, lists and histories, of a store or of a scenario.

use anyhow::{Result, bail};
use domain::{LocalizedText, TagKey, Zone};
use rules::sentence::Names;
use tags::ports::Histories;
use tags::{Inputs, TagSource};

use crate::engine::Engine;
use crate::rulebook::Rulebook;

/// What one user's tags follow from.
#[derive(Clone, Copy)]
pub struct Situation<'e> {
    /// The histories.
    pub histories: &'e dyn Histories,
    /// The rules.
    pub book: &'e Rulebook,
    /// Lists and audiences.
    pub inputs: &'e Inputs,
    /// The zone of tags that name none.
    pub zone: &'e Zone,
    /// What things are called.
    pub names: &'e Names,
}

impl Situation<'_> {
    /// These tags and all that they need.
    ///
    /// # Errors
    /// A tag does not exist or has mistakes.
    pub fn sources_of(&self, wanted: &[TagKey]) -> Result<Vec<TagSource>> {
        match self.book.sources_of(wanted) {
            Ok(sources) => Ok(sources),
            Err(key) => bail!(
                "tag `{key}` cannot be computed: it has mistakes, or names what does not exist"
            ),
        }
    }
}

impl Engine {
    /// What things are called.
    pub fn names(&self) -> Names {
        let of = |name: &LocalizedText| (!name.is_empty()).then(|| name.clone());
        let tags = self.definitions.tags.iter().map(|tag| &tag.definition);
        let lists = self.definitions.lists.iter().map(|list| &list.definition);
        let events = self
            .definitions
            .events
            .iter()
            .map(|event| &event.definition);
        let audiences = self
            .definitions
            .audiences
            .iter()
            .map(|audience| &audience.definition);
        Names {
            tags: tags
                .filter_map(|tag| Some((tag.key.clone(), of(&tag.name)?)))
                .collect(),
            lists: lists
                .filter_map(|list| Some((list.key.clone(), of(&list.name)?)))
                .collect(),
            audiences: audiences
                .filter_map(|audience| Some((audience.key.clone(), of(&audience.name)?)))
                .collect(),
            events: events
                .filter_map(|event| Some((event.key.clone(), of(&event.name)?)))
                .collect(),
            collections: self.book.vocabulary.collections.clone(),
        }
    }

    /// What the tags of a user of the store follow from.
    pub fn situation<'e>(&'e self, names: &'e Names) -> Situation<'e> {
        Situation {
            histories: &self.platform.store,
            book: &self.book,
            inputs: &self.inputs,
            zone: &self.platform.zone,
            names,
        }
    }
}
