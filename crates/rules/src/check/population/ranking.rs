//! Who is ranked, by what, and which ranks are meant.

use domain::Decimal;

use super::above_zero;
use crate::check::Checker;
use crate::check::condition::{all, any};
use crate::check::scope::Scope;
use crate::checked::{
    Aggregate, AggregateFunction, Condition, Gap, Grouping, Measure, Place, Population, RankBound,
    RankEnd, Ranking, Ties,
};
use crate::located::TextRange;
use crate::mistake::Populations;
use crate::tree::{self, Expression, Node, RankAmount};

impl Checker<'_> {
    pub(super) fn within_rank(
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
            _ => self.fail(range, Populations::NoPart { percent: text }),
        }
    }

    /// Who is ranked, and by what; `first` and `last` go with times.
    pub(super) fn ranking(
        &mut self,
        ranking: &tree::Ranking,
        end: Option<tree::RankEnd>,
    ) -> Option<Ranking> {
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
            return self.fail(by.range, Populations::FirstOfOthers { is: place });
        }
        if !matches!(place, Place::Number | Place::Moment | Place::Span) {
            return self.fail(by.range, Populations::RankOfOthers { is: place });
        }
        let measure = self.measure(by, place, Scope::User)?;
        Some(match place {
            Place::Moment => self.as_instant(measure),
            _ => measure,
        })
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
