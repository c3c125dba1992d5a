//! One value against several, and against lists.

use super::missing::holds_without_value;
use super::speaker::{Speaker, say};
use crate::tree::{ChoiceOperator, Expression, Node};

impl Speaker<'_> {
    /// A choice as a clause, with a word about users without a value where it holds for them.
    pub(super) fn choice(&self, node: &Node) -> String {
        let said = match node {
            Node::Choice {
                value,
                operator,
                of,
            } => self.chosen(value, *operator, of),
            Node::ValueInList {
                value,
                list,
                negated,
            } => {
                let (value, list) = (self.value(value), self.list(&list.node));
                match negated {
                    false => say!(
                        self,
                        "{value} 在名单 {list} 中",
                        "{value} is in the list {list}"
                    ),
                    true => say!(
                        self,
                        "{value} 不在名单 {list} 中",
                        "{value} is not in the list {list}"
                    ),
                }
            }
            _ => String::new(),
        };
        match holds_without_value(node) {
            true => self.and_without_value(&said),
            false => said,
        }
    }

    fn chosen(&self, value: &Expression, operator: ChoiceOperator, of: &[Expression]) -> String {
        let value = self.value(value);
        let of: Vec<String> = of.iter().map(|part| self.operand(part)).collect();
        let of = self.row(&of);
        match operator {
            ChoiceOperator::In => say!(self, "{value} 是 {of} 之一", "{value} is one of {of}"),
            ChoiceOperator::NotIn => {
                say!(
                    self,
                    "{value} 不是 {of} 中的任何一个",
                    "{value} is none of {of}"
                )
            }
            ChoiceOperator::HasAnyOf => {
                say!(
                    self,
                    "{value} 含有 {of} 中的至少一个",
                    "{value} has at least one of {of}"
                )
            }
            ChoiceOperator::HasAllOf => {
                say!(self, "{value} 含有 {of} 的全部", "{value} has all of {of}")
            }
            ChoiceOperator::HasNoneOf => {
                say!(
                    self,
                    "{value} 不含 {of} 中的任何一个",
                    "{value} has none of {of}"
                )
            }
        }
    }
}
