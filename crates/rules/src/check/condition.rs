//! Conditions: each expression as true or false.

use domain::ListKind;

use super::Checker;
use super::choice::Sense;
use super::population::is_test_of_population;
use super::scope::Scope;
use super::window::Within;
use crate::checked::{Condition, Place};
use crate::located::Located;
use crate::mistake::{Conditions, Types};
use crate::tree::{Count, Expression, FunctionName, Node, Window};
use crate::vocabulary::TagKind;

impl Checker<'_> {
    /// Whether a rule of this form says who, rather than how much.
    pub(super) fn reads_as_condition(&self, expression: &Expression) -> bool {
        match &expression.node {
            Node::Name(_) | Node::Tag(_) | Node::TagAt { .. } => true,
            Node::Call {
                function: FunctionName::If | FunctionName::Coalesce,
                ..
            } => self.natural(expression, Scope::User) == Some(Place::Truth),
            Node::Call {
                function: FunctionName::HasIdentity,
                ..
            } => true,
            Node::Call { .. }
            | Node::Number(_)
            | Node::Duration(_)
            | Node::Time(_)
            | Node::Date(_)
            | Node::Text(_)
            | Node::Ago(_)
            | Node::Now
            | Node::Negate(_)
            | Node::Points(_)
            | Node::Lookup { .. }
            | Node::Arithmetic { .. }
            | Node::CountSequences(_)
            | Node::Gap(_) => false,
            Node::Aggregate(aggregate) => aggregate.is_condition(),
            Node::Rank(_) | Node::Quantile { .. } => false,
            Node::OverUsers(over) => over.is_condition(),
            Node::Grouped(_) => false,
            _ => true,
        }
    }

    /// The expression as a condition.
    pub(super) fn condition(
        &mut self,
        expression: &Expression,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        let condition = self.condition_of(expression, scope)?;
        self.note_condition(expression.range, scope, &condition);
        Some(condition)
    }

    fn condition_of(&mut self, expression: &Expression, scope: Scope<'_>) -> Option<Condition> {
        match &expression.node {
            Node::Truth(truth) => Some(Condition::Constant(*truth)),
            Node::Everyone => {
                self.of_user(Condition::Constant(true), "everyone", expression, scope)
            }
            Node::Not(of) => {
                let mark = self.advice.mark();
                let of = self.condition(of, scope);
                self.advice.forget_since(mark);
                of.map(not)
            }
            Node::And(of) => self.and(expression, of, scope),
            Node::Or(of) => Some(any(self.conditions(of, scope)?)),
            Node::AtLeast { count, of } => self.at_least(expression, *count, of, scope),
            Node::Compare { .. } => self.comparison(expression, scope),
            Node::Between {
                value,
                low,
                high,
                negated,
            } => {
                let sense = if *negated {
                    Sense::Negative
                } else {
                    Sense::Positive
                };
                self.between(expression, [value, low, high], sense, scope)
            }
            Node::Choice {
                value,
                operator,
                of,
            } => self.choice(expression, value, *operator, of, scope),
            Node::IsSet(of) => self.is_set(of, scope),
            Node::IsNotSet(of) => self.is_set(of, scope).map(not),
            Node::InWindow {
                value,
                window,
                negated,
            } => {
                let condition = self.in_window(value, window, scope)?;
                Some(if *negated { not(condition) } else { condition })
            }
            Node::Anniversary {
                value,
                next,
                negated,
            } => {
                let condition = self.anniversary(expression, value, next, scope)?;
                if *negated {
                    self.advise_missing(&condition, expression, scope);
                    return Some(not(condition));
                }
                Some(condition)
            }
            Node::Lasting {
                condition,
                at_least,
            } => self.lasting(expression, condition, at_least, scope),
            Node::InList(list) => self.in_list(expression, list, scope),
            Node::ValueInList {
                value,
                list,
                negated,
            } => {
                let condition = self.value_in_list(value, list, scope)?;
                if *negated {
                    self.advise_missing(&condition, expression, scope);
                    return Some(not(condition));
                }
                Some(condition)
            }
            Node::InAudience(key) => {
                let audience = self.audience(key)?;
                self.of_user(
                    Condition::InAudience(audience),
                    "in audience(…)",
                    expression,
                    scope,
                )
            }
            Node::TagAt { tag, at } => self.had_tag(tag, at, scope),
            Node::Tag(key) => Some(Condition::HasTag(self.tag(key, scope)?)),
            Node::Aggregate(aggregate) if aggregate.is_condition() => {
                self.did(expression, aggregate, scope)
            }
            Node::Sequence(sequence) => self.sequence(expression, sequence, scope),
            Node::Call {
                function: FunctionName::HasIdentity,
                arguments,
            } => self.has_identity(expression, arguments),
            Node::Regularly(regularly) => self.regularly(expression, regularly, scope),
            node if is_test_of_population(node) => self.population_holds(expression, scope),
            Node::Broken => None,
            _ => self.holds(expression, scope),
        }
    }

    /// `t in last 30d`
    fn in_window(
        &mut self,
        value: &Expression,
        window: &Located<Window>,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        let value = self.instant(value, scope);
        let window = self.window(window, scope, Within::Value);
        Some(Condition::InWindow {
            value: value?,
            window: window?,
        })
    }

    /// What stands alone has to be true or false.
    fn holds(&mut self, expression: &Expression, scope: Scope<'_>) -> Option<Condition> {
        match self.natural(expression, scope) {
            None | Some(Place::Truth) => self
                .measure(expression, Place::Truth, scope)
                .map(Condition::Holds),
            Some(is) => {
                let shown = expression;
                if matches!(expression.node, Node::Rank(_)) {
                    return self.fail(expression.range, Types::RankAlone { shown, is });
                }
                let than = match is {
                    Place::Number => "> 0",
                    Place::Moment => "in last 30d",
                    Place::Span => ">= 30d",
                    _ => "= \"…\"",
                };
                self.fail(expression.range, Types::ValueAlone { shown, is, than })
            }
        }
    }

    /// All of them, after telling what is wrong with any.
    fn conditions(&mut self, of: &[Expression], scope: Scope<'_>) -> Option<Vec<Condition>> {
        let checked: Vec<Option<Condition>> =
            of.iter().map(|part| self.condition(part, scope)).collect();
        checked.into_iter().collect()
    }

    fn and(
        &mut self,
        expression: &Expression,
        of: &[Expression],
        scope: Scope<'_>,
    ) -> Option<Condition> {
        let mark = self.advice.mark();
        let parts = self.conditions(of, scope)?;
        self.advice.forget_answered(mark, &parts);
        let all = all(parts);
        if let Condition::All(parts) = &all {
            self.warn_of_contradiction(parts, expression.range);
        }
        Some(all)
    }

    fn at_least(
        &mut self,
        expression: &Expression,
        count: Count,
        of: &[Expression],
        scope: Scope<'_>,
    ) -> Option<Condition> {
        let parts = self.conditions(of, scope)?;
        let (wanted, there) = (count.get(), u32::try_from(parts.len()).unwrap_or(u32::MAX));
        if wanted > there {
            self.remark(expression.range, Conditions::TooFew { there });
        }
        Some(match wanted {
            1 => any(parts),
            _ if wanted == there => all(parts),
            _ => Condition::AtLeast {
                count: wanted,
                of: parts,
            },
        })
    }

    fn is_set(&mut self, of: &Expression, scope: Scope<'_>) -> Option<Condition> {
        match &of.node {
            Node::Tag(key) => return self.tag(key, scope).map(Condition::HasTag),
            Node::TagAt { tag, at } => return self.had_tag(tag, at, scope),
            _ => {}
        }
        let natural = self.natural(of, scope);
        if natural == Some(Place::Truth) && !matches!(of.node, Node::Truth(_) | Node::Name(_)) {
            return self.fail(of.range, Types::ConditionIsSet);
        }
        let place = natural.unwrap_or(match of.node {
            Node::Arithmetic { .. } => Place::Number,
            _ => Place::Any,
        });
        self.measure(of, place, scope).map(Condition::IsSet)
    }

    fn in_list(
        &mut self,
        expression: &Expression,
        key: &Located<String>,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        let list = self.list(key)?;
        if self.vocabulary.lists.get(&list) == Some(&ListKind::Values) {
            let mistake = Types::ListOfValues {
                list: list.as_str(),
            };
            return self.fail(expression.range, mistake);
        }
        self.of_user(Condition::UserInList(list), "in list(…)", expression, scope)
    }

    fn value_in_list(
        &mut self,
        value: &Expression,
        key: &Located<String>,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        let place = self.natural(value, scope).unwrap_or(Place::Text);
        let value = self.measure(value, place, scope);
        let list = self.list(key)?;
        if self.vocabulary.lists.get(&list) == Some(&ListKind::Users) {
            let mistake = Types::ListOfUsers {
                list: list.as_str(),
            };
            return self.fail(key.range, mistake);
        }
        Some(Condition::ValueInList {
            value: value?,
            list,
        })
    }

    /// A condition on the user, which cannot stand inside `where` and `having`.
    fn of_user(
        &mut self,
        condition: Condition,
        written: &str,
        expression: &Expression,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        let Some(word) = scope.word() else {
            return Some(condition);
        };
        self.fail(expression.range, Conditions::OfUserInside { written, word })
    }
}

impl Checker<'_> {
    /// The kind of a known tag.
    pub(super) fn tag_kind(&self, expression: &Expression) -> Option<&TagKind> {
        match &expression.node {
            Node::Tag(key) | Node::TagAt { tag: key, .. } => {
                self.vocabulary.tags.get(key.node.as_str())
            }
            Node::OfUser { of, .. } => self.tag_kind(of),
            _ => None,
        }
    }
}

/// The complement; a double one is none.
pub(super) fn not(condition: Condition) -> Condition {
    match condition {
        Condition::Not(of) => *of,
        Condition::Constant(truth) => Condition::Constant(!truth),
        other => Condition::Not(Box::new(other)),
    }
}

/// All of them, flattened, without what always holds.
pub(super) fn all(parts: Vec<Condition>) -> Condition {
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Condition::All(inner) => flat.extend(inner),
            Condition::Constant(true) => {}
            other => flat.push(other),
        }
    }
    alone_or(flat, Condition::Constant(true), Condition::All)
}

/// Any of them, flattened, without what never holds.
pub(super) fn any(parts: Vec<Condition>) -> Condition {
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Condition::Any(inner) => flat.extend(inner),
            Condition::Constant(false) => {}
            other => flat.push(other),
        }
    }
    alone_or(flat, Condition::Constant(false), Condition::Any)
}

fn alone_or(
    mut flat: Vec<Condition>,
    empty: Condition,
    join: fn(Vec<Condition>) -> Condition,
) -> Condition {
    match flat.len() {
        0 | 1 => flat.pop().unwrap_or(empty),
        _ => join(flat),
    }
}
