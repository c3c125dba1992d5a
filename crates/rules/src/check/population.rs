//! Values over all users together: who is ranked, whom `user(x)` and `users by` mean.

use domain::{Decimal, Value};

use super::Checker;
use super::compare::may_be_date;
use super::condition::{all, any};
use super::place::{described, natural_of_measure};
use super::scope::{EventScope, Scope};
use crate::checked::{
    Aggregate, AggregateFunction, Comparison, Condition, Function, Gap, Grouping, Measure, Place,
    Population, RankBound, RankEnd, Ranking, Ties, number,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::located::{Located, TextRange};
use crate::tree::{self, EventPattern, Expression, Node, RankAmount, UsersFunction};

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
                    let message = "`quantile_of(x, n)` takes a number of parts from 2";
                    return self.fail(Code::WrongArguments, expression.range, message);
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
                let condition = Condition::Holds(Measure::Population(Box::new(population)));
                Some(if *negated {
                    super::condition::not(condition)
                } else {
                    condition
                })
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
        let message = format!(
            "what is known only of all users together cannot stand inside `{word}`, which sees single events: join it outside with `and`"
        );
        self.fail(Code::NotAllowedHere, expression.range, message)
    }

    fn within_rank(
        &mut self,
        expression: &Expression,
        ranking: &tree::Ranking,
        bound: &tree::RankBound,
    ) -> Option<Population> {
        let ranking = self.ranking(ranking, Some(bound.end));
        let end = match bound.end {
            tree::RankEnd::Top | tree::RankEnd::Last => RankEnd::Greatest,
            tree::RankEnd::Bottom | tree::RankEnd::First => RankEnd::Least,
        };
        let ties = if bound.exactly { Ties::Cut } else { Ties::Kept };
        let bound = self.rank_bound(expression.range, &bound.amount);
        Some(Population::Within {
            ranking: ranking?,
            end,
            bound: bound?,
            ties,
        })
    }

    fn rank_bound(&mut self, range: TextRange, amount: &RankAmount) -> Option<RankBound> {
        let text = match amount {
            RankAmount::Count(count) => return Some(RankBound::Count(count.get())),
            RankAmount::Percent(text) => text,
        };
        let percent = Decimal::parse(&text.replace('_', ""));
        match percent {
            Some(percent) if percent > Decimal::ZERO && percent <= Decimal::from(100) => {
                Some(RankBound::Percent(percent))
            }
            _ => {
                let message = format!(
                    "`{text}%` is no part of those ranked: write more than 0% and at most 100%"
                );
                self.fail(Code::InvalidConstant, range, message)
            }
        }
    }

    /// Who is ranked, and by what; `first` and `last` go with times.
    fn ranking(&mut self, ranking: &tree::Ranking, end: Option<tree::RankEnd>) -> Option<Ranking> {
        let by = self.ranked_value(&ranking.by, end);
        let per = match &ranking.per {
            None => Some(None),
            Some(per) => {
                let place = self.natural(per, Scope::User).unwrap_or(Place::Text);
                self.measure(per, place, Scope::User).map(Some)
            }
        };
        let among = match &ranking.among {
            None => Some(Condition::Constant(true)),
            Some(among) => self.condition(among, Scope::User),
        };
        let by = by?;
        let mut among = vec![among?];
        if !ranking.among.as_deref().is_some_and(names_everyone) {
            let mut counted = Vec::new();
            add_counted(&by, &mut counted);
            if !counted.is_empty() {
                among.push(any(counted));
            }
        }
        Some(Ranking {
            by,
            among: all(among),
            per: per?,
        })
    }

    fn ranked_value(&mut self, by: &Expression, end: Option<tree::RankEnd>) -> Option<Measure> {
        let is_of_times = matches!(end, Some(tree::RankEnd::First | tree::RankEnd::Last));
        let otherwise = if is_of_times {
            Place::Moment
        } else {
            Place::Number
        };
        let place = self.natural(by, Scope::User).unwrap_or(otherwise);
        if is_of_times && place != Place::Moment {
            let message = format!(
                "`first` and `last` go with times, this is {}: write `bottom` for the least and `top` for the greatest",
                described(place)
            );
            return self.fail(Code::WrongType, by.range, message);
        }
        if !matches!(place, Place::Number | Place::Moment | Place::Span) {
            let message = format!(
                "ranks go with numbers and times, this is {}",
                described(place)
            );
            return self.fail(Code::WrongType, by.range, message);
        }
        let measure = self.measure(by, place, Scope::User)?;
        if place == Place::Moment && may_be_date(&measure) {
            let function = Function::Instant(self.zone());
            let of = Box::new(measure);
            return Some(Measure::Function { function, of });
        }
        Some(measure)
    }

    /// What identifies a user.
    fn identity(&mut self, user: &Expression) -> Option<Measure> {
        if let Node::OfUser { .. } = user.node {
            let message =
                "`user(x)` goes one step: give the inner one to a tag, and write `user(tag(k))`";
            return self.fail(Code::NotAllowedHere, user.range, message);
        }
        self.measure(user, Place::Text, Scope::User)
    }

    fn over_users(
        &mut self,
        expression: &Expression,
        over: &tree::OverUsers,
    ) -> Option<Population> {
        let name = over.function.as_str();
        let by = self.measure(&over.by, Place::Text, Scope::User);
        let filter = match &over.filter {
            None => Some(Condition::Constant(true)),
            Some(filter) => self.condition(filter, Scope::User),
        };
        let sum = match (over.function, &over.of) {
            (UsersFunction::Sum, Some(of)) => {
                self.measure(of, Place::Number, Scope::User).map(Some)
            }
            (UsersFunction::Sum, None) => {
                let message =
                    "`sum` takes a value of each user: write `sum(users.points by referrer)`";
                self.fail(Code::WrongArguments, expression.range, message)
            }
            (_, None) => Some(None),
            (_, Some(of)) => {
                let message = format!(
                    "`{name}` takes no value: write `{name}(users by …)`, and the condition behind `where`"
                );
                self.fail(Code::WrongArguments, of.range, message)
            }
        };
        Some(Population::NamedBy {
            by: by?,
            filter: filter?,
            sum: sum?,
        })
    }

    /// `shared_by(E.p …)`, `shared_by(attribute)`
    pub(super) fn shared_by(
        &mut self,
        expression: &Expression,
        aggregate: &tree::Aggregate,
        place: Place,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        self.outside_events(expression, scope)?;
        self.demand(expression, Place::Number, place)?;
        let of = match self.attribute_of(expression, aggregate)? {
            Some(attribute) => self.measure(&attribute, Place::Text, Scope::User)?,
            None => {
                if let Some(second) = aggregate.arguments.get(1) {
                    let message = "`shared_by` takes one value";
                    return self.fail(Code::WrongArguments, second.range, message);
                }
                let event = EventScope {
                    is_unknown: true,
                    ..EventScope::default()
                };
                let argument = aggregate.arguments.first();
                let place = argument.map_or(Place::Text, |argument| {
                    self.default_place(argument, Scope::Event(&event))
                });
                self.aggregate(expression, aggregate, place, scope)?
            }
        };
        Some(Measure::Population(Box::new(Population::Sharing(of))))
    }

    /// The attribute that stands where an event could: a name without the clauses of events.
    fn attribute_of(
        &mut self,
        expression: &Expression,
        aggregate: &tree::Aggregate,
    ) -> Option<Option<Expression>> {
        let [
            Located {
                node: EventPattern::Name(name),
                range,
            },
        ] = aggregate.events.as_slice()
        else {
            return Some(None);
        };
        let has_clauses = aggregate.filter.is_some() || aggregate.window.is_some();
        let is_event = self.vocabulary.events.contains_key(name.as_str());
        let is_attribute = |path: &str| self.vocabulary.attributes.contains(path);
        let (parts, range) = match aggregate.arguments.as_slice() {
            _ if has_clauses => return Some(None),
            [] if is_event && !is_attribute(name) => return Some(None),
            [] => return Some(Some(Located::new(Node::Name(vec![name.clone()]), *range))),
            [
                Located {
                    node: Node::Name(rest),
                    range: end,
                },
            ] => {
                let parts: Vec<String> = [name].into_iter().chain(rest).cloned().collect();
                (parts, range.to(*end))
            }
            _ => return Some(None),
        };
        let path = parts.join(".");
        let is_attribute = is_attribute(&path);
        if is_event && is_attribute {
            let message = format!(
                "`{name}` is an event, and `{path}` an attribute: write `event {path}` or `user.{path}`"
            );
            return self.fail(Code::WrongArguments, expression.range, message);
        }
        let attribute = Located::new(Node::Name(parts), range);
        Some(Some(attribute).filter(|_| is_attribute || name == "user"))
    }

    /// The bounds of a window of events are measured before all users are.
    pub(super) fn refuse_population(
        &mut self,
        bounds: &[&Measure],
        range: TextRange,
    ) -> Option<()> {
        if bounds.iter().any(|bound| has_population(bound)) {
            let message =
                "what is known only of all users together cannot bound a window of events";
            self.tell(Diagnostic::error(Code::NotAllowedHere, range, message));
            return None;
        }
        Some(())
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

/// Whether `everyone` is named, so that those are ranked, too, of whom nothing is counted.
fn names_everyone(among: &Expression) -> bool {
    match &among.node {
        Node::Everyone => true,
        Node::And(of) => of.iter().any(names_everyone),
        _ => false,
    }
}

/// Adds for each thing that is counted, and 0 over nothing, that there is one.
fn add_counted(measure: &Measure, counted: &mut Vec<Condition>) {
    match measure {
        Measure::Aggregate(aggregate) => counted.extend(number_counted(aggregate).map(above_zero)),
        Measure::Population(population) => match &**population {
            Population::Sharing(_) => counted.push(above_zero(measure.clone())),
            Population::NamedBy { by, filter, .. } => {
                let count = Population::NamedBy {
                    by: by.clone(),
                    filter: filter.clone(),
                    sum: None,
                };
                counted.push(above_zero(Measure::Population(Box::new(count))));
            }
            _ => {}
        },
        Measure::Arithmetic { left, right, .. } => {
            add_counted(left, counted);
            add_counted(right, counted);
        }
        Measure::If {
            then, otherwise, ..
        } => {
            add_counted(then, counted);
            add_counted(otherwise, counted);
        }
        Measure::Coalesce(of) => of.iter().for_each(|of| add_counted(of, counted)),
        Measure::Function { of, .. } => add_counted(of, counted),
        _ => {}
    }
}

/// How many events or values an aggregate counts, if it is 0 over nothing: itself where it is a
/// count, else a count of what it adds up.
fn number_counted(aggregate: &Aggregate) -> Option<Measure> {
    let counts = |function| Aggregate {
        function,
        ..aggregate.clone()
    };
    let counted = match &aggregate.function {
        AggregateFunction::Sum => events_with_values(aggregate),
        AggregateFunction::Groups(grouping) => match &**grouping {
            Grouping::Fold(..) if grouping.is_zero_over_nothing() => events_with_values(aggregate),
            Grouping::Fold(..) | Grouping::Top(..) => return None,
            Grouping::Count(..) | Grouping::Streak(..) | Grouping::LongestStreak(..) => {
                aggregate.clone()
            }
        },
        AggregateFunction::Gap(gap) => match gap.function {
            AggregateFunction::Count | AggregateFunction::Sum => {
                counts(AggregateFunction::Gap(Box::new(Gap {
                    function: AggregateFunction::Count,
                    between: gap.between.clone(),
                })))
            }
            _ => return None,
        },
        function if function.is_zero_over_nothing() => aggregate.clone(),
        _ => return None,
    };
    Some(Measure::Aggregate(Box::new(counted)))
}

/// The number of an aggregate's events that have its values.
fn events_with_values(aggregate: &Aggregate) -> Aggregate {
    let has_value = aggregate.arguments.iter().cloned().map(Condition::IsSet);
    let filter = all(aggregate.filter.iter().cloned().chain(has_value).collect());
    Aggregate {
        function: AggregateFunction::Count,
        events: aggregate.events.clone(),
        arguments: Vec::new(),
        filter: Some(filter).filter(|filter| *filter != Condition::Constant(true)),
        window: aggregate.window.clone(),
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

fn has_population(measure: &Measure) -> bool {
    match measure {
        Measure::Population(_) => true,
        Measure::Arithmetic { left, right, .. } => has_population(left) || has_population(right),
        Measure::If {
            then, otherwise, ..
        } => has_population(then) || has_population(otherwise),
        Measure::Coalesce(of) => of.iter().any(has_population),
        Measure::Function { of, .. } => has_population(of),
        _ => false,
    }
}

/// What a value over all users is.
pub(super) fn natural_of_population(population: &Population) -> Place {
    match population {
        Population::Within { .. } => Place::Truth,
        Population::OfUser { value, .. } => natural_of_measure(value),
        Population::Rank { .. }
        | Population::Quantile { .. }
        | Population::Sharing(_)
        | Population::NamedBy { .. } => Place::Number,
    }
}
