//! Definitions as code: YAML files in git, what they would change, and writing them back.
//!
//! [`read`] finds everything that files want and every problem with its file and line; [`plan`]
//! compares that with what is stored; [`export`] writes what is stored as the same files.

mod difference;
mod plan;
mod problem;
mod read;
mod states;
mod template;
#[cfg(test)]
mod tests;
mod write;
mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use domain::{
    AudienceDefinition, AudienceKey, EventDefinition, EventName, ListDefinition, ListKey,
    TableDefinition, TableKey, TagDefinition, TagKey,
};

pub use api::ports::life::Line;
pub use difference::difference;
pub use plan::{Plan, Planned, PlannedAction, Prune, Sort, plan};
pub use problem::{Problem, Problems};
pub use read::{parse, read};
pub use write::{ExportedFile, LARGEST_WRITTEN_LIST, export};
pub(crate) use write::{audience_text, body_text, event_text, list_text, table_text, tag_text};

/// Where in a file something stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file's path as it was given.
    pub file: String,
    /// The line, from 1; 0 for the file as a whole.
    pub line: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => formatter.write_str(&self.file),
            line => write!(formatter, "{}:{line}", self.file),
        }
    }
}

/// Something that a file says, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed<T> {
    /// What it says.
    pub definition: T,
    /// Where its definition begins.
    pub place: Place,
    /// Its key as it is written, if it is one of many that a template stands for.
    pub template: Option<Arc<str>>,
}

impl<T> Placed<T> {
    fn origin(&self) -> (&Place, &Option<Arc<str>>) {
        (&self.place, &self.template)
    }
}

/// A list that a file wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedList {
    /// Its definition.
    pub definition: ListDefinition,
    /// Exactly who or what is in it; `None` leaves its members alone.
    pub members: Option<BTreeSet<String>>,
}

/// Everything that files want, templates expanded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Tags.
    pub tags: BTreeMap<TagKey, Placed<TagDefinition>>,
    /// Audiences.
    pub audiences: BTreeMap<AudienceKey, Placed<AudienceDefinition>>,
    /// Lists.
    pub lists: BTreeMap<ListKey, Placed<WantedList>>,
    /// Tables.
    pub tables: BTreeMap<TableKey, Placed<TableDefinition>>,
    /// Events of the tracking plan.
    pub events: BTreeMap<EventName, Placed<EventDefinition>>,
}

impl Wanted {
    /// The lists whose members are written, which [`plan`] compares with the stored ones.
    pub fn lists_with_members(&self) -> impl Iterator<Item = &ListKey> {
        let with_members = |list: &&Placed<WantedList>| list.definition.members.is_some();
        self.lists
            .values()
            .filter(with_members)
            .map(|list| &list.definition.definition.key)
    }

    /// Where the rule of that sort and key is defined, if a file wants it, and its template.
    pub fn origin_of_rule(&self, kind: &str, key: &str) -> Option<(&Place, &Option<Arc<str>>)> {
        match kind {
            "tag" => self.tags.get(key).map(Placed::origin),
            "audience" => self.audiences.get(key).map(Placed::origin),
            _ => None,
        }
    }
}
