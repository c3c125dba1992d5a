//! What is known only of all users together.

use super::mistakes;
use crate::checked::Place;

mistakes! {
    pub(crate) enum Populations<'m> {
        /// `rank(x, 100)`
        RankOfTwo => Error(Syntax),
            "`rank` 只取一个值；要多少名写在它后面：`rank(x) in top 100`",
            "`rank` takes one value; how many are meant stands behind it: `rank(x) in top 100`";
        /// `country in top 10`
        NoRank { word: &'m str } => Error(Syntax),
            "`in {word} …` 与名次连用：写成 `rank(…) in {word} …`",
            "`in {word} …` goes with a rank: write `rank(…) in {word} …`";
        /// `user(x)` alone.
        NothingOfUser => Error(Syntax),
            "要写明取该用户的什么：`user(x).attribute` 或 `user(x).tag(key)`",
            "write what of that user is meant: `user(x).attribute` or `user(x).tag(key)`";
        SeveralOfUsers { function: &'m str } => Error(Syntax),
            "`{function}` 对每个用户只取一个值",
            "`{function}` takes one value of each user";
        WindowOfUsers => Error(Syntax),
            "用户没有窗口：写到对他们所度量的东西上，如 `where did(login, last 30d)`",
            "users have no window: give it to what is measured of them, as in `where did(login, last 30d)`";
        NotOverUsers => Error(Syntax),
            "对指向本用户的那些用户，用 `count`、`sum` 和 `any`：`sum(users.points by referrer)`",
            "`count`, `sum` and `any` go over the users who name this one: `sum(users.points by referrer)`";
        SumOfNothing => Error(WrongArguments),
            "`sum` 要取每个用户的一个值：写成 `sum(users.points by referrer)`",
            "`sum` takes a value of each user: write `sum(users.points by referrer)`";
        ValueOfUsers { function: &'m str } => Error(WrongArguments),
            "`{function}` 不取值：写成 `{function}(users by …)`，条件写在 `where` 之后",
            "`{function}` takes no value: write `{function}(users by …)`, and the condition behind `where`";
        TwoSteps => Error(NotAllowedHere),
            "`user(x)` 只走一步：把里面那步做成标签，再写 `user(tag(k))`",
            "`user(x)` goes one step: give the inner one to a tag, and write `user(tag(k))`";
        Inside { word: &'m str } => Error(NotAllowedHere),
            "把所有用户放在一起才知道的，不能放在 `{word}` 里，那里看的是单个事件：放到外面用 `and` 连接",
            "what is known only of all users together cannot stand inside `{word}`, which sees single events: join it outside with `and`";
        TooFewParts => Error(WrongArguments),
            "`quantile_of(x, n)` 的份数从 2 起",
            "`quantile_of(x, n)` takes a number of parts from 2";
        NoPart { percent: &'m str } => Error(InvalidConstant),
            "`{percent}%` 不是参加排名者的一部分：要大于 0%，至多 100%",
            "`{percent}%` is no part of those ranked: write more than 0% and at most 100%";
        /// `rank(count(swap)) in first 10`
        FirstOfOthers { is: Place } => Error(WrongType),
            "`first` 和 `last` 用于时间，这是{is}：最小的写 `bottom`，最大的写 `top`",
            "`first` and `last` go with times, this is {is}: write `bottom` for the least and `top` for the greatest";
        RankOfOthers { is: Place } => Error(WrongType),
            "名次用于数和时间，这是{is}",
            "ranks go with numbers and times, this is {is}";
        SharedBySeveral => Error(WrongArguments),
            "`shared_by` 只取一个值",
            "`shared_by` takes one value";
        SharedByEither { name: &'m str, path: &'m str } => Error(WrongArguments),
            "`{name}` 是事件，`{path}` 是用户属性：写成 `event {path}` 或 `user.{path}`",
            "`{name}` is an event, and `{path}` an attribute: write `event {path}` or `user.{path}`";
    }
}
