//! `version(t)`: versions are compared with versions, and with nothing else.

use std::sync::Arc;

use domain::Value;

use super::Checker;
use super::scope::Scope;
use crate::checked::{Function, Measure, Place};
use crate::diagnostic::Diagnostic;
use crate::mistake::{Versions, shortened};
use crate::print::print_expression;
use crate::tree::{Aggregate, AggregateName, Expression, FunctionName, Node};
use crate::version::sortable;

impl Checker<'_> {
    /// `version(t)`; of a constant, its canonical form.
    pub(super) fn version(
        &mut self,
        expression: &Expression,
        of: &Expression,
        place: Place,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        self.demand(expression, Place::Text, place)?;
        match &of.node {
            Node::Text(text) => match sortable(text) {
                Some(sortable) => Some(Measure::Constant(Value::Text(Arc::from(sortable)))),
                None => {
                    let text = &shortened(text);
                    self.fail(of.range, Versions::NoVersion { text })
                }
            },
            Node::Number(number) => {
                let diagnostic = Diagnostic::at(of.range, Versions::Unquoted { number });
                self.refuse(diagnostic.with_fix(format!("\"{number}\"")))
            }
            _ => {
                let of = Box::new(self.measure(of, Place::Text, scope)?);
                Some(Measure::Function {
                    function: Function::Version,
                    of,
                })
            }
        }
    }

    /// Tells if a version is compared with something that is none.
    pub(super) fn demand_versions(&mut self, sides: &[&Expression]) -> Option<()> {
        if !sides.iter().any(|side| is_version(side)) {
            return Some(());
        }
        let others = sides
            .iter()
            .filter(|side| !is_version(side) && !matches!(side.node, Node::Broken));
        let mut found = Some(());
        for other in others {
            let instead = match &other.node {
                Node::Number(number) => format!("version(\"{number}\")"),
                _ => format!("version({})", print_expression(other)),
            };
            let mistake = Versions::WithOther {
                instead: &shortened(&instead),
            };
            found = self.refuse(Diagnostic::at(other.range, mistake).with_fix(instead));
        }
        found
    }

    /// Warns where versions would be compared letter by letter: `app >= "2.10.0"`.
    pub(super) fn warn_of_version_order(&mut self, [left, right]: [&Expression; 2], text: &str) {
        let range = left.range.to(right.range);
        if text.matches('.').count() < 2 || sortable(text).is_none() {
            return;
        }
        self.remark(range, Versions::AsTexts { left, right });
    }

    /// `version(v) starts with "2."`: of the text itself.
    pub(super) fn refuse_version_in_text_test(&mut self, value: &Expression) -> Option<()> {
        match &value.node {
            Node::Call {
                function: FunctionName::Version,
                arguments,
            } if arguments.len() == 1 => {
                let text: String = arguments.iter().map(print_expression).collect();
                let mistake = Versions::InTextTest {
                    text: &shortened(&text),
                };
                self.refuse(Diagnostic::at(value.range, mistake).with_fix(text))
            }
            _ => Some(()),
        }
    }

    /// A tag whose value is a version would show its canonical form, which nobody reads.
    pub(super) fn refuse_version_as_value(&mut self, expression: &Expression) -> Option<()> {
        if !is_version(expression) {
            return Some(());
        }
        self.fail(expression.range, Versions::AsValue)
    }
}

/// Whether the value is a version wherever it is there.
fn is_version(expression: &Expression) -> bool {
    match &expression.node {
        Node::Call {
            function: FunctionName::Version,
            ..
        } => true,
        Node::Call {
            function: FunctionName::If,
            arguments,
        } => arguments.iter().skip(1).any(is_version),
        Node::Call {
            function: FunctionName::Coalesce,
            arguments,
        } => arguments.iter().any(is_version),
        Node::Aggregate(aggregate) => {
            picks_value(aggregate) && aggregate.arguments.iter().any(is_version)
        }
        _ => false,
    }
}

/// Whether it gives one of the values of the events.
fn picks_value(aggregate: &Aggregate) -> bool {
    matches!(
        aggregate.function,
        AggregateName::Minimum
            | AggregateName::Maximum
            | AggregateName::First
            | AggregateName::Last
    )
}
