//! What is wrong with kinds of tags that are written short.

use super::mistakes;

mistakes! {
    pub(crate) enum ShortForms {
        NoEvents => Error(Syntax),
            "这里写事件，如 `swap`、`(swap, bridge)`、`swap where usd > 1` 或 `*`",
            "write events here, such as `swap`, `(swap, bridge)`, `swap where usd > 1` or `*`";
        NoValue => Error(Syntax),
            "这里写一个值，如 `count(swap)`",
            "write one value here, such as `count(swap)`";
        WindowOfEvents => Error(NotAllowedHere),
            "这里只写事件和 `where`，时长写在各自的键上",
            "only events and `where` stand here: durations have keys of their own";
        NoWindow => Error(Syntax),
            "这里写时长如 `90d`，或窗口如 `last 3 calendar months`",
            "write a duration such as `90d` here, or a window such as `last 3 calendar months`";
        NoSpan => Error(Syntax),
            "这里写大于零的时长，如 `30d`",
            "write a duration longer than nothing here, such as `30d`";
        NoNumber => Error(Syntax),
            "这里写一个数，如 `100`",
            "write a number here, such as `100`";
        OwnWindows => Error(NotAllowedHere),
            "`window` 只用于单独一个聚合：这里的每个聚合都要写自己的窗口",
            "`window` is for a measure that is one aggregate: give each aggregate here a window of its own";
        OneBound => Error(WrongArguments),
            "`groups: eight` 只分高低：这里写一个界限",
            "`groups: eight` tells high from low: write one bound here";
        FourBounds => Error(WrongArguments),
            "`groups: eleven` 有五个分数：这里写四个界限",
            "`groups: eleven` has five scores: write four bounds here";
        LongestFirst => Error(InvalidConstant),
            "界限从最低的分数写起：时长由长到短",
            "bounds begin with the lowest score: write the longest duration first";
        LeastFirst => Error(InvalidConstant),
            "界限从最低的分数写起：数由小到大",
            "bounds begin with the lowest score: write the least number first";
        NoFeatures => Error(WrongArguments),
            "`features` 至少写一个：按什么比较用户，如 `count(swap)`",
            "write at least one of `features`: by what users are compared, such as `count(swap)`";
        SizeOrTop => Error(WrongArguments),
            "写上取多少用户：`size: 1000` 或 `top: 5%`",
            "say how many users are taken: `size: 1000` or `top: 5%`";
        SizeAndTop => Error(WrongArguments),
            "`size` 和 `top` 只写一个",
            "write either `size` or `top`, not both";
        NoSize => Error(InvalidConstant),
            "这里写至少为 1 的用户数",
            "write a number of users here, at least 1";
        NoPercent => Error(InvalidConstant),
            "这里写百分比，如 `5%`",
            "write a percentage here, such as `5%`";
        AtRiskAfterLost => Error(InvalidConstant),
            "要比 `lost` 短：先有风险，再流失",
            "has to be shorter than `lost`: users are at risk before they are lost";
        ReturnedLongerThanLost => Error(InvalidConstant),
            "算作回流的时间不能比 `lost` 长：另写一个较短的 `returned`",
            "users count as returned no longer than `lost`: write a shorter `returned`";
    }
}
