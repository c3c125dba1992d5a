//! Conditions: what joins them, what is negated, and what holds by itself.

use super::missing::fails_without_value;
use super::speaker::{Speaker, say};
use crate::tree::{Count, Expression, FunctionName, Node};

impl Speaker<'_> {
    /// A condition as a clause.
    pub(super) fn condition(&self, condition: &Expression) -> String {
        match &condition.node {
            Node::And(of) => self.joined(of).join(&say!(self, "，且 ", ", and ")),
            Node::Or(of) => self.joined(of).join(&say!(self, "，或 ", ", or ")),
            Node::AtLeast { count, of } => self.at_least(*count, of),
            Node::Not(of) => self.negation(of),
            Node::Everyone => say!(self, "所有已知用户", "every known user"),
            Node::Truth(true) => say!(self, "恒成立", "always"),
            Node::Truth(false) => say!(self, "恒不成立", "never"),
            Node::Tag(key) => {
                let tag = self.tag(&key.node);
                say!(self, "有标签 {tag}", "the user has the tag {tag}")
            }
            Node::TagAt { tag, at } => self.had_tag(&tag.node, at),
            Node::InList(key) => {
                let list = self.list(&key.node);
                say!(self, "在名单 {list} 中", "the user is in the list {list}")
            }
            Node::InAudience(key) => {
                let audience = self.audience(&key.node);
                say!(
                    self,
                    "属于人群 {audience}",
                    "the user is in the audience {audience}"
                )
            }
            Node::Compare { .. }
            | Node::Between { .. }
            | Node::InWindow { .. }
            | Node::Anniversary { .. } => self.comparison(&condition.node),
            Node::Choice { .. } | Node::ValueInList { .. } => self.choice(&condition.node),
            Node::IsSet(of) => {
                let of = self.value(of);
                say!(self, "{of} 有值", "{of} has a value")
            }
            Node::IsNotSet(of) => {
                let of = self.value(of);
                say!(self, "{of} 没有值", "{of} has no value")
            }
            Node::Lasting {
                condition,
                at_least,
            } => {
                let (condition, span) = (self.condition(condition), self.duration(at_least));
                say!(
                    self,
                    "{condition}，且已持续至少 {span}",
                    "{condition}, and has been so for at least {span}"
                )
            }
            Node::Aggregate(aggregate) if aggregate.is_condition() => self.did(aggregate),
            Node::Sequence(sequence) => self.sequence(sequence),
            Node::Call {
                function: FunctionName::HasIdentity,
                arguments,
            } => self.has_identity(arguments),
            Node::Regularly(regularly) => self.regularly(regularly),
            Node::InRank {
                ranking,
                bound,
                negated,
            } => match negated {
                true => self.not_in_rank(ranking, bound),
                false => self.in_rank(ranking, bound),
            },
            Node::OverUsers(over) if over.is_condition() => self.over_users(over),
            Node::OfUser { user, of } if matches!(of.node, Node::Tag(_)) => {
                self.tag_of_user(user, of)
            }
            Node::Number(_)
            | Node::Duration(_)
            | Node::Time(_)
            | Node::Date(_)
            | Node::Text(_)
            | Node::Ago(_)
            | Node::Now
            | Node::Name(_)
            | Node::Negate(_)
            | Node::Arithmetic { .. }
            | Node::Call { .. }
            | Node::Points(_)
            | Node::Lookup { .. }
            | Node::Aggregate(_)
            | Node::CountSequences(_)
            | Node::Gap(_)
            | Node::Rank(_)
            | Node::Quantile { .. }
            | Node::OfUser { .. }
            | Node::OverUsers(_)
            | Node::Grouped(_)
            | Node::Broken => {
                let value = self.value(condition);
                say!(self, "{value} 为真", "{value} is true")
            }
        }
    }

    /// A condition that is part of another one: joined ones in parentheses.
    pub(super) fn clause(&self, condition: &Expression) -> String {
        let said = self.condition(condition);
        match condition.node {
            Node::And(_) | Node::Or(_) | Node::AtLeast { .. } | Node::Lasting { .. } => {
                self.enclosed(&said)
            }
            _ => said,
        }
    }

    fn joined(&self, of: &[Expression]) -> Vec<String> {
        of.iter().map(|part| self.clause(part)).collect()
    }

    fn at_least(&self, count: Count, of: &[Expression]) -> String {
        let numbered: Vec<String> = self
            .joined(of)
            .into_iter()
            .zip(1..)
            .map(|(part, number)| say!(self, "（{number}）{part}", "({number}) {part}"))
            .collect();
        let parts = numbered.join(&say!(self, "；", "; "));
        say!(
            self,
            "以下条件至少满足 {count} 项：{parts}",
            "at least {count} of these hold: {parts}"
        )
    }

    fn negation(&self, of: &Expression) -> String {
        let said = match &of.node {
            Node::Tag(key) => {
                let tag = self.tag(&key.node);
                return say!(
                    self,
                    "没有标签 {tag}",
                    "the user does not have the tag {tag}"
                );
            }
            Node::InList(key) => {
                let list = self.list(&key.node);
                return say!(
                    self,
                    "不在名单 {list} 中",
                    "the user is not in the list {list}"
                );
            }
            Node::InAudience(key) => {
                let audience = self.audience(&key.node);
                return say!(
                    self,
                    "不属于人群 {audience}",
                    "the user is not in the audience {audience}"
                );
            }
            Node::Aggregate(aggregate) if aggregate.is_condition() => {
                return self.did_not(aggregate);
            }
            Node::IsSet(of) => {
                let of = self.value(of);
                return say!(self, "{of} 没有值", "{of} has no value");
            }
            Node::IsNotSet(of) => {
                let of = self.value(of);
                return say!(self, "{of} 有值", "{of} has a value");
            }
            Node::Name(_) => {
                let of = self.value(of);
                say!(self, "{of} 不为真", "{of} is not true")
            }
            _ => {
                let of = self.condition(of);
                say!(self, "并非（{of}）", "it is not the case that ({of})")
            }
        };
        match fails_without_value(&of.node) {
            true => self.and_without_value(&said),
            false => said,
        }
    }
}
