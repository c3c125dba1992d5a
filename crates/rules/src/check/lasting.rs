//! What has held for some time: one comparison of one attribute with constants.

use domain::Value;

use super::Checker;
use super::place::shortened;
use super::scope::Scope;
use crate::checked::{Comparison, Condition, Measure, Operator};
use crate::dependencies::Dependencies;
use crate::diagnostic::{Code, Diagnostic};
use crate::print::print_expression;
use crate::tree::{Expression, Node};

impl Checker<'_> {
    /// `(C for at least 3d)`: C has held since an instant that is at least so long ago.
    pub(super) fn lasting(
        &mut self,
        expression: &Expression,
        condition: &Expression,
        at_least: &str,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        if let Some(word) = scope.word() {
            let message =
                format!("`for at least` cannot stand inside `{word}`: events have no duration");
            return self.fail(Code::NotAllowedHere, expression.range, message);
        }
        let span = self.duration(at_least, expression.range);
        let is_single = self.demand_single(expression, condition, at_least);
        let test = self.condition(condition, scope)?;
        is_single?;
        self.demand_one_attribute(condition, &test)?;
        let span = Measure::Constant(Value::Span(span?));
        Some(Condition::Compare {
            left: Measure::HeldSince(Box::new(test)),
            comparison: Comparison::AtMost,
            right: Measure::Arithmetic {
                operator: Operator::Subtract,
                left: Box::new(Measure::Now),
                right: Box::new(span),
            },
            zone: None,
        })
    }

    /// One comparison, not several joined.
    fn demand_single(
        &mut self,
        expression: &Expression,
        condition: &Expression,
        at_least: &str,
    ) -> Option<()> {
        let (message, fix) = match &condition.node {
            Node::And(of) => {
                let parts: Vec<String> = of
                    .iter()
                    .map(|part| format!("({} for at least {at_least})", print_expression(part)))
                    .collect();
                let instead = parts.join(" and ");
                let message = format!(
                    "`for at least` takes one comparison: write `{}`",
                    shortened(&instead)
                );
                (message, Some(instead))
            }
            Node::Or(_) | Node::AtLeast { .. } => {
                let message = "`for at least` takes one comparison: of several joined by `or`, none need have held all the time";
                (message.to_owned(), None)
            }
            Node::Lasting { .. } => {
                let message = "`for at least` takes one comparison: say how long once";
                (message.to_owned(), None)
            }
            Node::Not(of) => return self.demand_single(expression, of, at_least),
            _ => return Some(()),
        };
        let diagnostic = Diagnostic::error(Code::NotAllowedHere, condition.range, message);
        self.refuse(match fix {
            Some(fix) => diagnostic.with_fix_at(expression.range, fix),
            None => diagnostic,
        })
    }

    /// A test of the history of one attribute, and of nothing else.
    fn demand_one_attribute(&mut self, condition: &Expression, test: &Condition) -> Option<()> {
        let reads = Dependencies::of_condition(test);
        let attributes: Vec<&str> = reads.attributes.iter().map(AsRef::as_ref).collect();
        let message = if !reads.events.is_empty() || !reads.event_prefixes.is_empty() {
            "`for at least` is of attributes: what is measured over events has a window of its own, as in `not did(login, last 3d)`".to_owned()
        } else if !reads.tags.is_empty() || !reads.audiences.is_empty() {
            "`for at least` is of attributes: of a tag write `tag(k) at 3d ago and not did(left(k), last 3d)`".to_owned()
        } else if reads.moves_with_time {
            "`for at least` takes a comparison with constants: this one moves with `now`".to_owned()
        } else {
            match attributes.as_slice() {
                [_] => return Some(()),
                [] => "`for at least` is of attributes: this names none".to_owned(),
                [one, other, ..] => format!(
                    "`for at least` takes a comparison of one attribute with constants: this names `{one}` and `{other}`"
                ),
            }
        };
        self.fail(Code::NotAllowedHere, condition.range, message)
    }
}
