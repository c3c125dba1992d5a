//! Conditions and values as text, with the fewest parentheses but for every mix of and and or.

use super::aggregate::{write_aggregate, write_grouped, write_regularly, write_window};
use super::name::{key, part, printed_path, quoted};
use super::population::{write_bound, write_of_user, write_over_users, write_rank, write_ranking};
use super::sequence::{write_gap, write_sequence};
use crate::tree::{ArithmeticOperator, Expression, Node, Weighted};

/// How tightly a node holds together; parentheses stand around what holds less than its place
/// demands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Joined,
    Negated,
    Tested,
    At,
    Sum,
    Product,
    Signed,
    Whole,
}

pub(super) fn write(text: &mut String, expression: &Expression) {
    write_node(text, &expression.node);
}

/// Values without comparisons at their top: the bounds of windows.
pub(super) fn write_value(text: &mut String, expression: &Expression) {
    write_at(text, expression, Strength::At);
}

fn strength(node: &Node) -> Strength {
    match node {
        Node::And(_) | Node::Or(_) => Strength::Joined,
        Node::Not(_) => Strength::Negated,
        Node::Compare { .. }
        | Node::Between { .. }
        | Node::Choice { .. }
        | Node::IsSet(_)
        | Node::IsNotSet(_)
        | Node::InWindow { .. }
        | Node::ValueInList { .. }
        | Node::Anniversary { .. }
        | Node::InRank { .. }
        | Node::InList(_)
        | Node::InAudience(_)
        | Node::AtLeast { .. } => Strength::Tested,
        Node::TagAt { .. } => Strength::At,
        Node::Arithmetic {
            operator: ArithmeticOperator::Add | ArithmeticOperator::Subtract,
            ..
        } => Strength::Sum,
        Node::Arithmetic { .. } => Strength::Product,
        Node::Negate(_) => Strength::Signed,
        Node::Number(digits) if digits.starts_with('-') => Strength::Signed,
        _ => Strength::Whole,
    }
}

fn write_at(text: &mut String, expression: &Expression, demanded: Strength) {
    if strength(&expression.node) < demanded {
        write_parenthesized(text, &expression.node);
    } else {
        write(text, expression);
    }
}

fn write_parenthesized(text: &mut String, node: &Node) {
    text.push('(');
    write_node(text, node);
    text.push(')');
}

fn write_node(text: &mut String, node: &Node) {
    match node {
        Node::Number(constant)
        | Node::Duration(constant)
        | Node::Time(constant)
        | Node::Date(constant) => text.push_str(constant),
        Node::Text(constant) => text.push_str(&quoted(constant)),
        Node::Truth(constant) => text.push_str(if *constant { "true" } else { "false" }),
        Node::Ago(span) => {
            text.push_str(span);
            text.push_str(" ago");
        }
        Node::Now => text.push_str("now"),
        Node::Everyone => text.push_str("everyone"),
        Node::Name(parts) => text.push_str(&printed_path(parts)),
        Node::Not(of) => write_not(text, of),
        Node::And(of) => write_joined(text, of, " and "),
        Node::Or(of) => write_joined(text, of, " or "),
        Node::AtLeast { count, of } => {
            text.push_str(&format!("at least {count} of "));
            write_several(text, of);
        }
        Node::InList(list) => text.push_str(&format!("in list({})", key(&list.node))),
        Node::InAudience(audience) => {
            text.push_str(&format!("in audience({})", key(&audience.node)));
        }
        Node::Tag(tag) => text.push_str(&format!("tag({})", key(&tag.node))),
        Node::TagAt { tag, at } => {
            text.push_str(&format!("tag({}) at ", key(&tag.node)));
            write_at(text, at, Strength::Sum);
        }
        Node::Lasting {
            condition,
            at_least,
        } => {
            text.push('(');
            write(text, condition);
            text.push_str(&format!(" for at least {at_least})"));
        }
        Node::Negate(of) => {
            text.push('-');
            if strength(&of.node) == Strength::Whole && !matches!(of.node, Node::Number(_)) {
                write(text, of);
            } else {
                write_parenthesized(text, &of.node);
            }
        }
        Node::Arithmetic {
            left,
            operator,
            right,
        } => write_arithmetic(text, left, *operator, right),
        Node::Call {
            function,
            arguments,
        } => {
            text.push_str(function.as_str());
            write_several(text, arguments);
        }
        Node::Points(of) => write_points(text, of),
        Node::Lookup { table, row, column } => {
            text.push_str(&format!("lookup({}, ", part(&table.node)));
            write(text, row);
            text.push_str(&format!(").{}", part(&column.node)));
        }
        Node::Aggregate(aggregate) => write_aggregate(text, aggregate),
        Node::Sequence(sequence) => write_sequence(text, "sequence", sequence),
        Node::CountSequences(sequence) => write_sequence(text, "count_sequences", sequence),
        Node::Gap(gap) => write_gap(text, gap),
        Node::Rank(ranking) => write_rank(text, ranking),
        Node::Quantile { ranking, parts } => {
            text.push_str("quantile_of(");
            write_ranking(text, ranking);
            text.push_str(&format!(", {parts})"));
        }
        Node::OfUser { user, of } => write_of_user(text, user, of),
        Node::OverUsers(over) => write_over_users(text, over),
        Node::Grouped(grouped) => write_grouped(text, grouped),
        Node::Regularly(regularly) => write_regularly(text, regularly),
        Node::Broken => text.push('…'),
        tested => write_test(text, tested),
    }
}

/// The tests of a value.
fn write_test(text: &mut String, node: &Node) {
    match node {
        Node::Compare {
            left,
            operator,
            right,
            ignoring_case,
        } => {
            write_value(text, left);
            text.push_str(&format!(" {} ", operator.as_str()));
            write_value(text, right);
            if *ignoring_case {
                text.push_str(" ignoring case");
            }
        }
        Node::Between {
            value,
            low,
            high,
            negated,
        } => {
            write_value(text, value);
            text.push_str(if *negated {
                " not between "
            } else {
                " between "
            });
            write_value(text, low);
            text.push_str(" and ");
            write_value(text, high);
        }
        Node::Choice {
            value,
            operator,
            of,
        } => {
            write_value(text, value);
            text.push_str(&format!(" {} ", operator.as_str()));
            write_several(text, of);
        }
        Node::IsSet(of) => {
            write_value(text, of);
            text.push_str(" is set");
        }
        Node::IsNotSet(of) => {
            write_value(text, of);
            text.push_str(" is not set");
        }
        Node::InWindow {
            value,
            window,
            negated,
        } => {
            write_value(text, value);
            text.push_str(if *negated { " not in " } else { " in " });
            write_window(text, &window.node);
        }
        Node::ValueInList {
            value,
            list,
            negated,
        } => {
            write_value(text, value);
            text.push_str(if *negated { " not in " } else { " in " });
            text.push_str(&format!("list({})", key(&list.node)));
        }
        Node::Anniversary {
            value,
            next,
            negated,
        } => {
            write_value(text, value);
            text.push_str(" anniversary");
            text.push_str(if *negated { " not in" } else { " in" });
            text.push_str(&format!(" next {next}"));
        }
        Node::InRank {
            ranking,
            bound,
            negated,
        } => {
            write_rank(text, ranking);
            text.push_str(if *negated { " not in " } else { " in " });
            write_bound(text, bound);
        }
        _ => {}
    }
}

/// `points(1 when a, 2 when b)`
fn write_points(text: &mut String, of: &[Weighted]) {
    text.push_str("points(");
    for (place, Weighted { weight, when }) in of.iter().enumerate() {
        if place > 0 {
            text.push_str(", ");
        }
        text.push_str(&format!("{} when ", weight.node));
        write(text, when);
    }
    text.push(')');
}

/// `not tag(k)`, but `not (a = 1)`.
fn write_not(text: &mut String, of: &Expression) {
    text.push_str("not ");
    match of.node {
        Node::Not(_) | Node::InList(_) | Node::InAudience(_) => write(text, of),
        _ => write_at(text, of, Strength::Whole),
    }
}

fn write_joined(text: &mut String, of: &[Expression], joint: &str) {
    for (place, part) in of.iter().enumerate() {
        if place > 0 {
            text.push_str(joint);
        }
        write_at(text, part, Strength::Negated);
    }
}

fn write_arithmetic(
    text: &mut String,
    left: &Expression,
    operator: ArithmeticOperator,
    right: &Expression,
) {
    let (of_left, of_right) = match operator {
        ArithmeticOperator::Add | ArithmeticOperator::Subtract => {
            (Strength::Sum, Strength::Product)
        }
        ArithmeticOperator::Multiply | ArithmeticOperator::Divide => {
            (Strength::Product, Strength::Signed)
        }
    };
    write_at(text, left, of_left);
    text.push_str(&format!(" {} ", operator.as_str()));
    write_at(text, right, of_right);
}

/// `(a, b)`
pub(super) fn write_several(text: &mut String, of: &[Expression]) {
    text.push('(');
    for (place, part) in of.iter().enumerate() {
        if place > 0 {
            text.push_str(", ");
        }
        write(text, part);
    }
    text.push(')');
}
