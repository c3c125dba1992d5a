//! A value of a property, an attribute or a tag, and how the place of its use decides its type.

mod convert;
mod json;
#[cfg(test)]
pub(crate) mod tests;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Date, Decimal, Span, Time};

/// A value. Missing values are `None` around it; there is no null.
///
/// Its order is that of its kind: numbers and times by size, texts by code point. Values of
/// different kinds are ordered by kind, only so that they can be sorted; see
/// [`Value::compare`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// True or false.
    Bool(bool),
    /// An exact number.
    Number(Decimal),
    /// A text.
    Text(Arc<str>),
    /// An instant.
    Time(Time),
    /// A day without a zone.
    Date(Date),
    /// A duration.
    Span(Span),
    /// A list; the elements may differ in kind.
    List(Arc<[Value]>),
    /// Named members.
    Object(Arc<BTreeMap<Arc<str>, Value>>),
}

/// What a place in a rule demands of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// True or false.
    Truth,
    /// A number.
    Number,
    /// A text.
    Text,
    /// An instant.
    Time,
    /// A day without a zone.
    Date,
    /// A duration.
    Span,
    /// A list.
    List,
    /// Whatever is there.
    Any,
}

impl Value {
    /// A text value.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(Arc::from(text))
    }

    /// The kind; an object has none of its own and is [`Kind::Any`].
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Bool(_) => Kind::Truth,
            Self::Number(_) => Kind::Number,
            Self::Text(_) => Kind::Text,
            Self::Time(_) => Kind::Time,
            Self::Date(_) => Kind::Date,
            Self::Span(_) => Kind::Span,
            Self::List(_) => Kind::List,
            Self::Object(_) => Kind::Any,
        }
    }

    /// The order of two values of one kind; `None` for different kinds.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        (std::mem::discriminant(self) == std::mem::discriminant(other)).then(|| self.cmp(other))
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<Decimal> for Value {
    fn from(number: Decimal) -> Self {
        Self::Number(number)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<Time> for Value {
    fn from(time: Time) -> Self {
        Self::Time(time)
    }
}

impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl From<Span> for Value {
    fn from(span: Span) -> Self {
        Self::Span(span)
    }
}

impl FromIterator<Value> for Value {
    fn from_iter<I: IntoIterator<Item = Value>>(values: I) -> Self {
        Self::List(values.into_iter().collect())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Truth => "truth",
            Self::Number => "number",
            Self::Text => "text",
            Self::Time => "time",
            Self::Date => "date",
            Self::Span => "duration",
            Self::List => "list",
            Self::Any => "any value",
        })
    }
}
