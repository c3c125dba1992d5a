//! `tag(k) at t`: who had a tag at an instant, and with which value.

use super::Checker;
use super::scope::Scope;
use crate::checked::{Condition, Measure, Place};
use crate::located::Located;
use crate::mistake::Types;
use crate::tree::Expression;
use crate::vocabulary::TagKind;

impl Checker<'_> {
    /// Whether the user had the tag.
    pub(super) fn had_tag(
        &mut self,
        key: &Located<String>,
        at: &Expression,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        self.tag_at(key, at, scope).map(Condition::IsSet)
    }

    /// The value that a layered tag had; of others, whether the user had it.
    pub(super) fn value_of_tag_at(
        &mut self,
        expression: &Expression,
        (key, at): (&Located<String>, &Expression),
        place: Place,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        match self.vocabulary.tags.get(key.node.as_str()) {
            Some(TagKind::Metric(_)) if !matches!(place, Place::Truth | Place::Any) => {
                self.fail(expression.range, Types::MetricAt { tag: &key.node })
            }
            Some(TagKind::Values(_)) => {
                self.demand(expression, Place::Text, place)?;
                self.tag_at(key, at, scope)
            }
            _ => {
                self.demand(expression, Place::Truth, place)?;
                self.truth(expression, place, scope)
            }
        }
    }

    fn tag_at(
        &mut self,
        key: &Located<String>,
        at: &Expression,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        let tag = self.tag(key, scope);
        let range = at.range;
        let at = self.instant(at, scope)?;
        self.demand_own_history(&[&at], range)?;
        let tag = tag?;
        let place = match self.vocabulary.tags.get(&tag) {
            Some(TagKind::Values(_)) => Place::Text,
            _ => Place::Truth,
        };
        let at = Box::new(at);
        Some(Measure::TagAt { tag, at, place })
    }
}
