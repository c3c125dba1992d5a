//! Groups of one user's events, and periods that are counted.

use super::mistakes;

mistakes! {
    pub(crate) enum Groups<'m> {
        /// `max(count(tx))`
        NoPer { function: &'m str } => Error(Syntax),
            "`{function}` 对聚合要分组来取：在它后面写 `per hour`、`per day` 或 `per property`",
            "`{function}` of an aggregate takes it in groups: write `per hour`, `per day` or `per property` behind it";
        /// `max(count(tx) per hour where …)`
        WhereOutside => Error(Syntax),
            "`where` 写到每组所取的聚合里面：`max(count(tx where …) per hour)`",
            "write `where` inside the aggregate that is measured in each group: `max(count(tx where …) per hour)`";
        /// `count(tx per hour)`
        PerOfEvents => Error(Syntax),
            "`per` 与分组的聚合连用：`max(count(tx) per hour)`",
            "`per` goes with an aggregate in groups: `max(count(tx) per hour)`";
        /// `last(count(tx) per hour)`
        NoFold { function: &'m str } => Error(WrongArguments),
            "`per` 与 `max`、`min`、`avg`、`median`、`sum` 和 `stddev` 连用：`{function}` 取的是事件",
            "`per` goes with `max`, `min`, `avg`, `median`, `sum` and `stddev`: `{function}` takes an event";
        /// `max(age(x) per hour)`
        NoAggregate => Error(NotAllowedHere),
            "每组中所取的是对事件的聚合，如 `max(count(tx) per hour)`",
            "what is measured in each group is an aggregate of events, as in `max(count(tx) per hour)`";
        InsideWhere { function: &'m str } => Error(NotAllowedHere),
            "分组的 `{function}` 不能放在 `where` 里",
            "`{function}` of groups cannot stand inside `where`";
        RegularlyInside { word: &'m str } => Error(NotAllowedHere),
            "`regularly` 不能放在 `{word}` 里",
            "`regularly` cannot stand inside `{word}`";
        OtherEvent { name: &'m str, all: &'m str } => Error(NotAllowedHere),
            "`{name}` 不在该组的事件 `{all}` 之中：加进去，如 `({all}, {name})`",
            "`{name}` is not among the events of the group, which are `{all}`: add it there, as in `({all}, {name})`";
        /// `count(tx by …)`
        NoBy { function: &'m str } => Error(WrongArguments),
            "`by` 与 `top` 连用：`{function}` 不带它",
            "`by` goes with `top`: `{function}` takes none";
        /// `top(swap.token, 3 by 5)`
        ByOfNothing => Error(WrongArguments),
            "值要按其事件的聚合来排，如 `by count()` 或 `by sum(event.property)`",
            "values are ranked by an aggregate of their events, as in `by count()` or `by sum(event.property)`";
        /// `count(tx having …)`
        NoHaving { function: &'m str } => Error(WrongArguments),
            "`having` 与 `hours`、`days`、`weeks`、`months`、`distinct`、`streak` 和 `longest_streak` 连用：`{function}` 请写 `where`",
            "`having` goes with `hours`, `days`, `weeks`, `months`, `distinct`, `streak` and `longest_streak`: for `{function}` write `where`";
        /// `at least 6 of last 5 weeks`
        TooFewPeriods { there: u32 } => Warning(Impossible),
            "永远不成立：总共只有 {there} 个",
            "this never holds: there are only {there} of them";
    }
}
