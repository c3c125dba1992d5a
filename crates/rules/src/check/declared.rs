//! What the tracking plan says of properties, against what rules compare them with.

use domain::nearest;

use super::Checker;
use super::place::declared;
use super::scope::Scope;
use crate::diagnostic::Diagnostic;
use crate::mistake::{Correction, TextsListed, TrackingPlan};
use crate::print::quoted;
use crate::tree::{Expression, Node};

impl Checker<'_> {
    /// `chain = "etherum"`: the plan lists no such value.
    pub(super) fn check_declared_value(
        &mut self,
        property: &Expression,
        value: &Expression,
        scope: Scope<'_>,
    ) {
        let (Node::Name(parts), Node::Text(text)) = (&property.node, &value.node) else {
            return;
        };
        let Some(of_plan) = declared(parts, scope) else {
            return;
        };
        let values = &of_plan.values;
        if values.is_empty() || values.contains(text.as_str()) {
            return;
        }
        let meant = nearest(text, values.iter().map(AsRef::as_ref));
        let mistake = TrackingPlan::UnknownValue {
            property: &of_plan.key,
            value: TextsListed::one(text),
            correction: match meant {
                Some(meant) => Correction::meant_text(meant),
                None => Correction::HasTexts {
                    texts: values.iter().map(AsRef::as_ref).collect(),
                },
            },
        };
        let fix = meant.map(quoted);
        self.tell(Diagnostic::at(value.range, mistake).with_fix_if_known(fix));
    }

    /// `amount_usd > fee_wei`, `amount_usd + fee_wei`: the plan measures them in different units.
    pub(super) fn warn_of_units(&mut self, sides: [&Expression; 2], scope: Scope<'_>) {
        let of_plan = sides.map(|side| match &side.node {
            Node::Name(parts) => declared(parts, scope),
            _ => None,
        });
        let [Some(left), Some(right)] = of_plan else {
            return;
        };
        let (Some(of_left), Some(of_right)) = (&left.unit, &right.unit) else {
            return;
        };
        if of_left != of_right {
            let mistake = TrackingPlan::DifferentUnits {
                left: &left.key,
                of_left,
                right: &right.key,
                of_right,
            };
            let [left, right] = sides.map(|side| side.range);
            self.remark(left.to(right), mistake);
        }
    }
}
