//! Which values can be missing, and which conditions fail where they are.

use crate::check::Form;
use crate::checked::Place;
use crate::tree::{AggregateName, ChoiceOperator, CompareOperator, FunctionName, Node};

/// Whether the value can be missing for a user or an event.
pub(super) fn can_be_missing(node: &Node) -> bool {
    match node {
        Node::Name(_)
        | Node::Tag(_)
        | Node::Lookup { .. }
        | Node::TagAt { .. }
        | Node::Rank(_)
        | Node::Quantile { .. }
        | Node::OfUser { .. }
        | Node::Broken => true,
        Node::Aggregate(aggregate) => !is_there_over_nothing(aggregate.function),
        Node::Gap(gap) => !is_there_over_nothing(gap.function),
        Node::Grouped(grouped) => !is_there_over_nothing(grouped.function),
        Node::Call {
            function: FunctionName::Coalesce,
            arguments,
        } => arguments.iter().all(|of| can_be_missing(&of.node)),
        Node::Negate(_) | Node::Arithmetic { .. } | Node::Call { .. } => node
            .children()
            .into_iter()
            .any(|child| can_be_missing(&child.node)),
        _ => false,
    }
}

fn is_there_over_nothing(function: AggregateName) -> bool {
    match Form::of(function) {
        Form::OfEvents(place) => place != Place::Moment,
        Form::OfValues => true,
        Form::OfNumbers => function == AggregateName::Sum,
        Form::Picks | Form::PicksInOrder | Form::Lists => false,
    }
}

/// Whether the condition is false where a value that it tests is missing.
pub(super) fn fails_without_value(node: &Node) -> bool {
    match node {
        Node::Name(_) => true,
        Node::Not(of) => holds_without_value(&of.node),
        Node::And(of) | Node::Or(of) | Node::AtLeast { of, .. } => {
            of.iter().any(|part| fails_without_value(&part.node))
        }
        _ => !is_negated(node) && tests_what_can_be_missing(node),
    }
}

/// Whether the condition is true where a value that it tests is missing.
pub(super) fn holds_without_value(node: &Node) -> bool {
    match node {
        Node::Not(of) => fails_without_value(&of.node),
        Node::And(of) | Node::Or(of) | Node::AtLeast { of, .. } => {
            of.iter().any(|part| holds_without_value(&part.node))
        }
        _ => is_negated(node) && tests_what_can_be_missing(node),
    }
}

fn is_negated(node: &Node) -> bool {
    match node {
        Node::Compare { operator, .. } => matches!(
            operator,
            CompareOperator::NotEqual
                | CompareOperator::NotContains
                | CompareOperator::NotStartsWith
                | CompareOperator::NotEndsWith
                | CompareOperator::NotMatches
        ),
        Node::Choice { operator, .. } => {
            matches!(operator, ChoiceOperator::NotIn | ChoiceOperator::HasNoneOf)
        }
        Node::Between { negated, .. }
        | Node::InWindow { negated, .. }
        | Node::Anniversary { negated, .. }
        | Node::InRank { negated, .. }
        | Node::ValueInList { negated, .. } => *negated,
        _ => false,
    }
}

fn tests_what_can_be_missing(node: &Node) -> bool {
    match node {
        Node::Compare { left, right, .. } => {
            can_be_missing(&left.node) || can_be_missing(&right.node)
        }
        Node::Between {
            value, low, high, ..
        } => [value, low, high]
            .into_iter()
            .any(|part| can_be_missing(&part.node)),
        Node::Choice { value, .. }
        | Node::InWindow { value, .. }
        | Node::Anniversary { value, .. }
        | Node::ValueInList { value, .. } => can_be_missing(&value.node),
        Node::InRank { .. } | Node::OfUser { .. } => true,
        _ => false,
    }
}
