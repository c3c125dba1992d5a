//! Comparisons with one value, with bounds, and with windows.

use super::missing::holds_without_value;
use super::speaker::{Speaker, say};
use crate::tree::{AggregateName, ArithmeticOperator, CompareOperator, Expression, Node};

/// How a comparison is worded, by what is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wording {
    Numbers,
    Times,
    Texts,
    Truths,
}

impl Speaker<'_> {
    /// A comparison as a clause, with a word about users without a value where it holds for them.
    pub(super) fn comparison(&self, node: &Node) -> String {
        let said = match node {
            Node::Compare {
                left,
                operator,
                right,
                ignoring_case,
            } => {
                let said = self.compared(left, *operator, right);
                match ignoring_case {
                    true => say!(self, "{said}（不区分大小写）", "{said} (ignoring case)"),
                    false => said,
                }
            }
            Node::Between {
                value,
                low,
                high,
                negated,
            } => {
                let (value, low, high) = (self.value(value), self.operand(low), self.operand(high));
                match negated {
                    false => say!(
                        self,
                        "{value} 介于 {low} 与 {high} 之间（含两端）",
                        "{value} is between {low} and {high} (both included)"
                    ),
                    true => say!(
                        self,
                        "{value} 不在 {low} 与 {high} 之间（两端也算之间）",
                        "{value} is not between {low} and {high} (both included)"
                    ),
                }
            }
            Node::InWindow {
                value,
                window,
                negated,
            } => {
                let (value, window) = (self.value(value), self.window(&window.node));
                match negated {
                    false => say!(self, "{value} 在{window}", "{value} is {window}"),
                    true => say!(self, "{value} 不在{window}", "{value} is not {window}"),
                }
            }
            Node::Anniversary {
                value,
                next,
                negated,
            } => self.anniversary(value, next, *negated),
            _ => String::new(),
        };
        match holds_without_value(node) {
            true => self.and_without_value(&said),
            false => said,
        }
    }

    fn anniversary(&self, value: &Expression, next: &str, negated: bool) -> String {
        let (value, next) = (self.value(value), self.days(next));
        match negated {
            false => say!(
                self,
                "{value} 的周年日在未来 {next}内（含今天）",
                "an anniversary of {value} is in the next {next} (today included)"
            ),
            true => say!(
                self,
                "{value} 的周年日不在未来 {next}内（含今天）",
                "no anniversary of {value} is in the next {next} (today included)"
            ),
        }
    }

    /// A duration of whole days, which are those of the calendar here.
    fn days(&self, written: &str) -> String {
        match (written.strip_suffix('d'), written.strip_suffix('w')) {
            (Some("1"), _) => say!(self, "1 天", "day"),
            (Some(days), _) => say!(self, "{days} 天", "{days} days"),
            (_, Some("1")) => say!(self, "1 周", "week"),
            (_, Some(weeks)) => say!(self, "{weeks} 周", "{weeks} weeks"),
            _ => self.duration(written),
        }
    }

    fn compared(&self, left: &Expression, operator: CompareOperator, right: &Expression) -> String {
        let wording = wording(&left.node, &right.node);
        let (left, right) = (self.value(left), self.value(right));
        let (chinese, english) = words(operator, wording);
        match operator {
            CompareOperator::StartsWith => {
                say!(self, "{left} 以 {right} 开头", "{left} {english} {right}")
            }
            CompareOperator::NotStartsWith => {
                say!(self, "{left} 不以 {right} 开头", "{left} {english} {right}")
            }
            CompareOperator::EndsWith => {
                say!(self, "{left} 以 {right} 结尾", "{left} {english} {right}")
            }
            CompareOperator::NotEndsWith => {
                say!(self, "{left} 不以 {right} 结尾", "{left} {english} {right}")
            }
            CompareOperator::On => say!(self, "{left} 在 {right} 当天", "{left} {english} {right}"),
            _ => say!(self, "{left} {chinese} {right}", "{left} {english} {right}"),
        }
    }
}

/// What stands between the two sides.
fn words(operator: CompareOperator, wording: Wording) -> (&'static str, &'static str) {
    match (operator, wording) {
        (CompareOperator::Equal, Wording::Texts) => ("是", "is"),
        (CompareOperator::Equal, Wording::Truths) => ("为", "is"),
        (CompareOperator::Equal, _) => ("等于", "is"),
        (CompareOperator::NotEqual, Wording::Texts) => ("不是", "is not"),
        (CompareOperator::NotEqual, Wording::Truths) => ("不为", "is not"),
        (CompareOperator::NotEqual, _) => ("不等于", "is not"),
        (CompareOperator::Less, Wording::Times) | (CompareOperator::Before, _) => {
            ("早于", "is before")
        }
        (CompareOperator::AtMost, Wording::Times) => ("不晚于", "is no later than"),
        (CompareOperator::Greater, Wording::Times) | (CompareOperator::After, _) => {
            ("晚于", "is after")
        }
        (CompareOperator::AtLeast, Wording::Times) => ("不早于", "is no earlier than"),
        (CompareOperator::Less, _) => ("小于", "is less than"),
        (CompareOperator::AtMost, _) => ("至多为", "is at most"),
        (CompareOperator::Greater, _) => ("大于", "is more than"),
        (CompareOperator::AtLeast, _) => ("至少为", "is at least"),
        (CompareOperator::On, _) => ("在", "is on"),
        (CompareOperator::Contains, _) => ("包含", "contains"),
        (CompareOperator::NotContains, _) => ("不包含", "does not contain"),
        (CompareOperator::StartsWith, _) => ("开头是", "starts with"),
        (CompareOperator::NotStartsWith, _) => ("开头不是", "does not start with"),
        (CompareOperator::EndsWith, _) => ("结尾是", "ends with"),
        (CompareOperator::NotEndsWith, _) => ("结尾不是", "does not end with"),
        (CompareOperator::Matches, _) => ("匹配正则表达式", "matches the regular expression"),
        (CompareOperator::NotMatches, _) => {
            ("不匹配正则表达式", "does not match the regular expression")
        }
        (CompareOperator::Has, _) => ("含有", "has the element"),
    }
}

fn wording(left: &Node, right: &Node) -> Wording {
    if is_time(left) || is_time(right) {
        return Wording::Times;
    }
    match (left, right) {
        (Node::Text(_), _) | (_, Node::Text(_)) => Wording::Texts,
        (Node::Truth(_), _) | (_, Node::Truth(_)) => Wording::Truths,
        _ => Wording::Numbers,
    }
}

/// Whether it is a time by the way it is written.
fn is_time(node: &Node) -> bool {
    match node {
        Node::Time(_) | Node::Date(_) | Node::Ago(_) | Node::Now => true,
        Node::Aggregate(aggregate) => matches!(
            aggregate.function,
            AggregateName::FirstTime | AggregateName::LastTime
        ),
        Node::Arithmetic {
            left,
            operator: ArithmeticOperator::Subtract,
            right,
        } => is_time(&left.node) && is_duration(&right.node),
        Node::Arithmetic { left, right, .. } => is_time(&left.node) || is_time(&right.node),
        _ => false,
    }
}

/// Whether it is a duration by the way it is written.
fn is_duration(node: &Node) -> bool {
    match node {
        Node::Duration(_) => true,
        Node::Arithmetic { left, right, .. } => is_duration(&left.node) || is_duration(&right.node),
        _ => false,
    }
}
