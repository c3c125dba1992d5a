//! What the HTTP faces need from outside, in the words of the domain.
//!
//! The methods block: the faces call them on threads that may. [`memory`] is the implementation
//! for tests and examples.

pub mod by_hand;
pub mod explanation;
pub mod life;
pub mod lineage;
pub mod memory;
pub mod past;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{
    AudienceKey, Event, EventName, LocalizedText, Span, TagDefinition, TagKey, TagValue, Time,
    UserKey, Value, When,
};
use rules::Diagnostic;
use rules::checked::Path;
use rules::sentence::Names;

use self::explanation::{Explanation, ExplanationQuestion};
use crate::Error;

/// The tags and audiences that are defined, and how their last computation ended.
pub trait Catalogue: Send + Sync {
    /// Everything that is defined, as of one instant, so that all numbers on a screen agree.
    /// Asked for at each page, so keep it made.
    ///
    /// # Errors
    /// [`Error::TryAgain`] or [`Error::Bug`].
    fn overview(&self) -> Result<Arc<Overview>, Error>;

    /// Why questions cannot be answered at present; `None` when they can.
    fn unready(&self) -> Option<String>;
}

/// Who has which tag, and for whom a rule holds.
pub trait Members: Send + Sync {
    /// The users who have the tag, in an order that stays the same until the next computation.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown tag, [`Error::Invalid`] for a value that the tag cannot
    /// have or a cursor that names nobody.
    fn tag_members(&self, asked: &TagPage) -> Result<MemberPage, Error>;

    /// The users for whom a rule holds: their number, and the first of them by page.
    ///
    /// # Errors
    /// [`Error::Rule`] with everything that is wrong with the rule; [`Error::Invalid`] for a
    /// cursor that names nobody.
    fn rule_members(&self, asked: &RuleQuestion) -> Result<RuleAnswer, Error>;

    /// The tags that a user has; `None` for a user nobody knows.
    ///
    /// # Errors
    /// [`Error::TryAgain`] or [`Error::Bug`].
    fn user_tags(&self, user: &UserKey) -> Result<Option<UserTags>, Error>;

    /// What is known about a user, with the newest `events` events; `None` for a user nobody
    /// knows.
    ///
    /// # Errors
    /// [`Error::TryAgain`] or [`Error::Bug`].
    fn profile(&self, user: &UserKey, events: usize) -> Result<Option<Profile>, Error>;

    /// Why a user has a tag, is in an audience or matches a rule, or why not; `None` for a user nobody knows.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown tag, [`Error::Invalid`] for a tag or an audience with mistakes,
    /// [`Error::Rule`] with everything that is wrong with a rule.
    fn explain(&self, asked: &ExplanationQuestion) -> Result<Option<Explanation>, Error>;
}

/// Everything that is defined, as of one instant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overview {
    /// The tags in the order in which they should be shown.
    pub tags: Vec<TagOverview>,
    /// The audiences in the order in which they should be shown.
    pub audiences: Vec<AudienceOverview>,
    /// What people call the events of the tracking plan.
    pub events: BTreeMap<EventName, LocalizedText>,
    /// How many users are known.
    pub known_users: u64,
    /// How the last full computation ended; `None` before the first.
    pub last_computation: Option<Computation>,
    /// The attributes that are lists, by dotted paths.
    pub collections: BTreeSet<Path>,
}

impl Overview {
    /// What things are called.
    #[must_use]
    pub fn names(&self) -> Names {
        let tags = self.tags.iter().map(|tag| &tag.definition);
        let audiences = self.audiences.iter();
        Names {
            tags: tags
                .filter(|tag| !tag.name.is_empty())
                .map(|tag| (tag.key.clone(), tag.name.clone()))
                .collect(),
            audiences: audiences
                .filter(|audience| !audience.name.is_empty())
                .map(|audience| (audience.key.clone(), audience.name.clone()))
                .collect(),
            events: self.events.clone(),
            collections: self.collections.clone(),
            ..Names::default()
        }
    }

    /// The tag of that key.
    #[must_use]
    pub fn tag(&self, key: &TagKey) -> Option<&TagOverview> {
        self.tags.iter().find(|tag| tag.definition.key == *key)
    }
}

/// One computation of tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Computation {
    /// When it ended.
    pub finished_at: Time,
    /// How long it took.
    pub duration: Span,
}

/// A tag and its latest result.
#[derive(Clone, Debug, PartialEq)]
pub struct TagOverview {
    /// What decides who has it, and what people call it.
    pub definition: TagDefinition,
    /// What form it has.
    pub kind: TagKind,
    /// Its versions: that of this definition, and others.
    pub versions: TagVersions,
    /// How many users have it.
    pub count: u64,
    /// How many users have each value, in the order of the cases; empty where a tag has no values
    /// or too many to list.
    pub values: Vec<ValueCount>,
    /// How fresh the result is.
    pub freshness: Freshness,
}

/// The numbers of the versions of a tag that matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TagVersions {
    /// The one that is shown: in force, or the draft of a tag that never was.
    pub shown: u64,
    /// A draft beside it.
    pub draft: Option<u64>,
    /// The one whose members are shown; `None` before its first computation.
    pub computed: Option<u64>,
}

/// What form a tag has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TagKind {
    /// A user has it or has it not.
    Condition,
    /// Its cases give it one of several values.
    Layered,
    /// Its value is measured.
    Metric,
}

/// How many users have a value of a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueCount {
    /// The value.
    pub value: TagValue,
    /// How many users have it.
    pub count: u64,
}

/// How fresh a result is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Freshness {
    /// The instant as of which the result is true; `None` before the first computation.
    pub data_as_of: Option<Time>,
    /// When the last computation that succeeded ended.
    pub last_success: Option<Time>,
    /// How long that computation took.
    pub duration: Option<Span>,
    /// When it is computed next by itself; `None` where somebody has to ask for it.
    pub next_run: Option<Time>,
    /// How it stands.
    pub state: FreshnessState,
    /// Why the last computation failed, in words for its author; `None` if it did not.
    pub error: Option<LocalizedText>,
    /// What else keeps it from being fresh; `None` where nothing does.
    pub note: Option<LocalizedText>,
}

/// How a result stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FreshnessState {
    /// It is as fresh as it is wanted.
    Fresh,
    /// It is to be computed again; until then it is shown as it is.
    Due,
    /// It could not be computed; what is shown is the result before.
    Failed,
    /// It was never computed.
    #[default]
    NotComputed,
    /// It is paused: what is shown is the last result.
    Paused,
}

impl FreshnessState {
    /// The word for it in answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Due => "due",
            Self::Failed => "failed",
            Self::NotComputed => "not_computed",
            Self::Paused => "paused",
        }
    }
}

/// An audience and its latest count.
#[derive(Clone, Debug, PartialEq)]
pub struct AudienceOverview {
    /// Its key.
    pub key: AudienceKey,
    /// What people call it; empty: by its key.
    pub name: LocalizedText,
    /// What it is for.
    pub description: LocalizedText,
    /// Its rule's text.
    pub rule: String,
    /// How many users are in it; `None` while it is not counted.
    pub count: Option<u64>,
    /// How fresh the count is.
    pub freshness: Freshness,
}

/// Which members of a tag are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagPage {
    /// The tag.
    pub tag: TagKey,
    /// Only those with this value.
    pub value: Option<TagValue>,
    /// As runs recorded it on that day or at that instant; `None`: by the latest run.
    pub on: Option<When>,
    /// Only those after this user; `None`: from the first.
    pub after: Option<UserKey>,
    /// At most so many.
    pub limit: usize,
}

/// For which rule users are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleQuestion {
    /// The rule's text.
    pub rule: String,
    /// As of when; `None`: now.
    pub as_of: Option<Time>,
    /// As runs recorded it on that day or at that instant, of rules over tags.
    pub on: Option<When>,
    /// Only members after this user; `None`: from the first.
    pub after: Option<UserKey>,
    /// At most so many members; 0: only their number.
    pub limit: usize,
    /// Whether a sample of the users is enough, where it is quicker; the members are then those among them.
    pub estimate: bool,
}

/// A page of a tag's members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberPage {
    /// The members of this page.
    pub members: Vec<Member>,
    /// How many there are on all pages.
    pub count: u64,
    /// The user after whom the next page begins; `None` on the last page.
    pub next: Option<UserKey>,
    /// The instant as of which this is true.
    pub data_as_of: Option<Time>,
}

/// A user who has a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: UserKey,
    /// With which values: none for a condition, several where the tag keeps all.
    pub values: Vec<TagValue>,
}

/// The users for whom a rule holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleAnswer {
    /// How many there are.
    pub count: u64,
    /// Of an estimate: in 95 of 100 cases the true count is at most so far off. `None`: the count is exact.
    pub error: Option<u64>,
    /// How many users are known at that instant.
    pub known_users: u64,
    /// The members of this page.
    pub members: Vec<UserKey>,
    /// The user after whom the next page begins; `None` on the last page.
    pub next: Option<UserKey>,
    /// The instant as of which this is true.
    pub data_as_of: Time,
    /// How many rows the rule reads, about.
    pub rows_to_read: u64,
    /// Warnings and hints about the rule.
    pub diagnostics: Vec<Diagnostic>,
}

/// The tags that a user has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserTags {
    /// The tags with their values, in the order of the overview.
    pub tags: Vec<UserTag>,
    /// The instant as of which this is true.
    pub data_as_of: Option<Time>,
}

/// A tag that a user has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserTag {
    /// The tag.
    pub tag: TagKey,
    /// With which values: none for a condition, several where the tag keeps all.
    pub values: Vec<TagValue>,
}

/// What is known about a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Who.
    pub user: UserKey,
    /// The attributes, as they are now, by name.
    pub attributes: Vec<(Arc<str>, Value)>,
    /// The newest events, the newest first.
    pub recent_events: Vec<Event>,
}
