//! What people get wrong: hints that other conditions of the same rule may answer.

use domain::{Decimal, Value};

use super::Checker;
use super::condition::not;
use super::scope::Scope;
use crate::checked::{
    Aggregate, AggregateFunction, Comparison, Condition, Measure, Operator, Population, RankEnd,
    number,
};
use crate::diagnostic::Diagnostic;
use crate::mistake::Doubts;
use crate::tree::Expression;

/// The most doubts that are kept; each is compared with all conditions beside it.
const MOST_DOUBTS: usize = 32;

/// Hints that are told at the end, if nothing in the rule shows that their case was thought of.
#[derive(Debug, Default)]
pub(super) struct Advice {
    doubts: Vec<Doubt>,
}

#[derive(Debug)]
struct Doubt {
    about: Measure,
    hint: Diagnostic,
}

impl Advice {
    /// How many doubts there are so far.
    pub(super) fn mark(&self) -> usize {
        self.doubts.len()
    }

    /// Forgets doubts about what was negated.
    pub(super) fn forget_since(&mut self, mark: usize) {
        self.doubts.truncate(mark);
    }

    /// Forgets doubts that a condition beside them answers: a lower bound, `is set`, an equality.
    pub(super) fn forget_answered(&mut self, mark: usize, beside: &[Condition]) {
        let recent = self.doubts.split_off(mark.min(self.doubts.len()));
        self.doubts.extend(
            recent
                .into_iter()
                .filter(|doubt| !beside.iter().any(|part| answers(part, doubt))),
        );
    }
}

/// Whether a condition shows that users without anything were thought of.
fn answers(condition: &Condition, doubt: &Doubt) -> bool {
    match condition {
        Condition::Compare {
            left, comparison, ..
        } => {
            let is_lower_bound = !matches!(comparison, Comparison::Less | Comparison::AtMost);
            is_lower_bound && is_about(left, &doubt.about)
        }
        Condition::IsSet(value) => is_same_value(value, &doubt.about),
        Condition::Between { value, .. }
        | Condition::OneOf { value, .. }
        | Condition::Text { value, .. } => is_about(value, &doubt.about),
        _ => false,
    }
}

fn is_about(one: &Measure, other: &Measure) -> bool {
    one == other || counts_same_events(one, other)
}

/// The same attribute, whatever its place.
fn is_same_value(one: &Measure, other: &Measure) -> bool {
    match (one, other) {
        (Measure::Attribute { path: one, .. }, Measure::Attribute { path: other, .. }) => {
            one == other
        }
        _ => one == other,
    }
}

/// `did(E)` beside `sum(E.p) < 5` shows that those who did nothing were thought of.
fn counts_same_events(one: &Measure, other: &Measure) -> bool {
    match (one, other) {
        (Measure::Aggregate(one), Measure::Aggregate(other)) => one.events == other.events,
        _ => false,
    }
}

impl Checker<'_> {
    /// Notes doubts about a comparison.
    pub(super) fn advise(
        &mut self,
        condition: &Condition,
        expression: &Expression,
        scope: Scope<'_>,
    ) {
        let Condition::Compare {
            left,
            comparison,
            right,
            ..
        } = condition
        else {
            return;
        };
        if scope.word().is_some() {
            return;
        }
        let is_upper = matches!(comparison, Comparison::Less | Comparison::AtMost);
        let is_above_zero = match right {
            Measure::Constant(Value::Number(bound)) => *bound > Decimal::ZERO,
            _ => false,
        };
        if is_upper && is_above_zero && is_zero_over_nothing(left) {
            let mistake = Doubts::UpperBoundAlone {
                condition: expression,
            };
            self.doubt(Doubt {
                about: left.clone(),
                hint: Diagnostic::at(expression.range, mistake).about(without_event(left)),
            });
        }
        let is_lower = matches!(comparison, Comparison::Greater | Comparison::AtLeast);
        if is_lower && let Some(last_time) = last_time_of_age(left) {
            let hint = Diagnostic::at(expression.range, Doubts::NeverDid);
            self.tell(hint.about(without_value(last_time)));
        }
    }

    /// Notes that the complement of this condition holds for users without a value.
    pub(super) fn advise_missing(
        &mut self,
        condition: &Condition,
        expression: &Expression,
        scope: Scope<'_>,
    ) {
        let value = match condition {
            Condition::Compare { left, .. } => left,
            Condition::Between { value, .. }
            | Condition::OneOf { value, .. }
            | Condition::Text { value, .. }
            | Condition::ValueInList { value, .. }
            | Condition::Anniversary { value, .. }
            | Condition::Holds(value) => value,
            _ => return,
        };
        if let (Measure::Attribute { path, .. }, Scope::User) = (value, scope) {
            let mistake = Doubts::HoldsWithoutValue { path };
            self.doubt(Doubt {
                about: value.clone(),
                hint: Diagnostic::at(expression.range, mistake).about(without_value(value)),
            });
        }
    }

    /// Notes that ranks that are not meant are also those of users who have none.
    pub(super) fn advise_unranked(&mut self, within: &Population, expression: &Expression) {
        let Some(ranking) = within.ranking() else {
            return;
        };
        let rank = Measure::Population(Box::new(Population::Rank {
            ranking: ranking.clone(),
            end: RankEnd::Greatest,
        }));
        let hint = Diagnostic::at(expression.range, Doubts::HoldsWithoutRank);
        self.doubt(Doubt {
            hint: hint.about(without_value(&rank)),
            about: rank,
        });
    }

    /// Notes a doubt, up to so many as can be told.
    fn doubt(&mut self, doubt: Doubt) {
        if self.advice.doubts.len() < MOST_DOUBTS {
            self.advice.doubts.push(doubt);
        }
    }

    /// Tells the doubts that nothing answered.
    pub(super) fn tell_advice(&mut self) {
        for doubt in std::mem::take(&mut self.advice.doubts) {
            self.tell(doubt.hint);
        }
    }
}

/// Whether the value is 0 for those who did nothing.
fn is_zero_over_nothing(measure: &Measure) -> bool {
    match measure {
        Measure::Aggregate(aggregate) => aggregate.function.is_zero_over_nothing(),
        _ => false,
    }
}

/// The users without an event of an aggregate.
fn without_event(measure: &Measure) -> Condition {
    let Measure::Aggregate(aggregate) = measure else {
        return without_value(measure);
    };
    let events = Measure::Aggregate(Box::new(Aggregate {
        function: AggregateFunction::Count,
        arguments: Vec::new(),
        ..(**aggregate).clone()
    }));
    not(Condition::Compare {
        left: events,
        comparison: Comparison::Greater,
        right: number(0),
        zone: None,
    })
}

/// The users without a value.
fn without_value(measure: &Measure) -> Condition {
    not(Condition::IsSet(measure.clone()))
}

/// Of `age(last_time(E))`, the time.
fn last_time_of_age(measure: &Measure) -> Option<&Measure> {
    let since = match measure {
        Measure::Arithmetic {
            operator: Operator::Subtract,
            left,
            right,
        } if **left == Measure::Now => right,
        Measure::Age { since, .. } => since,
        _ => return None,
    };
    match &**since {
        Measure::Aggregate(aggregate) => {
            matches!(aggregate.function, AggregateFunction::LastTime(_)).then_some(&**since)
        }
        _ => None,
    }
}
