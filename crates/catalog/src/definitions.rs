//! Definitions of tags, audiences, lists, tables and events, as they are in force.

mod row;
mod write;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{
    AudienceDefinition, AudienceKey, EventDefinition, ListDefinition, ListKey, Signature,
    TableDefinition, TagDefinition, TagKey, TagStatus, Time,
};
use serde::de::DeserializeOwned;
use sqlx::SqliteConnection;

use self::row::{all, beside};
use crate::change::{Applied, Change};
use crate::counters::Counter;
use crate::{Catalog, Error, counters, members};

pub(crate) use self::row::{Sort, not_found, read, row_of};
pub(crate) use self::write::require_list;

/// A definition as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned<T> {
    /// What was defined.
    pub definition: T,
    /// 1 for the first, one more for each change; it goes on when a removed key comes back.
    pub version: u64,
    /// When the key was first defined.
    pub created_at: Time,
    /// When this version was defined.
    pub updated_at: Time,
}

/// Everything that is defined, as of one instant, each sort in the order of its keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Definitions {
    /// Tags in force, published or paused.
    pub tags: Vec<Versioned<TagDefinition>>,
    /// Drafts and what is in review: of tags that are in force or archived, too, and of others.
    pub drafts: Vec<Versioned<TagDefinition>>,
    /// Tags that are archived.
    pub archived: Vec<Versioned<TagDefinition>>,
    /// Audiences.
    pub audiences: Vec<Versioned<AudienceDefinition>>,
    /// Lists, without their members.
    pub lists: Vec<Versioned<ListDefinition>>,
    /// Tables, with their rows.
    pub tables: Vec<Versioned<TableDefinition>>,
    /// The events of the tracking plan.
    pub events: Vec<Versioned<EventDefinition>>,
    /// How many members each list has.
    pub member_counts: BTreeMap<ListKey, u64>,
    /// Grows with every change of a definition or of a list's members.
    pub revision: u64,
}

impl Catalog {
    /// Everything that is defined; read again only where something has changed.
    ///
    /// # Errors
    /// [`Error::Damaged`] for a definition that cannot be read back.
    pub async fn definitions(&self) -> Result<Arc<Definitions>, Error> {
        let mut reading = self.pool().begin().await?;
        let revision = counters::value(&mut reading, Counter::Revision).await?;
        let kept = self.kept_definitions().clone();
        if let Some(kept) = kept.filter(|kept| kept.revision == revision) {
            return Ok(kept);
        }
        let tags = Tags::read(&mut reading).await?;
        let definitions = Arc::new(Definitions {
            tags: tags.in_force,
            drafts: tags.drafts,
            archived: tags.archived,
            audiences: all(&mut reading, Sort::Audience).await?,
            lists: all(&mut reading, Sort::List).await?,
            tables: all(&mut reading, Sort::Table).await?,
            events: all(&mut reading, Sort::Event).await?,
            member_counts: members::counts(&mut reading).await?,
            revision,
        });
        *self.kept_definitions() = Some(Arc::clone(&definitions));
        Ok(definitions)
    }

    /// The number that grows with every change of a definition or of a list's members.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn revision(&self) -> Result<u64, Error> {
        let mut connection = self.pool().acquire().await?;
        counters::value(&mut connection, Counter::Revision).await
    }

    /// The tag of that key: its version in force, or its draft where it has none.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the nearest key.
    pub async fn tag(&self, key: &TagKey) -> Result<Versioned<TagDefinition>, Error> {
        self.one(Sort::Tag, key.as_str()).await
    }

    /// The audience of that key.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the nearest key.
    pub async fn audience(
        &self,
        key: &AudienceKey,
    ) -> Result<Versioned<AudienceDefinition>, Error> {
        self.one(Sort::Audience, key.as_str()).await
    }

    /// The list of that key, without its members.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the nearest key.
    pub async fn list(&self, key: &ListKey) -> Result<Versioned<ListDefinition>, Error> {
        self.one(Sort::List, key.as_str()).await
    }

    /// Makes all the changes, in their order, or none of them; says of each what became of it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the removal or the members of what is not there,
    /// [`Error::Conflict`] for a list with members that would change its kind,
    /// [`Error::Invalid`] for a member that cannot be kept.
    pub async fn apply(
        &self,
        changes: &[Change],
        signature: impl Into<Signature>,
    ) -> Result<Vec<Applied>, Error> {
        let signature = signature.into();
        let mut writing = self.write().await?;
        let mut outcomes = Vec::with_capacity(changes.len());
        for change in changes {
            outcomes.push(write::apply(&mut writing, change, &signature).await?);
        }
        if outcomes
            .iter()
            .any(|outcome| *outcome != Applied::Unchanged)
        {
            counters::advance(&mut writing, Counter::Revision, 1).await?;
        }
        writing.commit().await?;
        changes.iter().for_each(|change| self.touched.by(change));
        Ok(outcomes)
    }

    async fn one<T: DeserializeOwned>(&self, sort: Sort, key: &str) -> Result<Versioned<T>, Error> {
        let mut reading = self.pool().begin().await?;
        match row_of(&mut reading, sort, key).await? {
            Some(row) if row.removed_at.is_none() => row.versioned(sort, key),
            _ => Err(not_found(&mut reading, sort, key).await?),
        }
    }
}

/// The tags by what they are good for.
#[derive(Default)]
struct Tags {
    in_force: Vec<Versioned<TagDefinition>>,
    drafts: Vec<Versioned<TagDefinition>>,
    archived: Vec<Versioned<TagDefinition>>,
}

impl Tags {
    async fn read(reading: &mut SqliteConnection) -> Result<Self, Error> {
        let mut tags = Self {
            drafts: beside(reading, Sort::Tag).await?,
            ..Self::default()
        };
        for tag in all::<TagDefinition>(reading, Sort::Tag).await? {
            match tag.definition.state() {
                TagStatus::Published | TagStatus::Paused => tags.in_force.push(tag),
                TagStatus::Draft | TagStatus::InReview => tags.drafts.push(tag),
                TagStatus::Archived => tags.archived.push(tag),
            }
        }
        let key_of = |tag: &Versioned<TagDefinition>| tag.definition.key.clone();
        tags.drafts.sort_by_key(key_of);
        Ok(tags)
    }
}
