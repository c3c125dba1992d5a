//! Times of which an instant is needed: a date is the first instant of its day in the rule's zone.

use domain::{Date, Value};

use super::Checker;
use super::scope::Scope;
use crate::checked::{Function, Measure, Place, Population};
use crate::tree::Expression;

impl Checker<'_> {
    /// The expression as an instant; of a list, each element.
    pub(super) fn instant(&mut self, expression: &Expression, scope: Scope<'_>) -> Option<Measure> {
        let moment = self.measure(expression, Place::Moment, scope)?;
        Some(self.as_instant(moment))
    }

    /// A time or date as an instant.
    pub(super) fn as_instant(&self, moment: Measure) -> Measure {
        match moment {
            Measure::Constant(Value::Date(day)) => {
                Measure::Constant(Value::Time(self.zone().start_of_date(day)))
            }
            moment if may_be_date(&moment) => Measure::Function {
                function: Function::Instant(self.zone()),
                of: Box::new(moment),
            },
            instant => instant,
        }
    }
}

/// Whether the value can be a date, which is a day only in a zone.
pub(super) fn may_be_date(measure: &Measure) -> bool {
    match measure {
        Measure::Constant(value) => matches!(value, Value::Date(Date { .. })),
        Measure::Attribute { place, .. }
        | Measure::Property { place, .. }
        | Measure::Member { place, .. }
        | Measure::Lookup { place, .. }
        | Measure::TagValue { place, .. } => *place == Place::Moment,
        Measure::Aggregate(aggregate) => {
            aggregate.function.place() == Place::Moment
                && aggregate.arguments.iter().any(may_be_date)
        }
        Measure::Collection(collection) => {
            collection.aggregate.function.place() == Place::Moment
                && collection.aggregate.arguments.iter().any(may_be_date)
        }
        Measure::If {
            then, otherwise, ..
        } => may_be_date(then) || may_be_date(otherwise),
        Measure::Coalesce(of) => of.iter().any(may_be_date),
        Measure::Function {
            function: Function::Seen,
            ..
        } => true,
        Measure::Population(population) => match &**population {
            Population::OfUser { value, .. } => may_be_date(value),
            _ => false,
        },
        _ => false,
    }
}
