//! What the events of a feature do: in cells where a few words for each user suffice.

use domain::Value;
use rules::checked::{Aggregate, AggregateFunction, Measure, Place};

use super::Bound;
use crate::fold::canonical::Canonical;
use crate::fold::outcome::Outcome;
use crate::fold::step::Action;
use crate::history::Column;

impl<'b> Bound<'b> {
    /// What the events of an aggregate do.
    pub(super) fn action(&mut self, aggregate: &'b Aggregate) -> Action<'b> {
        self.in_cells(aggregate).unwrap_or_else(|| {
            let argument = self.column_argument(aggregate);
            let column = argument.map(|argument| argument.column);
            Action::State(Outcome::of(aggregate, column))
        })
    }

    fn in_cells(&mut self, aggregate: &'b Aggregate) -> Option<Action<'b>> {
        match &aggregate.function {
            AggregateFunction::Count => return Some(Action::Count),
            AggregateFunction::FirstTime(1) => return Some(Action::FirstTime),
            AggregateFunction::LastTime(1) => return Some(Action::LastTime),
            AggregateFunction::Periods(unit, zone) => return Some(Action::Periods(*unit, zone)),
            _ => {}
        }
        let argument = self.column_argument(aggregate)?;
        let codes = match argument.column {
            Column::Number { mantissas, .. } => return over_numbers(aggregate, mantissas),
            Column::WideNumber { .. } => return None,
            Column::Text { codes, .. } => codes,
        };
        let is_value = |value: &Option<Value>| {
            let value = value.as_ref();
            value.is_some_and(|value| !matches!(value, Value::Object(_)))
        };
        let all_are_values = || argument.decoded().iter().all(is_value);
        match &aggregate.function {
            AggregateFunction::First(1, Place::Text) if all_are_values() => {
                Some(Action::FirstText(codes))
            }
            AggregateFunction::Last(1, Place::Text) if all_are_values() => {
                Some(Action::LastText(codes))
            }
            AggregateFunction::Distinct => {
                let [measure] = aggregate.arguments.as_slice() else {
                    return None;
                };
                let known = self.canonical.iter().position(|(of, _)| *of == measure);
                if let Some(known) = known {
                    return Some(Action::Distinct(codes, known));
                }
                let texts = Canonical::new(argument.decoded(), place_of(measure));
                self.canonical.push((measure, texts));
                Some(Action::Distinct(codes, self.canonical.len() - 1))
            }
            _ => None,
        }
    }
}

fn over_numbers<'b>(aggregate: &Aggregate, mantissas: &'b [i64]) -> Option<Action<'b>> {
    match &aggregate.function {
        AggregateFunction::Sum => Some(Action::Sum(mantissas)),
        AggregateFunction::Average => Some(Action::Average(mantissas)),
        AggregateFunction::Minimum(Place::Number) => Some(Action::Minimum(mantissas)),
        AggregateFunction::Maximum(Place::Number) => Some(Action::Maximum(mantissas)),
        AggregateFunction::First(1, Place::Number) => Some(Action::FirstNumber(mantissas)),
        AggregateFunction::Last(1, Place::Number) => Some(Action::LastNumber(mantissas)),
        _ => None,
    }
}

/// The place of a property.
fn place_of(measure: &Measure) -> Place {
    match measure {
        Measure::Property { place, .. } => *place,
        _ => Place::Text,
    }
}
