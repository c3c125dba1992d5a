//! Constants: exact numbers, durations, times and texts in the place that demands them.

use domain::{Date, Decimal, Places, Span, Time, Value};

use super::Checker;
use crate::checked::{Measure, Place};
use crate::located::TextRange;
use crate::mistake::Constants;
use crate::parse::AMOUNTS;
use crate::tree::{Expression, Node};

impl Checker<'_> {
    /// `1e18`, `10 ether`: within the range of numbers.
    pub(super) fn number(&mut self, text: &str, range: TextRange) -> Option<Decimal> {
        let (digits, unit) = text.split_once(' ').unwrap_or((text, ""));
        let places = AMOUNTS
            .iter()
            .find(|(amount, _)| *amount == unit)
            .map_or(0, |found| found.1);
        let Some((number, cut)) = Decimal::parse_noting(digits) else {
            return self.fail(range, Constants::NoNumber { text });
        };
        if cut == Places::Cut {
            self.remark(range, Constants::PlacesCut { text });
        }
        let scale = 10_i128.checked_pow(u32::from(places)).unwrap_or(1);
        match number.mul(&Decimal::from_mantissa(scale, 0)).judged() {
            Some(number) => Some(number),
            None => self.fail(range, Constants::OutOfRange { text }),
        }
    }

    /// `30d`: whole milliseconds.
    pub(super) fn duration(&mut self, text: &str, range: TextRange) -> Option<Span> {
        match Span::parse(text) {
            Some(span) => Some(span),
            None => self.fail(range, Constants::TooLongTime { text }),
        }
    }

    /// A constant in the place that demands it; a text may stand for a number or a time only
    /// where its quotes are the mistake, which is told.
    pub(super) fn constant(&mut self, expression: &Expression, place: Place) -> Option<Measure> {
        let range = expression.range;
        let value = match &expression.node {
            Node::Number(text) => Value::Number(self.number(text, range)?),
            Node::Duration(text) => Value::Span(self.duration(text, range)?),
            Node::Time(text) => match Time::parse(text) {
                Some(time) => Value::Time(time),
                None => return self.fail(range, Constants::NoTime { text }),
            },
            Node::Date(text) => match Date::parse(text) {
                Some(date) => Value::Date(date),
                None => return self.fail(range, Constants::NoDate { text }),
            },
            Node::Text(text) => Value::text(text),
            Node::Truth(truth) => Value::Bool(*truth),
            _ => return None,
        };
        let is_there = match (place, &value) {
            (Place::Any | Place::Text, _) => true,
            (Place::Number, Value::Number(_))
            | (Place::Truth, Value::Bool(_))
            | (Place::Moment, Value::Time(_) | Value::Date(_))
            | (Place::Span, Value::Span(_)) => true,
            _ => return self.mismatch(expression, place),
        };
        let value = match place {
            Place::Text if is_there => value.canonical_text().map(Value::Text)?,
            _ => value,
        };
        Some(Measure::Constant(value))
    }

    /// What a text in quotes would be in a place without them, if it is written so.
    pub(super) fn without_quotes(text: &str, place: Place) -> Option<String> {
        let is_there = match place {
            Place::Number => Decimal::parse(text).is_some(),
            Place::Truth => matches!(text, "true" | "false"),
            Place::Moment => Date::parse(text).is_some() || is_plain_time(text),
            Place::Span | Place::Text | Place::Any => false,
        };
        is_there.then(|| text.to_owned())
    }
}

fn is_plain_time(text: &str) -> bool {
    text.contains('T') && Time::parse(text).is_some()
}
