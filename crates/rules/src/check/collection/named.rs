//! Which list an aggregate goes over, as it is written.

use std::collections::BTreeSet;

use domain::HOLDINGS;

use crate::check::aggregate::function::Form;
use crate::checked::Path;
use crate::located::{Located, TextRange};
use crate::tree::{Aggregate, AggregateName, EventPattern, Expression, Node};

/// The list of a user's wallets.
const WALLETS: &str = "wallets";

/// A list in the place of events.
pub(crate) struct Named {
    /// The path of the list.
    pub path: String,
    /// Where it stands.
    pub range: TextRange,
    /// What is taken of each element.
    pub arguments: Vec<Expression>,
    /// Whether it was written as `user.x`.
    pub is_of_user: bool,
}

impl Named {
    /// The list that an aggregate goes over, if it goes over no events: one that is known, or
    /// whatever stands where only a list can.
    pub(crate) fn of(
        aggregate: &Aggregate,
        lists: &BTreeSet<Path>,
        is_event: &dyn Fn(&str) -> bool,
    ) -> Option<Self> {
        let [
            Located {
                node: EventPattern::Name(first),
                range,
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
        let is_event = is_event(first);
        let is_of_user = first == "user" && !dotted.is_empty() && !is_event;
        let parts: Vec<&str> = std::iter::once(first.as_str())
            .chain(dotted.iter().map(String::as_str))
            .skip(usize::from(is_of_user))
            .collect();
        let path = |length: usize| parts.get(..length).unwrap_or_default().join(".");
        let known = (1..=parts.len())
            .rev()
            .find(|length| lists.contains(path(*length).as_str()));
        let is_needed = is_of_user
            || aggregate.function == AggregateName::Any
            || ([WALLETS, HOLDINGS].contains(&first.as_str()) && !is_event);
        let takes_value = !matches!(Form::of(aggregate.function), Form::OfEvents(_));
        let length = match known {
            Some(length) => length,
            None if !is_needed => return None,
            None if takes_value && others.is_empty() && parts.len() > 1 => parts.len() - 1,
            None => parts.len(),
        };
        let rest: Vec<String> = parts.iter().skip(length).map(ToString::to_string).collect();
        let behind: usize = rest.iter().map(|part| part.len() + 1).sum();
        let behind = u32::try_from(behind).unwrap_or(u32::MAX);
        let range = match aggregate.arguments.first() {
            Some(dotted) if others.is_empty() => TextRange {
                start: range.start,
                end: dotted.range.end.saturating_sub(behind),
            },
            _ => *range,
        };
        let arguments = match (rest.is_empty(), aggregate.arguments.first()) {
            (false, Some(written)) => vec![Located::new(Node::Name(rest), written.range)],
            _ => others.to_vec(),
        };
        Some(Self {
            path: path(length),
            range,
            arguments,
            is_of_user,
        })
    }
}
