//! The versions of definitions as people read them.

use anyhow::Result;
use catalog::{Definitions, Error, Version};
use domain::{
    AudienceKey, EventName, ListKey, Signature, TableKey, TagDefinition, TagKey, TagStatus,
};

use crate::definitions::{
    Line, Sort, audience_text, difference, event_text, list_text, table_text, tag_text,
};
use crate::platform::Platform;

/// The versions of one definition, the newest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Versions(pub Vec<ShownVersion>);

/// One version.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownVersion {
    /// 1 for the first.
    pub number: u64,
    /// The definition as it is written; `None`: it was removed.
    pub text: Option<String>,
    /// Its state, of a tag that was not removed.
    pub status: Option<TagStatus>,
    /// Whether it is in force, or the draft.
    pub stands: Stands,
    /// Who made it, why, and when.
    pub signature: Signature,
}

/// What a version is at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// It is in force.
    InForce,
    /// It is the draft, beside the one in force or alone.
    Draft,
    /// It was.
    Past,
}

impl Versions {
    /// The versions of that sort and key.
    ///
    /// # Errors
    /// There is no such definition, and never was.
    pub fn of(platform: &Platform, sort: Sort, key: &str) -> Result<Self> {
        let catalog = &platform.catalog;
        match sort {
            Sort::Tag => {
                let key = TagKey::new(key)?;
                let versions = platform.wait(catalog.tag_versions(&key))?;
                let stored = platform.wait(catalog.definitions())?;
                Ok(Self::of_tag(&key, versions, &stored))
            }
            Sort::Audience => {
                let key = AudienceKey::new(key)?;
                let versions = platform.wait(catalog.audience_versions(&key))?;
                Ok(Self::of_others(versions, audience_text))
            }
            Sort::List => {
                let key = ListKey::new(key)?;
                let versions = platform.wait(catalog.list_versions(&key))?;
                Ok(Self::of_others(versions, |list| list_text(list, None)))
            }
            Sort::Table => {
                let key = TableKey::new(key)?;
                let versions = platform.wait(catalog.table_versions(&key))?;
                Ok(Self::of_others(versions, table_text))
            }
            Sort::Event => {
                let key = EventName::new(key);
                let versions = platform.wait(catalog.event_versions(&key))?;
                Ok(Self::of_others(versions, event_text))
            }
        }
    }

    fn of_tag(key: &TagKey, versions: Vec<Version<TagDefinition>>, stored: &Definitions) -> Self {
        let number_in = |tags: &[catalog::Versioned<TagDefinition>]| {
            let found = tags.iter().find(|tag| tag.definition.key == *key);
            found.map(|tag| tag.version)
        };
        let in_force = number_in(&stored.tags).or_else(|| number_in(&stored.archived));
        let draft = number_in(&stored.drafts);
        let shown = versions.into_iter().map(|version| ShownVersion {
            number: version.number,
            text: version.definition.as_ref().map(tag_text),
            status: version.definition.as_ref().map(TagDefinition::state),
            stands: match Some(version.number) {
                number if number == in_force => Stands::InForce,
                number if number == draft => Stands::Draft,
                _ => Stands::Past,
            },
            signature: version.signature,
        });
        Self(shown.collect())
    }

    fn of_others<T>(versions: Vec<Version<T>>, text: impl Fn(&T) -> String) -> Self {
        let newest = versions.first().map(|version| version.number);
        let shown = versions.into_iter().map(|version| ShownVersion {
            number: version.number,
            text: version.definition.as_ref().map(&text),
            status: None,
            stands: match version.definition {
                Some(_) if Some(version.number) == newest => Stands::InForce,
                _ => Stands::Past,
            },
            signature: version.signature,
        });
        Self(shown.collect())
    }

    /// What differs between two versions, line by line.
    ///
    /// # Errors
    /// There is no such version.
    pub fn difference(&self, from: u64, to: u64) -> Result<Vec<Line>, Error> {
        let text = |wanted: u64| {
            let found = self.0.iter().find(|version| version.number == wanted);
            let version = found.ok_or_else(|| Error::NotFound {
                what: "version",
                key: wanted.to_string(),
                hint: None,
            })?;
            Ok::<&str, Error>(version.text.as_deref().unwrap_or_default())
        };
        Ok(difference(text(from)?, text(to)?))
    }

    /// What differs between a version and the one before it.
    pub fn difference_to_before(&self, place: usize) -> Vec<Line> {
        let text = |place: usize| {
            let version = self.0.get(place);
            version.and_then(|version| version.text.as_deref())
        };
        let before = text(place + 1).unwrap_or_default();
        difference(before, text(place).unwrap_or_default())
    }
}
