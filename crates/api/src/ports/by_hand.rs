//! Tags that are set by hand on single users.

use domain::{Signature, TagKey, UserKey};

use super::UserTag;
use crate::Error;

/// Sets tags by hand.
pub trait ByHand: Send + Sync {
    /// Sets a tag for a user, or unsets it, at once: with it change what uses it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown tag or user; [`Error::Invalid`] for a tag that is not set by hand, or a value
    /// that is none of its type.
    fn set(&self, setting: &Setting, signature: &Signature) -> Result<SettingDone, Error>;
}

/// What is to be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The tag.
    pub tag: TagKey,
    /// For whom.
    pub user: UserKey,
    /// To what.
    pub to: SettingTo,
}

/// To what a tag is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingTo {
    /// The user has it; with a value, where it has values.
    Set(Option<String>),
    /// The user has it not.
    Unset,
}

/// What a setting did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettingDone {
    /// The tags and values that the user has now and had not before.
    pub entered: Vec<UserTag>,
    /// Those that the user had before and has not now.
    pub left: Vec<UserTag>,
    /// Whether it is kept, but in force only when what is being computed has ended.
    pub is_pending: bool,
}
