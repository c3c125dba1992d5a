//! The life of tags: their versions, the steps from one to the next, and what a step would do.

use std::fmt;

use domain::{Signature, TagDefinition, TagKey, TagStatus, Time, UserKey};
use rules::Diagnostic;

use crate::Error;

/// The life of tags.
pub trait Life: Send + Sync {
    /// All versions of a tag, the newest first.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a tag that never was.
    fn versions(&self, tag: &TagKey) -> Result<Vec<TagVersion>, Error>;

    /// What a change would do if it were made now.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Invalid`] for a step that the tag's state does not allow.
    fn preview(&self, change: &TagChange, asked: &Previewed) -> Result<WhatIf, Error>;

    /// Makes a change; its effects are those of the next computation, and not told.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Invalid`], [`Error::Definitions`] with everything that is wrong with rules.
    fn make(&self, change: &TagChange, signature: &Signature) -> Result<WhatIf, Error>;
}

/// One version of a tag.
#[derive(Clone, Debug, PartialEq)]
pub struct TagVersion {
    /// 1 for the first.
    pub number: u64,
    /// The definition as files write it; `None`: the tag was removed.
    pub text: Option<String>,
    /// Of a tag: what decides who has it, as files write it.
    pub body: Option<String>,
    /// Its state, if it was not removed.
    pub status: Option<TagStatus>,
    /// What it is at present.
    pub stands: Stands,
    /// Who made it, why, and when.
    pub signature: Signature,
    /// What differs from the version before.
    pub difference: Vec<Line>,
}

/// What a version is at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// It is in force.
    InForce,
    /// It is the draft, beside the one in force or alone.
    Draft,
    /// It was.
    Past,
}

/// A line of a difference between two texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// In both.
    Same(String),
    /// Only in the text before.
    Removed(String),
    /// Only in the text after.
    Added(String),
}

impl Line {
    /// The line with `  `, `- ` or `+ ` before it.
    #[must_use]
    pub fn marked(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Same(text) => write!(formatter, "  {text}"),
            Self::Removed(text) => write!(formatter, "- {text}"),
            Self::Added(text) => write!(formatter, "+ {text}"),
        }
    }
}

/// A step in the life of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Its draft waits to be published.
    Submit,
    /// Its draft is put in force; without a draft it resumes.
    Publish,
    /// What was paused or archived is computed again.
    Resume,
    /// It is not computed, and keeps its last members.
    Pause,
    /// It has no members any more, and is unknown to rules.
    Archive,
    /// Its draft is dropped.
    Withdraw,
    /// An earlier version is put in force again, as a new one.
    RollBack {
        /// Its number; `None`: the last one that was in force and differs.
        to: Option<u64>,
    },
}

/// A change of one tag.
#[derive(Clone, Debug, PartialEq)]
pub enum TagChange {
    /// A step in its life.
    Step(TagKey, Step),
    /// A new definition.
    Put(Box<TagDefinition>),
}

impl TagChange {
    /// The tag that would change.
    #[must_use]
    pub fn tag(&self) -> &TagKey {
        match self {
            Self::Step(tag, _) => tag,
            Self::Put(definition) => &definition.key,
        }
    }
}

/// How much of what would happen is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Previewed {
    /// How many of the users who would enter, and leave, are named.
    pub examples: usize,
    /// The instant for which it is computed; `None`: now.
    pub as_of: Option<Time>,
}

/// What a change does, or would do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WhatIf {
    /// What differs in the definition.
    pub difference: Vec<Line>,
    /// Who would enter and leave the tag, and others that use it.
    pub effects: Vec<TagEffect>,
    /// What is wrong with rules; nothing is changed then, but of a draft.
    pub mistakes: Vec<RuleProblems>,
    /// Warnings and hints.
    pub doubts: Vec<RuleProblems>,
}

/// Who would enter and leave a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagEffect {
    /// The tag.
    pub tag: TagKey,
    /// Whether the tag itself changes; otherwise it uses the one that does.
    pub is_direct: bool,
    /// Who would have it, and has not.
    pub entering: SomeUsers,
    /// Who has it, and would not.
    pub leaving: SomeUsers,
    /// The same for each of its values that would change.
    pub values: Vec<ValueEffect>,
}

/// How many users, and the first of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SomeUsers {
    /// How many there are.
    pub count: u64,
    /// The first of them.
    pub first: Vec<UserKey>,
}

/// Who would get and lose a value of a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueEffect {
    /// The value.
    pub value: String,
    /// How many users would get it.
    pub entering: u64,
    /// How many users would lose it.
    pub leaving: u64,
}

/// What is wrong, or doubtful, about the rule of a definition.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleProblems {
    /// `tag` or `audience`.
    pub kind: &'static str,
    /// Its key.
    pub key: String,
    /// The rule's text, to which the places refer.
    pub rule: String,
    /// The problems.
    pub diagnostics: Vec<Diagnostic>,
}
