//! What other rules can see of a tag within a pass.

use std::sync::Arc;

use domain::Keep;
use rules::checked::{Measure, Place, Population};

use crate::circuit::Operand;

/// A tag as other rules of the pass see it.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// Yes or no.
    Plain { holds: Operand },
    /// A value for each case; each value once, in the order of the tag's slots.
    Layered {
        keep: Keep,
        values: Vec<(Arc<str>, Operand)>,
        has: Operand,
    },
    /// The value of a measure, as its rule writes it, and rewritten to columns.
    Metric {
        written: Measure,
        rewritten: Measure,
        has: Operand,
    },
    /// A metric tag that is given or of another instant, there before: the place of the tag.
    Recorded { tag: usize, has: Operand },
}

impl Shape {
    /// Who has the tag.
    pub fn has(&self) -> Operand {
        match self {
            Self::Plain { holds } => *holds,
            Self::Layered { has, .. } | Self::Metric { has, .. } | Self::Recorded { has, .. } => {
                *has
            }
        }
    }

    /// What each slot of the tag holds.
    pub fn slots(&self) -> Vec<Operand> {
        match self {
            Self::Layered { values, .. } => values.iter().map(|(_, operand)| *operand).collect(),
            other => vec![other.has()],
        }
    }
}

/// The place that the value of a feature is already in.
pub(crate) fn place_of(feature: &Measure) -> Option<Place> {
    match feature {
        Measure::Attribute { place, .. } | Measure::TagAt { place, .. } => Some(*place),
        Measure::Aggregate(aggregate) => Some(aggregate.function.place()),
        Measure::Population(population) => match &**population {
            Population::Within { .. } => Some(Place::Truth),
            Population::OfUser { value, .. } => place_of(value),
            _ => Some(Place::Number),
        },
        Measure::HeldSince(_) => Some(Place::Moment),
        _ => None,
    }
}
