//! `now` where the instant at which a result changes cannot be computed: it is cut to the full
//! hour there (rules.md, Meaning 12).
//!
//! Comparisons, windows, whole units and parts of a time change at instants that follow from
//! their constants and times. A value that moves on with `now`, and a quotient of such, do not.

use domain::{Span, Time, Unit, Value, Zone};

use super::Checker;
use crate::checked::{
    Aggregate, AggregateFunction, Body, Collection, Condition, Cut, Grouping, Measure, Operator,
    Window,
};
use crate::mistake::Conditions;

/// Whether the instant of change follows from where a value stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Computable,
    Unknown,
}

/// How many were cut.
type Cuts = usize;

impl Checker<'_> {
    /// Cuts `now` where it has to be, and says so.
    pub(super) fn settle_now(&mut self, body: &mut Body) {
        let (cuts, of_values) = match body {
            Body::Condition(condition) => (in_condition(condition), Change::Computable),
            Body::Cases { cases, .. } => {
                let cases = cases.iter_mut();
                let cuts = cases.map(|case| in_condition(&mut case.when)).sum();
                (cuts, Change::Computable)
            }
            Body::Measure(measure) => (in_measure(measure, Change::Unknown), Change::Unknown),
        };
        if let Some(parts) = &mut self.parts {
            parts.conditions.values_mut().for_each(|condition| {
                in_condition(condition);
            });
            parts.measures.values_mut().for_each(|measure| {
                in_measure(measure, of_values);
            });
        }
        if cuts > 0 {
            self.remark(self.now_range, Conditions::NowCut);
        }
    }
}

fn in_condition(condition: &mut Condition) -> Cuts {
    match condition {
        Condition::All(of) | Condition::Any(of) | Condition::AtLeast { of, .. } => {
            of.iter_mut().map(in_condition).sum()
        }
        Condition::Not(of) => in_condition(of),
        Condition::Compare { left, right, .. } => {
            in_measure(left, Change::Computable) + in_measure(right, Change::Computable)
        }
        Condition::Between {
            value, low, high, ..
        } => [value, low, high]
            .into_iter()
            .map(|part| in_measure(part, Change::Computable))
            .sum(),
        Condition::OneOf { value, .. }
        | Condition::HasAll { value, .. }
        | Condition::Text { value, .. }
        | Condition::IsSet(value)
        | Condition::Holds(value)
        | Condition::Anniversary { value, .. }
        | Condition::ValueInList { value, .. } => in_measure(value, Change::Computable),
        Condition::InWindow { value, window } => {
            in_measure(value, Change::Computable) + in_window(window)
        }
        Condition::Constant(_)
        | Condition::UserInList(_)
        | Condition::HasTag(_)
        | Condition::InAudience(_) => 0,
    }
}

fn in_measure(measure: &mut Measure, change: Change) -> Cuts {
    match measure {
        Measure::Now if change == Change::Unknown => {
            *measure = full_hour();
            1
        }
        Measure::Arithmetic {
            operator,
            left,
            right,
        } => {
            let is_quotient =
                *operator == Operator::Divide && !matches!(**right, Measure::Constant(_));
            let change = if is_quotient { Change::Unknown } else { change };
            in_measure(left, change) + in_measure(right, change)
        }
        Measure::If {
            condition,
            then,
            otherwise,
        } => in_condition(condition) + in_measure(then, change) + in_measure(otherwise, change),
        Measure::Coalesce(of) => of.iter_mut().map(|of| in_measure(of, change)).sum(),
        Measure::Lookup { row: of, .. }
        | Measure::Function { of, .. }
        | Measure::TagAt { at: of, .. }
        | Measure::Age { since: of, .. } => in_measure(of, Change::Computable),
        Measure::DateDifference { from, to, .. } => {
            in_measure(from, Change::Computable) + in_measure(to, Change::Computable)
        }
        Measure::Aggregate(aggregate) => in_aggregate(aggregate),
        Measure::Collection(collection) => in_collection(collection),
        _ => 0,
    }
}

/// Filters and arguments know no `now`; windows and conditions on groups may.
fn in_aggregate(aggregate: &mut Aggregate) -> Cuts {
    let in_groups = match &mut aggregate.function {
        AggregateFunction::Groups(grouping) => in_grouping(grouping),
        _ => 0,
    };
    in_groups + in_window(&mut aggregate.window)
}

fn in_grouping(grouping: &mut Grouping) -> Cuts {
    match grouping {
        Grouping::Count(_, having)
        | Grouping::Streak(_, having)
        | Grouping::LongestStreak(_, having) => in_condition(having),
        Grouping::Fold(_, _, measure) | Grouping::Top(_, _, measure) => {
            in_measure(measure, Change::Unknown)
        }
    }
}

/// What is measured of elements moves on with `now` by itself; which of them count, does not.
fn in_collection(collection: &mut Collection) -> Cuts {
    let aggregate = &mut collection.aggregate;
    let arguments = aggregate.arguments.iter_mut();
    let cuts: Cuts = arguments
        .map(|argument| in_measure(argument, Change::Unknown))
        .sum();
    let in_groups = match &mut aggregate.function {
        AggregateFunction::Groups(grouping) => in_grouping(grouping),
        _ => 0,
    };
    cuts + in_groups + aggregate.filter.as_mut().map_or(0, in_condition)
}

fn in_window(window: &mut Window) -> Cuts {
    let in_cut = |cut: &mut Cut| in_measure(&mut cut.at, Change::Computable);
    match window {
        Window::Between { from, to } => from.iter_mut().chain(to).map(in_cut).sum(),
        Window::After { anchor, .. } | Window::Before { anchor, .. } => {
            in_measure(anchor, Change::Computable)
        }
        _ => 0,
    }
}

/// The full hour of `now` in UTC: the whole hours since the epoch.
fn full_hour() -> Measure {
    let epoch = || Box::new(Measure::Constant(Value::Time(Time::from_millis(0))));
    let hours = Measure::Age {
        unit: Unit::Hour,
        since: epoch(),
        zone: Zone::utc(),
    };
    let span = Measure::Arithmetic {
        operator: Operator::Multiply,
        left: Box::new(Measure::Constant(Value::Span(Span::HOUR))),
        right: Box::new(hours),
    };
    Measure::Arithmetic {
        operator: Operator::Add,
        left: epoch(),
        right: Box::new(span),
    }
}
