//! Sequences and gaps as text.

use super::aggregate::{write_events, write_window};
use super::expression::{write, write_several};
use super::name::printed_name;
use crate::tree::{Expression, Gap, Node, Same, Sequence, Step};

/// `sequence(A -> B, same p, last 30d)`
pub(super) fn write_sequence(text: &mut String, function: &str, sequence: &Sequence) {
    text.push_str(function);
    text.push('(');
    let mut joint = "";
    for step in &sequence.steps {
        text.push_str(joint);
        write_step(text, step);
        joint = " -> ";
    }
    for same in &sequence.same {
        text.push_str(", same ");
        write_same(text, same);
    }
    if let Some(window) = &sequence.window {
        text.push_str(", ");
        write_window(text, &window.node);
    }
    text.push(')');
}

/// `avg(gap(A -> B))`
pub(super) fn write_gap(text: &mut String, gap: &Gap) {
    text.push_str(gap.function.as_str());
    text.push('(');
    write_sequence(text, "gap", &gap.between);
    text.push(')');
}

fn write_step(text: &mut String, step: &Step) {
    if step.not {
        text.push_str("not ");
    }
    write_events(text, &step.events);
    if let Some(filter) = &step.filter {
        text.push_str(" where ");
        write(text, filter);
    }
    if let Some(name) = &step.name {
        text.push_str(" as ");
        text.push_str(&printed_name(&name.node));
    }
    if let Some(within) = &step.within {
        text.push_str(" within ");
        text.push_str(&within.node.span);
        if let Some(after) = &within.node.after {
            text.push_str(" after ");
            text.push_str(&printed_name(&after.node));
        }
    }
}

fn write_same(text: &mut String, same: &Same) {
    match same {
        Same::Everywhere(value) => write_of_event(text, value),
        Same::Between(of) => {
            let mut joint = "";
            for of in of {
                text.push_str(joint);
                text.push_str(&printed_name(&of.step.node));
                text.push('.');
                write_of_event(text, &of.value);
                joint = " = ";
            }
        }
    }
}

/// A path, or anything else in parentheses.
fn write_of_event(text: &mut String, value: &Expression) {
    if matches!(value.node, Node::Name(_)) {
        write(text, value);
    } else {
        write_several(text, std::slice::from_ref(value));
    }
}
