//! Values from and to JSON, without losing a digit.

use std::sync::Arc;

use serde_json::{Map, Number, Value as Json};

use super::Value;
use crate::Decimal;

impl Value {
    /// The value of a JSON document. `null` is no value, also inside lists and objects.
    ///
    /// A number is the decimal that its digits write; one too great to be computed with
    /// (an exponent beyond ±400) stays the text of its digits.
    #[must_use]
    pub fn from_json(json: &Json) -> Option<Self> {
        Some(match json {
            Json::Null => return None,
            Json::Bool(truth) => Self::Bool(*truth),
            Json::Number(number) => match Decimal::parse(number.as_str()) {
                Some(decimal) => Self::Number(decimal),
                None => Self::text(number.as_str()),
            },
            Json::String(text) => Self::text(text),
            Json::Array(elements) => elements.iter().filter_map(Self::from_json).collect(),
            Json::Object(members) => Self::Object(Arc::new(
                members
                    .iter()
                    .filter_map(|(name, json)| {
                        Some((Arc::from(name.as_str()), Self::from_json(json)?))
                    })
                    .collect(),
            )),
        })
    }

    /// The value as JSON: numbers with all their digits; times, dates and durations as their
    /// canonical texts.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::Bool(truth) => Json::Bool(*truth),
            Self::Number(number) => {
                let digits = number.to_string();
                digits
                    .parse::<Number>()
                    .map_or(Json::String(digits), Json::Number)
            }
            Self::Text(text) => Json::String(text.to_string()),
            Self::Time(time) => Json::String(time.to_string()),
            Self::Date(date) => Json::String(date.to_string()),
            Self::Span(span) => Json::String(span.to_string()),
            Self::List(elements) => Json::Array(elements.iter().map(Self::to_json).collect()),
            Self::Object(members) => Json::Object(
                members
                    .iter()
                    .map(|(name, value)| (name.to_string(), value.to_json()))
                    .collect::<Map<_, _>>(),
            ),
        }
    }
}
