//! What a state leaves of a user: mostly a number that fits a cell.

use std::collections::HashMap;

use domain::Value;
use rules::checked::{Aggregate, AggregateFunction, Grouping, Place};

use crate::block::NumberMeaning;
use crate::history::{Column, MISSING, UNTOUCHED};

/// The places that a number keeps at most.
const PLACES: u8 = 18;

/// What a feature's state gives.
#[derive(Clone, Copy, Debug)]
pub(super) enum Outcome {
    /// Numbers of one scale; those that do not fit a cell are kept apart.
    Number { scale: u8, meaning: NumberMeaning },
    /// Texts, and lists, by their codes.
    Code,
    /// Values of any kind.
    Value,
}

impl Outcome {
    /// Of an aggregate and the column of its only argument, if it lies in one.
    pub(super) fn of(aggregate: &Aggregate, argument: Option<&Column>) -> Self {
        let function = &aggregate.function;
        let (scale, meaning) = match (function, argument) {
            (
                AggregateFunction::Distinct
                | AggregateFunction::Streak(_)
                | AggregateFunction::LongestStreak(_)
                | AggregateFunction::Sequence(_),
                _,
            ) => (0, NumberMeaning::Number),
            (AggregateFunction::Groups(grouping), _) if grouping.having().is_some() => {
                (0, NumberMeaning::Number)
            }
            (AggregateFunction::Gap(_), _) => match function.place() {
                Place::Span => (0, NumberMeaning::Span),
                _ => (0, NumberMeaning::Number),
            },
            (AggregateFunction::FirstTime(_) | AggregateFunction::LastTime(_), _) => {
                (0, NumberMeaning::Time)
            }
            // Between two numbers lie hundredths of the percentage.
            (AggregateFunction::Percentile(percent), Some(Column::Number { scale, .. })) => {
                let scale = scale.saturating_add(percent.scale()).saturating_add(2);
                (scale.min(PLACES), NumberMeaning::Number)
            }
            (AggregateFunction::Top(..), _) => return Self::Code,
            (AggregateFunction::Groups(grouping), _) if matches!(**grouping, Grouping::Top(..)) => {
                return Self::Code;
            }
            _ => match function.place() {
                Place::Text | Place::Any => return Self::Code,
                _ => return Self::Value,
            },
        };
        Self::Number { scale, meaning }
    }

    /// What a cell holds of a user with that value; `None` where it has to be kept apart. Where values have codes, they
    /// are among these.
    pub(super) fn cell(self, value: Option<&Value>, known: &mut Dictionary) -> Option<i64> {
        match (self, value) {
            (Self::Value, _) => None,
            (Self::Number { .. } | Self::Code, None) => Some(MISSING),
            (Self::Code, Some(value)) => Some(i64::from(known.code(value))),
            (Self::Number { scale, meaning }, Some(value)) => {
                mantissa(value, scale).filter(|_| meaning_of(value) == Some(meaning))
            }
        }
    }
}

/// Values and their codes.
#[derive(Default)]
pub(super) struct Dictionary {
    codes: HashMap<Value, u32>,
    values: Vec<Value>,
}

impl Dictionary {
    /// The code of a value, a new one if it has none.
    fn code(&mut self, value: &Value) -> u32 {
        if let Some(code) = self.codes.get(value) {
            return *code;
        }
        let code = self.values.len() as u32;
        self.codes.insert(value.clone(), code);
        self.values.push(value.clone());
        code
    }

    /// The values, in the order of their codes.
    pub(super) fn values(&self) -> &[Value] {
        &self.values
    }
}

/// What the mantissa of a value stands for, if there can be one.
pub(super) fn meaning_of(value: &Value) -> Option<NumberMeaning> {
    match value {
        Value::Number(_) => Some(NumberMeaning::Number),
        Value::Time(_) => Some(NumberMeaning::Time),
        Value::Bool(_) => Some(NumberMeaning::Truth),
        Value::Span(_) => Some(NumberMeaning::Span),
        _ => None,
    }
}

/// The mantissa of a value at a scale, if it fits.
pub(super) fn mantissa(value: &Value, scale: u8) -> Option<i64> {
    let mantissa = match value {
        Value::Number(number) => {
            let mantissa = number.mantissa_at(scale)?;
            i64::try_from(mantissa).ok()?
        }
        Value::Time(at) => at.millis(),
        Value::Bool(truth) => i64::from(*truth),
        Value::Span(span) => span.millis(),
        _ => return None,
    };
    (mantissa > UNTOUCHED).then_some(mantissa)
}
