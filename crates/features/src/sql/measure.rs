//! Measures as SQL.

use domain::{HOLDINGS, Time, Value};
use rules::checked::{Function, IdentityValue, Measure, Operator, Place};

use super::expression::{self, Expression, Kind, Presence};
use super::parameters::identifier;
use super::text;
use super::translation::{Call, Feature, Rows, Translation};
use super::{Folds, Lists, StoredColumn, StoredForm, calendar};
use crate::history::WantedColumn;
use crate::program::column;

/// The least integer of 64 bits: an attribute was touched, and is no number.
const NO_NUMBER_64: &str = "toInt64('-9223372036854775808')";
/// The same of 128 bits.
const NO_NUMBER_128: &str = "toInt128('-170141183460469231731687303715884105728')";

/// Durations beyond this are not added to times in SQL.
const LONGEST: i64 = 1 << 60;

impl Translation<'_> {
    /// The value of a measure, judged.
    pub(super) fn measure(&mut self, measure: &Measure) -> Result<Expression, Folds> {
        self.exact(measure)?.judged()
    }

    /// The value of a measure before the last judgement.
    pub(super) fn exact(&mut self, measure: &Measure) -> Result<Expression, Folds> {
        match self.fixed(measure) {
            Some(Some(value)) => return self.constant(&value),
            Some(None) => return Ok(Expression::missing(kind_of(measure))),
            None => {}
        }
        match measure {
            Measure::Attribute { path, place } => {
                let (raw, form) = self.attribute(&column(path, *place))?;
                in_place(path, raw, form, *place)
            }
            Measure::Property { path, place } => {
                let (raw, form) = self.property(&column(path, *place))?;
                in_place(path, raw, form, *place)
            }
            Measure::EventTime => Ok(Expression::new(EVENT_TIME, Kind::Time, Presence::Always)),
            Measure::EventName => Ok(Expression::new(NAME, Kind::Text, Presence::Always)),
            Measure::EventSource => Ok(Expression::new(SOURCE, Kind::Text, Presence::Always)),
            Measure::Aggregate(aggregate) => self.aggregate(aggregate),
            Measure::TagAt { .. } => Err(Folds::because(
                "what tags were follows from all recorded changes of memberships",
            )),
            Measure::HeldSince(_) => Err(Folds::because(
                "since when a comparison has held follows from all changes of its attribute",
            )),
            Measure::Arithmetic {
                operator,
                left,
                right,
            } => {
                let (left, right) = (self.operand(left)?, self.operand(right)?);
                arithmetic(*operator, &left, &right)
            }
            Measure::If {
                condition,
                then,
                otherwise,
            } => {
                let test = self.holds(condition)?;
                let branches = [self.exact(then)?, self.exact(otherwise)?];
                let [then, otherwise] = unified(branches)?;
                let presence = expression::either(&then, &otherwise);
                let sql = format!("if({test}, {}, {})", then.sql, otherwise.sql);
                Ok(Expression::new(sql, then.kind, presence))
            }
            Measure::Coalesce(alternatives) => self.coalesced(alternatives),
            Measure::Function { function, of } => self.function(function, of),
            Measure::DateDifference {
                unit,
                from,
                to,
                zone,
            } => {
                let from = self.period(*unit, from, zone)?;
                let to = self.period(*unit, to, zone)?;
                calendar::difference(*unit, &from, &to)
            }
            Measure::Age { .. } => Err(Folds::because("`age` in calendar units")),
            Measure::Population(_) => Err(Folds::because("a value among all users")),
            Measure::Collection(_) | Measure::Member { .. } => {
                Err(Folds::because("the elements of a list"))
            }
            Measure::Lookup { .. } => Err(Folds::because("a table")),
            Measure::TagValue { .. } => Err(Folds::because("the value of another tag")),
            Measure::Constant(_) | Measure::Now => Err(Folds::because("a constant has no value")),
        }
    }

    /// An attribute as its column keeps it, and in which form.
    pub(super) fn attribute(
        &mut self,
        wanted: &WantedColumn,
    ) -> Result<(String, StoredForm), Folds> {
        if IdentityValue::at(&wanted.path).is_some() {
            return Err(Folds::because("identities lie in no history"));
        }
        if &*wanted.path == HOLDINGS {
            return Err(Folds::because("each identity has holdings of its own"));
        }
        let stored = self
            .columns
            .attribute(wanted)
            .ok_or_else(|| no_column(wanted))?;
        let own = format!("t.{}", identifier(&stored.name));
        let no_number = match stored.form {
            StoredForm::Number64 { .. } => Some(NO_NUMBER_64),
            StoredForm::Number128 { .. } => Some(NO_NUMBER_128),
            StoredForm::Text { .. } => None,
        };
        let call = Call {
            before: if no_number.is_some() { "nullIf(" } else { "" },
            function: "argMax",
            // Rows that do not touch the attribute are NULL there, and left out.
            arguments: format!("{own}, (t.time, t.arrival)"),
            present: None,
            after: no_number.map_or_else(String::new, |no_number| format!(", {no_number})")),
        };
        Ok((
            self.feature(
                0,
                Feature {
                    call,
                    rows: Rows::default(),
                },
            ),
            stored.form,
        ))
    }

    /// A property of the event as its column keeps it, and in which form.
    pub(super) fn property(
        &mut self,
        wanted: &WantedColumn,
    ) -> Result<(String, StoredForm), Folds> {
        let StoredColumn { name, form } = self
            .columns
            .event(wanted)
            .ok_or_else(|| no_column(wanted))?;
        Ok((format!("e.{}", identifier(&name)), form))
    }

    /// The value of a measure where a date is no value.
    pub(super) fn operand(&mut self, measure: &Measure) -> Result<Expression, Folds> {
        match self.stored_moment(measure)? {
            Some(moment) => Ok(moment.only_instant()),
            None => self.exact(measure),
        }
    }

    fn coalesced(&mut self, alternatives: &[Measure]) -> Result<Expression, Folds> {
        let mut all = Vec::with_capacity(alternatives.len());
        for alternative in alternatives {
            all.push(self.exact(alternative)?);
        }
        let mut last = all
            .pop()
            .ok_or_else(|| Folds::because("`coalesce` of nothing"))?;
        while let Some(before) = all.pop() {
            let [first, second] = unified([before, last])?;
            let sql = format!("ifNull({}, {})", first.sql, second.sql);
            let presence = match first.presence {
                Presence::Always => Presence::Always,
                Presence::Perhaps => second.presence,
            };
            last = Expression::new(sql, first.kind, presence);
        }
        Ok(last)
    }

    fn function(&mut self, function: &Function, of: &Measure) -> Result<Expression, Folds> {
        if let Function::Part(part, zone) = function {
            let at = self.instant(of, zone)?;
            return self.part(*part, &at, zone);
        }
        if let Function::Instant(zone) = function {
            return self.instant(of, zone);
        }
        let value = self.exact(of)?;
        match (function, value.kind) {
            (Function::Absolute, Kind::Number { .. }) => Ok(expression::absolute(&value)),
            (Function::Round(places), Kind::Number { .. }) => {
                expression::rounded(&value, u32::from(*places))
            }
            (Function::Length, Kind::Text) => {
                let sql = format!("toInt64(lengthUTF8({}))", value.sql);
                Ok(Expression::new(
                    sql,
                    Kind::Number { scale: 0, bits: 40 },
                    value.presence,
                ))
            }
            (Function::Lower, Kind::Text) => {
                let sql = text::lowered(&value.sql);
                Ok(Expression::new(sql, Kind::Text, Presence::Perhaps))
            }
            (Function::Seen, _) => {
                Err(Folds::because("values of which nothing says what they are"))
            }
            (Function::Version, _) => Err(Folds::because("an order of versions")),
            _ => Err(Folds::because("a function of a value of another kind")),
        }
    }

    /// A moment as an instant; a constant date is the first instant of its day.
    pub(super) fn instant(
        &mut self,
        moment: &Measure,
        zone: &domain::Zone,
    ) -> Result<Expression, Folds> {
        if let Some(Some(Value::Date(day))) = self.fixed(moment) {
            return self.constant(&Value::Time(zone.start_of_date(day)));
        }
        if let Some(moment) = self.stored_moment(moment)? {
            return self.instant_of_moment(&moment, zone);
        }
        let at = self.exact(moment)?;
        match at.kind {
            Kind::Time => Ok(at),
            _ => Err(Folds::because("a time of another kind")),
        }
    }
}

/// The time of the event in milliseconds.
pub(super) const EVENT_TIME: &str = "toUnixTimestamp64Milli(e.time)";
const NAME: &str = "CAST(e.name AS String)";
const SOURCE: &str = "CAST(e.source AS String)";

fn no_column(wanted: &WantedColumn) -> Folds {
    Folds::because(format!("`{}` has no typed column yet", wanted.path))
}

/// What a column keeps, in its place.
fn in_place(path: &str, raw: String, form: StoredForm, place: Place) -> Result<Expression, Folds> {
    let number = |scale: u8, bits| {
        let kind = Kind::Number {
            scale: u32::from(scale),
            bits,
        };
        Ok(Expression::new(raw.clone(), kind, Presence::Perhaps))
    };
    match (form, place) {
        (StoredForm::Number64 { scale }, Place::Number) => number(scale, 60),
        (StoredForm::Number128 { scale }, Place::Number) => number(scale, 127),
        (StoredForm::Text { .. }, Place::Number) => {
            Err(Folds::because(format!("numbers of `{path}` lie as text")))
        }
        (StoredForm::Text { .. }, Place::Any) => Ok(Expression::new(
            text::anything(&raw),
            Kind::Any,
            Presence::Perhaps,
        )),
        (StoredForm::Text { lists: Lists::None }, Place::Text) => Ok(Expression::new(
            text::canonical(&raw),
            Kind::Text,
            Presence::Perhaps,
        )),
        (StoredForm::Text { lists: Lists::None }, Place::Truth) => Ok(Expression::new(
            text::truth(&raw),
            Kind::Truth,
            Presence::Perhaps,
        )),
        (_, Place::Span) => Ok(Expression::missing(Kind::Span)),
        (_, Place::Moment) => Err(Folds::because(format!(
            "`{path}` stands for a time or a date"
        ))),
        (StoredForm::Text { lists: Lists::Some }, _) => {
            Err(Folds::because(format!("`{path}` has lists")))
        }
        _ => Err(Folds::because(format!("`{path}` lies in a number column"))),
    }
}

/// The kind that a measure has where it is missing for all.
fn kind_of(measure: &Measure) -> Kind {
    match measure {
        Measure::Function {
            function: Function::Lower | Function::Version,
            ..
        } => Kind::Text,
        Measure::Function {
            function: Function::Instant(_),
            ..
        } => Kind::Time,
        Measure::If { then, .. } => kind_of(then),
        Measure::Coalesce(alternatives) => alternatives.first().map_or(Kind::Any, kind_of),
        Measure::Arithmetic {
            operator,
            left,
            right,
        } => kind_of_arithmetic(*operator, left, right),
        Measure::Constant(Value::Text(_)) => Kind::Text,
        Measure::Constant(Value::Bool(_)) => Kind::Truth,
        Measure::Constant(Value::Span(_)) => Kind::Span,
        Measure::Constant(Value::Time(_) | Value::Date(_)) | Measure::Now => Kind::Time,
        _ => Kind::Number { scale: 0, bits: 1 },
    }
}

fn kind_of_arithmetic(operator: Operator, left: &Measure, right: &Measure) -> Kind {
    match (kind_of(left), kind_of(right)) {
        (Kind::Time, Kind::Time) => Kind::Span,
        (Kind::Span, Kind::Span) if operator == Operator::Divide => {
            Kind::Number { scale: 0, bits: 1 }
        }
        (Kind::Time, _) | (_, Kind::Time) => Kind::Time,
        (Kind::Span, _) | (_, Kind::Span) => Kind::Span,
        _ => Kind::Number { scale: 0, bits: 1 },
    }
}

/// Two values of one kind; numbers at one scale.
fn unified([left, right]: [Expression; 2]) -> Result<[Expression; 2], Folds> {
    match (left.kind, right.kind) {
        (Kind::Number { .. }, Kind::Number { .. }) => {
            let (mut left, mut right) = expression::aligned(&left, &right)?;
            let bits = left
                .number()
                .max(right.number())
                .map_or(0, |(_, bits)| bits);
            for side in [&mut left, &mut right] {
                if let Kind::Number { scale, .. } = side.kind {
                    side.kind = Kind::Number { scale, bits };
                }
            }
            Ok([left, right])
        }
        (a, b) if a == b => Ok([left, right]),
        _ => Err(Folds::because(
            "values of different kinds stand for one another",
        )),
    }
}

fn arithmetic(
    operator: Operator,
    left: &Expression,
    right: &Expression,
) -> Result<Expression, Folds> {
    match (left.kind, operator, right.kind) {
        (Kind::Number { .. }, Operator::Add, Kind::Number { .. }) => {
            expression::sum(left, '+', right)
        }
        (Kind::Number { .. }, Operator::Subtract, Kind::Number { .. }) => {
            expression::sum(left, '-', right)
        }
        (Kind::Number { .. }, Operator::Multiply, Kind::Number { .. }) => {
            expression::product(left, right)
        }
        (Kind::Number { .. }, Operator::Divide, Kind::Number { .. }) => {
            expression::quotient(left, right)
        }
        (Kind::Time, Operator::Add, Kind::Span) | (Kind::Span, Operator::Add, Kind::Time) => {
            Ok(moved(left, '+', right))
        }
        (Kind::Time, Operator::Subtract, Kind::Span) => Ok(moved(left, '-', right)),
        (Kind::Time, Operator::Subtract, Kind::Time) => {
            let sql = format!("({} - {})", left.sql, right.sql);
            Ok(Expression::new(
                sql,
                Kind::Span,
                expression::either(left, right),
            ))
        }
        _ => Err(Folds::because("arithmetic with durations")),
    }
}

/// A time moved by a duration; missing outside the years 1 to 9999.
fn moved(left: &Expression, sign: char, right: &Expression) -> Expression {
    let (first, last) = (Time::MIN.millis(), Time::MAX.millis());
    let sql = format!("({} {sign} {})", left.sql, right.sql);
    let spans = [left, right]
        .into_iter()
        .filter(|side| side.kind == Kind::Span);
    let short: Vec<String> = spans
        .map(|span| format!("{} BETWEEN -{LONGEST} AND {LONGEST}", span.sql))
        .collect();
    let within = format!(
        "{} AND {sql} BETWEEN {first} AND {last}",
        short.join(" AND ")
    );
    let sql = format!("if({within}, {sql}, NULL)");
    Expression::new(sql, Kind::Time, Presence::Perhaps)
}
