//! Versions, which are compared with versions and with nothing else.

use super::mistakes;
use crate::tree::Expression;

mistakes! {
    pub(crate) enum Versions<'m> {
        NoVersion { text: &'m str } => Error(InvalidConstant),
            "`{text}` 不是版本号：写成 `\"2.10.0\"` 或 `\"2.10.0-beta.1\"` 的样子",
            "`{text}` is no version: write it like `\"2.10.0\"` or `\"2.10.0-beta.1\"`";
        Unquoted { number: &'m str } => Error(WrongType),
            "版本号要用双引号：写成 `\"{number}\"`",
            "a version stands in double quotes: write `\"{number}\"`";
        WithOther { instead: &'m str } => Error(WrongType),
            "版本只与版本比较：写成 `{instead}`",
            "a version is compared with versions: write `{instead}`";
        InTextTest { text: &'m str } => Error(WrongType),
            "版本只能比较（`>=`、`between` 等）：这里请直接问文本 `{text}`",
            "a version is only compared (`>=`, `between` …): ask this of the text, `{text}`";
        AsValue => Error(NotAllowedHere),
            "`version(…)` 只能比较，不能作标签的值：直接给出文本",
            "`version(…)` is only compared and is no value of a tag: give the text itself";
        AsTexts { left: &'m Expression, right: &'m Expression } => Warning(ComparedAsText),
            "文本是逐字比较的：比较版本写 `version({left})` 和 `version({right})`",
            "texts are compared letter by letter: for versions write `version({left})` and `version({right})`";
    }
}
