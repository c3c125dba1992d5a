//! What changed and what has lasted: changes as events, `for at least`, anniversaries.

use super::mistakes;

mistakes! {
    pub(crate) enum History<'m> {
        /// `changed("kyc")`
        QuotedAttribute { instead: &'m str } => Error(Syntax),
            "属性不带引号：写成 `{instead}`",
            "write the attribute without quotes: `{instead}`";
        /// `changed(level >= 2)`
        ComparedInside => Error(Syntax),
            "要哪些值写在变化之后，如 `changed(level) where new >= 2`",
            "which values are meant stands behind the change, as in `changed(level) where new >= 2`";
        /// `changed(level)` where a condition stands.
        ChangeAlone { written: &'m str } => Error(Syntax),
            "`{written}` 是事件：要选有它的用户，写 `did({written})`",
            "`{written}` is an event: write `did({written})` for users who have it";
        ObjectChanged { path: &'m str, member: &'m str } => Warning(WrongType),
            "`{path}` 是对象，只会出现和消失：写明看哪个成员的变化，如 `changed({member})`",
            "`{path}` is an object, which only comes and goes: name the member whose changes are meant, as in `changed({member})`";
        /// `(a = 1 for 3d)`
        NoAtLeast => Error(Syntax),
            "写成 `for at least`",
            "write `for at least`";
        LastingInWhere => Error(NotAllowedHere),
            "`for at least` 不能放在 `where` 里：事件没有持续时间",
            "`for at least` cannot stand inside `where`: events have no duration";
        LastingAnd { instead: &'m str } => Error(NotAllowedHere),
            "`for at least` 只带一个比较：写成 `{instead}`",
            "`for at least` takes one comparison: write `{instead}`";
        LastingOr => Error(NotAllowedHere),
            "`for at least` 只带一个比较：用 `or` 连接的几个，可以没有一个是一直成立的",
            "`for at least` takes one comparison: of several joined by `or`, none need have held all the time";
        LastingTwice => Error(NotAllowedHere),
            "`for at least` 只带一个比较：持续多久只说一次",
            "`for at least` takes one comparison: say how long once";
        LastingEvents => Error(NotAllowedHere),
            "`for at least` 用于用户属性：对事件的度量有自己的窗口，如 `not did(login, last 3d)`",
            "`for at least` is of attributes: what is measured over events has a window of its own, as in `not did(login, last 3d)`";
        LastingTag => Error(NotAllowedHere),
            "`for at least` 用于用户属性：对标签写 `tag(k) at 3d ago and not did(left(k), last 3d)`",
            "`for at least` is of attributes: of a tag write `tag(k) at 3d ago and not did(left(k), last 3d)`";
        LastingNow => Error(NotAllowedHere),
            "`for at least` 要与常量比较：这个比较随 `now` 移动",
            "`for at least` takes a comparison with constants: this one moves with `now`";
        LastingNothing => Error(NotAllowedHere),
            "`for at least` 用于用户属性：这里一个都没有",
            "`for at least` is of attributes: this names none";
        LastingTwo { one: &'m str, other: &'m str } => Error(NotAllowedHere),
            "`for at least` 只能拿一个属性与常量比较：这里有 `{one}` 和 `{other}`",
            "`for at least` takes a comparison of one attribute with constants: this names `{one}` and `{other}`";
        AnniversaryWindow => Error(Syntax),
            "周年日要在未来几天里找：写成 `anniversary in next 7d`（今天是第一天）",
            "an anniversary is looked for in days to come: write `anniversary in next 7d` (today is the first of them)";
        AnniversaryInWhere => Error(NotAllowedHere),
            "`anniversary` 不能放在 `where` 里，那里没有 `now`：比较 `month(…)` 和 `day_of_month(…)`",
            "`anniversary` cannot stand inside `where`, which knows no `now`: compare `month(…)` and `day_of_month(…)`";
        AnniversaryDays { next: &'m str } => Error(InvalidConstant),
            "周年日按整天来找，从 `next 1d`（今天）起：`{next}` 不是整天",
            "an anniversary is looked for in whole days, from `next 1d` (today) on: `{next}` is none";
        AnniversaryYear => Warning(Impossible),
            "这是整整一年：凡日期在一年以前的人都有周年日在其中",
            "this is a whole year: everyone with a date at least a year ago has an anniversary in it";
    }
}
