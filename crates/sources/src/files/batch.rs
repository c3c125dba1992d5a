//! What a source yields: rows by kind, and the rows that were refused.

use std::ops::Range;

use domain::{Position, Time};

use super::columns::{NameColumn, PropertyColumn, TextColumn};

/// Some rows of a file, in their order.
///
/// A file yields rows of one kind, but for NDJSON events, which yield events and (from
/// `identify`) profiles. Batches are cut by rows and bytes of what was read, so the same file
/// from the same first row gives the same batches.
#[derive(Clone, Debug, Default)]
pub struct RowBatch {
    /// Which data rows of the file were consumed, counted from 0, headers and blank lines not
    /// counted, refused rows counted. `rows.end` is where an interrupted import resumes.
    pub rows: Range<u64>,
    /// Behaviour.
    pub events: EventRows,
    /// Attribute changes.
    pub profiles: ProfileRows,
    /// Members of a list.
    pub members: MemberRows,
    /// Identities that events and profiles say to be one.
    pub links: LinkRows,
    /// The rows that were refused, in order.
    pub rejected: Vec<RejectedRow>,
}

/// Identities that rows say to be one with the row's user, one entry per link in every column.
#[derive(Clone, Debug, Default)]
pub struct LinkRows {
    /// The position of the row, increasing; a row may have several.
    pub positions: Vec<u64>,
    /// The other identity, as `domain::UserKey` is written.
    pub others: TextColumn,
}

/// Events, one entry per row in every column.
#[derive(Clone, Debug, Default)]
pub struct EventRows {
    /// Where the row stands in the file: its first line in the decompressed file, or its row
    /// number in a Parquet file; both from 1 and increasing.
    pub positions: Vec<u64>,
    /// Whose event it is, as `domain::UserKey` is written.
    pub users: TextColumn,
    /// When it happened.
    pub times: Vec<Time>,
    /// What happened, as `domain::EventName`.
    pub names: NameColumn,
    /// The sender's id of the event; empty where it has none.
    pub message_ids: TextColumn,
    /// The place in the source's own order.
    pub places: Vec<Position>,
    /// Its properties; none is explicitly unset.
    pub properties: PropertyColumn,
}

/// Attribute changes, one entry per row in every column.
#[derive(Clone, Debug, Default)]
pub struct ProfileRows {
    /// As [`EventRows::positions`].
    pub positions: Vec<u64>,
    /// Whose attributes they are, as `domain::UserKey` is written.
    pub users: TextColumn,
    /// When they were set.
    pub times: Vec<Time>,
    /// The sender's id of the change; empty where it has none.
    pub message_ids: TextColumn,
    /// The place in the source's own order.
    pub places: Vec<Position>,
    /// What was set; `domain::stored::UNSET` where it was unset. What is not named stays.
    pub attributes: PropertyColumn,
}

/// Members of a list, one entry per row in every column.
#[derive(Clone, Debug, Default)]
pub struct MemberRows {
    /// As [`EventRows::positions`].
    pub positions: Vec<u64>,
    /// The members: of a list of users as `domain::UserKey` is written, of a list of values as
    /// canonical text with addresses in lower case.
    pub keys: TextColumn,
}

/// A row that was refused, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedRow {
    /// As [`EventRows::positions`].
    pub position: u64,
    /// Why, in words for a person.
    pub reason: String,
}

impl RowBatch {
    /// Rows that were accepted.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.events.len() + self.profiles.len() + self.members.len()
    }

    /// Gives out the batch and leaves an empty one with the same room, since the next will be
    /// about as large.
    pub(crate) fn take(&mut self) -> Self {
        let (events, profiles) = (&self.events, &self.profiles);
        let empty = Self {
            rows: 0..0,
            events: EventRows {
                positions: Vec::with_capacity(events.len()),
                users: events.users.with_same_room(),
                times: Vec::with_capacity(events.len()),
                names: events.names.with_same_room(),
                message_ids: events.message_ids.with_same_room(),
                places: Vec::with_capacity(events.len()),
                properties: events.properties.with_same_room(),
            },
            profiles: ProfileRows {
                positions: Vec::with_capacity(profiles.len()),
                users: profiles.users.with_same_room(),
                times: Vec::with_capacity(profiles.len()),
                message_ids: profiles.message_ids.with_same_room(),
                places: Vec::with_capacity(profiles.len()),
                attributes: profiles.attributes.with_same_room(),
            },
            members: MemberRows {
                positions: Vec::with_capacity(self.members.len()),
                keys: self.members.keys.with_same_room(),
            },
            links: LinkRows {
                positions: Vec::with_capacity(self.links.positions.len()),
                others: self.links.others.with_same_room(),
            },
            rejected: Vec::new(),
        };
        std::mem::replace(self, empty)
    }
}

impl EventRows {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.positions.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }
}

impl ProfileRows {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.positions.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }
}

impl MemberRows {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.positions.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }
}
