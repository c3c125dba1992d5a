//! Comparisons as SQL.

use domain::{Date, Decimal, Value, Zone};
use rules::checked::{Comparison, Measure};

use super::condition::Texts;
use super::expression::{self, Expression, Kind};
use super::moment::Moment;
use super::translation::Translation;
use super::{Folds, ParameterValue};
use crate::place;

/// What is false of everybody.
pub(super) const NEVER: &str = "0";

impl Translation<'_> {
    /// A comparison of two measures: 0 or 1.
    pub(super) fn compared(
        &mut self,
        left: &Measure,
        comparison: Comparison,
        right: &Measure,
        zone: Option<&Zone>,
    ) -> Result<String, Folds> {
        match (self.fixed(left), self.fixed(right)) {
            (Some(None), _) | (_, Some(None)) => Ok(NEVER.to_owned()),
            (Some(Some(left)), Some(Some(right))) => {
                Ok(u8::from(place::compare(&left, comparison, &right, zone)).to_string())
            }
            (None, Some(Some(constant))) => self.with_constant(left, comparison, &constant, zone),
            (Some(Some(constant)), None) => {
                self.with_constant(right, mirrored(comparison), &constant, zone)
            }
            (None, None) => {
                let (left, right) = (self.measure(left)?, self.measure(right)?);
                two(&left, comparison, &right)
            }
        }
    }

    /// One element between both ends. What can be a list is a text, or has no SQL form.
    pub(super) fn lies_between(
        &mut self,
        value: &Measure,
        [low, high]: [&Measure; 2],
        zone: Option<&Zone>,
    ) -> Result<String, Folds> {
        if let (Some(Some(Value::Text(low))), Some(Some(Value::Text(high)))) =
            (self.fixed(low), self.fixed(high))
        {
            let texts = self.texts(value)?;
            let (low, high) = (self.parameters.text(&low), self.parameters.text(&high));
            return texts.some(|text| Ok(format!("({text} >= {low} AND {text} <= {high})")));
        }
        let from = self.compared(value, Comparison::AtLeast, low, zone)?;
        let to = self.compared(value, Comparison::AtMost, high, zone)?;
        Ok(format!("({from} AND {to})"))
    }

    fn with_constant(
        &mut self,
        measure: &Measure,
        comparison: Comparison,
        constant: &Value,
        zone: Option<&Zone>,
    ) -> Result<String, Folds> {
        if let Value::Text(text) = constant {
            let texts = self.texts(measure)?;
            return self.text_compared(&texts, comparison, text);
        }
        if let Some(moment) = self.stored_moment(measure)? {
            return self.moment_compared(&moment, comparison, constant, zone);
        }
        let value = self.measure(measure)?;
        let sign = sign(comparison);
        match (value.kind, constant) {
            (Kind::Number { .. }, Value::Number(number)) => {
                self.number_compared(&value, comparison, number)
            }
            (Kind::Time, Value::Date(day)) => self.against_day(&value, comparison, *day, zone),
            (Kind::Time, Value::Time(_))
            | (Kind::Span, Value::Span(_))
            | (Kind::Truth, Value::Bool(_)) => {
                let constant = self.constant(constant)?;
                let test = format!("{} {sign} {}", value.sql, constant.sql);
                Ok(Expression::closed(test, value.presence))
            }
            _ => Ok(NEVER.to_owned()),
        }
    }

    fn against_day(
        &mut self,
        at: &Expression,
        comparison: Comparison,
        day: Date,
        zone: Option<&Zone>,
    ) -> Result<String, Folds> {
        let utc = Zone::utc();
        let zone = zone.unwrap_or(&utc);
        let next = day
            .checked_add_days(1)
            .ok_or_else(|| Folds::because("the last day of all"))?;
        let mut first = |day| {
            let start = zone.start_of_date(day).millis();
            self.parameters.integer(i128::from(start))
        };
        let (start, next) = (first(day), first(next));
        let test = match comparison {
            Comparison::Equal => format!("{0} >= {start} AND {0} < {next}", at.sql),
            Comparison::Less => format!("{} < {start}", at.sql),
            Comparison::AtMost => format!("{} < {next}", at.sql),
            Comparison::Greater => format!("{} >= {next}", at.sql),
            Comparison::AtLeast => format!("{} >= {start}", at.sql),
        };
        Ok(Expression::closed(test, at.presence))
    }

    fn moment_compared(
        &mut self,
        moment: &Moment,
        comparison: Comparison,
        constant: &Value,
        zone: Option<&Zone>,
    ) -> Result<String, Folds> {
        match constant {
            Value::Time(at) => {
                let utc = Zone::utc();
                let day = zone.unwrap_or(&utc).date(*at);
                let instant = self.parameters.integer(i128::from(at.millis()));
                Ok(moment.against_time(comparison, &instant, day))
            }
            Value::Date(day) => {
                let at = moment.only_instant();
                let of_instant = self.against_day(&at, comparison, *day, zone)?;
                Ok(moment.against_date(comparison, *day, &of_instant))
            }
            _ => Ok(NEVER.to_owned()),
        }
    }

    fn text_compared(
        &mut self,
        texts: &Texts,
        comparison: Comparison,
        constant: &str,
    ) -> Result<String, Folds> {
        if comparison == Comparison::Equal {
            return Ok(self.some_text_equals(texts, constant));
        }
        let constant = self.parameters.text(constant);
        let sign = sign(comparison);
        texts.some(|text| Ok(format!("{text} {sign} {constant}")))
    }

    /// A number against a constant, at the number's own scale.
    pub(super) fn number_compared(
        &mut self,
        value: &Expression,
        comparison: Comparison,
        constant: &Decimal,
    ) -> Result<String, Folds> {
        let Some((scale, bits)) = value.number() else {
            return Ok(NEVER.to_owned());
        };
        let Ok(scale) = u8::try_from(scale) else {
            return Err(Folds::because("a number of very many places"));
        };
        let Some(floor) = constant.floor_at(scale) else {
            return self.with_distant(value, comparison, constant, scale, bits);
        };
        let is_exact = constant.mantissa_at(scale).is_some();
        let bound = |translation: &mut Self, integer: i128| translation.parameters.integer(integer);
        let test = match (comparison, is_exact) {
            (Comparison::Equal, false) => return Ok(NEVER.to_owned()),
            (Comparison::Equal, true) => format!("{} = {}", value.sql, bound(self, floor)),
            (Comparison::Less, true) => format!("{} < {}", value.sql, bound(self, floor)),
            (Comparison::Less, false) | (Comparison::AtMost, _) => {
                format!("{} <= {}", value.sql, bound(self, floor))
            }
            (Comparison::AtLeast, true) => format!("{} >= {}", value.sql, bound(self, floor)),
            (Comparison::AtLeast, false) | (Comparison::Greater, _) => {
                format!("{} > {}", value.sql, bound(self, floor))
            }
        };
        Ok(Expression::closed(test, value.presence))
    }

    /// Against a constant beyond 128 bits.
    fn with_distant(
        &mut self,
        value: &Expression,
        comparison: Comparison,
        constant: &Decimal,
        scale: u8,
        bits: u32,
    ) -> Result<String, Folds> {
        if bits <= 127 {
            let is_less = constant.is_negative();
            let all = match comparison {
                Comparison::Equal => false,
                Comparison::Less | Comparison::AtMost => !is_less,
                Comparison::Greater | Comparison::AtLeast => is_less,
            };
            return Ok(if all {
                value.is_set()
            } else {
                NEVER.to_owned()
            });
        }
        let digits = constant.to_string();
        let (whole, places) = digits.split_once('.').unwrap_or((&digits, ""));
        let Some(zeros) = usize::from(scale).checked_sub(places.len()) else {
            return Err(Folds::because("a great constant of very many places"));
        };
        let mantissa = format!("{whole}{places}{}", "0".repeat(zeros));
        if mantissa.len() > 76 {
            return Err(Folds::because("a constant of more than 76 digits"));
        }
        let bound = self.parameters.bind(ParameterValue::WideInteger(mantissa));
        let test = format!("{} {} {bound}", value.sql, sign(comparison));
        Ok(Expression::closed(test, value.presence))
    }
}

fn two(left: &Expression, comparison: Comparison, right: &Expression) -> Result<String, Folds> {
    let (left, right) = match (left.kind, right.kind) {
        (Kind::Number { .. }, Kind::Number { .. }) => expression::aligned(left, right)?,
        (Kind::Time, Kind::Time) => (left.clone(), right.clone()),
        (a, b) if a == b && a != Kind::Any => (left.clone(), right.clone()),
        _ => return Ok(NEVER.to_owned()),
    };
    let test = format!("{} {} {}", left.sql, sign(comparison), right.sql);
    Ok(Expression::closed(test, expression::either(&left, &right)))
}

/// The operator of SQL.
pub(super) fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::Less => "<",
        Comparison::AtMost => "<=",
        Comparison::Greater => ">",
        Comparison::AtLeast => ">=",
    }
}

fn mirrored(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Equal => Comparison::Equal,
        Comparison::Less => Comparison::Greater,
        Comparison::AtMost => Comparison::AtLeast,
        Comparison::Greater => Comparison::Less,
        Comparison::AtLeast => Comparison::AtMost,
    }
}
