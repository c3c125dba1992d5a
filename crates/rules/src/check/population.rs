//! Values over all users together: who is ranked, whom `user(x)` and `users by` mean.

mod ranking;
mod sharing;

use domain::Value;

use super::Checker;
use super::condition::not;
use super::scope::Scope;
use crate::checked::{Comparison, Condition, Measure, Place, Population, RankEnd, number};
use crate::mistake::Populations;
use crate::tree::{self, Expression, Node, UsersFunction};

impl Checker<'_> {
    /// A value over all users.
    pub(super) fn population(
        &mut self,
        expression: &Expression,
        place: Place,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        self.outside_events(expression, scope)?;
        let population = match &expression.node {
            Node::Rank(ranking) => {
                self.demand(expression, Place::Number, place)?;
                Population::Rank {
                    ranking: self.ranking(ranking, None)?,
                    end: RankEnd::Greatest,
                }
            }
            Node::Quantile { ranking, parts } => {
                self.demand(expression, Place::Number, place)?;
                let ranking = self.ranking(ranking, None);
                if parts.get() < 2 {
                    return self.fail(expression.range, Populations::TooFewParts);
                }
                Population::Quantile {
                    ranking: ranking?,
                    parts: parts.get(),
                }
            }
            Node::OfUser { user, of } => {
                let identity = self.identity(user);
                let value = self.measure(of, place, Scope::User)?;
                Population::OfUser {
                    identity: identity?,
                    value,
                }
            }
            Node::OverUsers(over) => {
                self.demand(expression, Place::Number, place)?;
                self.over_users(expression, over)?
            }
            _ => return None,
        };
        Some(Measure::Population(Box::new(population)))
    }

    /// What stands over all users and is true or false.
    pub(super) fn population_holds(
        &mut self,
        expression: &Expression,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        self.outside_events(expression, scope)?;
        match &expression.node {
            Node::InRank {
                ranking,
                bound,
                negated,
            } => {
                let population = self.within_rank(expression, ranking, bound)?;
                if *negated {
                    self.advise_unranked(&population, expression);
                }
                let condition = Condition::Holds(Measure::Population(Box::new(population)));
                Some(if *negated { not(condition) } else { condition })
            }
            Node::OverUsers(over) => {
                let count = self.over_users(expression, over)?;
                Some(above_zero(Measure::Population(Box::new(count))))
            }
            Node::OfUser { user, of } => {
                let identity = self.identity(user);
                let Node::Tag(key) = &of.node else {
                    return None;
                };
                let value = truth_of(Condition::HasTag(self.tag(key, Scope::User)?));
                let population = Population::OfUser {
                    identity: identity?,
                    value,
                };
                Some(Condition::Holds(Measure::Population(Box::new(population))))
            }
            _ => None,
        }
    }

    fn outside_events(&mut self, expression: &Expression, scope: Scope<'_>) -> Option<()> {
        let Some(word) = scope.word() else {
            return Some(());
        };
        self.fail(expression.range, Populations::Inside { word })
    }

    /// What identifies a user.
    fn identity(&mut self, user: &Expression) -> Option<Measure> {
        if let Node::OfUser { .. } = user.node {
            return self.fail(user.range, Populations::TwoSteps);
        }
        self.measure(user, Place::Text, Scope::User)
    }

    fn over_users(
        &mut self,
        expression: &Expression,
        over: &tree::OverUsers,
    ) -> Option<Population> {
        let function = over.function.as_str();
        let by = self.measure(&over.by, Place::Text, Scope::User);
        let filter = match &over.filter {
            None => Some(Condition::Constant(true)),
            Some(filter) => self.condition(filter, Scope::User),
        };
        let sum = match (over.function, &over.of) {
            (UsersFunction::Sum, Some(of)) => {
                self.measure(of, Place::Number, Scope::User).map(Some)
            }
            (UsersFunction::Sum, None) => self.fail(expression.range, Populations::SumOfNothing),
            (_, None) => Some(None),
            (_, Some(of)) => self.fail(of.range, Populations::ValueOfUsers { function }),
        };
        Some(Population::NamedBy {
            by: by?,
            filter: filter?,
            sum: sum?,
        })
    }
}

/// Whether a node over all users is true or false by itself; a tag of another user is.
pub(super) fn is_test_of_population(node: &Node) -> bool {
    match node {
        Node::InRank { .. } => true,
        Node::OverUsers(over) => over.is_condition(),
        Node::OfUser { of, .. } => matches!(of.node, Node::Tag(_)),
        _ => false,
    }
}

fn truth_of(condition: Condition) -> Measure {
    let constant = |truth| Box::new(Measure::Constant(Value::Bool(truth)));
    Measure::If {
        condition: Box::new(condition),
        then: constant(true),
        otherwise: constant(false),
    }
}

fn above_zero(measure: Measure) -> Condition {
    Condition::Compare {
        left: measure,
        comparison: Comparison::Greater,
        right: number(0),
        zone: None,
    }
}
