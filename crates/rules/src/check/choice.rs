//! A value among several: `in (…)`, `has any of (…)`, `between`.

use std::collections::BTreeSet;

use domain::{Value, Zone};

use super::Checker;
use super::compare::compared;
use super::condition::{all, any, not};
use super::instant::may_be_date;
use super::scope::Scope;
use crate::checked::{
    AggregateFunction, Comparison, Condition, Function, Grouping, Measure, Place,
};
use crate::mistake::{Conditions, Types};
use crate::tree::{ChoiceOperator, Expression, Node};

/// Whether a test was written with `not`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    Positive,
    Negative,
}

impl Checker<'_> {
    pub(super) fn choice(
        &mut self,
        expression: &Expression,
        value: &Expression,
        operator: ChoiceOperator,
        of: &[Expression],
        scope: Scope<'_>,
    ) -> Option<Condition> {
        let compared: Vec<&Expression> = std::iter::once(value).chain(of).collect();
        self.demand_versions(&compared)?;
        let place = self.choice_place(value, of, scope)?;
        of.iter()
            .for_each(|choice| self.tell_unquoted(choice, place, scope));
        let tested = self.measure(value, place, scope);
        let choices: Vec<Option<Measure>> = of
            .iter()
            .map(|choice| self.measure(choice, place, scope))
            .collect();
        for choice in of {
            self.check_tag_value(value, choice);
            self.check_declared_value(value, choice, scope);
        }
        let (tested, choices) = (tested?, choices.into_iter().collect::<Option<Vec<_>>>()?);
        let is_all = operator == ChoiceOperator::HasAllOf;
        let condition = match constants(&choices, place) {
            Some(of) if of.len() == 1 => {
                self.each(tested, choices.into_iter().take(1).collect(), any)
            }
            Some(of) if is_all => Condition::HasAll { value: tested, of },
            Some(of) => Condition::OneOf { value: tested, of },
            None if is_all => self.each(tested, choices, all),
            None => self.each(tested, choices, any),
        };
        if !matches!(operator, ChoiceOperator::NotIn | ChoiceOperator::HasNoneOf) {
            return Some(condition);
        }
        self.advise_missing(&condition, expression, scope);
        Some(not(condition))
    }

    /// One comparison for each choice.
    fn each(
        &self,
        tested: Measure,
        choices: Vec<Measure>,
        join: fn(Vec<Condition>) -> Condition,
    ) -> Condition {
        let equal = |choice| compared(tested.clone(), Comparison::Equal, choice, self.zone());
        join(choices.into_iter().map(equal).collect())
    }

    /// Numbers, texts and truths may be mixed: they are texts, then, if nothing says otherwise.
    fn choice_place(
        &mut self,
        value: &Expression,
        of: &[Expression],
        scope: Scope<'_>,
    ) -> Option<Place> {
        let is_mixed = self
            .natural(value, scope)
            .is_none_or(|place| place == Place::Text)
            && of.iter().any(|choice| matches!(choice.node, Node::Text(_)))
            && of.iter().all(|choice| {
                matches!(
                    choice.node,
                    Node::Text(_) | Node::Number(_) | Node::Truth(_)
                )
            });
        if is_mixed {
            return Some(Place::Text);
        }
        let sides: Vec<&Expression> = std::iter::once(value).chain(of).collect();
        self.common_place(&sides, scope)
    }

    /// `a between b and c`
    pub(super) fn between(
        &mut self,
        expression: &Expression,
        [value, low, high]: [&Expression; 3],
        sense: Sense,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        self.demand_versions(&[value, low, high])?;
        let place = self.place_of_order(&[value, low, high], scope)?;
        if place == Place::Truth {
            return self.fail(expression.range, Types::TruthBetween);
        }
        let value = self.side(value, place, scope);
        let ends = (self.side(low, place, scope), self.side(high, place, scope));
        let (value, low, high) = (value?, ends.0?, ends.1?);
        if is_reversed(&low, &high) {
            self.remark(expression.range, Conditions::Reversed);
        }
        let condition = lies_between(value, low, high, self.zone());
        if sense == Sense::Positive {
            return Some(condition);
        }
        self.advise_missing(&condition, expression, scope);
        Some(not(condition))
    }
}

/// The choices, if all are constants and none of them is a day that depends on a zone.
fn constants(choices: &[Measure], place: Place) -> Option<BTreeSet<Value>> {
    if place == Place::Moment {
        return None;
    }
    choices
        .iter()
        .map(|choice| match choice {
            Measure::Constant(value) => Some(value.clone()),
            _ => None,
        })
        .collect()
}

/// Between both ends: of what may be a list, one element; of all else, two comparisons.
fn lies_between(value: Measure, low: Measure, high: Measure, zone: Zone) -> Condition {
    if !may_be_list(&value) {
        let from = compared(value.clone(), Comparison::AtLeast, low, zone.clone());
        let to = compared(value, Comparison::AtMost, high, zone);
        return all(vec![from, to]);
    }
    let zone = [&value, &low, &high]
        .into_iter()
        .any(may_be_date)
        .then_some(zone);
    Condition::Between {
        value,
        low,
        high,
        zone,
    }
}

/// Whether the value can be a list: what is looked up may be one, what is computed is none.
fn may_be_list(measure: &Measure) -> bool {
    match measure {
        Measure::Attribute { .. }
        | Measure::Property { .. }
        | Measure::Member { .. }
        | Measure::TagValue { .. } => true,
        Measure::Collection(collection) => gives_list(&collection.aggregate.function),
        Measure::Aggregate(aggregate) => gives_list(&aggregate.function),
        Measure::Lookup { row: of, .. }
        | Measure::Function {
            function: Function::Seen,
            of,
        } => may_be_list(of),
        Measure::If {
            then, otherwise, ..
        } => may_be_list(then) || may_be_list(otherwise),
        Measure::Coalesce(of) => of.iter().any(may_be_list),
        _ => false,
    }
}

fn gives_list(function: &AggregateFunction) -> bool {
    match function {
        AggregateFunction::First(..) | AggregateFunction::Last(..) | AggregateFunction::Top(..) => {
            true
        }
        AggregateFunction::Groups(grouping) => matches!(**grouping, Grouping::Top(..)),
        _ => false,
    }
}

fn is_reversed(low: &Measure, high: &Measure) -> bool {
    match (low, high) {
        (Measure::Constant(low), Measure::Constant(high)) => {
            low.compare(high) == Some(std::cmp::Ordering::Greater)
        }
        _ => false,
    }
}
