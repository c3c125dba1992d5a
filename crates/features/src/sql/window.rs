//! Windows as intervals in SQL.

use domain::{Span, Value};
use rules::checked::{Cut, Measure, Side, Window};

use super::Folds;
use super::expression::{Expression, Kind, Presence};
use super::translation::Translation;
use crate::evaluate;
use crate::window::{self, Interval};

impl Translation<'_> {
    /// The interval of a window that is the same for all users.
    pub(super) fn common_interval(&self, window: &Window) -> Option<Interval> {
        let nobody = self.nobody();
        let fixed = |measure: &Measure| evaluate::measure(measure, &nobody);
        window::is_common(window).then(|| window::resolve(window, self.now, &fixed))
    }

    /// What has to hold of an instant in milliseconds for it to lie in the window.
    pub(super) fn inside(
        &mut self,
        at: &Expression,
        window: &Window,
    ) -> Result<Vec<String>, Folds> {
        if let Some(interval) = self.common_interval(window) {
            return Ok(self.between(at, interval));
        }
        match window {
            Window::Between { from, to } => {
                let mut conditions = Vec::new();
                if let Some(cut) = from {
                    conditions.push(self.after_cut(at, cut, ">=")?);
                }
                match to {
                    Some(cut) => conditions.push(self.after_cut(at, cut, "<")?),
                    None => {
                        let now = self.parameters.integer(i128::from(self.now.millis()));
                        let test = format!("{} <= {now}", at.sql);
                        conditions.push(Expression::closed(test, at.presence));
                    }
                }
                Ok(conditions)
            }
            Window::After { anchor, span } => {
                let anchor = self.anchor(anchor)?;
                let end = self.shifted(&anchor, '+', *span);
                Ok(vec![bounded(at, ">=", &anchor.sql), bounded(at, "<", &end)])
            }
            Window::Before { anchor, span } => {
                let anchor = self.anchor(anchor)?;
                let start = self.shifted(&anchor, '-', *span);
                Ok(vec![
                    bounded(at, ">=", &start),
                    bounded(at, "<", &anchor.sql),
                ])
            }
            _ => Err(Folds::because("a window of another kind")),
        }
    }

    fn between(&mut self, at: &Expression, interval: Interval) -> Vec<String> {
        let mut conditions = Vec::new();
        if interval.from > i64::MIN {
            let from = self.parameters.integer(i128::from(interval.from));
            let test = format!("{} >= {from}", at.sql);
            conditions.push(Expression::closed(test, at.presence));
        }
        let until = self.parameters.integer(i128::from(interval.until));
        conditions.push(Expression::closed(
            format!("{} < {until}", at.sql),
            at.presence,
        ));
        conditions
    }

    /// Compares with the first instant after a cut.
    fn after_cut(&mut self, at: &Expression, cut: &Cut, operator: &str) -> Result<String, Folds> {
        if let Some(fixed) = self.fixed(&cut.at) {
            let first = fixed.and_then(|value| first_after(cut, &value));
            return Ok(match first {
                Some(first) => {
                    let first = self.parameters.integer(i128::from(first));
                    Expression::closed(format!("{} {operator} {first}", at.sql), at.presence)
                }
                None => "0".to_owned(),
            });
        }
        if let Some(moment) = self.stored_moment(&cut.at)? {
            let start =
                self.start_of_day(&format!("({} + {})", moment.day, cut.plus_days), &cut.zone)?;
            let after = u8::from(cut.side == Side::JustAfter);
            let first = format!("ifNull({} + {after}, {start})", moment.at);
            return Ok(bounded(at, operator, &first));
        }
        let bound = self.anchor(&cut.at)?;
        Ok(match cut.side {
            Side::JustBefore => bounded(at, operator, &bound.sql),
            Side::JustAfter => bounded(at, operator, &format!("({} + 1)", bound.sql)),
        })
    }

    fn anchor(&mut self, anchor: &Measure) -> Result<Expression, Folds> {
        let at = self.operand(anchor)?;
        match at.kind {
            Kind::Time => Ok(at),
            _ => Err(Folds::because("a window whose bound is no time")),
        }
    }

    fn shifted(&mut self, at: &Expression, sign: char, span: Span) -> String {
        // Times have fewer than 2^48 milliseconds.
        let reach = 1 << 62;
        let span = self
            .parameters
            .integer(i128::from(span.millis().clamp(-reach, reach)));
        format!("({} {sign} {span})", at.sql)
    }
}

fn bounded(at: &Expression, operator: &str, bound: &str) -> String {
    Expression::closed(format!("{} {operator} {bound}", at.sql), Presence::Perhaps)
}

/// The first instant after a cut at a value.
fn first_after(cut: &Cut, value: &Value) -> Option<i64> {
    match (value, cut.side) {
        (Value::Time(at), Side::JustBefore) => Some(at.millis()),
        (Value::Time(at), Side::JustAfter) => Some(at.millis().saturating_add(1)),
        (Value::Date(day), _) => Some(
            cut.zone
                .start_of_date(day.checked_add_days(cut.plus_days)?)
                .millis(),
        ),
        _ => None,
    }
}
