//! Columns that are computed of other columns, user by user.

use domain::Value;
use features::history::MISSING;
use features::{FeatureColumn, NumberMeaning};
use rules::checked::{Condition, Measure};

use super::ranges::NumberForm;
use crate::circuit::Line;

/// The values of a measure over features, and, where it gives numbers, what ranges compare.
#[derive(Debug, Default)]
pub(crate) struct Computed {
    pub values: Vec<Option<Value>>,
    numbers: Vec<i64>,
    form: Option<NumberForm>,
    /// Users whose value is none of the form's numbers.
    others: Vec<u32>,
}

/// A column of a block.
#[derive(Clone, Copy, Debug)]
pub(crate) enum BlockColumn<'a> {
    Feature(&'a FeatureColumn),
    Computed(&'a Computed),
}

impl<'a> BlockColumn<'a> {
    /// The value of one user of the block.
    pub fn value(self, user: usize) -> Option<Value> {
        match self {
            Self::Feature(column) => column.value(user),
            Self::Computed(column) => column.values.get(user).cloned().flatten(),
        }
    }

    /// The numbers of the column, if it has any.
    pub fn numbers(self) -> Option<(NumberForm, &'a [i64])> {
        match self {
            Self::Feature(column) => NumberForm::of(column),
            Self::Computed(column) => column.form.map(|form| (form, column.numbers.as_slice())),
        }
    }

    /// Users, in order, whose value is not among the numbers, and their values.
    pub fn others(self) -> Vec<(u32, Value)> {
        match self {
            Self::Feature(
                FeatureColumn::Number { wide, .. } | FeatureColumn::Ratio { wide, .. },
            ) => wide
                .iter()
                .map(|(user, value)| (*user, value.clone()))
                .collect(),
            Self::Feature(_) => Vec::new(),
            Self::Computed(column) => {
                let value = |user: &u32| Some((*user, column.values.get(*user as usize)?.clone()?));
                column.others.iter().filter_map(value).collect()
            }
        }
    }
}

impl Computed {
    /// Makes the column out of values. `places` is how many places the constants have that it is
    /// compared with.
    pub fn fill(&mut self, values: impl Iterator<Item = Option<Value>>, places: u8) {
        self.values.clear();
        self.numbers.clear();
        self.others.clear();
        self.values.extend(values);
        self.form = match self.values.iter().flatten().next() {
            Some(Value::Number(_)) => Some(NumberForm::Halves { scale: places }),
            Some(Value::Time(_)) => Some(NumberForm::Mantissas {
                scale: 0,
                meaning: NumberMeaning::Time,
            }),
            _ => None,
        };
        let Some(form) = self.form else { return };
        for (user, value) in (0_u32..).zip(&self.values) {
            let number = value
                .as_ref()
                .map_or(Some(MISSING), |value| number_of(value, form));
            if number.is_none() {
                self.others.push(user);
            }
            self.numbers.push(number.unwrap_or(MISSING));
        }
    }
}

/// The number that stands for a value in a form, if it has one.
fn number_of(value: &Value, form: NumberForm) -> Option<i64> {
    match (value, form) {
        (Value::Number(number), NumberForm::Halves { scale }) => {
            let floor = i64::try_from(number.floor_at(scale)?).ok()?;
            let above = number.mantissa_at(scale).is_none();
            floor
                .checked_mul(2)?
                .checked_add(i64::from(above))
                .filter(|number| is_value(*number))
        }
        (Value::Time(at), NumberForm::Mantissas { .. }) => {
            Some(at.millis()).filter(|n| is_value(*n))
        }
        _ => None,
    }
}

fn is_value(number: i64) -> bool {
    number > features::history::UNTOUCHED
}

/// The most places of the numbers that tests compare with.
pub(crate) fn places(tests: &[(Condition, u32)]) -> u8 {
    let mut most = 0;
    let mut note = |value: &Value| {
        for element in features::place::elements(value) {
            if let Value::Number(number) = element {
                most = most.max(number.scale());
            }
        }
    };
    for (test, _) in tests {
        match test {
            Condition::Compare { left, right, .. } => {
                for side in [left, right] {
                    if let Measure::Constant(value) = side {
                        note(value);
                    }
                }
            }
            Condition::OneOf { of, .. } | Condition::HasAll { of, .. } => {
                of.iter().for_each(&mut note)
            }
            _ => {}
        }
    }
    most
}

/// The users of a line whose bits are set in the known users of a block.
pub(crate) fn known_line(known: &[u64], line: usize) -> Line {
    let mut bits = Line::EMPTY;
    let words = known.chunks(8).nth(line).unwrap_or_default();
    bits.0
        .iter_mut()
        .zip(words)
        .for_each(|(word, known)| *word = *known);
    bits
}
