//! What people often get wrong, and how many users it is about.

use super::{Users, UsersHave, mistakes};
use crate::tree::Expression;

mistakes! {
    pub(crate) enum Doubts<'m> {
        UpperBoundAlone { condition: &'m Expression } => Hint(UpperBoundAlone),
            "`{condition}` 对什么都没做过的人也成立：不要他们就加上 `and did(…)`",
            "`{condition}` also holds for everyone who did nothing: add `and did(…)` if they are not meant";
        NeverDid => Hint(NeverDid),
            "这样不包括从未做过的人：`not did(E, last 30d)` 也包括他们",
            "this leaves out those who never did: `not did(E, last 30d)` has them, too";
        HoldsWithoutValue { path: &'m str } => Hint(HoldsWithoutValue),
            "对没有值的用户也成立：不要他们就加上 `and {path} is set`",
            "this also holds for users without a value: add `and {path} is set` if they are not meant";
        HoldsWithoutRank => Hint(HoldsWithoutValue),
            "对没有参加排名的用户也成立：不要他们就加上 `and rank(…) is set`",
            "this also holds for users who are not ranked: add `and rank(…) is set` if they are not meant";
    }
}

domain::words! {
    /// How many users a hint is about.
    pub(crate) enum Concerned {
        WithoutEvent { who: UsersHave },
            "{who}没有这样的事件",
            "{who} no such event";
        Never { who: Users },
            "{who}从未做过",
            "{who} never did";
        WithoutValue { who: UsersHave },
            "{who}没有值",
            "{who} no value";
    }
}
