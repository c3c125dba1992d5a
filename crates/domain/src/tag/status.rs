//! The state in which a tag is in its life.

use serde::{Deserialize, Serialize};

use crate::{Language, Said};

/// The state of a version of a tag.
///
/// The last version that is neither a draft nor in review is in force: rules mean it, and it is
/// computed while it is published. A newer draft may stand beside it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum TagStatus {
    /// It is being written: it may have mistakes, and nothing follows from it.
    Draft,
    /// It is written, and waits to be published.
    InReview,
    /// It is computed.
    #[default]
    Published,
    /// It is not computed, and keeps its last members.
    Paused,
    /// It has no members and is unknown to rules; its versions are kept.
    Archived,
}

impl TagStatus {
    /// All states, in the order of a life.
    pub const ALL: [Self; 5] = [
        Self::Draft,
        Self::InReview,
        Self::Published,
        Self::Paused,
        Self::Archived,
    ];

    /// As definitions write it: `in_review`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InReview => "in_review",
            Self::Published => "published",
            Self::Paused => "paused",
            Self::Archived => "archived",
        }
    }

    /// Whether a version in this state stands beside the one in force, rather than in its place.
    #[must_use]
    pub fn is_proposal(self) -> bool {
        matches!(self, Self::Draft | Self::InReview)
    }
}

impl Said for TagStatus {
    fn said(&self, language: Language) -> String {
        let text = match (language, self) {
            (Language::Chinese, Self::Draft) => "草稿",
            (Language::Chinese, Self::InReview) => "审核中",
            (Language::Chinese, Self::Published) => "已发布",
            (Language::Chinese, Self::Paused) => "已暂停",
            (Language::Chinese, Self::Archived) => "已归档",
            (Language::English, Self::InReview) => "in review",
            (Language::English, state) => state.name(),
        };
        text.to_owned()
    }
}
