//! Parts of the trees that short forms stand for. Each stands at the place of what it is made of.

use crate::located::{Located, TextRange};
use crate::tree::{
    Aggregate, AggregateName, ArithmeticOperator, CompareOperator, Count, Expression, FunctionName,
    Node, Ranking, Weighted, Window,
};

pub(super) fn at_least(value: Expression, bound: Expression) -> Expression {
    compare(value, CompareOperator::AtLeast, bound)
}

pub(super) fn above(value: Expression, bound: Expression) -> Expression {
    compare(value, CompareOperator::Greater, bound)
}

pub(super) fn less(value: Expression, bound: Expression) -> Expression {
    compare(value, CompareOperator::Less, bound)
}

fn compare(value: Expression, operator: CompareOperator, bound: Expression) -> Expression {
    let range = value.range;
    let node = Node::Compare {
        left: Box::new(value),
        operator,
        right: Box::new(bound),
        ignoring_case: false,
    };
    Located::new(node, range)
}

pub(super) fn not(condition: Expression) -> Expression {
    let range = condition.range;
    Located::new(Node::Not(Box::new(condition)), range)
}

pub(super) fn text(text: &str, range: TextRange) -> Expression {
    Located::new(Node::Text(text.to_owned()), range)
}

pub(super) fn number(number: usize, range: TextRange) -> Expression {
    Located::new(Node::Number(number.to_string()), range)
}

/// All of them; one stands for itself.
pub(super) fn all<const N: usize>(of: [Expression; N]) -> Expression {
    let range = of
        .first()
        .map_or_else(TextRange::default, |first| first.range);
    Located::new(Node::And(of.into()), range)
}

/// `left + right` or `left - right`
pub(super) fn arithmetic(
    left: Expression,
    operator: ArithmeticOperator,
    right: Expression,
) -> Expression {
    let range = left.range;
    let (left, right) = (Box::new(left), Box::new(right));
    Located::new(
        Node::Arithmetic {
            left,
            operator,
            right,
        },
        range,
    )
}

/// `quantile_of(value, 5)`
pub(super) fn quintile(value: Expression) -> Expression {
    let range = value.range;
    let ranking = Ranking {
        by: Box::new(value),
        among: None,
        per: None,
    };
    match Count::new(5) {
        Some(parts) => Located::new(Node::Quantile { ranking, parts }, range),
        None => Located::new(Node::Broken, range),
    }
}

/// `coalesce(value, 1)`
pub(super) fn or_one(value: Expression) -> Expression {
    let range = value.range;
    let node = Node::Call {
        function: FunctionName::Coalesce,
        arguments: vec![value, number(1, range)],
    };
    Located::new(node, range)
}

/// How many of the conditions hold.
pub(super) fn count_of(conditions: Vec<Expression>, range: TextRange) -> Expression {
    let weighted = |when: Expression| Weighted {
        weight: Located::new("1".to_owned(), when.range),
        when,
    };
    let of = conditions.into_iter().map(weighted).collect();
    Located::new(Node::Points(of), range)
}

/// `value in last 7d`
pub(super) fn in_last(value: Expression, span: Located<String>) -> Expression {
    let range = value.range;
    let window = Located::new(Window::Last(span.node), span.range);
    let node = Node::InWindow {
        value: Box::new(value),
        window: Box::new(window),
        negated: false,
    };
    Located::new(node, range)
}

/// The events of an aggregate measured otherwise, in a window.
pub(super) fn of_events(
    events: &Located<Aggregate>,
    function: AggregateName,
    window: Option<Located<Window>>,
) -> Expression {
    let aggregate = Aggregate {
        function,
        window: window.map(Box::new),
        ..events.node.clone()
    };
    Located::new(Node::Aggregate(aggregate), events.range)
}
