//! What is measured over events.

use domain::Decimal;

use super::mistakes;
use crate::tree::Expression;

mistakes! {
    pub(crate) enum Aggregates<'m> {
        /// `count(sequence(A -> B))`
        SequenceInside { word: &'m str } => Error(Syntax),
            "`{word}` 单独使用：`sequence(A -> B)` 是条件，`count_sequences(A -> B)` 是数",
            "`{word}` stands by itself: `sequence(A -> B)` is a condition, `count_sequences(A -> B)` a number";
        /// `count(A -> B)`
        ArrowInside { instead: &'m str } => Error(Syntax),
            "先后发生的事件是序列：写成 `{instead}`",
            "events in an order are a sequence: write `{instead}`";
        SecondWhere => Error(Syntax),
            "有了第二个 `where`：用 `and` 连接条件",
            "a second `where`: join the conditions with `and`";
        SecondHaving => Error(Syntax),
            "有了第二个 `having`：用 `and` 连接条件",
            "a second `having`: join the conditions with `and`";
        CommaBeforeWhere => Error(Syntax),
            "`where` 前面不写逗号",
            "write `where` without a comma before it";
        /// `count(swap, chain = "bsc")`
        ConditionWithoutWhere { name: &'m str } => Error(Syntax),
            "对事件的条件写在 `where` 之后：`where {name} …`",
            "a condition on the events stands behind `where`: `where {name} …`";
        InsideWhere { function: &'m str } => Error(NotAllowedHere),
            "`{function}` 不能放在 `where` 里，那里每次只看一个事件",
            "`{function}` cannot stand inside `where`, which sees one event at a time";
        /// `sum(swap.round(amount))`
        BareExpression { function: &'m str } => Error(Syntax),
            "点后面的表达式要放在括号里：写成 `.({function}(…))`",
            "an expression behind the dot stands in parentheses: write `.({function}(…))`";
        /// `count(distinct swap.token)`
        DistinctInside => Error(Syntax),
            "不同值的个数写成 `distinct(event.property)`",
            "different values are counted by `distinct(event.property)`";
        /// `first(swap) before 2026-11-01`
        NoPropertyNorTime { function: &'m str, example: &'m str, events: &'m str } => Error(WrongArguments),
            "`{function}` 需要事件的一个属性：写成 `{function}({example})`；要的是时间，写成 `{function}_time({events})`",
            "`{function}` takes a property of the event: write `{function}({example})`, or `{function}_time({events})` for when it was";
        NoEvent => Error(WrongArguments),
            "`count` 需要一个事件，任何事件写 `*`；单独的 `count()` 写在 `having` 之后",
            "`count` takes an event, or `*` for any; `count()` alone stands behind `having`";
        NoProperty { function: &'m str, example: &'m str } => Error(WrongArguments),
            "`{function}` 需要事件的一个属性：写成 `{function}({example})`",
            "`{function}` takes a property of the event: write `{function}({example})`";
        SeveralValues { function: &'m str } => Error(WrongArguments),
            "`{function}` 只取一个值；`distinct` 可以取几个",
            "`{function}` takes one value; `distinct` takes several";
        /// `count(order.completed)` where the event is called so.
        DottedName { function: &'m str, name: &'m str } => Error(WrongArguments),
            "带点的名称要放在反引号里：写成 `` {function}(`{name}`) ``",
            "a name with dots stands in backticks: write `` {function}(`{name}`) ``";
        /// `count(swap.usd)`
        PropertyCounted {
            function: &'m str,
            events: &'m str,
            value: &'m Expression,
        } => Error(WrongArguments),
            "`{function}` 取事件，不取属性：写成 `{function}({events} where {value} is set)`，不同值的个数写 `distinct({events}.{value})`",
            "`{function}` takes an event, not a property: write `{function}({events} where {value} is set)`, or `distinct({events}.{value})` for different values";
        /// `max(swap.flag)` where true or false is needed.
        Truths { function: &'m str } => Error(WrongType),
            "`{function}` 用于数、文本和时间",
            "`{function}` goes with numbers, texts and times";
        /// `did(swap) >= 2`
        IsNoNumber { function: &'m str } => Error(WrongType),
            "`{function}(…)` 只分有没有：有几次写 `count(…)`",
            "`{function}(…)` holds or not: `count(…)` says how often";
        NoNumber { function: &'m str } => Error(WrongArguments),
            "`{function}` 不带数字；带数字的是 `first`、`last`、`first_time`、`last_time`、`top` 和 `percentile`",
            "`{function}` takes no number; `first`, `last`, `first_time`, `last_time`, `top` and `percentile` do";
        NoPercentage => Error(WrongArguments),
            "`percentile` 需要 0 到 100 的一个数：写成 `percentile(event.property, 90)`",
            "`percentile` takes a number from 0 to 100: write `percentile(event.property, 90)`";
        InvalidPercentage { written: &'m str } => Error(InvalidConstant),
            "`{written}` 不是百分数：要在 0 到 100 之间",
            "`{written}` is no percentage: from 0 to 100";
        FractionOfPercent { percent: &'m Decimal, hundredfold: &'m Decimal } => Hint(FractionOfPercent),
            "这是 {percent} %：第 {hundredfold} 百分位数写 `{hundredfold}`",
            "this is {percent} %: write `{hundredfold}` for the {hundredfold}th percentile";
    }
}
