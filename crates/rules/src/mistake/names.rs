//! Names that nothing bears, and what was meant by them.

use super::{Listed, TextsListed, mistakes};

mistakes! {
    pub(crate) enum Names<'m> {
        UnknownFunction { name: &'m str, correction: Correction } => Error(UnknownFunction),
            "没有函数 `{name}`{correction}",
            "unknown function `{name}`{correction}";
        /// A warning while the tracking plan is open, as all that follow to the properties.
        UnknownEvent { name: &'m str, correction: Correction } => Error(UnknownEvent),
            "没有事件 `{name}`{correction}",
            "unknown event `{name}`{correction}";
        UnknownAttribute { name: &'m str, correction: Correction } => Error(UnknownAttribute),
            "没有用户属性 `{name}`{correction}",
            "unknown attribute `{name}`{correction}";
        EventAsAttribute { path: &'m str, printed: &'m str } => Error(UnknownAttribute),
            "`{path}` 是事件，不是用户属性：写成 `did({printed})` 或 `count({printed})`",
            "`{path}` is an event, not an attribute: write `did({printed})` or `count({printed})`";
        NullAsAttribute { word: &'m str } => Error(UnknownAttribute),
            "没有 `{word}`：写 `is not set` 或 `is set`",
            "there is no `{word}`: write `is not set`, or `is set`";
        FunctionAsAttribute { word: &'m str } => Error(UnknownAttribute),
            "`{word}` 是函数：写成 `{word}(…)`",
            "`{word}` is a function: write `{word}(…)`";
        UnknownProperty {
            events: &'m str,
            path: &'m str,
            correction: Correction,
        } => Error(UnknownProperty),
            "`{events}` 没有属性 `{path}`{correction}",
            "`{events}` has no property `{path}`{correction}";
        UnknownPrefix { prefix: &'m str } => Warning(UnknownEvent),
            "没有以 `{prefix}` 开头的事件",
            "no known event begins with `{prefix}`";
        UnknownTag { key: &'m str, correction: Correction } => Error(UnknownTag),
            "没有标签 `{key}`{correction}",
            "unknown tag `{key}`{correction}";
        UnknownList { key: &'m str, correction: Correction } => Error(UnknownList),
            "没有名单 `{key}`{correction}",
            "unknown list `{key}`{correction}";
        UnknownAudience { key: &'m str, correction: Correction } => Error(UnknownAudience),
            "没有人群 `{key}`{correction}",
            "unknown audience `{key}`{correction}";
        UnknownTable { key: &'m str, correction: Correction } => Error(UnknownTable),
            "没有表 `{key}`{correction}",
            "unknown table `{key}`{correction}";
        UnknownColumn {
            table: &'m str,
            column: &'m str,
            correction: Correction,
        } => Error(UnknownColumn),
            "表 `{table}` 没有列 `{column}`{correction}",
            "table `{table}` has no column `{column}`{correction}";
        UnknownRow {
            table: &'m str,
            row: TextsListed,
            correction: Correction,
        } => Warning(UnknownColumn),
            "表 `{table}` 没有键为 {row} 的行{correction}",
            "table `{table}` has no row {row}{correction}";
        UnknownValue { value: TextsListed, correction: Correction } => Warning(UnknownValue),
            "该标签没有值 {value}{correction}",
            "the tag has no value {value}{correction}";
    }
}

domain::words! {
    /// What was meant by an unknown name, or which names there are.
    #[derive(Default)]
    pub(crate) enum Correction {
        #[default]
        Unknown,
            "",
            "";
        Meant { name: String },
            "：是不是 `{name}`？",
            ": did you mean `{name}`?";
        MeantText { text: TextsListed },
            "：是不是 {text}？",
            ": did you mean {text}?";
        Known { names: Listed },
            "：已有的是 {names}",
            ": known are {names}";
        CalledSo { key: String },
            "：这是 `{key}` 的名称，请写它的键 `{key}`",
            ": `{key}` is called so: write its key, `{key}`";
        NoneYet,
            "：目前还没有定义过",
            ": there are none yet";
        Has { names: Listed },
            "：它有 {names}",
            ": it has {names}";
        HasTexts { texts: TextsListed },
            "：它有 {texts}",
            ": it has {texts}";
        /// A name without quotes where a text stands.
        Text { quoted: String },
            "：若是文本，写成 `{quoted}`",
            ": if a text is meant, write `{quoted}`";
        /// An attribute where an event stands.
        IsAttribute { printed: String },
            "：它是用户属性；它的变化写作 `changed({printed})`",
            ": it is an attribute; its changes are `changed({printed})`";
        /// A property where an event stands.
        IsProperty { event: String, property: String },
            "：它是 `{event}` 的属性，写成 `{event}.{property}`",
            ": it is a property of `{event}`, written `{event}.{property}`";
        OfUser { path: String },
            "：用户的属性写作 `user.{path}`",
            ": the user's attribute is `user.{path}`";
    }
}

impl Correction {
    /// The name that was meant, or which there are.
    pub(crate) fn among<'n>(meant: Option<&str>, names: impl Iterator<Item = &'n str>) -> Self {
        let mut names = names.peekable();
        match (meant, names.peek()) {
            (Some(_), _) => Self::meant(meant),
            (None, None) => Self::NoneYet,
            (None, Some(_)) => Self::Known {
                names: names.collect(),
            },
        }
    }

    /// The name that was meant, if one is near.
    pub(crate) fn meant(name: Option<&str>) -> Self {
        name.map_or(Self::Unknown, |name| Self::Meant {
            name: name.to_owned(),
        })
    }

    /// The text that was meant.
    pub(crate) fn meant_text(text: &str) -> Self {
        Self::MeantText {
            text: TextsListed::one(text),
        }
    }
}
