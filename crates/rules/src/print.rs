//! Tree → canonical text: one spelling for each tree, which reads back as the same tree.

mod aggregate;
mod expression;
mod name;
mod population;
mod sequence;
#[cfg(test)]
mod tests;

pub(crate) use self::aggregate::event_text;
pub use self::name::{printed_name, quoted};
use crate::tree::{Expression, Rule};

/// The canonical text of a rule: one line, or one for each case of a layered tag.
#[must_use]
pub fn print(rule: &Rule) -> String {
    let mut text = String::new();
    match rule {
        Rule::Expression(of) => expression::write(&mut text, of),
        Rule::Cases(cases) => {
            for case in &cases.of {
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str("case ");
                text.push_str(&quoted(&case.value.node));
                text.push_str(" when ");
                expression::write(&mut text, &case.when);
            }
            if let Some(otherwise) = &cases.otherwise {
                text.push_str("\nelse ");
                text.push_str(&quoted(&otherwise.node));
            }
        }
    }
    text
}

/// The canonical text of an expression.
#[must_use]
pub fn print_expression(expression: &Expression) -> String {
    let mut text = String::new();
    expression::write(&mut text, expression);
    text
}
