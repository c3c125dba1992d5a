//! Aggregates over events as SQL.

use domain::{Decimal, Value};
use rules::checked::{Aggregate, AggregateFunction, Measure, Place};

use super::Folds;
use super::condition::Texts;
use super::expression::{self, Expression, Kind, Presence};
use super::measure::EVENT_TIME;
use super::text;
use super::translation::{Call, Feature, Rows, Translation};

/// Bits of the number of events of one user.
const COUNT_BITS: u32 = 40;

/// A count, which is never missing.
const COUNT: Kind = Kind::Number {
    scale: 0,
    bits: COUNT_BITS,
};

/// The total order of a user's events.
const ORDER: &str = "(e.time, e.arrival)";

/// What a function gives over no events.
pub(super) fn over_nothing(function: &AggregateFunction) -> Option<Value> {
    let is_zero = function.is_zero_over_nothing();
    is_zero.then_some(Value::Number(Decimal::ZERO))
}

impl Translation<'_> {
    /// The column in which an aggregate is made for each user.
    pub(super) fn aggregate(&mut self, aggregate: &Aggregate) -> Result<Expression, Folds> {
        let outer = std::mem::take(&mut self.used);
        let made = self.made(aggregate);
        self.used.extend(outer);
        made
    }

    fn made(&mut self, aggregate: &Aggregate) -> Result<Expression, Folds> {
        let rows = self.rows(aggregate)?;
        let calls = self.calls(aggregate)?;
        let uses = std::mem::take(&mut self.used);
        let step = uses.last().map_or(1, |last| last + 1);
        let mut columns = calls
            .calls
            .into_iter()
            .map(|call| {
                self.feature(
                    step,
                    Feature {
                        call,
                        rows: rows.clone(),
                    },
                )
            })
            .collect::<Vec<_>>();
        if let Some(step) = self.steps.get_mut(step) {
            step.uses.extend(uses);
        }
        let Some(first) = columns.first_mut().map(std::mem::take) else {
            return Err(Folds::because("an aggregate of nothing"));
        };
        let value = Expression::new(first, calls.kind, calls.presence);
        match columns.get(1) {
            // A mean: a sum, and how many.
            Some(count) => {
                expression::quotient(&value, &Expression::new(count, COUNT, Presence::Always))
            }
            None => Ok(value),
        }
    }

    /// Which events count.
    fn rows(&mut self, aggregate: &Aggregate) -> Result<Rows, Folds> {
        if let Some(change) = aggregate.events.derived.first() {
            return Err(Folds::because(format!(
                "`{change}` is no event that was sent, but follows from the history"
            )));
        }
        let mut rows = Rows {
            selector: Some(aggregate.events.clone()),
            ..Rows::default()
        };
        match self.common_interval(&aggregate.window) {
            Some(interval) => {
                rows.since = Some(interval.from).filter(|from| *from > i64::MIN);
                rows.until = Some(interval.until).filter(|until| *until <= self.now.millis());
            }
            None => {
                let at = Expression::new(EVENT_TIME, Kind::Time, Presence::Always);
                rows.conditions = self.inside(&at, &aggregate.window)?;
            }
        }
        if let Some(filter) = &aggregate.filter {
            rows.conditions.push(self.holds(filter)?);
        }
        Ok(rows)
    }

    fn calls(&mut self, aggregate: &Aggregate) -> Result<Calls, Folds> {
        let argument = aggregate.arguments.first();
        match &aggregate.function {
            AggregateFunction::Count => Ok(Calls::count(call("count", String::new()))),
            AggregateFunction::Sum => Ok(sum(&self.argument(argument)?)?),
            AggregateFunction::Average => {
                let argument = self.argument(argument)?;
                let mut calls = sum(&argument)?;
                calls.calls.push(call("count", argument.sql));
                Ok(calls)
            }
            AggregateFunction::Minimum(place) => self.extreme("min", argument, *place),
            AggregateFunction::Maximum(place) => self.extreme("max", argument, *place),
            AggregateFunction::Distinct => self.distinct(&aggregate.arguments),
            AggregateFunction::Periods(unit, zone) => {
                let period = self.period_of(*unit, EVENT_TIME, zone)?;
                Ok(Calls::count(call("uniqExact", period)))
            }
            AggregateFunction::Percentile(_) => Err(Folds::because("a percentile")),
            AggregateFunction::Deviation => Err(Folds::because("a standard deviation")),
            AggregateFunction::Streak(_) | AggregateFunction::LongestStreak(_) => {
                Err(Folds::because("days in a row"))
            }
            AggregateFunction::Groups(_) => Err(Folds::because("groups of a user's events")),
            AggregateFunction::Top(..) => Err(Folds::because("the most frequent values")),
            AggregateFunction::First(nth, place) => {
                let value = self.placed(argument, *place)?;
                Ok(nth_value(&value, *nth, "argMin", "arraySort"))
            }
            AggregateFunction::Last(nth, place) => {
                let value = self.placed(argument, *place)?;
                Ok(nth_value(&value, *nth, "argMax", "arrayReverseSort"))
            }
            AggregateFunction::FirstTime(nth) => Ok(nth_time(*nth, "min", "arraySort")),
            AggregateFunction::LastTime(nth) => Ok(nth_time(*nth, "max", "arrayReverseSort")),
            AggregateFunction::Sequence(_) => Err(Folds::because("a sequence of events")),
            AggregateFunction::Gap(_) => Err(Folds::because("the gaps between events")),
        }
    }

    /// A number of an event, not judged.
    fn argument(&mut self, argument: Option<&Measure>) -> Result<Expression, Folds> {
        let argument = argument.ok_or_else(no_argument)?;
        let value = self.exact(argument)?;
        match value.kind {
            Kind::Number { .. } => Ok(value),
            _ => Err(Folds::because("a sum of something that is no number")),
        }
    }

    fn placed(&mut self, argument: Option<&Measure>, place: Place) -> Result<Expression, Folds> {
        let value = self.measure(argument.ok_or_else(no_argument)?)?;
        match (place, value.kind) {
            (Place::Number, Kind::Number { .. })
            | (Place::Text, Kind::Text)
            | (Place::Truth, Kind::Truth)
            | (Place::Moment, Kind::Time)
            | (Place::Span, Kind::Span) => Ok(value),
            _ => Err(Folds::because(
                "the first or last of values of another kind",
            )),
        }
    }

    fn extreme(
        &mut self,
        function: &'static str,
        argument: Option<&Measure>,
        place: Place,
    ) -> Result<Calls, Folds> {
        let value = match (place, argument) {
            (Place::Text, Some(argument)) => self.scalar_text(argument)?,
            _ => self.placed(argument, place)?,
        };
        let call = call(function, format!("toNullable({})", value.sql));
        Ok(Calls {
            calls: vec![call],
            kind: value.kind,
            presence: Presence::Perhaps,
        })
    }

    /// The text of an event; a list is no value here.
    fn scalar_text(&mut self, argument: &Measure) -> Result<Expression, Folds> {
        match self.texts(argument)? {
            Texts::Stored(raw, _) => Ok(Expression::new(
                text::canonical(&raw),
                Kind::Text,
                Presence::Perhaps,
            )),
            Texts::One(value) => Ok(value),
        }
    }

    fn distinct(&mut self, arguments: &[Measure]) -> Result<Calls, Folds> {
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            values.push(match argument {
                Measure::Property {
                    place: Place::Text, ..
                }
                | Measure::Attribute {
                    place: Place::Text, ..
                } => self.scalar_text(argument)?,
                other => self.measure(other)?,
            });
        }
        if let [only] = values.as_slice() {
            return Ok(Calls::count(call("uniqExact", only.sql.clone())));
        }
        let present: Vec<String> = values.iter().map(Expression::is_set).collect();
        let values: Vec<String> = values
            .iter()
            .map(|value| format!("assumeNotNull({})", value.sql))
            .collect();
        let mut distinct = call("uniqExact", format!("({})", values.join(", ")));
        distinct.present = Some(present.join(" AND "));
        Ok(Calls::count(distinct))
    }
}

/// The calls of an aggregate, and what the first gives.
struct Calls {
    calls: Vec<Call>,
    kind: Kind,
    presence: Presence,
}

impl Calls {
    fn count(call: Call) -> Self {
        Self {
            calls: vec![call],
            kind: COUNT,
            presence: Presence::Always,
        }
    }
}

fn no_argument() -> Folds {
    Folds::because("an aggregate without its argument")
}

fn call(function: &'static str, arguments: String) -> Call {
    Call {
        before: "",
        function,
        arguments,
        present: None,
        after: String::new(),
    }
}

/// A sum in an integer that it cannot overflow; 0 over nothing.
fn sum(argument: &Expression) -> Result<Calls, Folds> {
    let (scale, bits) = argument.number().ok_or_else(no_argument)?;
    let bits = bits + COUNT_BITS;
    if bits > 254 {
        return Err(Folds::because("a sum could need more than 256 bits"));
    }
    let integer = if bits <= 126 { "toInt128" } else { "toInt256" };
    let call = Call {
        before: "ifNull(",
        after: ", 0)".to_owned(),
        ..call("sum", format!("{integer}({})", argument.sql))
    };
    let kind = Kind::Number { scale, bits };
    Ok(Calls {
        calls: vec![call],
        kind,
        presence: Presence::Always,
    })
}

fn nth_value(value: &Expression, nth: u32, function: &'static str, sort: &'static str) -> Calls {
    let call = if nth == 1 {
        call(function, format!("toNullable({}), {ORDER}", value.sql))
    } else {
        Call {
            before: match sort {
                "arraySort" => "arrayElementOrNull(arrayMap(row -> row.3, arraySort(",
                _ => "arrayElementOrNull(arrayMap(row -> row.3, arrayReverseSort(",
            },
            function: "groupArray",
            arguments: format!("(e.time, e.arrival, assumeNotNull({}))", value.sql),
            present: Some(value.is_set()),
            after: format!(")), {nth})"),
        }
    };
    Calls {
        calls: vec![call],
        kind: value.kind,
        presence: Presence::Perhaps,
    }
}

fn nth_time(nth: u32, function: &'static str, sort: &'static str) -> Calls {
    let call = if nth == 1 {
        call(function, format!("toNullable({EVENT_TIME})"))
    } else {
        Call {
            before: match sort {
                "arraySort" => "arrayElementOrNull(arraySort(",
                _ => "arrayElementOrNull(arrayReverseSort(",
            },
            function: "groupArray",
            arguments: EVENT_TIME.to_owned(),
            present: None,
            after: format!("), {nth})"),
        }
    };
    Calls {
        calls: vec![call],
        kind: Kind::Time,
        presence: Presence::Perhaps,
    }
}
