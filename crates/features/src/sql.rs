//! Rules as SQL: one ClickHouse query that selects the users for whom a rule holds.
//!
//! The query means exactly what the rule means, or there is none: a construct whose meaning in
//! ClickHouse differs has an exact form here, or the rule [`Folds`] with a reason, which tells
//! the caller to fold the histories instead. Values are bound parameters; the few typed
//! literals are made in `parameters`, names are quoted in one function there.
//!
//! | construct | SQL |
//! |---|---|
//! | and, or, not, at least k | `AND`, `OR`, `NOT`, a sum of truths; every leaf is 0 or 1, for nulls are closed to 0 before anything is negated |
//! | numbers | integers × 10^places of 64, 128 or 256 bits; bits are counted while translating, and what could pass 254 bits or leave the range folds |
//! | numbers that lie as text (lists among them, or beyond 38 digits) | fold |
//! | `+ − *`, `/`, `abs`, `round` | the same on integers; `/` is `intDivOrNull` after raising to 18 places |
//! | texts | stored text decoded, addresses in lower case; compared by bytes, which is by code point |
//! | `contains`, `starts with`, `ends with`, `length` | `position`, `startsWith`, `endsWith`, `lengthUTF8` |
//! | `matches` | `match` with `(?-s)`, for expressions of the plain constructs that RE2 and ours read alike; others fold |
//! | `ignoring case`, `lower` | `caseFoldUTF8`, `lowerUTF8`; letters that only ClickHouse's Unicode knows, and for `lower` a capital sigma, stop the query with an error; regular expressions `ignoring case` fold |
//! | lists of scalars in tests of text | `arrayExists` over the decoded elements; a list within a list stops the query with an error; lists in any other place fold |
//! | times and dates that are properties or attributes | their texts read by expressions, a date and an instant apart; numbers written in unusual ways stop the query with an error; among lists, or where either may stand for the other, they fold |
//! | time of the event, first and last time, now, constants, ± durations | milliseconds |
//! | time against a date | against the first instants of the day and of the next, in the zone |
//! | `version`, `lookup`, collections; an order of values of which nothing says what they are | fold |
//! | `hour`, `weekday`, `day_of_month`, `month`, `year`, `date_diff`, `days`, `weeks`, `months` … | `toHour` …; numbers of days by `toDate32(…, zone)`, never `dateDiff`; zones whose clocks went back over midnight fold |
//! | `hours` | milliseconds by the hour where the zone is whole hours from UTC; other zones fold |
//! | `anniversary` | fold |
//! | `age(unit, t)` | fold (`age(t)` alone is a difference of milliseconds) |
//! | `count`, `sum` | `count`, `sum` over integers that cannot overflow |
//! | `avg` | sum and count, divided as `/` is |
//! | `min`, `max`, `distinct` | `min`, `max`, `uniqExact` |
//! | `median`, `percentile`, `stddev`, `streak`, `longest_streak`, `top`; groups: `having`, `per`, `top … by` | fold |
//! | `first`, `last`, nth; `first_time`, `last_time`, nth | `argMin`, `argMax` by (time, arrival); sorted arrays for the nth |
//! | `sequence`, `count_sequences`, `gap` | fold: steps by time and position, without backtracking |
//! | attributes | `argMax` by (time, arrival) over the rows that touch them |
//! | windows | intervals of milliseconds; bounds of each user come from a first step, joined |
//! | lists of values | bound as an array |
//! | changes as events, `for at least`, `tag(k) at t`; identities, buckets | fold |
//! | ranks, quantiles, shared values, other users | fold: they are known only of all users together |
//! | tags, audiences, lists of users | fold: they are bitmaps, not histories |
//!
//! A calendar function of an instant before 1970 or after 2099 stops the query with an error, and
//! so does a zone of which ClickHouse has other tables than we. A user has fewer than 2^40 events.

mod aggregate;
mod calendar;
mod compare;
mod condition;
mod expression;
mod measure;
mod moment;
mod parameters;
mod query;
#[cfg(test)]
mod tests;
mod text;
mod translation;
mod window;

use std::fmt;
use std::sync::Arc;

use domain::{ListKey, Time};
use rules::checked::{Body, CheckedRule, Condition};

use self::translation::Translation;
use crate::history::WantedColumn;

pub use self::parameters::{Parameter, ParameterValue, literal};

/// What the translation has to know of the store.
pub trait Columns {
    /// The typed column of a property of events; `None` if there is none.
    fn event(&self, wanted: &WantedColumn) -> Option<StoredColumn>;
    /// The typed column of an attribute; `None` if there is none.
    fn attribute(&self, wanted: &WantedColumn) -> Option<StoredColumn>;
    /// The texts of a list of values; `None` if there is no such list.
    fn list(&self, list: &ListKey) -> Option<Vec<Arc<str>>>;
    /// The last instant of which events are not kept at another; `None` where all are.
    fn kept_since(&self, _now: Time) -> Option<Time> {
        None
    }
}

/// A typed column of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredColumn {
    /// The column's name, not quoted.
    pub name: String,
    /// What lies in it.
    pub form: StoredForm,
}

/// What lies in a column. In number columns of events, NULL is no number; in all columns of
/// attributes, NULL is not touched by the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredForm {
    /// `Nullable(Int64)`: value × 10^scale, at most 18 digits in all. In attributes the least
    /// integer is no number.
    Number64 {
        /// Places after the point.
        scale: u8,
    },
    /// `Nullable(Int128)`: the same with at most 38 digits.
    Number128 {
        /// Places after the point.
        scale: u8,
    },
    /// Stored text, nullable; see `domain::stored`.
    Text {
        /// Whether lists are among the values.
        lists: Lists,
    },
}

/// Whether a text column has lists among its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lists {
    /// Never.
    None,
    /// Perhaps.
    Some,
}

/// A query whose one column `user` has the numbers of the selected users, in no order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlQuery {
    /// The query, with a place such as `{p1:String}` for each parameter.
    pub text: String,
    /// What is bound to the places.
    pub parameters: Vec<Parameter>,
}

impl SqlQuery {
    /// The query with its values written out, for people to read and to paste.
    pub fn with_literals(&self) -> String {
        parameters::written_out(&self.text, &self.parameters)
    }
}

/// Why a rule has no SQL form: its histories have to be folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folds {
    /// The construct and the reason, in words.
    pub reason: String,
}

impl Folds {
    fn because(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
        }
    }
}

impl fmt::Display for Folds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "no query says this exactly: {}", self.reason)
    }
}

impl std::error::Error for Folds {}

/// The query for the users whom a rule gives a value; see [`has_value`].
///
/// # Errors
/// [`Folds`] where SQL cannot say the same.
pub fn translate(rule: &CheckedRule, columns: &dyn Columns, now: Time) -> Result<SqlQuery, Folds> {
    translate_condition(&has_value(rule), columns, now)
}

/// When a rule gives a user a value: its condition holds, or one of its cases, or its measure is
/// not missing. What this reads has to have typed columns before it is translated.
pub fn has_value(rule: &CheckedRule) -> Condition {
    match rule.body() {
        Body::Condition(condition) => condition.clone(),
        Body::Measure(measure) => Condition::IsSet(measure.clone()),
        Body::Cases {
            otherwise: Some(_), ..
        } => Condition::Constant(true),
        Body::Cases {
            cases,
            otherwise: None,
            ..
        } => Condition::Any(cases.iter().map(|case| case.when.clone()).collect()),
    }
}

/// The query for the users for whom a condition holds.
///
/// # Errors
/// [`Folds`] where SQL cannot say the same.
pub fn translate_condition(
    condition: &Condition,
    columns: &dyn Columns,
    now: Time,
) -> Result<SqlQuery, Folds> {
    let mut translation = Translation::new(columns, now);
    let holds = translation.holds(condition)?;
    Ok(translation.query(condition, &holds))
}
