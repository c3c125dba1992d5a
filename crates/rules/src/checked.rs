//! The checked rule: what a rule means, with every type, window and time zone decided.
//!
//! This is the one form that the fold, the SQL translation, the reference evaluator and
//! explanation read. Only the checker makes a [`CheckedRule`]. Equal meanings are equal
//! values (`Eq`, `Hash`), so that equal features of different tags are computed once.

mod aggregate;
mod collection;
mod derived;
mod group;
mod identity;
mod place;
mod population;
mod sequence;
mod window;

use std::collections::BTreeSet;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::num::NonZeroU32;
use std::sync::{Arc, OnceLock};

use domain::{Date, Decimal, ListKey, Table, TagKey, Time, Unit, Value, Zone};

pub use self::aggregate::{Aggregate, AggregateFunction, EventSelector};
pub use self::collection::Collection;
pub use self::derived::DerivedEvent;
pub use self::group::{GroupKey, GroupedBy, Grouping};
pub use self::identity::{IdentitySort, IdentityValue};
pub use self::population::{Population, RankBound, RankEnd, Ranking, Ties};
pub use self::sequence::{Demand, Gap, Limit, Sequence, Step};
pub use self::window::{Cut, Side, Window};
use crate::dependencies::Dependencies;

/// A rule without mistakes. Made by the checker alone; copies share what it says.
#[derive(Clone)]
pub struct CheckedRule(Arc<Sealed>);

/// What a rule says, and what follows from it alone.
struct Sealed {
    body: Body,
    dependencies: OnceLock<Dependencies>,
    canonical_hash: OnceLock<u64>,
}

impl CheckedRule {
    /// Seals a body that the checker has found right.
    pub(crate) fn new(body: Body) -> Self {
        Self(Arc::new(Sealed {
            body,
            dependencies: OnceLock::new(),
            canonical_hash: OnceLock::new(),
        }))
    }

    /// What the rule gives each user.
    pub fn body(&self) -> &Body {
        &self.0.body
    }

    /// Everything that the rule reads.
    #[must_use]
    pub fn dependencies(&self) -> &Dependencies {
        let find = || Dependencies::of_body(self.body());
        self.0.dependencies.get_or_init(find)
    }

    /// A number that is the same where the [canonical forms](CheckedRule::canonical) are equal. It lasts as long as the
    /// process.
    #[must_use]
    pub fn canonical_hash(&self) -> u64 {
        *self.0.canonical_hash.get_or_init(|| {
            let mut hasher = DefaultHasher::new();
            self.canonical().hash(&mut hasher);
            hasher.finish()
        })
    }
}

impl PartialEq for CheckedRule {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.body() == other.body()
    }
}

impl Eq for CheckedRule {}

impl Hash for CheckedRule {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.body().hash(hasher);
    }
}

impl fmt::Debug for CheckedRule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = self.body();
        out.debug_struct("CheckedRule").field("body", body).finish()
    }
}

/// What a rule gives each user.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Body {
    /// Yes or no.
    Condition(Condition),
    /// A layered tag: ordered cases.
    Cases {
        /// Value and condition, in order.
        cases: Vec<Case>,
        /// The value of those for whom no case holds; `None` gives them no value.
        otherwise: Option<Arc<str>>,
        /// Whether the first case that holds counts, or all of them.
        keep: domain::Keep,
    },
    /// A metric, first/last or preference tag: the value of an expression.
    Measure(Measure),
}

/// One case of a layered tag.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Case {
    /// The tag's value if the condition holds.
    pub value: Arc<str>,
    /// When it holds.
    pub when: Condition,
}

/// True or false for every known user (or, inside `where`, for every event).
///
/// A comparison with a missing value is false; `!=`, `not in` and the like are [`Condition::Not`]
/// around the positive form. Where a value is a list, a test holds if it holds for at least one
/// element.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Condition {
    /// Always true (`everyone`) or always false.
    Constant(bool),
    /// All hold. Flattened: no direct child is an `All`.
    All(Vec<Condition>),
    /// At least one holds. Flattened likewise.
    Any(Vec<Condition>),
    /// The exact complement.
    Not(Box<Condition>),
    /// At least `count` of the conditions hold.
    AtLeast {
        /// How many have to hold.
        count: u32,
        /// The conditions.
        of: Vec<Condition>,
    },
    /// A comparison of two values of the same place.
    Compare {
        /// Left side.
        left: Measure,
        /// The operator; never `!=`, which is `Not` around `Equal`.
        comparison: Comparison,
        /// Right side.
        right: Measure,
        /// The zone in which a date is a day, where a time can meet a date.
        zone: Option<Zone>,
    },
    /// One element of a value that may be a list lies between both ends, which are included. (Of
    /// what is never a list, this is two comparisons.)
    Between {
        /// The value tested.
        value: Measure,
        /// The lower end.
        low: Measure,
        /// The upper end.
        high: Measure,
        /// The zone in which a date is a day, where a time can meet a date.
        zone: Option<Zone>,
    },
    /// The value is one of these constants (`in (…)`, `has any of (…)`, `has x`), which are
    /// already converted to the place of the value. Text ones are canonical.
    OneOf {
        /// The value tested.
        value: Measure,
        /// The constants.
        of: BTreeSet<Value>,
    },
    /// Every constant is among the elements of the value (`has all of (…)`).
    HasAll {
        /// The list tested; a scalar is a list of one.
        value: Measure,
        /// The constants.
        of: BTreeSet<Value>,
    },
    /// A test of text.
    Text {
        /// The text tested.
        value: Measure,
        /// Which test.
        test: TextTest,
        /// What is looked for; a regular expression for [`TextTest::Matches`].
        pattern: Arc<str>,
        /// How letters compare.
        letters: Letters,
    },
    /// There is a value (empty text and the empty list included).
    IsSet(Measure),
    /// A truth value that is there and true.
    Holds(Measure),
    /// A time lies in a window (`in last 30d`, `in next 7d`, `on today` …).
    InWindow {
        /// The time tested.
        value: Measure,
        /// The window.
        window: Window,
    },
    /// One of the days from today on, so many, is t's month and day, at least a year after t.
    /// (`anniversary in next 7d`; 29 February is the 28th in other years.)
    Anniversary {
        /// The time or date.
        value: Measure,
        /// How many days, from 1.
        days: u32,
        /// Whose days.
        zone: Zone,
    },
    /// The user is in a list of users.
    UserInList(ListKey),
    /// The value, in a text place, is in a list of values.
    ValueInList {
        /// The value looked for.
        value: Measure,
        /// The list.
        list: ListKey,
    },
    /// The user has another tag: it has a value for the user.
    HasTag(TagKey),
    /// The user is in an audience.
    InAudience(domain::AudienceKey),
}

/// An order or equality.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<`, and `before`
    Less,
    /// `<=`
    AtMost,
    /// `>`, and `after`
    Greater,
    /// `>=`
    AtLeast,
}

/// A test of one text against a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextTest {
    /// Equality; only with [`Letters::Folded`], else it is a comparison.
    Equals,
    /// The pattern occurs anywhere.
    Contains,
    /// The text begins with the pattern.
    StartsWith,
    /// The text ends with the pattern.
    EndsWith,
    /// The regular expression (RE2 syntax) matches somewhere.
    Matches,
}

/// How letters compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Letters {
    /// By code point.
    Exact,
    /// By full Unicode case folding (`ignoring case`).
    Folded,
}

/// What the place of a value demands (rules.md, Meaning 5). Missing where it does not convert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// An exact number.
    Number,
    /// Canonical text.
    Text,
    /// True or false.
    Truth,
    /// A time, or a date, which is a whole day.
    Moment,
    /// A duration.
    Span,
    /// Whatever is there (`is set`).
    Any,
}

/// A value for each user (or, inside `where` and arguments, for each event), possibly missing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// The same for all.
    Constant(Value),
    /// The instant of evaluation.
    Now,
    /// A profile attribute as known at `now`, converted to its place.
    Attribute {
        /// Dotted path.
        path: Path,
        /// What its use demands.
        place: Place,
    },
    /// A property of the event; only in arguments and filters of aggregates. The event's own
    /// fields are [`Measure::EventTime`] and [`Measure::EventSource`].
    Property {
        /// Dotted path.
        path: Path,
        /// What its use demands.
        place: Place,
    },
    /// The time of the event; only in arguments and filters of aggregates.
    EventTime,
    /// The source that brought the event; only in arguments and filters of aggregates.
    EventSource,
    /// The name of the event; only in arguments and filters of aggregates.
    EventName,
    /// Something measured over the user's events.
    Aggregate(Box<Aggregate>),
    /// A value among all known users.
    Population(Box<Population>),
    /// Something measured over the elements of a list.
    Collection(Box<Collection>),
    /// A member of the element; only in arguments and filters of collections. A scalar element
    /// is its own member `value`.
    Member {
        /// Dotted path.
        path: Path,
        /// What its use demands.
        place: Place,
    },
    /// The value of another tag: a layered tag's value, a metric's value.
    TagValue {
        /// The other tag.
        tag: TagKey,
        /// What its use demands.
        place: Place,
    },
    /// Since when a test of one attribute against constants has held without a break until now;
    /// missing where it does not hold now. What has held for ever has since [`domain::Time::MIN`].
    HeldSince(Box<Condition>),
    /// The value of another tag at an instant, by the recorded history of memberships: that of a
    /// layered tag, true of others, missing of those who did not have it.
    TagAt {
        /// The other tag.
        tag: TagKey,
        /// The instant.
        at: Box<Measure>,
        /// What its use demands.
        place: Place,
    },
    /// A value of a table, in the row whose key is the text of another value; missing where
    /// there is no such row, or nothing in it. Of a list of keys, the list of values.
    Lookup {
        /// The table, with its rows as they were when the rule was checked.
        table: Arc<Table>,
        /// The column.
        column: Path,
        /// The row's key.
        row: Box<Measure>,
        /// What the use of the value demands.
        place: Place,
    },
    /// Exact arithmetic on numbers; also time ± span, time − time, span ± span, span × number,
    /// span / number, span / span.
    Arithmetic {
        /// The operator.
        operator: Operator,
        /// Left side.
        left: Box<Measure>,
        /// Right side.
        right: Box<Measure>,
    },
    /// `if(C, a, b)`
    If {
        /// The condition.
        condition: Box<Condition>,
        /// The value if it holds.
        then: Box<Measure>,
        /// The value if it does not.
        otherwise: Box<Measure>,
    },
    /// The first value that is there.
    Coalesce(Vec<Measure>),
    /// A function of one value.
    Function {
        /// Which one.
        function: Function,
        /// Of what.
        of: Box<Measure>,
    },
    /// `age(unit, t)`: whole units from t to now, in the zone.
    Age {
        /// The unit.
        unit: Unit,
        /// Since when.
        since: Box<Measure>,
        /// Whose calendar.
        zone: Zone,
    },
    /// `date_diff(unit, a, b)`: boundaries of the unit crossed from a to b, in the zone.
    DateDifference {
        /// The unit.
        unit: Unit,
        /// From when.
        from: Box<Measure>,
        /// Until when.
        to: Box<Measure>,
        /// Whose calendar.
        zone: Zone,
    },
}

/// An operator of arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`: 18 places, cut toward zero; missing by zero.
    Divide,
}

/// A function of one value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// The number without its sign.
    Absolute,
    /// Rounded half away from zero to so many places.
    Round(u8),
    /// The value as what it is when it is seen: a text that is wholly a number is that number, one
    /// that is a date or a time is it, and all else is what it is. Stands in an order of values of
    /// which nothing says what they are.
    Seen,
    /// Text in lower case.
    Lower,
    /// Characters of a text, elements of a list.
    Length,
    /// The instant of a moment: a date becomes the first instant of its day in the zone.
    Instant(Zone),
    /// A version as a text that sorts as versions do (see [`crate::version`]); missing for what
    /// is none.
    Version,
    /// A number below the count that follows from the text: the first 8 bytes, big-endian, of
    /// SHA-256 over the salt, a byte 0 and the text, as a remainder.
    Bucket {
        /// What tells one drawing from another.
        salt: Arc<str>,
        /// How many buckets there are.
        count: NonZeroU32,
    },
    /// A part of a time in a zone: hour 0–23, weekday 1–7 from Monday, day of month, month, year.
    Part(TimePart, Zone),
}

/// A part of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimePart {
    /// 0–23
    Hour,
    /// 1 (Monday) – 7
    Weekday,
    /// 1–31
    DayOfMonth,
    /// 1–12
    Month,
    /// Of the Gregorian calendar.
    Year,
}

/// A dotted path of a property or an attribute, in one text.
pub type Path = Arc<str>;

/// A constant number as a measure.
pub fn number(value: impl Into<Decimal>) -> Measure {
    Measure::Constant(Value::Number(value.into()))
}

/// A constant instant as a measure.
pub fn instant(at: Time) -> Measure {
    Measure::Constant(Value::Time(at))
}

/// A constant date as a measure.
pub fn date(day: Date) -> Measure {
    Measure::Constant(Value::Date(day))
}
