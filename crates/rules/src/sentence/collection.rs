//! Collections: elements of a list in the place of events.

use super::speaker::{Speaker, say};
use crate::check::Form;
use crate::located::Located;
use crate::tree::{Aggregate, AggregateName, EventPattern, Expression, Node};

/// A list, and what is taken of each of its elements.
pub(super) struct List {
    path: Vec<String>,
    pub(super) arguments: Vec<Expression>,
}

/// The list that an aggregate goes over, as far as its words tell: `holdings`, `user.orders`, or
/// whatever `any` asks. Other lists are written like events.
pub(super) fn list(aggregate: &Aggregate) -> Option<List> {
    let [
        Located {
            node: EventPattern::Name(first),
            ..
        },
    ] = aggregate.events.as_slice()
    else {
        return None;
    };
    let (dotted, others) = match aggregate.arguments.as_slice() {
        [
            Located {
                node: Node::Name(parts),
                ..
            },
        ] => (parts.as_slice(), &[] as &[Expression]),
        others => (&[] as &[String], others),
    };
    let is_of_user = first == "user" && !dotted.is_empty();
    if !is_of_user && first != "holdings" && aggregate.function != AggregateName::Any {
        return None;
    }
    let mut path: Vec<String> = std::iter::once(first)
        .chain(dotted)
        .skip(usize::from(is_of_user))
        .cloned()
        .collect();
    let mut arguments = others.to_vec();
    let takes_value = !matches!(Form::of(aggregate.function), Form::OfEvents(_));
    if takes_value && others.is_empty() && path.len() > 1 {
        arguments.extend(path.pop().map(|name| Node::Name(vec![name]).into()));
    }
    Some(List { path, arguments })
}

impl Speaker<'_> {
    /// `elements of holdings (where …)`
    pub(super) fn elements(&self, list: &List, filter: Option<&Expression>) -> String {
        let path = self.path(&list.path);
        let elements = say!(self, "{path} 的元素", "elements of {path}");
        match filter {
            Some(filter) => {
                let filter = self.of_events().condition(filter);
                say!(
                    self,
                    "{elements}（满足：{filter}）",
                    "{elements} (where {filter})"
                )
            }
            None => elements,
        }
    }

    /// `any(c where C)` as a condition.
    pub(super) fn any(&self, aggregate: &Aggregate) -> String {
        let elements = self.several(aggregate);
        say!(self, "有 {elements}", "there are {elements}")
    }

    /// `not any(c where C)` as a condition.
    pub(super) fn not_any(&self, aggregate: &Aggregate) -> String {
        let elements = self.several(aggregate);
        say!(self, "没有 {elements}", "there are no {elements}")
    }
}
