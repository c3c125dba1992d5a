//! Values: constants, names, what is measured and what is computed.

use super::speaker::{Speaker, say};
use crate::tree::{ArithmeticOperator, Expression, Node};

impl Speaker<'_> {
    /// A value as a part of a clause.
    pub(super) fn value(&self, value: &Expression) -> String {
        match &value.node {
            Node::Number(written) => self.number(written),
            Node::Duration(written) => self.duration(written),
            Node::Time(written) => self.time(written),
            Node::Date(written) => written.clone(),
            Node::Text(text) => self.text(text),
            Node::Truth(true) => say!(self, "真", "true"),
            Node::Truth(false) => say!(self, "假", "false"),
            Node::Ago(span) => {
                let span = self.duration(span);
                say!(self, "{span}前", "{span} ago")
            }
            Node::Now => say!(self, "现在", "now"),
            Node::Name(parts) => self.path(parts),
            Node::Tag(key) => {
                let tag = self.tag(&key.node);
                say!(self, "标签 {tag} 的值", "the value of the tag {tag}")
            }
            Node::TagAt { tag, at } => {
                let (tag, at) = (self.tag(&tag.node), self.operand(at));
                say!(
                    self,
                    "标签 {tag} 在 {at} 时的值",
                    "the value that the tag {tag} had at {at}"
                )
            }
            Node::Negate(of) => {
                let of = self.operand(of);
                format!("−{of}")
            }
            Node::Arithmetic {
                left,
                operator,
                right,
            } => {
                let left = self.left_operand(left, *operator);
                let right = self.operand(right);
                format!("{left} {} {right}", sign(*operator))
            }
            Node::Call {
                function,
                arguments,
            } => self.call(*function, arguments),
            Node::Points(of) => self.points(of),
            Node::Lookup { table, row, column } => {
                let (table, row) = (&table.node, self.operand(row));
                let column = &column.node;
                say!(
                    self,
                    "表 {table} 中 {row} 对应的 {column}",
                    "{column} of {row} in the table {table}"
                )
            }
            Node::Aggregate(aggregate) => self.aggregate(aggregate),
            Node::CountSequences(sequence) => self.count_sequences(sequence),
            Node::Gap(gap) => self.gap(gap),
            Node::Grouped(grouped) => self.grouped(grouped),
            Node::Rank(ranking) => self.rank(ranking),
            Node::Quantile { ranking, parts } => self.quantile(ranking, parts.get()),
            Node::OfUser { user, of } => self.of_user(user, of),
            Node::OverUsers(over) if !over.is_condition() => self.over_users(over),
            Node::Broken => "…".to_owned(),
            Node::Everyone
            | Node::Not(_)
            | Node::And(_)
            | Node::Or(_)
            | Node::AtLeast { .. }
            | Node::Compare { .. }
            | Node::Between { .. }
            | Node::Choice { .. }
            | Node::IsSet(_)
            | Node::IsNotSet(_)
            | Node::InWindow { .. }
            | Node::Anniversary { .. }
            | Node::InRank { .. }
            | Node::OverUsers(_)
            | Node::Lasting { .. }
            | Node::InList(_)
            | Node::ValueInList { .. }
            | Node::InAudience(_)
            | Node::Sequence(_)
            | Node::Regularly(_) => {
                let condition = self.condition(value);
                say!(self, "是否（{condition}）", "whether ({condition})")
            }
        }
    }

    /// The left side of an operator: `a + b` needs no parentheses before `+ c`.
    fn left_operand(&self, left: &Expression, operator: ArithmeticOperator) -> String {
        match &left.node {
            Node::Arithmetic {
                operator: inner, ..
            } if is_sum(*inner) == is_sum(operator) => self.value(left),
            _ => self.operand(left),
        }
    }

    /// A value beside others: in parentheses, unless it is one word.
    pub(super) fn operand(&self, value: &Expression) -> String {
        let said = self.value(value);
        match value.node {
            Node::Duration(_)
            | Node::Negate(_)
            | Node::Arithmetic { .. }
            | Node::Call { .. }
            | Node::Lookup { .. }
            | Node::Aggregate(_)
            | Node::CountSequences(_)
            | Node::Gap(_)
            | Node::Grouped(_)
            | Node::Rank(_)
            | Node::Quantile { .. }
            | Node::OfUser { .. }
            | Node::OverUsers(_) => self.enclosed(&said),
            _ => said,
        }
    }
}

fn sign(operator: ArithmeticOperator) -> &'static str {
    match operator {
        ArithmeticOperator::Add => "+",
        ArithmeticOperator::Subtract => "−",
        ArithmeticOperator::Multiply => "×",
        ArithmeticOperator::Divide => "÷",
    }
}

fn is_sum(operator: ArithmeticOperator) -> bool {
    matches!(
        operator,
        ArithmeticOperator::Add | ArithmeticOperator::Subtract
    )
}
