//! The tree of a rule: what was written, without types and without loss.
//!
//! Text and tree convert into one another: printing is canonical, and what is printed reads back
//! as the same tree. In JSON every node is an object with one member, which names the node;
//! numbers are texts, so that no digit is lost; unknown members are refused.

mod aggregate;
mod children;
mod count;
mod error;
mod group;
mod json;
mod points;
mod population;
mod sequence;
mod shape;
mod window;
mod words;

use serde::{Deserialize, Serialize};

pub use self::aggregate::{Aggregate, EventPattern};
pub use self::count::Count;
pub use self::error::Error;
pub use self::group::{GroupKey, Grouped, Periods, Regularly};
pub use self::points::Weighted;
pub use self::population::{OverUsers, RankAmount, RankBound, Ranking};
pub use self::sequence::{Gap, OfStep, Same, Sequence, Step, Within};
pub use self::window::{Anchored, Window};
pub use self::words::{
    AggregateName, ArithmeticOperator, ChoiceOperator, CompareOperator, FunctionName, RankEnd,
    UsersFunction,
};
use crate::located::Located;

/// How many levels a tree, or the parentheses of a text, may have.
pub const DEEPEST: usize = 64;

/// A whole rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// A condition (who has the tag) or a value (a metric).
    Expression(Expression),
    /// A layered tag.
    Cases(Cases),
}

/// The cases of a layered tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cases {
    /// In their order; at least one.
    pub of: Vec<Case>,
    /// The value of those for whom none holds.
    #[serde(rename = "else", default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<Located<String>>,
}

/// `case "whale" when …`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The tag's value if the condition holds.
    pub value: Located<String>,
    /// The condition.
    pub when: Expression,
}

/// A condition or a value, with its place in the text.
pub type Expression = Located<Node>;

/// What an expression is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Node {
    /// `10_000`, `1e18`, `10 ether`, as written but for underscores; it may be negative.
    Number(String),
    /// `30d`
    Duration(String),
    /// `2026-11-01T10:00Z`
    Time(String),
    /// `2026-11-01`
    Date(String),
    /// `"SG"`
    Text(String),
    /// `true`, `false`
    Truth(bool),
    /// `90d ago`
    Ago(String),
    /// `now`
    Now,
    /// `everyone`
    Everyone,
    /// An attribute, or inside `where` a property: the parts between the dots.
    Name(Vec<String>),
    /// `not`
    Not(Box<Expression>),
    /// `and`, of two or more.
    And(Vec<Expression>),
    /// `or`, of two or more.
    Or(Vec<Expression>),
    /// `at least 2 of (…)`
    AtLeast {
        /// How many have to hold.
        count: Count,
        /// The conditions.
        of: Vec<Expression>,
    },
    /// `a >= b`, `a contains b`, `a before b` …
    Compare {
        /// The left side.
        left: Box<Expression>,
        /// The operator.
        operator: CompareOperator,
        /// The right side.
        right: Box<Expression>,
        /// `ignoring case`
        #[serde(default, skip_serializing_if = "is_false")]
        ignoring_case: bool,
    },
    /// `a between b and c`, both ends included.
    Between {
        /// The value tested.
        value: Box<Expression>,
        /// The lower end.
        low: Box<Expression>,
        /// The upper end.
        high: Box<Expression>,
        /// `not between`
        #[serde(default, skip_serializing_if = "is_false")]
        negated: bool,
    },
    /// `a in (…)`, `a has any of (…)` …
    Choice {
        /// The value tested.
        value: Box<Expression>,
        /// The operator.
        operator: ChoiceOperator,
        /// What it is compared with; at least one.
        of: Vec<Expression>,
    },
    /// `a is set`
    IsSet(Box<Expression>),
    /// `a is not set`
    IsNotSet(Box<Expression>),
    /// `a in last 30d`
    InWindow {
        /// The time tested.
        value: Box<Expression>,
        /// The window.
        window: Box<Located<Window>>,
        /// `not in`
        #[serde(default, skip_serializing_if = "is_false")]
        negated: bool,
    },
    /// `a anniversary in next 7d`
    Anniversary {
        /// The time or date.
        value: Box<Expression>,
        /// How long from the start of today: whole days.
        next: String,
        /// `not in`
        #[serde(default, skip_serializing_if = "is_false")]
        negated: bool,
    },
    /// `(C for at least 3d)`
    Lasting {
        /// What has to have held all the time.
        condition: Box<Expression>,
        /// How long.
        at_least: String,
    },
    /// `in list(k)`: the user is in the list.
    InList(Located<String>),
    /// `a in list(k)`: the value is in the list.
    ValueInList {
        /// The value looked for.
        value: Box<Expression>,
        /// The list.
        list: Located<String>,
        /// `not in`
        #[serde(default, skip_serializing_if = "is_false")]
        negated: bool,
    },
    /// `lookup(k, x).column`
    Lookup {
        /// The table.
        table: Located<String>,
        /// Which row.
        row: Box<Expression>,
        /// Which column.
        column: Located<String>,
    },
    /// `in audience(k)`
    InAudience(Located<String>),
    /// `tag(k)`: its membership, or its value where it is compared.
    Tag(Located<String>),
    /// `tag(k) at t`: the same at an instant, by the recorded history.
    TagAt {
        /// The key of the tag.
        tag: Located<String>,
        /// The instant.
        at: Box<Expression>,
    },
    /// `-a`
    Negate(Box<Expression>),
    /// `a + b`
    Arithmetic {
        /// The left side.
        left: Box<Expression>,
        /// The operator.
        operator: ArithmeticOperator,
        /// The right side.
        right: Box<Expression>,
    },
    /// `age(t)`, `if(C, a, b)` …
    Call {
        /// The function.
        function: FunctionName,
        /// Its arguments.
        arguments: Vec<Expression>,
    },
    /// `points(1 when C, -0.5 when D)`; at least one.
    Points(Vec<Weighted>),
    /// `count(E where C, last 30d)` …
    Aggregate(Aggregate),
    /// `sequence(A -> B, last 30d)`: whether there are such events in this order.
    Sequence(Sequence),
    /// `count_sequences(A -> B, last 30d)`
    CountSequences(Sequence),
    /// `avg(gap(A -> B, last 30d))`
    Gap(Gap),
    /// `max(count(tx) per hour)` …
    Grouped(Grouped),
    /// `regularly(E, at least 3 of last 5 weeks)`
    Regularly(Regularly),
    /// `rank(x)`
    Rank(Ranking),
    /// `rank(x) in top 10%`
    InRank {
        /// By what users are ranked.
        ranking: Ranking,
        /// Which ranks.
        bound: RankBound,
        /// `not in`
        #[serde(default, skip_serializing_if = "is_false")]
        negated: bool,
    },
    /// `quantile_of(x, 5)`
    Quantile {
        /// By what users are ranked.
        ranking: Ranking,
        /// Into how many parts of equal size.
        parts: Count,
    },
    /// `user(referrer).country`, `user(referrer).tag(k)`
    OfUser {
        /// What identifies the user.
        user: Box<Expression>,
        /// A name or a tag.
        of: Box<Expression>,
    },
    /// `count(users by referrer)` …
    OverUsers(OverUsers),
    /// What could not be read; never in a rule that has no errors, and never in JSON.
    #[serde(skip)]
    Broken,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_false(value: &bool) -> bool {
    !value
}
