//! The values of metric tags: one for each member.

mod part;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{Decimal, Span, Time, UserNumber, UserSet, Value};
use features::history::MISSING;
use features::{FeatureColumn, NumberMeaning};

pub use self::part::MetricPart;
use crate::block::computed::BlockColumn;

/// The values of one metric tag.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetricValues {
    /// The members, ascending; entry i has value i.
    users: Vec<u32>,
    values: Values,
}

/// Values in a row, numbers of one scale narrow. Equal where the values are, however they are kept.
#[derive(Clone, Debug)]
enum Values {
    Numbers {
        scale: u8,
        meaning: NumberMeaning,
        mantissas: Vec<i64>,
    },
    Any(Vec<Value>),
}

impl Default for Values {
    fn default() -> Self {
        Self::Any(Vec::new())
    }
}

impl PartialEq for Values {
    fn eq(&self, other: &Self) -> bool {
        if let (
            Self::Numbers {
                scale,
                meaning,
                mantissas,
            },
            Self::Numbers {
                scale: other_scale,
                meaning: other_meaning,
                mantissas: others,
            },
        ) = (self, other)
            && (scale, meaning) == (other_scale, other_meaning)
        {
            return mantissas == others;
        }
        let mut places = 0..self.len();
        self.len() == other.len() && places.all(|place| self.get(place) == other.get(place))
    }
}

impl Values {
    fn len(&self) -> usize {
        match self {
            Self::Numbers { mantissas, .. } => mantissas.len(),
            Self::Any(values) => values.len(),
        }
    }

    fn get(&self, place: usize) -> Option<Value> {
        match self {
            Self::Numbers {
                scale,
                meaning,
                mantissas,
            } => Some(number(*mantissas.get(place)?, *scale, *meaning)),
            Self::Any(values) => values.get(place).cloned(),
        }
    }

    /// Adds a value that is none of the numbers.
    fn push_any(&mut self, value: Value) {
        match self {
            Self::Any(values) => values.push(value),
            Self::Numbers {
                scale,
                meaning,
                mantissas,
            } => {
                let numbers = mantissas
                    .iter()
                    .map(|mantissa| number(*mantissa, *scale, *meaning));
                *self = Self::Any(numbers.chain([value]).collect());
            }
        }
    }
}

/// Whether it is one value rather than several.
pub(crate) fn is_scalar(value: &Value) -> bool {
    !matches!(value, Value::List(_) | Value::Object(_))
}

fn number(mantissa: i64, scale: u8, meaning: NumberMeaning) -> Value {
    match meaning {
        NumberMeaning::Number => Value::Number(Decimal::from_mantissa(i128::from(mantissa), scale)),
        NumberMeaning::Time => Value::Time(Time::from_millis(mantissa)),
        NumberMeaning::Span => Value::Span(Span::from_millis(mantissa)),
        NumberMeaning::Truth => Value::Bool(mantissa != 0),
    }
}

impl MetricValues {
    /// The value of a user, if it is a member.
    #[must_use]
    pub fn value(&self, user: UserNumber) -> Option<Value> {
        self.values.get(self.users.binary_search(&user.0).ok()?)
    }

    /// The members and their values, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (UserNumber, Value)> + '_ {
        let value =
            |(place, user): (usize, &u32)| Some((UserNumber(*user), self.values.get(place)?));
        self.users.iter().enumerate().filter_map(value)
    }

    /// Members with numbers that are in the order of their values, and equal where those are. A
    /// member whose value is a list has none.
    pub(crate) fn ordered(&self) -> Vec<(i64, u32)> {
        let users = self.users.iter().copied();
        match &self.values {
            Values::Numbers { mantissas, .. } => mantissas.iter().copied().zip(users).collect(),
            Values::Any(values) => {
                let mut different: Vec<&Value> = values.iter().filter(|v| is_scalar(v)).collect();
                different.sort_unstable();
                different.dedup();
                let place = |value: &Value| different.binary_search(&value).ok();
                let number = |(value, user): (&Value, u32)| Some((place(value)? as i64, user));
                values.iter().zip(users).filter_map(number).collect()
            }
        }
    }

    /// The values of users, ascending; `otherwise` for those who are no members.
    pub(crate) fn column(&self, users: &[u32], otherwise: Option<&Value>) -> FeatureColumn {
        let places = self.places(users);
        let Values::Numbers {
            scale,
            meaning,
            mantissas,
        } = &self.values
        else {
            let value = |place: Option<usize>| match place {
                Some(place) => self.values.get(place),
                None => otherwise.cloned(),
            };
            return FeatureColumn::Any(places.map(value).collect());
        };
        let missing = match otherwise {
            Some(Value::Number(number)) => number.mantissa_at(*scale),
            _ => None,
        };
        let missing = missing.and_then(|mantissa| i64::try_from(mantissa).ok());
        let mantissa = |place: Option<usize>| {
            let mantissa = place.and_then(|place| mantissas.get(place).copied());
            mantissa.or(missing).unwrap_or(MISSING)
        };
        FeatureColumn::Number {
            scale: *scale,
            meaning: *meaning,
            mantissas: places.map(mantissa).collect(),
            wide: BTreeMap::new(),
        }
    }

    /// Where ascending users stand among the members.
    fn places<'a>(&'a self, users: &'a [u32]) -> impl Iterator<Item = Option<usize>> + 'a {
        let mut next = 0;
        users.iter().map(move |user| {
            let rest = self.users.get(next..).unwrap_or_default();
            if rest.first().is_some_and(|member| member < user) {
                next += rest.partition_point(|member| member < user);
            }
            (self.users.get(next) == Some(user)).then_some(next)
        })
    }

    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.users.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.users.is_empty()
    }

    /// The values with those of some users taken from others: who of them has none there has
    /// none. The same ones where nothing changes.
    #[must_use]
    pub fn replaced(this: &Arc<Self>, users: &UserSet, by: &Self) -> Arc<Self> {
        if users.iter().all(|user| this.value(user) == by.value(user)) {
            return Arc::clone(this);
        }
        let kept = this.iter().filter(|(user, _)| !users.contains(*user));
        let mut merged: Vec<(UserNumber, Value)> = kept.chain(by.iter()).collect();
        merged.sort_by_key(|(user, _)| *user);
        Arc::new(merged.into_iter().collect())
    }

    /// The values of those who are among some users.
    #[must_use]
    pub fn within(&self, users: &UserSet) -> Self {
        if users.len() < self.users.len() as u64 {
            let value = |user| Some((user, self.value(user)?));
            return users.iter().filter_map(value).collect();
        }
        let values = self.iter();
        values.filter(|(user, _)| users.contains(*user)).collect()
    }
}

impl FromIterator<(UserNumber, Value)> for MetricValues {
    /// Members in ascending order, each once.
    fn from_iter<I: IntoIterator<Item = (UserNumber, Value)>>(values: I) -> Self {
        let mut all = Self::default();
        all.extend(values);
        all
    }
}

impl Extend<(UserNumber, Value)> for MetricValues {
    /// Adds later members, in ascending order, each once.
    fn extend<I: IntoIterator<Item = (UserNumber, Value)>>(&mut self, later: I) {
        let mut builder = MetricBuilder(std::mem::take(self));
        let later = later.into_iter();
        later.for_each(|(user, value)| builder.push(user.0, value));
        *self = builder.0;
    }
}

/// Values in the making, by ascending users.
#[derive(Clone, Debug, Default)]
pub(crate) struct MetricBuilder(MetricValues);

impl MetricBuilder {
    /// Adds the value of a user of a block, if there is one.
    pub fn push_of(&mut self, user: u32, column: BlockColumn<'_>, place: usize) {
        if let BlockColumn::Feature(FeatureColumn::Number {
            scale,
            meaning,
            mantissas,
            ..
        }) = column
            && let Some(mantissa) = mantissas.get(place)
            && *mantissa != MISSING
        {
            self.push_number(user, *mantissa, *scale, *meaning);
        } else if let Some(value) = column.value(place) {
            self.push(user, value);
        }
    }

    /// Adds a value.
    pub fn push(&mut self, user: u32, value: Value) {
        let narrow = match &value {
            Value::Number(number) => number
                .mantissa_at(number.scale())
                .and_then(|mantissa| i64::try_from(mantissa).ok())
                .map(|mantissa| (mantissa, number.scale(), NumberMeaning::Number)),
            Value::Time(at) => Some((at.millis(), 0, NumberMeaning::Time)),
            Value::Span(span) => Some((span.millis(), 0, NumberMeaning::Span)),
            Value::Bool(truth) => Some((i64::from(*truth), 0, NumberMeaning::Truth)),
            _ => None,
        };
        match narrow {
            Some((mantissa, scale, meaning)) => self.push_number(user, mantissa, scale, meaning),
            None => {
                self.0.users.push(user);
                self.0.values.push_any(value);
            }
        }
    }

    fn push_number(&mut self, user: u32, mantissa: i64, scale: u8, meaning: NumberMeaning) {
        if self.0.users.is_empty() {
            self.0.values = Values::Numbers {
                scale,
                meaning,
                mantissas: Vec::new(),
            };
        }
        self.0.users.push(user);
        match &mut self.0.values {
            Values::Numbers {
                scale: old_scale,
                meaning: old_meaning,
                mantissas,
            } if *old_meaning == meaning
                && let Some(mantissa) = at_scale(mantissa, scale, *old_scale) =>
            {
                mantissas.push(mantissa);
            }
            other => other.push_any(number(mantissa, scale, meaning)),
        }
    }

    /// Adds the values of later users.
    pub fn append(&mut self, later: Self) {
        if self.0.is_empty() {
            *self = later;
            return;
        }
        for (user, value) in later.0.iter() {
            self.push(user.0, value);
        }
    }

    /// The values.
    pub fn finish(self) -> MetricValues {
        self.0
    }
}

/// The mantissa at another scale, if it is a whole number there that fits.
fn at_scale(mantissa: i64, scale: u8, wanted: u8) -> Option<i64> {
    if scale <= wanted {
        return mantissa.checked_mul(10_i64.checked_pow(u32::from(wanted - scale))?);
    }
    let divisor = 10_i64.checked_pow(u32::from(scale - wanted))?;
    (mantissa % divisor == 0).then(|| mantissa / divisor)
}
