//! Values of another type than their place demands.

use super::mistakes;
use crate::checked::Place;
use crate::tree::Expression;

mistakes! {
    pub(crate) enum Types<'m> {
        Needed { wanted: Place, shown: &'m Expression, is: Place } => Error(WrongType),
            "这里需要{wanted}，`{shown}` 是{is}",
            "{wanted} is needed here, `{shown}` is {is}";
        ThisIs { wanted: Place, is: Place } => Error(WrongType),
            "这里需要{wanted}，这是{is}",
            "{wanted} is needed here, this is {is}";
        ConditionAsValue { wanted: Place } => Error(WrongType),
            "这里需要{wanted}，这是条件",
            "{wanted} is needed here, this is a condition";
        Quoted { wanted: Place, text: &'m str } => Error(WrongType),
            "需要{wanted}：写成 `{text}`，不带引号",
            "{wanted} is needed: write `{text}` without quotes";
        NoTime { shown: &'m Expression, is: Place } => Error(WrongType),
            "需要时间，`{shown}` 是{is}：写成 `2026-11-01` 或 `2026-11-01T10:00Z` 的样子",
            "a time is needed, `{shown}` is {is}: write it like `2026-11-01` or `2026-11-01T10:00Z`";
        /// `age(signup_at) > 30`
        NoUnit { number: &'m str } => Error(WrongType),
            "需要时长，`{number}` 是数：按天写 `{number}d`，按小时写 `{number}h`",
            "a duration is needed, `{number}` is a number: write `{number}d` for days, `{number}h` for hours";
        /// `last_time(swap) > 30d`
        SpanForTime { span: &'m str } => Error(WrongType),
            "这里需要时间，`{span}` 是时长：写成 `{span} ago`，或 `in last {span}`",
            "a time is needed here, `{span}` is a duration: write `{span} ago`, or `in last {span}`";
        TextNeeded => Error(WrongType),
            "这里需要双引号中的文本",
            "a text in double quotes is needed here";
        TextNeededFor { instead: &'m str } => Error(WrongType),
            "需要双引号中的文本：写成 `{instead}`",
            "a text in double quotes is needed: write `{instead}`";
        Apart { one: Place, other: Place } => Error(WrongType),
            "{one}不能与{other}比较",
            "cannot compare {one} with {other}";
        TruthOrder => Error(WrongType),
            "真和假没有大小：用 `=` 或 `!=` 比较",
            "true and false have no order: compare them with `=` or `!=`";
        TruthBetween => Error(WrongType),
            "真和假没有大小",
            "true and false have no order";
        OnTime => Error(WrongType),
            "`on` 后面是日期，如 `2026-11-01`：时间在那一天之内",
            "`on` takes a date such as `2026-11-01`: the time lies on that day";
        TimesAdded => Error(WrongType),
            "两个时间不能相加",
            "two times cannot be added";
        RankAlone { shown: &'m Expression, is: Place } => Error(WrongType),
            "需要条件，`{shown}` 是{is}：说明哪些名次，如 `{shown} in top 100` 或 `in top 10%`",
            "a condition is needed, `{shown}` is {is}: say which ranks, as in `{shown} in top 100` or `in top 10%`";
        ValueAlone { shown: &'m Expression, is: Place, than: &'m str } => Error(WrongType),
            "需要条件，`{shown}` 是{is}：拿它来比较，如 `{shown} {than}`",
            "a condition is needed, `{shown}` is {is}: compare it, as in `{shown} {than}`";
        ConditionIsSet => Error(WrongType),
            "条件总是真或假：`is set` 用于值",
            "a condition is always true or false: `is set` goes with values";
        ListOfValues { list: &'m str } => Error(WrongType),
            "`{list}` 是值的名单：写成 `attribute in list({list})`",
            "`{list}` is a list of values: write `attribute in list({list})`";
        ListOfUsers { list: &'m str } => Error(WrongType),
            "`{list}` 是用户的名单：写成 `in list({list})`，前面不带值",
            "`{list}` is a list of users: write `in list({list})` without a value";
        YesNoTag { tag: &'m str } => Error(WrongType),
            "`{tag}` 是是否标签，没有值：写成 `tag({tag})` 或 `not tag({tag})`",
            "`{tag}` is a yes/no tag and has no value: write `tag({tag})` or `not tag({tag})`";
        YesNoTagAlone { tag: &'m str } => Error(WrongType),
            "`{tag}` 是是否标签，没有值：单独写 `tag({tag})`，或 `not tag({tag})`",
            "`{tag}` is a yes/no tag and has no value: write `tag({tag})` alone, or `not tag({tag})`";
        YesNoTagAt { tag: &'m str } => Error(WrongType),
            "`{tag}` 是是否标签，没有值：单独写 `tag({tag}) at …`，或前面加 `not`",
            "`{tag}` is a yes/no tag and has no value: write `tag({tag}) at …` alone, or with `not`";
        MetricAt { tag: &'m str } => Error(WrongType),
            "`{tag}` 从前的值没有保留，只知道谁有值：单独写 `tag({tag}) at …`",
            "the values that `{tag}` had are not kept, only who had one: write `tag({tag}) at …` alone";
    }
}
