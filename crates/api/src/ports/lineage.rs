//! What uses what.

use domain::{Date, TagKey};

use crate::Error;

/// What tags and audiences use, and what uses them.
pub trait Lineage: Send + Sync {
    /// The things of a key, of one kind or of any, with what they use and what uses them.
    ///
    /// # Errors
    /// [`Error::NotFound`] where nothing has the key.
    fn uses(&self, key: &str, kind: Option<&str>) -> Result<Vec<Uses>, Error>;

    /// The tags of each meaning that several have.
    ///
    /// # Errors
    /// [`Error::TryAgain`] or [`Error::Bug`].
    fn duplicates(&self) -> Result<Vec<Vec<TagKey>>, Error>;

    /// The tags older than so many days that no rule uses and that nobody asked for since.
    ///
    /// # Errors
    /// [`Error::TryAgain`] or [`Error::Bug`].
    fn unused(&self, days: u32) -> Result<Vec<UnusedTag>, Error>;
}

/// A tag that nobody needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusedTag {
    /// The tag.
    pub tag: TagKey,
    /// The day on which somebody last asked for it; `None`: nobody ever did.
    pub asked_on: Option<Date>,
}

/// Something that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thing {
    /// `tag`, `audience`, `list`, `table`, `event`, `attribute` or `view`.
    pub kind: &'static str,
    /// Its key, name or dotted path.
    pub key: String,
}

/// What one thing uses, and what uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uses {
    /// The thing.
    pub thing: Thing,
    /// What its rule names.
    pub uses: Vec<Thing>,
    /// What that uses in turn, and so on.
    pub uses_indirectly: Vec<Thing>,
    /// Whose rules name it.
    pub used_by: Vec<Thing>,
    /// What uses those in turn, and so on.
    pub used_by_indirectly: Vec<Thing>,
}
