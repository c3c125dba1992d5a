//! Values of events as small numbers: equal values have equal numbers, however they are written.

use std::collections::HashMap;
use std::rc::Rc;

use domain::{Time, Value, Zone};
use rules::checked::{Function, Measure, Place, TimePart};

use crate::evaluate;
use crate::fold::bind::Bound;
use crate::fold::filter::{OneProperty, only_property};
use crate::fold::scope::RowScope;
use crate::history::Column;
use crate::place::convert;
use crate::program::property_column;
use crate::sequence::NO_VALUE;

/// The numbers of values that are known beforehand, the same for all features that look at the
/// same measures in the same place.
#[derive(Default)]
pub(super) struct ValueNumbers<'b>(HashMap<(Vec<&'b Measure>, Place), Rc<Numbered>>);

/// Values that have numbers.
#[derive(Default)]
struct Numbered {
    /// By measure and code; [`NO_VALUE`] for what is no value.
    by_code: Vec<Vec<u32>>,
    values: Numbers,
}

/// Values, each with its number.
#[derive(Default)]
struct Numbers {
    numbers: HashMap<Value, u32>,
    values: Vec<Value>,
}

/// The values of some measures, in one place.
pub(super) struct Values<'b> {
    sources: Vec<Source<'b>>,
    place: Place,
    numbered: Rc<Numbered>,
    /// Values that were not known beforehand.
    computed: Numbers,
}

/// Where a value comes from. Changes lie in no column, and have no parts that are known.
enum Source<'b> {
    /// None is asked for.
    Nothing,
    /// Codes of a column, and which measure it is among those that are numbered.
    Column(&'b [u32], usize, &'b Measure),
    /// A part of the event's time, its number being the code.
    Part(TimePart, &'b Zone, usize),
    Computed(&'b Measure),
}

/// The codes of parts of times.
const PARTS: std::ops::RangeInclusive<i64> = 0..=31;

impl<'b> Values<'b> {
    /// Of measures in a place; a scalar is a value, a list is none.
    pub(super) fn new(
        measures: impl IntoIterator<Item = Option<&'b Measure>>,
        place: Place,
        bound: &'b Bound<'b>,
        numbers: &mut ValueNumbers<'b>,
    ) -> Self {
        let mut known: Vec<&'b Measure> = Vec::new();
        let mut number = |measure: &'b Measure| {
            let number = known.iter().position(|known| *known == measure);
            number.unwrap_or_else(|| {
                known.push(measure);
                known.len() - 1
            })
        };
        let sources = measures.into_iter().map(|measure| match measure {
            None => Source::Nothing,
            Some(measure) => {
                if let Some((part, zone)) = part_of_time(measure) {
                    Source::Part(part, zone, number(measure))
                } else if let Some(codes) = codes(measure, bound) {
                    Source::Column(codes, number(measure), measure)
                } else {
                    Source::Computed(measure)
                }
            }
        });
        Self {
            sources: sources.collect(),
            place,
            numbered: numbers.of(known, place, bound),
            computed: Numbers::default(),
        }
    }

    /// The number of the value that an event has as one of a measure, if it has one; [`NO_VALUE`]
    /// if none is asked for.
    #[inline]
    pub(super) fn number(&mut self, measure: usize, event: &RowScope<'_>) -> Option<u32> {
        let (code, table) = match *self.sources.get(measure)? {
            Source::Nothing => return Some(NO_VALUE),
            Source::Column(codes, table, measure) => match codes.get(event.row) {
                Some(code) => (*code as usize, table),
                None => return self.computed(measure, event),
            },
            Source::Part(part, zone, table) => {
                let (time, _) = event.event()?;
                (part_at(part, zone, Time::from_millis(time)), table)
            }
            Source::Computed(measure) => return self.computed(measure, event),
        };
        let number = *self.numbered.by_code.get(table)?.get(code)?;
        (number != NO_VALUE).then_some(number)
    }

    /// The value of a number.
    pub(super) fn value(&self, number: u32) -> Option<&Value> {
        let known = &self.numbered.values.values;
        let number = number as usize;
        let computed = || self.computed.values.get(number - known.len());
        known.get(number).or_else(computed)
    }

    fn computed(&mut self, measure: &Measure, event: &RowScope<'_>) -> Option<u32> {
        let value = scalar(evaluate::measure(measure, event)?, self.place)?;
        let known = &self.numbered.values;
        if let Some(number) = known.numbers.get(&value) {
            return Some(*number);
        }
        Some(known.values.len() as u32 + self.computed.number(value))
    }
}

impl Numbers {
    /// The number of a value, a new one if it has none.
    fn number(&mut self, value: Value) -> u32 {
        let next = self.values.len() as u32;
        *self.numbers.entry(value).or_insert_with_key(|value| {
            self.values.push(value.clone());
            next
        })
    }
}

impl<'b> ValueNumbers<'b> {
    fn of(
        &mut self,
        measures: Vec<&'b Measure>,
        place: Place,
        bound: &'b Bound<'b>,
    ) -> Rc<Numbered> {
        let key = (measures, place);
        if let Some(known) = self.0.get(&key) {
            return Rc::clone(known);
        }
        let mut numbered = Numbered::default();
        for measure in &key.0 {
            let number = |value: Option<Value>| {
                let value = value.and_then(|value| scalar(value, place));
                value.map_or(NO_VALUE, |value| numbered.values.number(value))
            };
            let by_code = known_values(measure, bound).map(number).collect();
            numbered.by_code.push(by_code);
        }
        let numbered = Rc::new(numbered);
        self.0.insert(key, Rc::clone(&numbered));
        numbered
    }
}

/// The codes of the only column that a measure looks at, if it is one of texts.
fn codes<'b>(measure: &Measure, bound: &'b Bound<'b>) -> Option<&'b [u32]> {
    let property = only_property([measure])?;
    match bound.event_column(&property_column(property)?)?.column {
        Column::Text { codes, .. } => Some(codes),
        _ => None,
    }
}

/// The value of each code of a measure.
fn known_values<'v>(
    measure: &'v Measure,
    bound: &'v Bound<'v>,
) -> Box<dyn Iterator<Item = Option<Value>> + 'v> {
    if part_of_time(measure).is_some() {
        return Box::new(PARTS.map(|part| Some(Value::from(part))));
    }
    let property = only_property([measure]).and_then(property_column);
    let column = property.and_then(|property| bound.event_column(&property));
    let decoded = column.map_or(&[][..], |column| column.decoded());
    Box::new(decoded.iter().map(|value| {
        let scope = OneProperty::new(bound.program, value.clone());
        evaluate::measure(measure, &scope)
    }))
}

/// A measure that is a small part of the event's time.
fn part_of_time(measure: &Measure) -> Option<(TimePart, &Zone)> {
    match measure {
        Measure::Function {
            function: Function::Part(part, zone),
            of,
        } if **of == Measure::EventTime && *part != TimePart::Year => Some((*part, zone)),
        _ => None,
    }
}

fn part_at(part: TimePart, zone: &Zone, time: Time) -> usize {
    let parts = zone.parts(time);
    usize::from(match part {
        TimePart::Hour => parts.hour,
        TimePart::Weekday => parts.weekday,
        TimePart::DayOfMonth | TimePart::Year => parts.day,
        TimePart::Month => parts.month,
    })
}

/// A value in a place, unless it is a list.
fn scalar(value: Value, place: Place) -> Option<Value> {
    let value = convert(value, place)?;
    (!matches!(value, Value::List(_) | Value::Object(_))).then_some(value)
}
