//! Walking a tree: the expressions directly below one.

use super::{Aggregate, EventPattern, Expression, GroupKey, Grouped, Node, Rule, Step, Window};
use crate::located::Located;

impl Rule {
    /// The expressions at the top: one, or the conditions of the cases.
    pub(crate) fn expressions(&self) -> Vec<&Expression> {
        match self {
            Self::Expression(expression) => vec![expression],
            Self::Cases(cases) => cases.of.iter().map(|case| &case.when).collect(),
        }
    }

    /// How many levels the tree has.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.expressions()
            .into_iter()
            .map(|expression| expression.node.depth())
            .max()
            .unwrap_or(0)
    }
}

impl Node {
    /// How many levels there are from here down, this one included.
    pub(crate) fn depth(&self) -> usize {
        1 + self
            .children()
            .into_iter()
            .map(|child| child.node.depth())
            .max()
            .unwrap_or(0)
    }

    /// Whether it is a constant as it stands.
    pub(crate) fn is_constant(&self) -> bool {
        matches!(
            self,
            Self::Number(_)
                | Self::Text(_)
                | Self::Duration(_)
                | Self::Time(_)
                | Self::Date(_)
                | Self::Truth(_)
        )
    }

    /// The events that it looks at by itself.
    pub(crate) fn events(&self) -> impl Iterator<Item = &Located<EventPattern>> {
        let (events, steps): (&[Located<EventPattern>], &[Step]) = match self {
            Self::Aggregate(aggregate) => (&aggregate.events, &[]),
            Self::Regularly(regularly) => (&regularly.events, &[]),
            Self::Sequence(sequence) | Self::CountSequences(sequence) => (&[], &sequence.steps),
            Self::Gap(gap) => (&[], &gap.between.steps),
            _ => (&[], &[]),
        };
        let of_steps = steps.iter().flat_map(|step| &step.events);
        events.iter().chain(of_steps)
    }

    /// The expressions directly below.
    #[must_use]
    pub fn children(&self) -> Vec<&Expression> {
        match self {
            Self::Number(_)
            | Self::Duration(_)
            | Self::Time(_)
            | Self::Date(_)
            | Self::Text(_)
            | Self::Truth(_)
            | Self::Ago(_)
            | Self::Now
            | Self::Everyone
            | Self::Name(_)
            | Self::InList(_)
            | Self::InAudience(_)
            | Self::Tag(_)
            | Self::Broken => Vec::new(),
            Self::Not(of) | Self::IsSet(of) | Self::IsNotSet(of) | Self::Negate(of) => vec![of],
            Self::And(of) | Self::Or(of) | Self::AtLeast { of, .. } => of.iter().collect(),
            Self::Compare { left, right, .. } | Self::Arithmetic { left, right, .. } => {
                vec![left, right]
            }
            Self::Between {
                value, low, high, ..
            } => vec![value, low, high],
            Self::Choice { value, of, .. } => std::iter::once(&**value).chain(of).collect(),
            Self::InWindow { value, window, .. } => std::iter::once(&**value)
                .chain(window.node.children())
                .collect(),
            Self::ValueInList { value, .. }
            | Self::Anniversary { value, .. }
            | Self::Lookup { row: value, .. } => vec![value],
            Self::Points(of) => of.iter().map(|weighted| &weighted.when).collect(),
            Self::Lasting { condition, .. } => vec![condition],
            Self::TagAt { at, .. } => vec![at],
            Self::Call { arguments, .. } => arguments.iter().collect(),
            Self::Aggregate(aggregate) => aggregate.children(),
            Self::Sequence(sequence) | Self::CountSequences(sequence) => sequence.children(),
            Self::Gap(gap) => gap.between.children(),
            Self::Grouped(grouped) => grouped.children(),
            Self::Regularly(regularly) => regularly.filter.as_deref().into_iter().collect(),
            Self::Rank(ranking) | Self::InRank { ranking, .. } | Self::Quantile { ranking, .. } => {
                ranking.children()
            }
            Self::OfUser { user, of } => vec![user, of],
            Self::OverUsers(over) => over.children(),
        }
    }
}

impl Aggregate {
    fn children(&self) -> Vec<&Expression> {
        let window = self.window.iter().flat_map(|window| window.node.children());
        self.arguments
            .iter()
            .chain(self.by.as_deref())
            .chain(self.filter.as_deref())
            .chain(self.having.as_deref())
            .chain(window)
            .collect()
    }
}

impl Grouped {
    fn children(&self) -> Vec<&Expression> {
        let values = match &self.per {
            GroupKey::Period(_) => &[][..],
            GroupKey::Values(values) => values,
        };
        let window = self.window.iter().flat_map(|window| window.node.children());
        std::iter::once(&*self.of)
            .chain(values)
            .chain(window)
            .collect()
    }
}

impl Window {
    /// The bounds that are expressions.
    pub(crate) fn children(&self) -> Vec<&Expression> {
        match self {
            Self::Ever
            | Self::Last(_)
            | Self::Next(_)
            | Self::LastCalendar { .. }
            | Self::PreviousCalendar { .. }
            | Self::Previous(_)
            | Self::This(_)
            | Self::Today
            | Self::Yesterday => Vec::new(),
            Self::From { from, to } | Self::Between { from, to } => vec![from, to],
            Self::Since(bound) | Self::Before(bound) | Self::Within { anchor: bound, .. } => {
                vec![bound]
            }
        }
    }
}
