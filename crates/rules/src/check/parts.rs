//! What the parts of a rule became, for those who explain it.

use std::collections::BTreeMap;

use super::Checker;
use super::scope::Scope;
use crate::checked::{Condition, Measure};
use crate::located::TextRange;

/// The conditions and values that the expressions of a text became, by their places in it.
///
/// They are the very parts that the rule was made of, so that what is measured for the rule is
/// what is shown for a part. What stands inside aggregates is about events, and not here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    pub(super) conditions: BTreeMap<TextRange, Condition>,
    pub(super) measures: BTreeMap<TextRange, Measure>,
}

impl Parts {
    /// The condition that the expression at this place became.
    #[must_use]
    pub fn condition(&self, range: TextRange) -> Option<&Condition> {
        self.conditions.get(&range)
    }

    /// The value that the expression at this place became.
    #[must_use]
    pub fn measure(&self, range: TextRange) -> Option<&Measure> {
        self.measures.get(&range)
    }

    /// All conditions.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.conditions.values()
    }

    /// All values.
    pub fn measures(&self) -> impl Iterator<Item = &Measure> {
        self.measures.values()
    }
}

impl Checker<'_> {
    /// Keeps what an expression became, if parts are asked for.
    pub(super) fn note_condition(
        &mut self,
        range: TextRange,
        scope: Scope<'_>,
        condition: &Condition,
    ) {
        if let (Some(parts), Scope::User) = (&mut self.parts, scope) {
            parts.conditions.insert(range, condition.clone());
        }
    }

    /// Keeps what an expression became, if parts are asked for.
    pub(super) fn note_measure(&mut self, range: TextRange, scope: Scope<'_>, measure: &Measure) {
        if let (Some(parts), Scope::User) = (&mut self.parts, scope) {
            parts.measures.insert(range, measure.clone());
        }
    }
}
