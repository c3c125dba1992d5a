//! The past of tags, as runs recorded it.

use domain::{Date, TagKey, TagValue, Time, UserKey, When};

use crate::Error;

/// What is recorded of the past of tags.
pub trait Past: Send + Sync {
    /// How the count of a tag went on the last so many days.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a tag that is neither defined nor recorded, [`Error::Invalid`] before the first run.
    fn trend(&self, tag: &TagKey, days: u32) -> Result<TagTrend, Error>;

    /// Who entered and left a tag between two points of its past.
    ///
    /// # Errors
    /// As [`Past::trend`]; [`Error::Invalid`] for what was not recorded, for a range that ends before it begins, and for a
    /// cursor that names nobody.
    fn difference(&self, asked: &DifferenceQuestion) -> Result<TagDifference, Error>;
}

/// How a tag went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagTrend {
    /// The name of the zone whose days they are.
    pub zone: String,
    /// The days on which something was computed, the earliest first.
    pub points: Vec<TrendPoint>,
    /// The last runs that changed the tag, the newest first.
    pub changes: Vec<RunDelta>,
    /// Since when members are known.
    pub since: Option<Time>,
}

/// A tag after the last run of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrendPoint {
    /// The day.
    pub day: Date,
    /// The instant of the run.
    pub at: Time,
    /// How many users had the tag.
    pub count: u64,
    /// How many had each value.
    pub values: Vec<(TagValue, u64)>,
    /// How many had it who had it not at the point before; `None` where there is none before.
    pub entered: Option<u64>,
    /// How many had it no more.
    pub left: Option<u64>,
}

/// What a run changed of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunDelta {
    /// The instant of the run.
    pub at: Time,
    /// How many got the tag, or one of its values.
    pub entered: u64,
    /// How many lost it, or one of its values.
    pub left: u64,
}

/// Between which points of its past a tag is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DifferenceQuestion {
    /// The tag.
    pub tag: TagKey,
    /// From the end of that day, or from an instant.
    pub from: When,
    /// To the end of that day, or to an instant; `None`: to the latest run.
    pub to: Option<When>,
    /// Only users after this one; `None`: from the first.
    pub after: Option<UserKey>,
    /// At most so many.
    pub limit: usize,
}

/// Who entered and left a tag between two runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagDifference {
    /// The instant of the earlier run.
    pub from: Time,
    /// The instant of the later run.
    pub to: Time,
    /// How many entered.
    pub entered: u64,
    /// How many left.
    pub left: u64,
    /// How many have another value.
    pub changed: u64,
    /// The users of this page.
    pub users: Vec<MovedUser>,
    /// The user after whom the next page begins; `None` on the last page.
    pub next: Option<UserKey>,
}

/// A user who entered or left, or has another value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedUser {
    /// Who.
    pub user: UserKey,
    /// What happened: `entered`, `left` or `changed`.
    pub change: &'static str,
    /// The values before; none of a tag without values.
    pub before: Vec<TagValue>,
    /// The values after.
    pub after: Vec<TagValue>,
}
