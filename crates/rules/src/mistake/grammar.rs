//! Texts that do not follow the grammar.

use super::{Found, Wanted, mistakes};

mistakes! {
    pub(crate) enum Grammar<'m> {
        Expected { what: Wanted<'m>, found: Found } => Error(Syntax),
            "这里应写：{what}；现在是：{found}",
            "expected {what}, found {found}";
        Unexpected { found: Found } => Error(Syntax),
            "多出了 {found}：这里应为运算符、`and`、`or` 或结尾",
            "unexpected {found}: expected an operator, `and`, `or` or the end";
        UnexpectedOperator { found: Found, operator: &'m str } => Error(Syntax),
            "多出了 {found}：是不是 `{operator}`？",
            "unexpected {found}: did you mean `{operator}`?";
        UnexpectedClose => Error(Syntax),
            "多出了 `)`：前面没有与它配对的 `(`",
            "unexpected `)`: there is no `(` that it closes";
        /// `a = (b, c)`
        CommaInParentheses => Error(Syntax),
            "多出了 `,`：括号里的几个值要用 `in`、`has any of` 等",
            "unexpected `,`: several values in parentheses go with `in`, `has any of` and the like";
        Instead { instead: &'m str, written: &'m str } => Error(Syntax),
            "把 `{written}` 写成 `{instead}`",
            "write `{instead}` instead of `{written}`";
        Empty => Error(Syntax),
            "规则是空的：写一个条件，如 `country = \"SG\"`",
            "the rule is empty: write a condition such as `country = \"SG\"`";
        NoWhen => Error(Syntax),
            "条件前面要写 `when`",
            "write `when` before the condition";
        /// `a < b < c`
        Chained => Error(Syntax),
            "比较不能连写：写成 `x between a and b`，或用 `and` 连接两个比较",
            "comparisons do not chain: write `x between a and b`, or join two with `and`";
        /// `count swap`
        NoParentheses { function: &'m str, argument: &'m str } => Error(Syntax),
            "函数要带括号：写成 `{function}({argument})`",
            "a function takes parentheses: write `{function}({argument})`";
        /// `if count(swap) > 3 then "gold"`
        NoIf => Error(Syntax),
            "二选一的值写成 `if(C, a, b)`；分层标签写成 `case \"gold\" when C else \"silver\"`",
            "a choice of two values is `if(C, a, b)`, a layered tag `case \"gold\" when C else \"silver\"`";
        /// `count(swap) > 3 last 30d`
        WindowOutside => Error(Syntax),
            "窗口写在聚合的括号里，前面加逗号：`count(swap, last 30d) > 3`",
            "a window stands inside the aggregate, behind a comma: `count(swap, last 30d) > 3`";
        /// `count(swap where a > 1 and last 30d)`
        WindowInCondition { window: &'m str } => Error(Syntax),
            "窗口不是条件：写在条件之后，前面加逗号，如 `count(swap where chain = \"bsc\", {window})`",
            "a window is no condition: it stands behind it and a comma, as in `count(swap where chain = \"bsc\", {window})`";
        /// `rank(x) top 10%`
        RankWithoutIn { word: &'m str } => Error(Syntax),
            "写成 `in {word} …`",
            "write `in {word} …`";
        /// `did(swap) not did(login)`
        NoJoint { found: Found } => Error(Syntax),
            "{found} 前面要写 `and` 或 `or`",
            "write `and` or `or` before {found}";
        /// `a = 1 for at least 3d`
        ForWithoutParentheses => Error(Syntax),
            "条件和它持续的时间要放在括号里：`(country = \"SG\" for at least 3d)`",
            "a condition and how long it has held stand in parentheses: `(country = \"SG\" for at least 3d)`";
        IgnoringCase { operator: &'m str } => Error(Syntax),
            "`ignoring case` 不能与 `{operator}` 连用",
            "`ignoring case` does not go with `{operator}`";
        /// `is null`
        NoNull { word: &'m str, instead: &'m str } => Error(Syntax),
            "没有 `{word}`：写成 `{instead}`",
            "there is no `{word}`: write `{instead}`";
        /// `"SG”`
        MixedQuotes { closing: String, instead: &'m str } => Error(Syntax),
            "以 `\"` 开头的文本要以 `\"` 结尾，不能用 `{closing}`：写成 `{instead}`",
            "a text that begins with `\"` ends with `\"`, not with `{closing}`: write `{instead}`";
        /// `'SG'`
        OtherQuotes { instead: &'m str } => Error(Syntax),
            "文本要用双引号：写成 `{instead}`",
            "texts stand in double quotes: write `{instead}`";
        Unterminated => Error(Syntax),
            "这里的引号在本行没有收尾",
            "this has no closing quote on its line";
        EmptyName => Error(Syntax),
            "反引号中的名称不能为空",
            "a name in backticks cannot be empty";
        /// `0xab`
        Hex => Error(Syntax),
            "地址等十六进制文本要用双引号",
            "addresses and other hex texts stand in double quotes";
        /// `10ether`
        AmountUnit { digits: &'m str, unit: &'m str } => Error(Syntax),
            "中间要有空格：写成 `{digits} {unit}`",
            "write `{digits} {unit}` with a space between";
        /// `5min`
        UnknownUnit { unit: &'m str, digits: &'m str, instead: &'m str } => Error(UnknownUnit),
            "没有单位 `{unit}`：写成 `{digits}{instead}`",
            "unknown unit `{unit}`: write `{digits}{instead}`";
        Malformed { written: &'m str } => Error(Syntax),
            "`{written}` 既不是数也不是时长：时长写作 `30s`、`5m`、`24h`、`7d`、`4w`；以数字开头的名称要放在反引号里",
            "`{written}` is neither a number nor a duration: durations are `30s`, `5m`, `24h`, `7d`, `4w`; a name that begins with a digit stands in backticks";
        /// `list(k)` where a condition stands.
        MemberOf { word: &'m str } => Error(Syntax),
            "要选其中的用户，写 `in {word}(…)`",
            "write `in {word}(…)` for users who are in it";
        NotAvailable { construct: &'m str } => Error(NotAvailable),
            "这个版本还不支持 `{construct}`",
            "`{construct}` is not available in this version";
        TooLong { longest: usize, length: usize } => Error(TooLong),
            "一条规则至多 {longest} 字节，这条有 {length} 字节",
            "a rule has at most {longest} bytes, this one has {length}";
        TooMany => Error(TooLong),
            "错误太多：后面的没有再读",
            "too many mistakes: what follows was not read";
        TooDeep { deepest: usize } => Error(TooDeep),
            "嵌套超过 {deepest} 层：把规则拆成几个标签",
            "nested more than {deepest} levels deep: split the rule into several tags";
    }
}

domain::words! {
    /// What to do about a mistake that can be mended by replacing a text.
    pub(crate) enum Remedy<'m> {
        Add { new: &'m str },
            "加上 `{new}`",
            "add `{new}`";
        Remove { old: &'m str },
            "去掉 `{old}`",
            "remove `{old}`";
        Replace { new: &'m str, old: &'m str },
            "把 `{old}` 写成 `{new}`",
            "write `{new}` instead of `{old}`";
    }
}
