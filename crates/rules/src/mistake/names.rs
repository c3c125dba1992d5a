//! Names that nothing bears, and what was meant by them.

use domain::by_likeness;

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
        /// `positions.size > 6` where `positions` is a list.
        MemberOfList { path: &'m str, list: &'m str, member: &'m str } => Error(UnknownAttribute),
            "没有用户属性 `{path}`：`{list}` 是列表，对它的元素写成 `any({list} where {member} …)` 或 `max({list}.{member})`",
            "unknown attribute `{path}`: `{list}` is a list, whose elements are asked by `any({list} where {member} …)` or `max({list}.{member})`";
        /// `items.price` where the plan says that `items` is a list.
        MemberOfEventList { path: &'m str, list: &'m str } => Error(UnknownProperty),
            "`{path}` 没有值：`{list}` 是列表，规则看不到事件里列表的元素；给每个元素发一个事件",
            "`{path}` has no value: `{list}` is a list, and rules do not look into the elements of an event's list; send one event for each";
        /// `shared_by(assets.funded_by)` where nobody has seen either.
        NeitherEventNorAttribute { name: &'m str, path: &'m str } => Error(UnknownEvent),
            "既没有事件 `{name}`，也没有用户属性 `{path}`：在收到其中之一以前，这里是 0；若指属性，写成 `user.{path}`",
            "there is neither an event `{name}` nor an attribute `{path}`: this is 0 until one of them is seen; if the attribute is meant, write `user.{path}`";
        /// `login.device = "ios"`
        PropertyAsAttribute { path: &'m str, event: &'m str, property: &'m str } => Error(UnknownAttribute),
            "没有用户属性 `{path}`：`{event}` 是事件，它的属性写成 `last({path})`，或 `did({event} where {property} …)`",
            "unknown attribute `{path}`: `{event}` is an event, whose property is asked by `last({path})` or `did({event} where {property} …)`";
        /// `hour(swap.time)`
        TimeAsAttribute { path: &'m str, event: &'m str } => Error(UnknownAttribute),
            "没有用户属性 `{path}`：`{event}` 是事件，它何时发生写成 `last_time({event})` 或 `first_time({event})`",
            "unknown attribute `{path}`: `{event}` is an event, and when it was is `last_time({event})` or `first_time({event})`";
        /// `birthday = today`
        WindowAsAttribute { word: &'m str } => Error(UnknownAttribute),
            "`{word}` 是一段时间：写成 `… in {word}`；生日写成 `… anniversary in next 1d`",
            "`{word}` is a time that lasts: write `… in {word}`; for birthdays `… anniversary in next 1d`";
        /// A tag whose own rule has errors.
        TagWithMistakes { key: &'m str } => Error(UnknownTag),
            "标签 `{key}` 自己的规则有错误：先改正它",
            "the rule of the tag `{key}` has mistakes of its own: mend them first";
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
        Operator { operator: &'static str },
            "：它是运算符，写成 `x {operator} …`",
            ": it is an operator, written `x {operator} …`";
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
    /// The name that was meant instead of what is written, or which there are.
    pub(crate) fn among<'n>(
        written: &str,
        meant: Option<&str>,
        names: impl Iterator<Item = &'n str>,
    ) -> Self {
        let mut names = names.peekable();
        match (meant, names.peek()) {
            (Some(_), _) => Self::meant(meant),
            (None, None) => Self::NoneYet,
            (None, Some(_)) => Self::Known {
                names: by_likeness(written, names).into_iter().collect(),
            },
        }
    }

    /// The names that something has, instead of what is written.
    pub(crate) fn has<'n>(written: &str, names: impl Iterator<Item = &'n str>) -> Self {
        Self::Has {
            names: by_likeness(written, names).into_iter().collect(),
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
