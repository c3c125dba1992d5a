//! Columns that are computed of other columns, user by user.

use std::collections::BTreeMap;

use domain::Value;
use features::history::MISSING;
use features::{FeatureColumn, NumberMeaning};
use rules::checked::{Condition, Measure};

use super::arithmetic::{self, Numbers};
use super::ranges::NumberForm;

/// The values of a measure over features, and, where it gives numbers, what ranges compare.
#[derive(Debug, Default)]
pub(crate) struct Computed {
    /// The values one by one, or none where `arithmetic` has them.
    values: Vec<Option<Value>>,
    /// The numbers that were computed all at once, and the values of users who had to be asked.
    arithmetic: Option<(Numbers, BTreeMap<u32, Value>)>,
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
            Self::Computed(column) => column.value(user),
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
                let value = |user: &u32| Some((*user, column.value(*user as usize)?));
                column.others.iter().filter_map(value).collect()
            }
        }
    }
}

impl Computed {
    fn value(&self, user: usize) -> Option<Value> {
        match &self.arithmetic {
            None => self.values.get(user).cloned().flatten(),
            Some((numbers, asked)) => numbers
                .value(user)
                .or_else(|| asked.get(&(user as u32)).cloned()),
        }
    }

    fn clear(&mut self) {
        self.values.clear();
        self.arithmetic = None;
        self.numbers.clear();
        self.others.clear();
    }

    /// Makes the column out of numbers that were computed all at once; `ask` gives the value of
    /// a user where they did not fit. `places` is as in [`Computed::fill`].
    pub fn fill_numbers(
        &mut self,
        numbers: Numbers,
        places: u8,
        ask: impl Fn(usize) -> Option<Value>,
    ) {
        self.clear();
        self.form = Some(NumberForm::Halves { scale: places });
        let halves = Halves::new(numbers.scale, places);
        let mut asked = BTreeMap::new();
        for (user, mantissa) in numbers.mantissas.iter().enumerate() {
            let half = match *mantissa {
                arithmetic::MISSING => Some(MISSING),
                arithmetic::ASK => None,
                mantissa => halves.of(mantissa),
            };
            if *mantissa == arithmetic::ASK
                && let Some(value) = ask(user)
            {
                asked.insert(user as u32, value);
            }
            if half.is_none() {
                self.others.push(user as u32);
            }
            self.numbers.push(half.unwrap_or(MISSING));
        }
        self.arithmetic = Some((numbers, asked));
    }

    /// Makes the column out of values. `places` is how many places the constants have that it is
    /// compared with.
    pub fn fill(&mut self, values: impl Iterator<Item = Option<Value>>, places: u8) {
        self.clear();
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

/// The way from mantissas of one scale to doubled numbers of so many places.
struct Halves {
    raise: Option<i128>,
    lower: i128,
}

impl Halves {
    fn new(scale: u8, places: u8) -> Self {
        let power = |exponent: u8| 10_i128.checked_pow(u32::from(exponent));
        Self {
            raise: power(places.saturating_sub(scale)),
            // A scale is at most 18.
            lower: power(scale.saturating_sub(places)).unwrap_or(1),
        }
    }

    /// Twice the floor, and one more where the number lies above it.
    fn of(&self, mantissa: i128) -> Option<i64> {
        let raised = mantissa.checked_mul(self.raise?)?;
        let (floor, is_above) = match (i64::try_from(raised), i64::try_from(self.lower)) {
            // Division of 64 bits is several times faster.
            (Ok(raised), Ok(lower)) => (raised.div_euclid(lower), raised.rem_euclid(lower) != 0),
            _ => {
                let floor = i64::try_from(raised.div_euclid(self.lower)).ok()?;
                (floor, raised.rem_euclid(self.lower) != 0)
            }
        };
        floor
            .checked_mul(2)?
            .checked_add(i64::from(is_above))
            .filter(|number| is_value(*number))
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
            Condition::Between { low, high, .. } => {
                for end in [low, high] {
                    if let Measure::Constant(value) = end {
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
