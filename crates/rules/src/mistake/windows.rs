//! Windows of time.

use domain::{Span, Unit};

use super::mistakes;

mistakes! {
    pub(crate) enum Windows<'m> {
        /// `last month`
        LastUnit { written: &'m str, unit: Unit } => Error(Syntax),
            "`last {written}` 有两种意思：前一个完整的周期写 `previous {unit}`，当前周期至今写 `this {unit}`",
            "`last {written}` could be two things: write `previous {unit}` for the whole one before this, or `this {unit}` for the current one so far";
        /// `last 7 days`
        LastNumber { number: &'m str, letter: &'m str, calendar: &'m str } => Error(Syntax),
            "截至此刻的时间写 `last {number}{letter}`，日历周期写 `{calendar}`",
            "write `last {number}{letter}` for the time up to now, or `{calendar}`";
        /// `previous 2 weeks`
        NoCalendar { calendar: &'m str } => Error(Syntax),
            "写成 `{calendar}`",
            "write `{calendar}`";
        /// `count(swap last 30d)`
        NoComma { word: &'m str } => Error(Syntax),
            "窗口前要有逗号：`, {word} …`",
            "write a comma before the window: `, {word} …`";
        /// `count(swap, 30d)`
        NoLast { span: &'m str } => Error(Syntax),
            "截至此刻的时间写 `last {span}`",
            "write `last {span}` for the time up to now";
        /// `previous 7d`
        PreviousSpan { span: &'m str } => Error(Syntax),
            "`previous` 用于日历周期，如 `previous 7 calendar days`；{span} 之前再往前的一段写成 `from 14d ago to 7d ago` 这样",
            "`previous` goes with calendar periods, as in `previous 7 calendar days`; a time before the last {span} is written like `from 14d ago to 7d ago`";
        Second => Error(Syntax),
            "有了第二个窗口：一个聚合只有一个",
            "a second window: an aggregate has one";
        InsideWhere => Error(NotAllowedHere),
            "这个窗口随 `now` 移动，`where` 里不能有：写到聚合的末尾，前面加逗号",
            "this window moves with `now`, which cannot stand inside `where`: give it to the aggregate, after a comma";
        InGroup => Error(NotAllowedHere),
            "每组中的聚合没有自己的窗口：写到整个聚合的末尾，放在最后一个逗号之后",
            "aggregates of a group have no window of their own: give it to the whole, behind the last comma";
        NextOfEvents => Error(NotAllowedHere),
            "看不到未来的事件：`next` 用于时间，如 `expires_at in next 7d`",
            "events of the future cannot be seen: `next` goes with times, as in `expires_at in next 7d`";
        OfAllUsers => Error(NotAllowedHere),
            "把所有用户放在一起才知道的值，不能作事件窗口的端点",
            "what is known only of all users together cannot bound a window of events";
        OfTags => Error(NotAllowedHere),
            "历史是在标签、人群和名单之前度量的：这里的时间不能取自它们，写它们所度量的东西，如 `since first_time(swap)`",
            "a history is measured before tags, audiences and lists are known: its instants cannot follow from them; write what they measure, as in `since first_time(swap)`";
        Nothing => Error(InvalidConstant),
            "窗口的长度要大于零",
            "a window has to be longer than nothing";
        Empty => Warning(Impossible),
            "这个窗口是空的：它的终点在起点之前",
            "this window is empty: it ends before it begins";
        BeyondRetention { retention: Span } => Warning(BeyondRetention),
            "事件只保留 {retention}：更长的窗口也看不到更多",
            "events are kept for {retention}: a longer window sees no more";
        /// `last 3m`
        Minutes { span: &'m str, count: u32 } => Hint(Minutes),
            "`{span}` 是 {count} 分钟；按月写 `last {count} calendar months`",
            "`{span}` is {count} minutes; for months write `last {count} calendar months`";
        /// `last 1 calendar month`
        CurrentPeriod { unit: Unit } => Hint(CurrentPeriod),
            "这是当前周期至今（`this {unit}`）；前一个完整的周期写 `previous {unit}`",
            "this is the current {unit} so far (`this {unit}`); the whole one before is `previous {unit}`";
    }
}
