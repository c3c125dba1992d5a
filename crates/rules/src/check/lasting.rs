//! What has held for some time: one comparison of one attribute with constants.

use domain::Value;

use super::Checker;
use super::scope::Scope;
use crate::checked::{Comparison, Condition, Measure, Operator};
use crate::dependencies::Dependencies;
use crate::diagnostic::Diagnostic;
use crate::mistake::{History, shortened};
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
        if let Scope::Event(_) | Scope::Element = scope {
            return self.fail(expression.range, History::LastingInWhere);
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
        match &condition.node {
            Node::And(of) => {
                let parts: Vec<String> = of
                    .iter()
                    .map(|part| format!("({} for at least {at_least})", print_expression(part)))
                    .collect();
                let instead = parts.join(" and ");
                let mistake = History::LastingAnd {
                    instead: &shortened(&instead),
                };
                let diagnostic = Diagnostic::at(condition.range, mistake);
                self.refuse(diagnostic.with_fix_at(expression.range, instead))
            }
            Node::Or(_) | Node::AtLeast { .. } => self.fail(condition.range, History::LastingOr),
            Node::Lasting { .. } => self.fail(condition.range, History::LastingTwice),
            Node::Not(of) => self.demand_single(expression, of, at_least),
            _ => Some(()),
        }
    }

    /// A test of the history of one attribute, and of nothing else.
    fn demand_one_attribute(&mut self, condition: &Expression, test: &Condition) -> Option<()> {
        let reads = Dependencies::of_condition(test);
        let attributes: Vec<&str> = reads.attributes.iter().map(AsRef::as_ref).collect();
        let mistake = if !reads.events.is_empty() || !reads.event_prefixes.is_empty() {
            History::LastingEvents
        } else if !reads.tags.is_empty() || !reads.audiences.is_empty() {
            History::LastingTag
        } else if reads.moves_with_time {
            History::LastingNow
        } else {
            match attributes.as_slice() {
                [_] => return Some(()),
                [] => History::LastingNothing,
                [one, other, ..] => History::LastingTwo { one, other },
            }
        };
        self.fail(condition.range, mistake)
    }
}
