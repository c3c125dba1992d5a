//! What a checked value is: a number, a text, a time …

use domain::Value;

use super::{Function, Measure, Operator, Place};

impl Measure {
    /// What it is.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::Constant(value) => match value {
                Value::Bool(_) => Place::Truth,
                Value::Number(_) => Place::Number,
                Value::Text(_) => Place::Text,
                Value::Time(_) | Value::Date(_) => Place::Moment,
                Value::Span(_) => Place::Span,
                Value::List(_) | Value::Object(_) => Place::Any,
            },
            Self::Now | Self::EventTime | Self::HeldSince(_) => Place::Moment,
            Self::Attribute { place, .. }
            | Self::Property { place, .. }
            | Self::Member { place, .. }
            | Self::Lookup { place, .. }
            | Self::TagAt { place, .. }
            | Self::TagValue { place, .. } => *place,
            Self::EventSource | Self::EventName => Place::Text,
            Self::Aggregate(aggregate) => aggregate.function.place(),
            Self::Population(population) => population.place(),
            Self::Collection(collection) => collection.aggregate.function.place(),
            Self::Arithmetic {
                left,
                operator,
                right,
            } => {
                let places = (left.place(), right.place());
                match (places, operator) {
                    ((Place::Moment, Place::Moment), _) => Place::Span,
                    ((Place::Span, Place::Span), Operator::Divide) => Place::Number,
                    ((Place::Moment, _) | (_, Place::Moment), _) => Place::Moment,
                    ((Place::Span, _) | (_, Place::Span), _) => Place::Span,
                    _ => Place::Number,
                }
            }
            Self::If { then, .. } => then.place(),
            Self::Coalesce(of) => of.first().map_or(Place::Any, Self::place),
            Self::Function {
                function: Function::Lower | Function::Version,
                ..
            } => Place::Text,
            Self::Function {
                function: Function::Seen,
                ..
            } => Place::Any,
            Self::Function { .. } | Self::Age { .. } | Self::DateDifference { .. } => Place::Number,
        }
    }
}
