//! The state of a translation: bound values, and the steps in which users' features are made.

use std::collections::BTreeSet;

use domain::{ListKey, Time, Value};
use rules::checked::{Aggregate, Condition, EventSelector, Measure, Path, Place};

use super::calendar::ZoneTable;
use super::expression::{Expression, Kind, Presence};
use super::parameters::Parameters;
use super::{Columns, Folds};
use crate::evaluate::{self, Scope};
use crate::feature::{any_in_condition, any_measure};

/// A translation on its way.
pub(super) struct Translation<'a> {
    pub(super) columns: &'a dyn Columns,
    pub(super) now: Time,
    pub(super) parameters: Parameters,
    /// Step 0 makes attributes out of `traits`; each other one makes aggregates out of
    /// `events`, with the features of earlier steps joined.
    pub(super) steps: Vec<Step>,
    /// The zones that ClickHouse has to know as we do.
    pub(super) zones: BTreeSet<ZoneTable>,
    /// The steps whose features have been used since this was last emptied.
    pub(super) used: BTreeSet<usize>,
}

/// Features that are made together.
#[derive(Debug, Default)]
pub(super) struct Step {
    pub(super) features: Vec<Feature>,
    /// The steps that are joined.
    pub(super) uses: BTreeSet<usize>,
}

/// One column of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Feature {
    pub(super) call: Call,
    /// Which rows count.
    pub(super) rows: Rows,
}

/// A call of an aggregate function, to which a condition can be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) before: &'static str,
    pub(super) function: &'static str,
    pub(super) arguments: String,
    /// Which rows have the arguments, where nulls are not left out anyway.
    pub(super) present: Option<String>,
    pub(super) after: String,
}

/// The rows that count for a feature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rows {
    /// Which events; `None` for attributes.
    pub(super) selector: Option<EventSelector>,
    /// The first instant that counts, in milliseconds, where it is the same for all users.
    pub(super) since: Option<i64>,
    /// The first instant that no longer counts, likewise, where that is not after `now`.
    pub(super) until: Option<i64>,
    /// Conditions in SQL, all of which hold: a window of each user, the filter.
    pub(super) conditions: Vec<String>,
}

impl<'a> Translation<'a> {
    pub(super) fn new(columns: &'a dyn Columns, now: Time) -> Self {
        Self {
            columns,
            now,
            parameters: Parameters::default(),
            steps: vec![Step::default()],
            zones: BTreeSet::new(),
            used: BTreeSet::new(),
        }
    }

    /// The column of a feature in a step; equal features are one.
    pub(super) fn feature(&mut self, step: usize, feature: Feature) -> String {
        self.used.insert(step);
        while self.steps.len() <= step {
            self.steps.push(Step::default());
        }
        let Some(features) = self.steps.get_mut(step).map(|step| &mut step.features) else {
            return String::new();
        };
        let number = features
            .iter()
            .position(|known| *known == feature)
            .unwrap_or_else(|| {
                features.push(feature);
                features.len() - 1
            });
        column_name(step, number)
    }

    /// The value of a measure that is the same for all users: outer `None` if it is not.
    pub(super) fn fixed(&self, measure: &Measure) -> Option<Option<Value>> {
        let differs = |inner: &Measure| {
            matches!(
                inner,
                Measure::Attribute { .. }
                    | Measure::Property { .. }
                    | Measure::EventTime
                    | Measure::EventSource
                    | Measure::EventName
                    | Measure::Aggregate(_)
                    | Measure::Population(_)
                    | Measure::HeldSince(_)
                    | Measure::TagAt { .. }
                    | Measure::TagValue { .. }
            )
        };
        let asks_users = |inner: &Measure| match inner {
            Measure::If { condition, .. } => {
                any_in_condition(condition, &differs) || has_set_leaf(condition)
            }
            other => differs(other),
        };
        if any_measure(measure, &asks_users) {
            return None;
        }
        Some(evaluate::measure(measure, &self.nobody()))
    }

    /// A constant.
    pub(super) fn constant(&mut self, value: &Value) -> Result<Expression, Folds> {
        let always = |sql, kind| Ok(Expression::new(sql, kind, Presence::Always));
        match value {
            Value::Number(number) => {
                let text = number.to_string();
                let scale = u32::from(number.scale());
                let digits = text.replacen('.', "", 1);
                let bits = super::expression::bits_of_power(digits.len() as u32);
                if bits > 254 {
                    return Err(Folds::because("a constant has more than 254 bits"));
                }
                let sql = match digits.parse::<i128>() {
                    Ok(integer) => self.parameters.integer(integer),
                    Err(_) => self
                        .parameters
                        .bind(super::ParameterValue::WideInteger(digits)),
                };
                always(sql, Kind::Number { scale, bits })
            }
            Value::Text(text) => always(self.parameters.text(text), Kind::Text),
            Value::Bool(truth) => always(u8::from(*truth).to_string(), Kind::Truth),
            Value::Time(at) => {
                let sql = self.parameters.integer(i128::from(at.millis()));
                always(sql, Kind::Time)
            }
            Value::Span(span) => {
                let sql = self.parameters.integer(i128::from(span.millis()));
                always(sql, Kind::Span)
            }
            Value::Date(_) => Err(Folds::because("a date stands where a time is computed")),
            Value::List(_) | Value::Object(_) => {
                Err(Folds::because("a list or an object stands as a constant"))
            }
        }
    }
}

/// The name of a feature's column.
pub(super) fn column_name(step: usize, number: usize) -> String {
    format!("feature_{step}_{number}")
}

/// Whether a condition asks for sets of users.
fn has_set_leaf(condition: &Condition) -> bool {
    match condition {
        Condition::UserInList(_) | Condition::HasTag(_) | Condition::InAudience(_) => true,
        other => crate::feature::parts_of(other)
            .into_iter()
            .any(has_set_leaf),
    }
}

/// Somebody of whom nothing is known.
pub(super) struct Nobody<'a> {
    columns: &'a dyn Columns,
    now: Time,
}

impl<'a> Translation<'a> {
    pub(super) fn nobody(&self) -> Nobody<'a> {
        Nobody {
            columns: self.columns,
            now: self.now,
        }
    }
}

impl Scope for Nobody<'_> {
    fn now(&self) -> Time {
        self.now
    }
    fn attribute(&self, _path: &Path, _place: Place) -> Option<Value> {
        None
    }
    fn aggregate(&self, aggregate: &Aggregate) -> Option<Value> {
        super::aggregate::over_nothing(&aggregate.function)
    }
    fn value_in_list(&self, list: &ListKey, text: &str) -> bool {
        self.columns
            .list(list)
            .is_some_and(|texts| texts.iter().any(|member| **member == *text))
    }
}
