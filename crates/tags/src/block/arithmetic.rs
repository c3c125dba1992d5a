//! Arithmetic on whole columns, exact, in 128 bits. What does not fit is asked user by user.

use domain::{Decimal, Value};
use features::{FeatureColumn, NumberMeaning, history};
use rules::checked::{Comparison, Condition, Function, Measure, Operator};

use super::Columns;
use super::computed::BlockColumn;
use crate::compile::rewrite::ColumnId;

/// The user has no value.
pub(crate) const MISSING: i128 = i128::MIN;

/// The user's value does not fit: it has to be asked for.
pub(crate) const ASK: i128 = i128::MIN + 1;

/// The places that a quotient is cut to, and the most that any value keeps.
const PLACES: u8 = 18;

/// The numbers or times of the users of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Numbers {
    /// Places after the point.
    pub scale: u8,
    meaning: NumberMeaning,
    /// value × 10^scale, or [`MISSING`], or [`ASK`].
    pub mantissas: Vec<i128>,
}

/// What is known of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Yes,
    No,
    /// The numbers do not fit.
    Ask,
}

impl Numbers {
    /// The numbers of a measure; `None` where they are not made of columns by arithmetic alone.
    pub fn of(measure: &Measure, columns: Columns<'_>, users: usize) -> Option<Self> {
        let numbers = exact(measure, columns, users)?;
        // More places would have to be cut.
        let is_whole = numbers.scale <= PLACES && numbers.meaning == NumberMeaning::Number;
        is_whole.then_some(numbers)
    }

    /// The value of one user, if it is known.
    pub fn value(&self, user: usize) -> Option<Value> {
        let mantissa = *self.mantissas.get(user)?;
        let is_number = mantissa != MISSING && mantissa != ASK;
        is_number.then(|| Value::Number(Decimal::from_mantissa(mantissa, self.scale)))
    }
}

/// The answers to a comparison of measures; `None` where they are not arithmetic on columns.
pub(crate) fn compared(
    condition: &Condition,
    columns: Columns<'_>,
    users: usize,
) -> Option<Vec<Answer>> {
    match condition {
        Condition::Compare {
            left,
            comparison,
            right,
            ..
        } => sides_compared(left, *comparison, right, columns, users),
        Condition::Between {
            value, low, high, ..
        } => {
            let from = sides_compared(value, Comparison::AtLeast, low, columns, users)?;
            let to = sides_compared(value, Comparison::AtMost, high, columns, users)?;
            let both = |(from, to)| match (from, to) {
                (Answer::Yes, Answer::Yes) => Answer::Yes,
                (Answer::No, _) | (_, Answer::No) => Answer::No,
                _ => Answer::Ask,
            };
            Some(from.into_iter().zip(to).map(both).collect())
        }
        _ => None,
    }
}

fn sides_compared(
    left: &Measure,
    comparison: Comparison,
    right: &Measure,
    columns: Columns<'_>,
    users: usize,
) -> Option<Vec<Answer>> {
    let (left, right) = (exact(left, columns, users)?, exact(right, columns, users)?);
    if left.meaning != right.meaning || left.scale.max(right.scale) > PLACES {
        return None;
    }
    let scale = left.scale.max(right.scale);
    let (raise_left, raise_right) = (power(scale - left.scale)?, power(scale - right.scale)?);
    let answer = |(left, right): (&i128, &i128)| {
        if *left == MISSING || *right == MISSING {
            return Answer::No;
        }
        if *left == ASK || *right == ASK {
            return Answer::Ask;
        }
        match (left.checked_mul(raise_left), right.checked_mul(raise_right)) {
            (Some(left), Some(right)) if holds(comparison, left, right) => Answer::Yes,
            (Some(_), Some(_)) => Answer::No,
            _ => Answer::Ask,
        }
    };
    Some(
        left.mantissas
            .iter()
            .zip(&right.mantissas)
            .map(answer)
            .collect(),
    )
}

fn holds(comparison: Comparison, left: i128, right: i128) -> bool {
    features::place::holds(comparison, left.cmp(&right))
}

fn power(exponent: u8) -> Option<i128> {
    10_i128.checked_pow(u32::from(exponent))
}

/// The numbers of a measure before the last judgement.
fn exact(measure: &Measure, columns: Columns<'_>, users: usize) -> Option<Numbers> {
    match measure {
        Measure::Property { path, .. } => column(columns.get(ColumnId::named(path)?)?),
        Measure::Constant(value) => constant(value, users),
        Measure::Function {
            function: Function::Instant(_),
            of,
        } => exact(of, columns, users).filter(|numbers| numbers.meaning == NumberMeaning::Time),
        Measure::Function {
            function: Function::Absolute,
            of,
        } => {
            let mut numbers = exact(of, columns, users).filter(is_number)?;
            for mantissa in numbers
                .mantissas
                .iter_mut()
                .filter(|mantissa| **mantissa > ASK)
            {
                *mantissa = mantissa.abs();
            }
            Some(numbers)
        }
        Measure::Arithmetic {
            operator,
            left,
            right,
        } => {
            let left = exact(left, columns, users).filter(is_number)?;
            let right = exact(right, columns, users).filter(is_number)?;
            match operator {
                Operator::Add => sum(left, &right, 1),
                Operator::Subtract => sum(left, &right, -1),
                Operator::Multiply => product(left, &right),
                Operator::Divide => quotient(left, &right),
            }
        }
        _ => None,
    }
}

fn is_number(numbers: &Numbers) -> bool {
    numbers.meaning == NumberMeaning::Number
}

fn constant(value: &Value, users: usize) -> Option<Numbers> {
    let (mantissa, scale, meaning) = match value {
        Value::Number(number) => (
            number
                .mantissa_at(number.scale())
                .filter(|mantissa| *mantissa > ASK)?,
            number.scale(),
            NumberMeaning::Number,
        ),
        Value::Time(at) => (i128::from(at.millis()), 0, NumberMeaning::Time),
        Value::Span(span) => (i128::from(span.millis()), 0, NumberMeaning::Span),
        _ => return None,
    };
    Some(Numbers {
        scale,
        meaning,
        mantissas: vec![mantissa; users],
    })
}

fn column(column: BlockColumn<'_>) -> Option<Numbers> {
    match column {
        BlockColumn::Feature(FeatureColumn::Number {
            scale,
            meaning,
            mantissas,
            wide,
        }) if *meaning != NumberMeaning::Truth => {
            let mantissas = mantissas.iter().map(|mantissa| match *mantissa {
                history::MISSING => MISSING,
                mantissa => i128::from(mantissa),
            });
            let mut mantissas: Vec<i128> = mantissas.collect();
            ask_for(&mut mantissas, wide.keys());
            Some(Numbers {
                scale: *scale,
                meaning: *meaning,
                mantissas,
            })
        }
        BlockColumn::Feature(FeatureColumn::Ratio {
            sum_scale,
            sums,
            counts,
            wide,
            ..
        }) => {
            let numbers = |scale, values: &[i64]| Numbers {
                scale,
                meaning: NumberMeaning::Number,
                mantissas: values.iter().map(|value| i128::from(*value)).collect(),
            };
            // No count stands for no mean, as no divisor stands for no quotient.
            let mut means = quotient(numbers(*sum_scale, sums), &numbers(0, counts))?;
            ask_for(&mut means.mantissas, wide.keys());
            Some(means)
        }
        BlockColumn::Feature(FeatureColumn::Any(values)) => numbers(values),
        _ => None,
    }
}

/// Numbers that come one by one.
fn numbers(values: &[Option<Value>]) -> Option<Numbers> {
    let scale = |value: &Value| match value {
        Value::Number(number) => Some(number.scale()),
        _ => None,
    };
    let scales = values.iter().flatten().map(scale);
    let scale = scales.collect::<Option<Vec<u8>>>()?.into_iter().max()?;
    let mantissa = |value: &Option<Value>| match value {
        Some(Value::Number(number)) => number
            .mantissa_at(scale)
            .filter(|mantissa| *mantissa > ASK)
            .unwrap_or(ASK),
        _ => MISSING,
    };
    Some(Numbers {
        scale,
        meaning: NumberMeaning::Number,
        mantissas: values.iter().map(mantissa).collect(),
    })
}

fn ask_for<'a>(mantissas: &mut [i128], users: impl Iterator<Item = &'a u32>) {
    for user in users {
        if let Some(mantissa) = mantissas.get_mut(*user as usize) {
            *mantissa = ASK;
        }
    }
}

/// Left becomes what `of` makes of both sides, where both have numbers; `None` has to be asked.
fn combine(left: &mut Numbers, right: &Numbers, of: impl Fn(i128, i128) -> Option<i128>) {
    for (left, right) in left.mantissas.iter_mut().zip(&right.mantissas) {
        *left = if *left == MISSING || *right == MISSING {
            MISSING
        } else if *left == ASK || *right == ASK {
            ASK
        } else {
            of(*left, *right)
                .filter(|result| *result > ASK)
                .unwrap_or(ASK)
        };
    }
}

fn sum(mut left: Numbers, right: &Numbers, sign: i128) -> Option<Numbers> {
    let scale = left.scale.max(right.scale);
    let raise_left = power(scale - left.scale)?;
    let raise_right = power(scale - right.scale)?.checked_mul(sign)?;
    combine(&mut left, right, |left, right| {
        left.checked_mul(raise_left)?
            .checked_add(right.checked_mul(raise_right)?)
    });
    Some(Numbers { scale, ..left })
}

fn product(mut left: Numbers, right: &Numbers) -> Option<Numbers> {
    let scale = left.scale.checked_add(right.scale)?;
    combine(&mut left, right, i128::checked_mul);
    Some(Numbers { scale, ..left })
}

/// To 18 places, cut toward zero; missing by zero.
fn quotient(mut left: Numbers, right: &Numbers) -> Option<Numbers> {
    let more = i16::from(PLACES) + i16::from(right.scale) - i16::from(left.scale);
    let raise_left = power(u8::try_from(more.max(0)).ok()?)?;
    let raise_right = power(u8::try_from((-more).max(0)).ok()?)?;
    for (left, _) in left
        .mantissas
        .iter_mut()
        .zip(&right.mantissas)
        .filter(|(_, right)| **right == 0)
    {
        *left = MISSING;
    }
    combine(&mut left, right, |left, right| {
        let (left, right) = (
            left.checked_mul(raise_left)?,
            right.checked_mul(raise_right)?,
        );
        left.checked_div(right)
    });
    Some(Numbers {
        scale: PLACES,
        ..left
    })
}
