//! The versions of definitions as people read them.

use anyhow::Result;
use api::ports::life::{Line, Stands, TagVersion};
use catalog::{Definitions, Error, Version, Versioned};
use domain::{AudienceKey, EventName, ListKey, TableKey, TagDefinition, TagKey, TagStatus};

use crate::definitions::{
    Sort, audience_text, body_text, difference, event_text, list_text, table_text, tag_text,
};
use crate::platform::Platform;

/// The versions of one definition, the newest first. Those of what is no tag have no state.
#[derive(Clone, Debug, PartialEq)]
pub struct Versions(pub Vec<TagVersion>);

/// What a version is at present, and the body of a tag's.
struct State {
    status: Option<TagStatus>,
    stands: Stands,
    body: Option<String>,
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
        let number_in = |tags: &[Versioned<TagDefinition>]| {
            let found = tags.iter().find(|tag| tag.definition.key == *key);
            found.map(|tag| tag.version)
        };
        let in_force = number_in(&stored.tags).or_else(|| number_in(&stored.archived));
        let draft = number_in(&stored.drafts);
        let stands = |number: u64| match Some(number) {
            number if number == in_force => Stands::InForce,
            number if number == draft => Stands::Draft,
            _ => Stands::Past,
        };
        Self::shown(versions, tag_text, |version| {
            let status = version.definition.as_ref().map(TagDefinition::state);
            let body = version.definition.as_ref();
            State {
                status,
                stands: stands(version.number),
                body: body.map(|definition| body_text(&definition.body)),
            }
        })
    }

    fn of_others<T>(versions: Vec<Version<T>>, text: impl Fn(&T) -> String) -> Self {
        let newest = versions.first().map(|version| version.number);
        Self::shown(versions, text, |version| {
            let stands = match version.definition {
                Some(_) if Some(version.number) == newest => Stands::InForce,
                _ => Stands::Past,
            };
            State {
                status: None,
                stands,
                body: None,
            }
        })
    }

    fn shown<T>(
        versions: Vec<Version<T>>,
        text: impl Fn(&T) -> String,
        state: impl Fn(&Version<T>) -> State,
    ) -> Self {
        let mut shown: Vec<TagVersion> = Vec::with_capacity(versions.len());
        // The oldest come first here, so that each sees the text before it.
        for version in versions.into_iter().rev() {
            let State {
                status,
                stands,
                body,
            } = state(&version);
            let text = version.definition.as_ref().map(&text);
            let before = shown.last().and_then(|before| before.text.as_deref());
            shown.push(TagVersion {
                number: version.number,
                status,
                stands,
                body,
                difference: difference(
                    before.unwrap_or_default(),
                    text.as_deref().unwrap_or_default(),
                ),
                text,
                signature: version.signature,
            });
        }
        shown.reverse();
        Self(shown)
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
}
