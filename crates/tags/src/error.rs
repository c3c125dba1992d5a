//! The one error of this crate.

use domain::{AudienceKey, Language, ListKey, LocalizedText, Said, TagKey};
use thiserror::Error;

/// What an adapter of a port met.
pub type PortError = Box<dyn std::error::Error + Send + Sync>;

/// What a caller can do about an [`enum@Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// A definition is wrong and must be corrected.
    Invalid,
    /// A rule names something that does not exist.
    NotFound,
    /// The stored results belong to other definitions.
    Conflict,
    /// The store failed; the same call may succeed later.
    TryAgain,
    /// A defect of Muster.
    Bug,
}

/// Why tags were not computed.
#[derive(Debug, Error)]
pub enum Error {
    /// Tags or audiences need one another in a circle.
    #[error("tags and audiences need one another in a circle: {}; take one step out", .path.join(" -> "))]
    Cycle {
        /// The whole circle, its first member again at the end.
        path: Vec<String>,
    },
    /// Two definitions have one key.
    #[error("tag `{key}` is defined twice: rename one")]
    DefinedTwice {
        /// The key.
        key: TagKey,
    },
    /// A rule names a tag that does not exist.
    #[error("{by} names tag `{tag}`, which does not exist")]
    UnknownTag {
        /// Whose rule.
        by: String,
        /// The name.
        tag: TagKey,
    },
    /// A rule names an audience that does not exist.
    #[error("{by} names audience `{audience}`, which does not exist")]
    UnknownAudience {
        /// Whose rule.
        by: String,
        /// The name.
        audience: AudienceKey,
    },
    /// A rule names a list of users that does not exist.
    #[error("{by} names list `{list}` of users, which does not exist: import it first")]
    UnknownList {
        /// Whose rule.
        by: String,
        /// The name.
        list: ListKey,
    },
    /// An audience's rule is not a condition.
    #[error("the rule of audience `{audience}` must be a condition, not cases or a value")]
    AudienceWithoutCondition {
        /// The audience.
        audience: AudienceKey,
    },
    /// Some users were to be refreshed, but the results before are of other definitions.
    #[error("the definitions of tags have changed since the last run: refresh all users first")]
    DefinitionsChanged,
    /// Nothing can be learned of how to tell users from others.
    #[error("{}", .problem.en)]
    Lookalike {
        /// What is wrong and what to do.
        problem: LocalizedText,
    },
    /// The histories could not be read.
    #[error("the histories of users could not be read: {source}")]
    Histories {
        /// What the store said.
        source: PortError,
    },
    /// The results could not be loaded or stored.
    #[error("the results of tags could not be kept: {source}")]
    Results {
        /// What the store said.
        source: PortError,
    },
    /// A thread of the computation ended by a panic.
    #[error("a thread of the computation ended by a panic; please report this")]
    ThreadPanicked,
}

impl Error {
    /// What the caller can do about it.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Cycle { .. }
            | Self::DefinedTwice { .. }
            | Self::AudienceWithoutCondition { .. }
            | Self::Lookalike { .. } => ErrorKind::Invalid,
            Self::UnknownTag { .. } | Self::UnknownAudience { .. } | Self::UnknownList { .. } => {
                ErrorKind::NotFound
            }
            Self::DefinitionsChanged => ErrorKind::Conflict,
            Self::Histories { .. } | Self::Results { .. } => ErrorKind::TryAgain,
            Self::ThreadPanicked => ErrorKind::Bug,
        }
    }
}

impl Said for Error {
    fn said(&self, language: Language) -> String {
        if language == Language::English {
            return self.to_string();
        }
        match self {
            Self::Cycle { path } => {
                format!(
                    "标签和人群互相依赖，成了一圈：{}；去掉其中一环",
                    path.join(" → ")
                )
            }
            Self::DefinedTwice { key } => format!("标签 `{key}` 定义了两次：给其中一个改名"),
            Self::UnknownTag { by, tag } => format!("{by} 用到标签 `{tag}`，但没有这个标签"),
            Self::UnknownAudience { by, audience } => {
                format!("{by} 用到人群 `{audience}`，但没有这个人群")
            }
            Self::UnknownList { by, list } => {
                format!("{by} 用到用户名单 `{list}`，但没有这个名单：先导入它")
            }
            Self::AudienceWithoutCondition { audience } => {
                format!("人群 `{audience}` 的规则必须是条件，不能是分支或值")
            }
            Self::DefinitionsChanged => "上次计算之后，标签的定义变了：先计算所有用户".to_owned(),
            Self::Lookalike { problem } => problem.zh.clone(),
            Self::Histories { source } => format!("无法读取用户的历史：{source}"),
            Self::Results { source } => format!("无法保存标签的结果：{source}"),
            Self::ThreadPanicked => "计算的一个线程意外结束，请报告这个问题".to_owned(),
        }
    }
}
