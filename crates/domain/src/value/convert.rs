//! The place decides the type (rules.md, meaning 5): a value as what its place demands.

use std::sync::Arc;

use super::{Kind, Value};
use crate::address::canonical_address_or_same;
use crate::{Date, Decimal, Time};

impl Value {
    /// The value as what a place demands, or `None` where it is no value there.
    ///
    /// - number: a text that is wholly a number; within the language's range
    /// - time: RFC 3339, a date (its midnight in UTC; where the zone matters, ask for a date
    ///   first), epoch seconds or milliseconds
    /// - date: a text such as `2026-11-01`; a time has no date without a zone
    /// - truth: the texts `true` and `false`
    /// - text: see [`Value::canonical_text`]
    /// - list, any: as it is
    #[must_use]
    pub fn convert(&self, to: Kind) -> Option<Self> {
        match to {
            Kind::Truth => self.to_truth().map(Self::Bool),
            Kind::Number => self.to_number().map(Self::Number),
            Kind::Text => self.canonical_text().map(Self::Text),
            Kind::Time => self.to_time().map(Self::Time),
            Kind::Date => self.to_date().map(Self::Date),
            Kind::Span => matches!(self, Self::Span(_)).then(|| self.clone()),
            Kind::List => matches!(self, Self::List(_)).then(|| self.clone()),
            Kind::Any => Some(self.clone()),
        }
    }

    /// The value in a boolean place.
    #[must_use]
    pub fn to_truth(&self) -> Option<bool> {
        match self {
            Self::Bool(truth) => Some(*truth),
            Self::Text(text) => match text.as_ref() {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// The value in a numeric place.
    #[must_use]
    pub fn to_number(&self) -> Option<Decimal> {
        match self {
            Self::Number(number) => number.clone().judged(),
            Self::Text(text) => Decimal::parse(text)?.judged(),
            _ => None,
        }
    }

    /// The value in a time place; a date is its midnight in UTC.
    #[must_use]
    pub fn to_time(&self) -> Option<Time> {
        match self {
            Self::Time(time) => Some(*time),
            Self::Date(date) => Some(date.midnight_utc()),
            Self::Number(number) => Time::from_epoch(number),
            Self::Text(text) => match Date::parse(text) {
                Some(date) => Some(date.midnight_utc()),
                None => Time::parse(text),
            },
            _ => None,
        }
    }

    /// The value in a date place.
    #[must_use]
    pub fn to_date(&self) -> Option<Date> {
        match self {
            Self::Date(date) => Some(*date),
            Self::Text(text) => Date::parse(text),
            _ => None,
        }
    }

    /// The value in a text place: numbers, booleans and times in their canonical text, an
    /// address in lower case. A list or an object is no text.
    #[must_use]
    pub fn canonical_text(&self) -> Option<Arc<str>> {
        Some(match self {
            Self::Text(text) => match canonical_address_or_same(text) {
                std::borrow::Cow::Borrowed(_) => Arc::clone(text),
                std::borrow::Cow::Owned(lower) => Arc::from(lower),
            },
            Self::Bool(true) => Arc::from("true"),
            Self::Bool(false) => Arc::from("false"),
            Self::Number(number) => Arc::from(number.to_string()),
            Self::Time(time) => Arc::from(time.to_string()),
            Self::Date(date) => Arc::from(date.to_string()),
            Self::Span(span) => Arc::from(span.to_string()),
            Self::List(_) | Self::Object(_) => return None,
        })
    }
}
