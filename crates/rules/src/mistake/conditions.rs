//! Conditions that never hold, and those that stand where they cannot.

use super::{TextsListed, mistakes};

mistakes! {
    pub(crate) enum Conditions<'m> {
        OfUserInside { written: &'m str, word: &'m str } => Error(NotAllowedHere),
            "`{written}` 不能放在 `{word}` 里：放到外面用 `and` 连接",
            "`{written}` cannot stand inside `{word}`: join it outside with `and`";
        Contradiction => Warning(Impossible),
            "永远不成立：其中两个条件互相排斥（除非值是列表）",
            "this never holds: two of the conditions exclude one another (unless the value is a list)";
        TooFew { there: u32 } => Warning(Impossible),
            "永远不成立：总共只有 {there} 个条件",
            "this never holds: there are only {there} conditions";
        Reversed => Warning(Impossible),
            "永远不成立：下限大于上限",
            "this never holds: the lower end is above the upper one";
        DividedByZero => Warning(Impossible),
            "除以零没有值：与它的一切比较都为假",
            "what is divided by zero is no value: every comparison with it is false";
        ConstantValue => Warning(Impossible),
            "每个已知用户都会是这个值：规则要比较，如 `kyc_level = 2`",
            "every known user would have this value: a rule compares, as in `kyc_level = 2`";
        SameValue { value: TextsListed } => Warning(Impossible),
            "值 {value} 有两个分支：用 `or` 连接",
            "the value {value} has two cases: join them with `or`";
        ComparedAsText { plain: &'m str } => Warning(ComparedAsText),
            "文本是逐字比较的：写成 `{plain}`，不带引号",
            "texts are compared letter by letter: write `{plain}` without quotes";
        UnknownTypes => Hint(ComparedAsText),
            "无从得知它们是什么：数与数、时间与时间、文本与文本比较",
            "nothing says what these are: numbers are compared with numbers, times with times and texts with texts";
        NowCut => Warning(NowCut),
            "这个值随 `now` 移动，这里的 `now` 取整到小时",
            "this value moves on with `now`, which is cut to the full hour here";
    }
}
