//! Groups of one user's events, and periods that are counted.

use super::scope::{GroupScope, Scope};
use super::{Checker, Form};
use crate::checked::{
    Aggregate, AggregateFunction, Comparison, Condition, GroupKey, Grouping, Measure, Place,
    Window, number,
};
use crate::mistake::Groups;
use crate::tree::{self, AggregateName, Expression, Grouped, Node, Periods, Regularly};

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
        let function = grouped.function.as_str();
        if let Some(word) = scope.word() {
            return self.fail(expression.range, Groups::Inside { function, word });
        }
        let of = match &grouped.of.node {
            Node::Aggregate(of) => of,
            Node::Broken => return None,
            _ => return self.fail(grouped.of.range, Groups::NoAggregate),
        };
        if self.named_collection(of).is_some() {
            return self.refuse_groups(expression);
        }
        let natural = self.natural_of_grouped(grouped, scope);
        if let Some(natural) = natural {
            self.demand(expression, natural, place)?;
        }
        let function = self.fold_function(expression, grouped.function, natural.unwrap_or(place));
        let (events, of_event) = self.events_in(&grouped.of, of, scope)?;
        let filter = self.filter(of.filter.as_deref(), &of_event);
        let values = match &grouped.per {
            tree::GroupKey::Period(_) => Some(Vec::new()),
            tree::GroupKey::Values(values) => self.group_values(values, &of_event),
        };
        let window = self.window_in(grouped.window.as_deref(), scope);
        let groups = GroupScope {
            events: events.clone(),
            of_event,
            collection: None,
        };
        // What is measured sees the events of a group, which are chosen already.
        let inner = tree::Aggregate {
            events: Vec::new(),
            filter: None,
            ..of.clone()
        };
        let measure = self.aggregate_value(
            &grouped.of,
            &inner,
            natural.unwrap_or(place),
            Scope::Group(&groups),
        );
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

    /// What a fold of groups is by itself.
    pub(super) fn natural_of_grouped(&self, grouped: &Grouped, scope: Scope<'_>) -> Option<Place> {
        match Form::of(grouped.function) {
            Form::PicksInOrder => self.natural(&grouped.of, scope),
            _ => Some(Place::Number),
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

    fn group_values(
        &mut self,
        values: &[Expression],
        of_event: &super::scope::EventScope,
    ) -> Option<Vec<Measure>> {
        let scope = Scope::Event(of_event);
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
        let filter = self.filter(regularly.filter.as_deref(), &of_event);
        let (at_least, of) = (regularly.at_least.get(), regularly.of.node.count().get());
        if at_least > of {
            self.remark(regularly.of.range, Groups::TooFewPeriods { there: of });
        }
        let (zone, count) = (self.zone(), of);
        let (unit, window) = match regularly.of.node {
            Periods::Last { unit, .. } => (unit, Window::Current { unit, count, zone }),
            Periods::Previous { unit, .. } => (unit, Window::Previous { unit, count, zone }),
        };
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

fn in_groups(grouping: Grouping) -> AggregateFunction {
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
