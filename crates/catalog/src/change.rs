//! A change of definitions, and what became of it.

use domain::{
    AudienceDefinition, AudienceKey, EventDefinition, EventName, ListDefinition, ListKey,
    TableDefinition, TableKey, TagDefinition, TagKey,
};

/// One change of what is defined.
#[expect(
    clippy::large_enum_variant,
    reason = "most changes are of tags, the largest of them"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Adds the tag, or replaces the one of the same key. One that is a draft or in review stands beside the version in
    /// force, if there is one. Without a state it is published.
    PutTag(TagDefinition),
    /// Adds the audience, or replaces the one of the same key.
    PutAudience(AudienceDefinition),
    /// Adds the list, or replaces the definition of the same key; its members stay.
    PutList(ListDefinition),
    /// Makes exactly these the members of a list.
    SetMembers(ListKey, Vec<String>),
    /// Adds the table, or replaces the one of the same key.
    PutTable(TableDefinition),
    /// Adds the event to the tracking plan, or replaces the one of the same name.
    PutEvent(EventDefinition),
    /// Removes the event from the tracking plan; what was sent stays.
    RemoveEvent(EventName),
    /// Removes the table.
    RemoveTable(TableKey),
    /// Removes the tag.
    RemoveTag(TagKey),
    /// Removes the audience.
    RemoveAudience(AudienceKey),
    /// Removes the list and its members.
    RemoveList(ListKey),
}

/// What became of a [`Change`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It was not there before.
    Added,
    /// It replaced something else.
    Changed,
    /// It was there already, exactly so.
    Unchanged,
    /// It is gone.
    Removed,
}
