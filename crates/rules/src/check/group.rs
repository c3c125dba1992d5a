//! Groups of one user's events, and periods that are counted.

use super::scope::{GroupScope, Scope};
use super::{Checker, Form};
use crate::checked::{
    Aggregate, AggregateFunction, Comparison, Condition, GroupKey, Grouping, Measure, Place,
    Window, number,
};
use crate::located::Located;
use crate::mistake::Groups;
use crate::tree::{
    self, AggregateName, EventPattern, Expression, Grouped, Node, Periods, Regularly,
};

impl Checker<'_> {
    /// A function with its `having` or `by`, if it has one.
    pub(super) fn grouped_function(
        &mut self,
        expression: &Expression,
        aggregate: &tree::Aggregate,
        function: Option<AggregateFunction>,
        groups: &GroupScope,
    ) -> Option<AggregateFunction> {
        let scope = Scope::Group(groups);
        let having = aggregate.having.as_deref();
        let having = having.map(|having| self.condition(having, scope));
        let by = aggregate.by.as_deref().map(|by| {
            let place = self.default_place(by, scope);
            self.measure(by, place, scope)
        });
        let function = function?;
        let name = aggregate.function.as_str();
        match (function, having, by) {
            (function, None, None) => Some(function),
            (AggregateFunction::Top(count, place), None, Some(by)) => {
                self.demand_aggregate(aggregate.by.as_deref(), by.as_ref())?;
                Some(in_groups(Grouping::Top(count, place, by?)))
            }
            (_, _, Some(_)) => self.fail(expression.range, Groups::NoBy { function: name }),
            (function, Some(having), None) => {
                let having = having?;
                if having == Condition::Constant(true) {
                    return Some(function);
                }
                let Some(grouping) = having_grouping(function, having) else {
                    return self.fail(expression.range, Groups::NoHaving { function: name });
                };
                Some(in_groups(grouping))
            }
        }
    }

    /// `max(count(tx) per hour)`
    pub(super) fn grouped(
        &mut self,
        expression: &Expression,
        grouped: &Grouped,
        place: Place,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        if let Scope::Event(_) | Scope::Element = scope {
            let function = grouped.function.as_str();
            return self.fail(expression.range, Groups::InsideWhere { function });
        }
        let natural = self.natural_of_grouped(grouped, scope);
        if let Some(natural) = natural {
            self.demand(expression, natural, place)?;
        }
        let place = natural.unwrap_or(place);
        let function = self.fold_function(expression, grouped.function, place);
        let Some(taken) = Taken::of(&grouped.of) else {
            return self.no_aggregate(&grouped.of);
        };
        if let Some(named) = self.elements_taken(&grouped.of, &taken, scope)? {
            let function = (function, place);
            return self.grouped_elements(expression, grouped, function, (&taken, &named), scope);
        }
        let (events, of_event) = self.events_in(grouped.of.range, &taken.events, scope)?;
        let filter = self.filter(taken.filter.as_ref(), Scope::Event(&of_event));
        let values = match &grouped.per {
            tree::GroupKey::Period(_) => Some(Vec::new()),
            tree::GroupKey::Values(values) => self.group_values(values, Scope::Event(&of_event)),
        };
        let window = self.window_in(grouped.window.as_deref(), &events, scope);
        let groups = GroupScope {
            events: events.clone(),
            of_event,
            collection: None,
        };
        let measure = self.measure(&taken.inside, place, Scope::Group(&groups));
        let key = match &grouped.per {
            tree::GroupKey::Period(unit) => GroupKey::Period(*unit, self.zone()),
            tree::GroupKey::Values(_) => GroupKey::Values,
        };
        Some(Measure::Aggregate(Box::new(Aggregate {
            function: in_groups(Grouping::Fold(key, function?, measure?)),
            events,
            arguments: values?,
            filter: filter?,
            window: window?,
        })))
    }

    fn no_aggregate<T>(&mut self, of: &Expression) -> Option<T> {
        if of.node == Node::Broken {
            return None;
        }
        self.fail(of.range, Groups::NoAggregate)
    }

    /// What a fold of groups is by itself: of durations a duration.
    pub(super) fn natural_of_grouped(&self, grouped: &Grouped, scope: Scope<'_>) -> Option<Place> {
        match Form::of(grouped.function) {
            Form::PicksInOrder => self.natural(&grouped.of, scope),
            _ => match self.natural(&grouped.of, scope) {
                Some(Place::Span) => Some(Place::Span),
                _ => Some(Place::Number),
            },
        }
    }

    fn fold_function(
        &mut self,
        expression: &Expression,
        name: AggregateName,
        place: Place,
    ) -> Option<AggregateFunction> {
        Some(match name {
            AggregateName::Maximum => AggregateFunction::Maximum(place),
            AggregateName::Minimum => AggregateFunction::Minimum(place),
            AggregateName::Average => AggregateFunction::Average,
            AggregateName::Median => AggregateFunction::Percentile(50.into()),
            AggregateName::Sum => AggregateFunction::Sum,
            AggregateName::Deviation => AggregateFunction::Deviation,
            other => {
                let function = other.as_str();
                return self.fail(expression.range, Groups::NoFold { function });
            }
        })
    }

    /// What makes a group, of each event or of each element.
    pub(super) fn group_values(
        &mut self,
        values: &[Expression],
        scope: Scope<'_>,
    ) -> Option<Vec<Measure>> {
        let values: Vec<Option<Measure>> = values
            .iter()
            .map(|value| {
                let place = self.default_place(value, scope);
                self.measure(value, place, scope)
            })
            .collect();
        values.into_iter().collect()
    }

    /// Tells if what values are ranked by does not look at their events.
    fn demand_aggregate(
        &mut self,
        by: Option<&Expression>,
        measure: Option<&Measure>,
    ) -> Option<()> {
        match (by, measure) {
            (Some(by), Some(Measure::Constant(_) | Measure::Attribute { .. })) => {
                self.fail(by.range, Groups::ByOfNothing)
            }
            _ => Some(()),
        }
    }

    /// `regularly(E, at least 3 of last 5 weeks)`: enough calendar periods have the event.
    pub(super) fn regularly(
        &mut self,
        expression: &Expression,
        regularly: &Regularly,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        if let Some(word) = scope.word() {
            return self.fail(expression.range, Groups::RegularlyInside { word });
        }
        let (events, of_event) = self.events(&regularly.events);
        let filter = self.filter(regularly.filter.as_deref(), Scope::Event(&of_event));
        let (at_least, of) = (regularly.at_least.get(), regularly.of.node.count().get());
        if at_least > of {
            self.remark(regularly.of.range, Groups::TooFewPeriods { there: of });
        }
        let (zone, count) = (self.zone(), of);
        let (unit, window) = match regularly.of.node {
            Periods::Last { unit, .. } => (unit, Window::Current { unit, count, zone }),
            Periods::Previous { unit, .. } => (unit, Window::Previous { unit, count, zone }),
        };
        self.warn_of_retention(&window, regularly.of.range, &events);
        let periods = Aggregate {
            function: AggregateFunction::Periods(unit, self.zone()),
            events,
            arguments: Vec::new(),
            filter: filter?,
            window,
        };
        Some(Condition::Compare {
            left: Measure::Aggregate(Box::new(periods)),
            comparison: Comparison::AtLeast,
            right: number(i64::from(at_least)),
            zone: None,
        })
    }
}

/// What is taken into groups, and what is measured in each of them.
pub(super) struct Taken {
    events: Vec<Located<EventPattern>>,
    pub(super) filter: Option<Expression>,
    /// The aggregate that says which events or elements, if they do not stand in an order.
    pub(super) aggregate: Option<tree::Aggregate>,
    /// What is measured, without what chose its events.
    pub(super) inside: Expression,
}

impl Taken {
    /// Of an aggregate, a number of sequences, gaps, or groups of groups.
    fn of(measured: &Expression) -> Option<Self> {
        let in_order = |sequence| Self {
            events: events_of(sequence),
            filter: None,
            aggregate: None,
            inside: measured.clone(),
        };
        Some(match &measured.node {
            Node::CountSequences(sequence) => in_order(sequence),
            Node::Gap(gap) => in_order(&gap.between),
            Node::Aggregate(of) => {
                let inside = Node::Aggregate(tree::Aggregate {
                    filter: None,
                    ..of.clone()
                });
                Self {
                    events: of.events.clone(),
                    filter: of.filter.as_deref().cloned(),
                    aggregate: Some(of.clone()),
                    inside: Located::new(inside, measured.range),
                }
            }
            Node::Grouped(grouped) => {
                let taken = Self::of(&grouped.of)?;
                let inside = Node::Grouped(Grouped {
                    of: Box::new(taken.inside),
                    ..grouped.clone()
                });
                Self {
                    inside: Located::new(inside, measured.range),
                    ..taken
                }
            }
            _ => return None,
        })
    }
}

/// The events of all steps.
fn events_of(sequence: &tree::Sequence) -> Vec<Located<EventPattern>> {
    let steps = sequence.steps.iter();
    steps.flat_map(|step| step.events.clone()).collect()
}

pub(super) fn in_groups(grouping: Grouping) -> AggregateFunction {
    AggregateFunction::Groups(Box::new(grouping))
}

/// The groups that a function counts; none if it counts none.
fn having_grouping(function: AggregateFunction, having: Condition) -> Option<Grouping> {
    Some(match function {
        AggregateFunction::Periods(unit, zone) => {
            Grouping::Count(GroupKey::Period(unit, zone), having)
        }
        AggregateFunction::Distinct => Grouping::Count(GroupKey::Values, having),
        AggregateFunction::Streak(zone) => Grouping::Streak(zone, having),
        AggregateFunction::LongestStreak(zone) => Grouping::LongestStreak(zone, having),
        _ => return None,
    })
}
