//! Why people cannot supply a tag so, in both languages.

use std::fmt;

use domain::{Language, Said};

domain::words! {
    /// Why a tag is not set by hand, or its members are not imported.
    pub(super) enum Why {
        UnknownTag { tag: String },
            "没有标签 `{tag}`",
            "there is no tag `{tag}`";
        MisspeltTag { tag: String, meant: String },
            "没有标签 `{tag}`：是不是 `{meant}`？",
            "there is no tag `{tag}`: did you mean `{meant}`?";
        UnknownUser { user: String },
            "没有用户 `{user}`",
            "there is no user `{user}`";
        Paused { tag: String },
            "标签 `{tag}` 已暂停：先用 `muster resume {tag}` 恢复",
            "tag `{tag}` is paused: `muster resume {tag}` first";
        IsImported { tag: String },
            "标签 `{tag}` 的成员是导入的：用 `muster import tag` 给出",
            "tag `{tag}` is imported: `muster import tag` gives its members";
        IsByHand { tag: String },
            "标签 `{tag}` 是手动设置的：用 `muster tag set` 给出成员",
            "tag `{tag}` is set by hand: `muster tag set` gives its members";
        NotByHand { tag: String },
            "标签 `{tag}` 由规则决定：只有以 `by_hand` 定义的标签才能在单个用户上设置",
            "tag `{tag}` follows from a rule: only tags defined with `by_hand` are set on single users";
        NotImported { tag: String },
            "标签 `{tag}` 由规则决定：只有以 `imported` 定义的标签才能导入成员",
            "tag `{tag}` follows from a rule: only tags defined with `imported` have members that are imported";
        NeedsValue { tag: String, of: &'static str },
            "标签 `{tag}` 有 {of} 类型的值：请写出值",
            "tag `{tag}` has a value of type {of}: say which";
        WrongValue { tag: String, error: domain::Error },
            "标签 `{tag}`：{error}",
            "tag `{tag}`: {error}";
        TooManyValues { tag: String, most: usize },
            "标签 `{tag}` 的不同值会超过 {most} 个，而每个值都要单独计数：减少取值，或者用 number、time、date 类型",
            "tag `{tag}` would have more than {most} different values, each of which is counted by itself: give it fewer, or the type number, time or date";
        HasNoValues { tag: String },
            "标签 `{tag}` 没有值：去掉 `--value`，或者给它定义类型",
            "tag `{tag}` has no values: leave `--value` out, or define it with a type";
        NeedsColumn { tag: String, of: &'static str },
            "标签 `{tag}` 有 {of} 类型的值：用 `--value 列名` 说明值在哪一列",
            "tag `{tag}` has values of type {of}: say with `--value COLUMN` where they are";
    }
}

/// Why people cannot supply a tag so.
#[derive(Clone, Debug)]
pub struct Refusal(Why);

impl Refusal {
    /// Whether what it names is not there.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(
            self.0,
            Why::UnknownTag { .. } | Why::MisspeltTag { .. } | Why::UnknownUser { .. }
        )
    }
}

impl From<Why> for Refusal {
    fn from(why: Why) -> Self {
        Self(why)
    }
}

impl Said for Refusal {
    fn said(&self, language: Language) -> String {
        self.0.said(language)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.said(Language::English))
    }
}

impl std::error::Error for Refusal {}
