//! Values that are equal in several steps, as small numbers.

use std::collections::HashMap;
use std::rc::Rc;

use domain::Value;
use rules::checked::{Measure, Place};

use crate::evaluate;
use crate::fold::bind::Bound;
use crate::fold::scope::RowScope;
use crate::history::Column;
use crate::place::convert;
use crate::program::property_column;
use crate::sequence::NO_VALUE;

/// The numbers of values of columns, the same for all features that look at the same columns.
#[derive(Default)]
pub(super) struct ValueNumbers<'b>(HashMap<Vec<&'b Measure>, Rc<Numbered>>);

/// Columns whose texts have numbers: one for each value, in whichever column and however written.
struct Numbered {
    /// By column and code; [`NO_VALUE`] for what is no value.
    by_code: Vec<Vec<u32>>,
    numbers: HashMap<Value, u32>,
}

/// One equality.
pub(super) struct Equality<'b> {
    /// By step.
    sources: Vec<Source<'b>>,
    numbered: Rc<Numbered>,
    /// Values that are in no column.
    computed: HashMap<Value, u32>,
}

/// Where a step has its value from.
enum Source<'b> {
    /// The equality does not concern it.
    Nothing,
    /// The column of that place among those that are numbered; changes lie in none.
    Column(&'b [u32], usize, &'b Measure),
    Computed(&'b Measure),
}

impl<'b> Equality<'b> {
    /// Of the measures of the steps.
    pub(super) fn new(
        of_steps: Vec<Option<&'b Measure>>,
        bound: &'b Bound<'b>,
        numbers: &mut ValueNumbers<'b>,
    ) -> Self {
        let mut columns: Vec<&'b Measure> = Vec::new();
        let sources = of_steps.into_iter().map(|measure| {
            let Some(measure) = measure else {
                return Source::Nothing;
            };
            let Some(codes) = text_column(measure, bound) else {
                return Source::Computed(measure);
            };
            let place = columns.iter().position(|known| *known == measure);
            let place = place.unwrap_or_else(|| {
                columns.push(measure);
                columns.len() - 1
            });
            Source::Column(codes, place, measure)
        });
        Self {
            sources: sources.collect(),
            numbered: numbers.of(columns, bound),
            computed: HashMap::new(),
        }
    }

    /// The number of the value that an event has as one of a step, if it has one; [`NO_VALUE`] if
    /// none is asked for.
    #[inline]
    pub(super) fn value(&mut self, step: usize, event: &RowScope<'_>) -> Option<u32> {
        match *self.sources.get(step)? {
            Source::Nothing => Some(NO_VALUE),
            Source::Column(codes, place, measure) => {
                let Some(code) = codes.get(event.row) else {
                    return self.number(measure, event);
                };
                let numbers = self.numbered.by_code.get(place)?;
                let number = numbers.get(*code as usize).copied();
                number.filter(|number| *number != NO_VALUE)
            }
            Source::Computed(measure) => self.number(measure, event),
        }
    }

    /// The number of a value that is computed.
    fn number(&mut self, measure: &Measure, event: &RowScope<'_>) -> Option<u32> {
        let value = text(evaluate::measure(measure, event)?)?;
        if let Some(number) = self.numbered.numbers.get(&value) {
            return Some(*number);
        }
        let next = (self.numbered.numbers.len() + self.computed.len()) as u32;
        Some(*self.computed.entry(value).or_insert(next))
    }
}

impl<'b> ValueNumbers<'b> {
    fn of(&mut self, columns: Vec<&'b Measure>, bound: &'b Bound<'b>) -> Rc<Numbered> {
        let number = |columns: &Vec<&'b Measure>| {
            let mut numbers = HashMap::new();
            let by_code = columns
                .iter()
                .map(|measure| number_texts(measure, bound, &mut numbers))
                .collect();
            Rc::new(Numbered { by_code, numbers })
        };
        if let Some(known) = self.0.get(&columns) {
            return Rc::clone(known);
        }
        let numbered = number(&columns);
        self.0.insert(columns, Rc::clone(&numbered));
        numbered
    }
}

fn text_column<'b>(measure: &Measure, bound: &'b Bound<'b>) -> Option<&'b [u32]> {
    match bound.event_column(&property_column(measure)?)?.column {
        Column::Text { codes, .. } => Some(codes),
        _ => None,
    }
}

/// The number of each code's value.
fn number_texts(
    measure: &Measure,
    bound: &Bound<'_>,
    numbers: &mut HashMap<Value, u32>,
) -> Vec<u32> {
    let place = match measure {
        Measure::Property { place, .. } => *place,
        _ => Place::Text,
    };
    let column = property_column(measure).and_then(|column| bound.event_column(&column));
    let decoded = column.map_or(&[][..], |column| column.decoded());
    decoded
        .iter()
        .map(|value| {
            let value = value.clone().and_then(|value| convert(value, place));
            match value.and_then(text) {
                Some(value) => {
                    let next = numbers.len() as u32;
                    *numbers.entry(value).or_insert(next)
                }
                None => NO_VALUE,
            }
        })
        .collect()
}

/// The canonical text of a value; a list is none.
fn text(value: Value) -> Option<Value> {
    convert(value, Place::Text).filter(|value| matches!(value, Value::Text(_)))
}
