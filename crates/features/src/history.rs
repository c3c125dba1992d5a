//! The histories of a block of users, as columns: what the fold walks over.
//!
//! A store streams rows in a few sorted runs (one per partition as it lies on disk); the walk
//! merges the runs user by user. Shapes: every column of a [`Table`] has one entry per row.

use std::ops::Range;
use std::sync::Arc;

use domain::TagKey;

use crate::membership::Recorded;

use crate::identity::IdentityEvent;

/// In a number column: the row has no usable value.
pub const MISSING: i64 = i64::MIN;
/// In a number column of attribute changes: the row does not touch the attribute.
pub const UNTOUCHED: i64 = i64::MIN + 1;
/// The wide twins of [`MISSING`] and [`UNTOUCHED`].
pub const MISSING_WIDE: i128 = i128::MIN;
/// See [`MISSING_WIDE`].
pub const UNTOUCHED_WIDE: i128 = i128::MIN + 1;
/// In a text column: the row has no value (events) or does not touch the attribute (traits).
pub const NO_CODE: u32 = u32::MAX;

/// Everything known about the users of one range, events and attribute changes.
#[derive(Clone, Debug, Default)]
pub struct HistoryBlock {
    /// The user numbers that were asked for, ascending; users without rows are in no result.
    pub users: Vec<u32>,
    /// Behaviour.
    pub events: Table,
    /// Attribute changes.
    pub traits: Table,
    /// What is asked of the identities of the users, a row for each (times mean nothing); empty
    /// where nothing is asked.
    pub identities: Table,
    /// What was linked to the users and unlinked from them, by (user, time, arrival).
    pub identity_events: Vec<IdentityEvent>,
    /// What runs recorded of the tags that were asked for, sorted.
    pub memberships: Vec<Recorded>,
}

/// Rows of one kind, sorted by (user, time, arrival) within each run.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Whose row it is.
    pub users: Vec<u32>,
    /// When it happened, in milliseconds.
    pub times: Vec<i64>,
    /// The order of arrival; empty where rows that share (user, time) are never in different
    /// runs, so that their order in the table is the order of arrival.
    pub arrivals: Vec<u64>,
    /// Codes into `name_texts`; empty for attribute changes.
    pub names: Vec<u32>,
    /// The event names that the codes stand for.
    pub name_texts: Vec<Arc<str>>,
    /// What was asked for, in the order in which it was asked for.
    pub columns: Vec<Column>,
}

/// One property or attribute over the rows of a table.
#[derive(Clone, Debug)]
pub enum Column {
    /// Exact numbers that fit 64 bits at one scale.
    Number {
        /// Places after the point.
        scale: u8,
        /// value × 10^scale, or [`MISSING`], or [`UNTOUCHED`].
        mantissas: Vec<i64>,
    },
    /// Exact numbers that fit 128 bits at one scale.
    WideNumber {
        /// Places after the point.
        scale: u8,
        /// value × 10^scale, or [`MISSING_WIDE`], or [`UNTOUCHED_WIDE`].
        mantissas: Vec<i128>,
    },
    /// Stored text (see `domain::stored`) by dictionary.
    Text {
        /// Codes into `texts`, or [`NO_CODE`].
        codes: Vec<u32>,
        /// The texts that the codes stand for, each once.
        texts: Vec<Arc<str>>,
    },
}

/// A column that the fold wants, and in which form it lies in the store.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WantedColumn {
    /// Dotted path of the property or attribute; `$source` stands for
    /// the source that brought the event, `$position` for its place in the source's own order.
    pub path: Arc<str>,
    /// Whether numbers or texts are wanted. A store may answer `Numbers` with texts where no
    /// number form fits all values.
    pub form: WantedForm,
}

/// The form in which a column is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WantedForm {
    /// Numbers, for numeric places.
    Numbers,
    /// Stored texts, for every other place.
    Texts,
}

/// What a fold wants to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Columns of events.
    pub event_columns: Vec<WantedColumn>,
    /// Columns of attribute changes.
    pub trait_columns: Vec<WantedColumn>,
    /// Whether the tables have to give their orders of arrival.
    pub arrivals: Arrivals,
    /// What is asked of identities: paths of `rules::checked::IdentityValue`.
    pub identity_columns: Vec<WantedColumn>,
    /// Whether changes of identities are asked for.
    pub identity_events: bool,
    /// Tags whose recorded memberships are read.
    pub memberships: Vec<TagKey>,
}

/// When a table gives the order of arrival.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arrivals {
    /// Where its own rows need it.
    #[default]
    WhereNeeded,
    /// In any case: events and attribute changes of one instant are put in one order.
    Always,
}

impl Table {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.users.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.users.is_empty()
    }

    /// The runs of rows sorted by (user, time, arrival).
    pub fn runs(&self) -> Vec<Range<usize>> {
        let mut runs = Vec::new();
        let mut start = 0;
        let arrival = |row: usize| self.arrivals.get(row).copied().unwrap_or_default();
        let keys = self.users.iter().zip(&self.times);
        for (row, (before, after)) in keys.clone().zip(keys.skip(1)).enumerate() {
            if before > after || (before == after && arrival(row) > arrival(row + 1)) {
                runs.push(start..row + 1);
                start = row + 1;
            }
        }
        if start < self.len() {
            runs.push(start..self.len());
        }
        runs
    }
}
