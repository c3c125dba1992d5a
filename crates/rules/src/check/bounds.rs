//! What bounds a window of events, or says when a tag is asked for: it is measured of one user's
//! history alone, before tags and before all users together.

use super::Checker;
use crate::checked::{Condition, Measure};
use crate::located::TextRange;
use crate::mistake::Windows;

impl Checker<'_> {
    /// Tells if an instant that a history is asked about follows from more than the history.
    pub(super) fn demand_own_history(
        &mut self,
        instants: &[&Measure],
        range: TextRange,
    ) -> Option<()> {
        match instants.iter().find_map(|instant| beyond(instant)) {
            Some(mistake) => self.fail(range, mistake),
            None => Some(()),
        }
    }
}

/// What a value needs beyond the user's history.
fn beyond(measure: &Measure) -> Option<Windows<'static>> {
    match measure {
        Measure::Population(_) => Some(Windows::OfAllUsers),
        Measure::TagValue { .. } => Some(Windows::OfTags),
        Measure::Arithmetic { left, right, .. } => beyond(left).or_else(|| beyond(right)),
        Measure::If {
            condition,
            then,
            otherwise,
        } => beyond_in(condition)
            .or_else(|| beyond(then))
            .or_else(|| beyond(otherwise)),
        Measure::Coalesce(of) => of.iter().find_map(beyond),
        Measure::Lookup { row: of, .. }
        | Measure::Function { of, .. }
        | Measure::Age { since: of, .. } => beyond(of),
        Measure::DateDifference { from, to, .. } => beyond(from).or_else(|| beyond(to)),
        _ => None,
    }
}

/// The same of a condition.
fn beyond_in(condition: &Condition) -> Option<Windows<'static>> {
    match condition {
        Condition::HasTag(_) | Condition::InAudience(_) | Condition::UserInList(_) => {
            Some(Windows::OfTags)
        }
        Condition::All(of) | Condition::Any(of) | Condition::AtLeast { of, .. } => {
            of.iter().find_map(beyond_in)
        }
        Condition::Not(of) => beyond_in(of),
        Condition::Compare { left, right, .. } => beyond(left).or_else(|| beyond(right)),
        Condition::Between {
            value, low, high, ..
        } => [value, low, high].into_iter().find_map(beyond),
        Condition::OneOf { value, .. }
        | Condition::HasAll { value, .. }
        | Condition::Text { value, .. }
        | Condition::IsSet(value)
        | Condition::Holds(value)
        | Condition::InWindow { value, .. }
        | Condition::Anniversary { value, .. }
        | Condition::ValueInList { value, .. } => beyond(value),
        Condition::Constant(_) => None,
    }
}
