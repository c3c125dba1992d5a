//! What the tracking plan says of properties, against what rules compare them with.

use domain::nearest;

use super::Checker;
use super::place::{declared, shortened};
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic};
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
        let meant = nearest(text, values.iter().map(AsRef::as_ref)).map(str::to_owned);
        let correction = match &meant {
            Some(meant) => format!("did you mean {meant:?}?"),
            None => {
                let values: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
                format!("it has {}", shortened(&values.join(", ")))
            }
        };
        let message = format!(
            "`{}` has no value {text:?} in the tracking plan: {correction}",
            of_plan.key
        );
        let diagnostic = Diagnostic::warning(Code::UnknownValue, value.range, message);
        self.tell(match meant {
            Some(meant) => diagnostic.with_fix(quoted(&meant)),
            None => diagnostic,
        });
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
            let message = format!(
                "`{}` is in {of_left} and `{}` in {of_right} by the tracking plan: convert one of them",
                left.key, right.key
            );
            let [left, right] = sides.map(|side| side.range);
            self.tell(Diagnostic::warning(
                Code::DifferentUnits,
                left.to(right),
                message,
            ));
        }
    }
}
