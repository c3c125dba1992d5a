//! Values: each expression in the place that its use demands.

use domain::{TagKey, Value};

use super::Checker;
use super::scope::Scope;
use crate::checked::{Condition, Measure, Operator, Place};
use crate::located::{Located, TextRange};
use crate::mistake::{Functions, Types};
use crate::tree::{Expression, Node};
use crate::vocabulary::TagKind;

impl Checker<'_> {
    /// The expression as a value of that place.
    pub(super) fn measure(
        &mut self,
        expression: &Expression,
        place: Place,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        let measure = self.measure_of(expression, place, scope)?;
        self.note_measure(expression.range, scope, &measure);
        Some(measure)
    }

    fn measure_of(
        &mut self,
        expression: &Expression,
        place: Place,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        let range = expression.range;
        match &expression.node {
            Node::Number(_)
            | Node::Text(_)
            | Node::Duration(_)
            | Node::Time(_)
            | Node::Date(_)
            | Node::Truth(_) => self.constant(expression, place),
            Node::Now => {
                self.demand(expression, Place::Moment, place)?;
                self.now(range, scope)
            }
            Node::Ago(span) => {
                self.demand(expression, Place::Moment, place)?;
                let span = Measure::Constant(Value::Span(self.duration(span, range)?));
                let now = Box::new(self.now(range, scope)?);
                Some(Measure::Arithmetic {
                    operator: Operator::Subtract,
                    left: now,
                    right: Box::new(span),
                })
            }
            Node::Name(parts) => self.named(expression, parts, place, scope),
            Node::Tag(key) => self.tag_value(expression, key, place, scope),
            Node::TagAt { tag, at } => self.value_of_tag_at(expression, (tag, at), place, scope),
            Node::Negate(of) => self.negated(of, place, scope),
            Node::Arithmetic {
                left,
                operator,
                right,
            } => self.arithmetic(expression, (left, *operator, right), place, scope),
            Node::Call {
                function,
                arguments,
            } => self.call(expression, *function, arguments, place, scope),
            Node::Lookup { table, row, column } => self.lookup((table, row, column), place, scope),
            Node::Points(of) => self.points(expression, of, place, scope),
            Node::Aggregate(aggregate) if !aggregate.is_condition() => {
                self.aggregate_value(expression, aggregate, place, scope)
            }
            Node::CountSequences(sequence) => {
                self.demand(expression, Place::Number, place)?;
                self.count_sequences(expression, sequence, scope)
            }
            Node::Gap(gap) => self.gap(expression, gap, place, scope),
            Node::Rank(_) | Node::Quantile { .. } | Node::OfUser { .. } => {
                self.population(expression, place, scope)
            }
            Node::OverUsers(over) if !over.is_condition() => {
                self.population(expression, place, scope)
            }
            Node::Grouped(grouped) => self.grouped(expression, grouped, place, scope),
            Node::Broken => None,
            _ => self.truth(expression, place, scope),
        }
    }

    /// `now`, which events do not know.
    fn now(&mut self, range: TextRange, scope: Scope<'_>) -> Option<Measure> {
        match scope {
            Scope::User | Scope::Element | Scope::Group(_) => {
                self.now_range = range;
                Some(Measure::Now)
            }
            Scope::Event(_) => self.fail(range, Functions::NowInWhere),
        }
    }

    /// A condition as a value that is true or false.
    pub(super) fn truth(
        &mut self,
        expression: &Expression,
        place: Place,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        if !matches!(place, Place::Truth | Place::Any) {
            let mistake = Types::ConditionAsValue { wanted: place };
            return self.fail(expression.range, mistake);
        }
        let condition = Box::new(self.condition(expression, scope)?);
        let constant = |truth| Box::new(Measure::Constant(Value::Bool(truth)));
        Some(Measure::If {
            condition,
            then: constant(true),
            otherwise: constant(false),
        })
    }

    /// Tells if an expression that is one thing stands where another is needed.
    pub(super) fn demand(
        &mut self,
        expression: &Expression,
        is: Place,
        place: Place,
    ) -> Option<()> {
        if place == is || place == Place::Any {
            return Some(());
        }
        let mistake = Types::Needed {
            wanted: place,
            shown: expression,
            is,
        };
        self.fail(expression.range, mistake)
    }

    /// `tag(k)` where a value is needed.
    fn tag_value(
        &mut self,
        expression: &Expression,
        key: &Located<String>,
        place: Place,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        let tag = self.tag(key, scope)?;
        match self.vocabulary.tags.get(&tag) {
            Some(TagKind::YesNo) => {
                if !matches!(place, Place::Truth | Place::Any) {
                    let mistake = Types::YesNoTagAlone { tag: tag.as_str() };
                    return self.fail(expression.range, mistake);
                }
                let constant = |truth| Box::new(Measure::Constant(Value::Bool(truth)));
                let condition = Box::new(Condition::HasTag(tag));
                Some(Measure::If {
                    condition,
                    then: constant(true),
                    otherwise: constant(false),
                })
            }
            Some(TagKind::Values(_)) => self.value_of_tag(expression, tag, Place::Text, place),
            Some(TagKind::Metric(is)) => {
                let is = match (*is, place) {
                    // Nothing said what the value is, so that it is what its place demands.
                    (Place::Text, Place::Number | Place::Moment | Place::Truth) => place,
                    (is, _) => is,
                };
                self.value_of_tag(expression, tag, is, place)
            }
            None => None,
        }
    }

    fn value_of_tag(
        &mut self,
        expression: &Expression,
        tag: TagKey,
        is: Place,
        place: Place,
    ) -> Option<Measure> {
        self.demand(expression, is, place)?;
        Some(Measure::TagValue { tag, place: is })
    }
}
