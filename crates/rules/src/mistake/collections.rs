//! Aggregates over the elements of a list that is known of the user.

use super::mistakes;
use crate::tree::Expression;

mistakes! {
    pub(crate) enum Collections<'m> {
        AnyOfEvents => Error(WrongArguments),
            "`any` 问的是用户身上一个列表的元素：对事件写 `did(…)`",
            "`any` asks the elements of a list that is known of the user: for events write `did(…)`";
        AnyOfEvent { name: &'m str } => Error(Ambiguous),
            "`{name}` 是事件：写成 `did({name} …)`；`any` 问的是一个列表的元素",
            "`{name}` is an event: write `did({name} …)`; `any` asks the elements of a list";
        EventOrAttribute { name: &'m str, path: &'m str } => Error(Ambiguous),
            "`{name}` 既是事件又是用户属性：写成 `event {name}` 或 `user.{path}`",
            "`{name}` is an event and an attribute: write `event {name}` or `user.{path}`";
        OtherGroup { path: &'m str } => Error(NotAllowedHere),
            "每组中的聚合只对该组自己的元素，即 `{path}` 的元素：写成 `count()` 或 `sum({path}.…)`",
            "aggregates of a group are of its own elements, which are those of `{path}`: write `count()` or `sum({path}.…)`";
        /// `max(count(holdings) per day)`
        NoPeriod { path: &'m str, unit: &'m str } => Error(NotAllowedHere),
            "`{path}` 的元素没有自己的时间：按成员分组，如 `per chain`；叫这个名字的成员写 `per ({unit})`",
            "the elements of `{path}` have no time of their own: group them by a member, as in `per chain`; a member of this name is `per ({unit})`";
        NoTime { function: &'m str, path: &'m str } => Error(WrongArguments),
            "`{function}` 用于事件：`{path}` 的元素没有自己的时间",
            "`{function}` goes with events: the elements of `{path}` have no time of their own";
        NoWindow { path: &'m str } => Error(NotAllowedHere),
            "`{path}` 是列表，是现在所知的样子，没有窗口：比较其元素的时间，如 `where created_at in last 30d`",
            "`{path}` is a list, as known now, and takes no window: compare a time of its elements, as in `where created_at in last 30d`";
        MemberCounted {
            function: &'m str,
            path: &'m str,
            value: &'m Expression,
        } => Error(WrongArguments),
            "`{function}` 数的是 `{path}` 的元素：写成 `{function}({path} where {value} is set)`",
            "`{function}` counts the elements of `{path}`: write `{function}({path} where {value} is set)`";
    }
}
