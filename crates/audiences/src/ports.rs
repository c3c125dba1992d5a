//! What this stage needs from outside: the sets that there are, and the rules of audiences.

pub mod in_memory;

use std::sync::Arc;

use domain::{AudienceKey, ListKey, TagKey, UserSet};
use rules::checked::Condition;

/// The sets of one run.
pub trait Sets {
    /// The number of the run: the sets of one run never change.
    fn run(&self) -> u64;

    /// The known users.
    fn universe(&self) -> Arc<UserSet>;

    /// The users who have a tag, whatever its value; `None` if it was not computed.
    fn tag(&self, tag: &TagKey) -> Option<Arc<UserSet>>;

    /// The users with one value of a layered tag; `None` if there is no such value.
    fn tag_with(&self, tag: &TagKey, value: &str) -> Option<Arc<UserSet>>;

    /// The users in a list, known or not; `None` if there is no such list.
    fn list(&self, list: &ListKey) -> Option<Arc<UserSet>>;
}

/// The rules that an expression is read with.
pub trait Rulebook {
    /// The rule of an audience.
    fn audience(&self, audience: &AudienceKey) -> Option<&Condition>;

    /// What a tag gives; `None` if there is no such tag.
    fn tag(&self, tag: &TagKey) -> Option<TagForm>;
}

/// What a tag gives its users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagForm {
    /// Nothing but itself.
    YesNo,
    /// One of these values.
    OneOf(Vec<Arc<str>>),
    /// Some of these values.
    SomeOf(Vec<Arc<str>>),
    /// A value that is measured.
    Measured,
}
