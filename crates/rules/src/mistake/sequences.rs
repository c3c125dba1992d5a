//! Sequences of events, and the gaps between them.

use super::mistakes;

mistakes! {
    pub(crate) enum Sequences<'m> {
        /// `gap(A -> B)` where a value stands.
        GapAlone { written: &'m str } => Error(Syntax),
            "`gap` 放在对时长的聚合里：写成 `avg({written})`、`max({written})` 等",
            "`gap` stands inside what is measured of the durations: write `avg({written})`, `max({written})` or the like";
        SecondWhere => Error(Syntax),
            "有了第二个 `where`：用 `and` 连接条件",
            "a second `where`: join the conditions with `and`";
        SecondName => Error(Syntax),
            "有了第二个名称：一步只有一个",
            "a second name: a step has one";
        SecondWithin => Error(Syntax),
            "有了第二个 `within`：一步只有一个",
            "a second `within`: a step has one";
        SecondWindow => Error(Syntax),
            "有了第二个窗口：一个序列只有一个",
            "a second window: a sequence has one";
        /// `within 1d before x`
        WithinBefore => Error(Syntax),
            "`within` 是往前看的：写在两步中较后的一步，`within … after` 较前的那步",
            "`within` looks back: write it at the later of the two steps, `within … after` the earlier one";
        /// `A -> B same p`
        NoComma { word: &'m str } => Error(Syntax),
            "前面要有逗号：`, {word} …`",
            "write a comma before it: `, {word} …`";
        CommaBeforeWhere => Error(Syntax),
            "`where` 写在它所说的那一步，前面不写逗号",
            "`where` stands at the step that it is about, without a comma before it";
        /// `A -> B, within 1d`
        CommaBeforeWithin => Error(Syntax),
            "`within` 属于某一步：写在那一步后面，不要逗号；限制整个序列的时间就给第一步起名，如 `A as a -> B within 1d after a`",
            "`within` belongs to a step: write it behind the step, without a comma; for the time of the whole sequence name the first step, as in `A as a -> B within 1d after a`";
        /// `same p = q`
        OfWhichStep { written: &'m str } => Error(Syntax),
            "要说明是哪一步的：`same a.{written} = b.…`，a 和 b 是事件，或用 `as` 起的名称",
            "say of which step: `same a.{written} = b.…`, a and b being the events, or names given with `as`";
        TooManySteps { most: usize } => Error(TooLong),
            "一个序列至多 {most} 步",
            "a sequence has at most {most} steps";
        TooManyEqualities { most: usize } => Error(TooLong),
            "一个序列至多有 {most} 个 `same`",
            "a sequence has at most {most} times `same`";
        /// `sequence(A -> B) >= 2`
        IsNoNumber => Error(WrongType),
            "序列只分有没有：有几次写 `count_sequences(…)`",
            "a sequence is there or not: `count_sequences(…)` says how often";
        NotAtEnd => Error(NotAllowedHere),
            "`count_sequences` 的结尾不能是 `not`：在后面再加一步，或写 `sequence(…)`，它可以",
            "`count_sequences` takes no `not` at its end: put a step behind it, or write `sequence(…)`, which does";
        GapOfSteps => Error(WrongArguments),
            "`gap` 从一个事件到下一个另一事件：`gap(A -> B)`，不带 `not` 和 `within`",
            "`gap` goes from one event to the next of another: `gap(A -> B)`, without `not` and `within`";
        NoGapOf { function: &'m str } => Error(WrongArguments),
            "`{function}` 不能与 `gap` 连用：可以用 `min`、`avg`、`median`、`max`、`stddev`、`sum` 和 `count`",
            "`{function}` does not go with `gap`: `min`, `avg`, `median`, `max`, `stddev`, `sum` and `count` do";
        SameOfNothing => Error(WrongArguments),
            "`same` 至少要涉及一个发生的步骤：这里说的全是 `not`",
            "`same` needs a step that happens: all that it names here are `not`";
        OnlyAbsent => Error(WrongArguments),
            "序列里至少要有一个发生的事件：从未发生写 `not did(…)`",
            "a sequence needs an event that happens: that one never happened is `not did(…)`";
        WithinInMiddle => Error(NotAllowedHere),
            "两步之间的 `not` 看的是其间的全部时间，不带 `within`：限制它后面的一步，如 `A -> not D -> B within 1d`",
            "`not` between two steps looks at all the time between them, without `within`: limit the step behind it, as in `A -> not D -> B within 1d`";
        AfterAtStart => Error(NotAllowedHere),
            "开头的 `not … within` 从它后面的一步往回算：去掉 `after`",
            "`not … within` at the start counts back from the step behind it: leave out `after`";
        AfterAtEnd => Error(NotAllowedHere),
            "结尾的 `not … within` 从它前面的一步算起：去掉 `after`",
            "`not … within` at the end counts from the step before it: leave out `after`";
        NothingBefore => Error(NotAllowedHere),
            "前面没有可供 `within` 起算的步骤：写到后面的一步",
            "there is no step before this one from which `within` could count: write it at a later step";
        NotBefore { name: &'m str } => Error(NotAllowedHere),
            "`{name}` 不是在这一步之前发生的步骤：`within` 要从这样的一步算起",
            "`{name}` is no step before this one that happens: `within` counts from such a one";
        SameStep { name: &'m str } => Error(WrongArguments),
            "两边都是步骤 `{name}` 的：同一事件内的比较写 `where`；同一事件的两步要起名区分，如 `{name} as first`",
            "both sides are of the step `{name}`: compare within one event by `where`; two steps of one event are told apart by names, as in `{name} as first`";
        SameName { name: &'m str } => Error(Ambiguous),
            "有两步都叫 `{name}`",
            "two steps are called `{name}`";
        SeveralSteps { name: &'m str, written: &'m str } => Error(Ambiguous),
            "`{name}` 可以是好几步：给所指的那步起名，如 `{written} as first`",
            "`{name}` could be several steps: name the one that is meant, as in `{written} as first`";
        UnknownStep { name: &'m str } => Error(UnknownStep),
            "没有叫 `{name}` 的步骤：步骤以其事件为名，或像 `swap as first` 那样起名；窗口写在逗号之后",
            "no step is called `{name}`: a step is called by its event, or as in `swap as first`; a window stands behind a comma";
        MisspeltStep { name: &'m str, meant: &'m str } => Error(UnknownStep),
            "没有叫 `{name}` 的步骤：是不是 `{meant}`？",
            "no step is called `{name}`: did you mean `{meant}`?";
        WithoutWaiting => Hint(WithoutWaiting),
            "结尾的 `not` 说的是至今没有，也包括还没来得及发生的人：`within 7d` 会等这段时间过完",
            "`not` at the end says none up to now, also of those who had no time for it yet: `within 7d` waits until it is over";
        NeverOver => Warning(Impossible),
            "永远不成立：没有该事件的那段时间必须已过完，而窗口并不比它长",
            "this never holds: the time without the event has to be over, and the window is not longer";
    }
}
