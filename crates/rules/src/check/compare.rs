//! Comparisons of two values: the place, the positive form, the constant on the right.

use std::sync::Arc;

use domain::{Value, Zone};

use super::Checker;
use super::condition::not;
use super::instant::may_be_date;
use super::scope::Scope;
use crate::checked::{Comparison, Condition, Function, Letters, Measure, Place, TextTest};
use crate::diagnostic::Diagnostic;
use crate::located::TextRange;
use crate::mistake::{Conditions, Constants, Correction, Names, TextsListed, Types, shortened};
use crate::pattern;
use crate::print::{print_expression, quoted};
use crate::tree::{CompareOperator, Expression, Node};
use crate::vocabulary::TagKind;

/// What an operator asks, in its positive form.
enum Question {
    Order(Comparison),
    Time(Comparison),
    Text(TextTest),
}

impl Checker<'_> {
    /// `a >= b`, `a contains b`, `a before b` …
    pub(super) fn comparison(
        &mut self,
        expression: &Expression,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        let Node::Compare {
            left,
            operator,
            right,
            ignoring_case,
        } = &expression.node
        else {
            return None;
        };
        let (question, is_negated) = question(*operator);
        let letters = if *ignoring_case {
            Letters::Folded
        } else {
            Letters::Exact
        };
        let condition = match question {
            Question::Order(Comparison::Equal) if *ignoring_case => {
                self.text_test(left, TextTest::Equals, right, letters, scope)
            }
            Question::Order(comparison) => self.ordered(expression, left, comparison, right, scope),
            Question::Time(comparison) => self.in_time(left, comparison, right, scope),
            Question::Text(test) => self.text_test(left, test, right, letters, scope),
        }?;
        self.advise(&condition, expression, scope);
        if !is_negated {
            return Some(condition);
        }
        self.advise_missing(&condition, expression, scope);
        Some(not(condition))
    }

    fn ordered(
        &mut self,
        expression: &Expression,
        left: &Expression,
        comparison: Comparison,
        right: &Expression,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        self.demand_tag_value(left, right, scope)?;
        self.demand_tag_value(right, left, scope)?;
        self.demand_versions(&[left, right])?;
        self.demand_number(left, right)?;
        self.demand_number(right, left)?;
        let place = match comparison {
            Comparison::Equal => self.common_place(&[left, right], scope)?,
            _ => self.place_of_order(&[left, right], scope)?,
        };
        if place == Place::Truth && comparison != Comparison::Equal {
            return self.fail(expression.range, Types::TruthOrder);
        }
        if comparison != Comparison::Equal {
            self.warn_of_text_order(expression, [left, right], place);
        }
        self.tell_unquoted(right, place, scope);
        let sides = (
            self.side(left, place, scope),
            self.side(right, place, scope),
        );
        self.check_tag_value(left, right);
        self.check_tag_value(right, left);
        self.check_declared_value(left, right, scope);
        self.check_declared_value(right, left, scope);
        self.warn_of_units([left, right], scope);
        Some(compared(sides.0?, comparison, sides.1?, self.zone()))
    }

    /// `before`, `after`, `on`
    fn in_time(
        &mut self,
        left: &Expression,
        comparison: Comparison,
        right: &Expression,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        let value = self.measure(left, Place::Moment, scope);
        let bound = self.measure(right, Place::Moment, scope)?;
        if comparison == Comparison::Equal && !may_be_date(&bound) {
            return self.fail(right.range, Types::OnTime);
        }
        Some(compared(value?, comparison, bound, self.zone()))
    }

    fn text_test(
        &mut self,
        left: &Expression,
        test: TextTest,
        right: &Expression,
        letters: Letters,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        self.refuse_version_in_text_test(left)?;
        let value = self.measure(left, Place::Text, scope);
        let pattern = match &right.node {
            Node::Text(text) => self.pattern(text, test, right.range)?,
            Node::Broken => return None,
            Node::Number(_) | Node::Truth(_) | Node::Date(_) | Node::Time(_) => {
                let instead = quoted(&print_expression(right));
                let mistake = Types::TextNeededFor { instead: &instead };
                let diagnostic = Diagnostic::at(right.range, mistake);
                return self.refuse(diagnostic.with_fix(instead.as_str()));
            }
            _ => return self.fail(right.range, Types::TextNeeded),
        };
        Some(Condition::Text {
            value: value?,
            test,
            pattern,
            letters,
        })
    }

    /// A pattern as it is compared: an address in lower case, an expression that compiles.
    fn pattern(&mut self, text: &str, test: TextTest, range: TextRange) -> Option<Arc<str>> {
        if test == TextTest::Matches {
            if let Err(problem) = pattern::compile(text, Letters::Exact) {
                let problem = problem.to_string();
                let last = problem.lines().last().unwrap_or_default();
                let reason = last.trim_start_matches("error:").trim();
                let text = &shortened(text);
                return self.fail(range, Constants::NoExpression { text, reason });
            }
            return Some(Arc::from(text));
        }
        Value::text(text).canonical_text()
    }

    /// The place in which values are compared: what any of them is by itself.
    pub(super) fn common_place(
        &mut self,
        sides: &[&Expression],
        scope: Scope<'_>,
    ) -> Option<Place> {
        let mut found: Option<(Place, &Expression)> = None;
        for side in sides {
            let Some(place) = self.natural(side, scope) else {
                continue;
            };
            match found {
                None => found = Some((place, side)),
                Some((other, _)) if other == place => {}
                // A constant is what is wrong about a comparison, where one of the two is one.
                Some((_, first)) if first.node.is_constant() && !side.node.is_constant() => {
                    return self.mismatch(first, place);
                }
                Some((other, _)) if side.node.is_constant() => return self.mismatch(side, other),
                Some((one, first)) => {
                    let mistake = Types::Apart { one, other: place };
                    return self.fail(first.range.to(side.range), mistake);
                }
            }
        }
        Some(found.map_or_else(
            || {
                let is_number = sides
                    .iter()
                    .any(|side| self.default_place(side, scope) == Place::Number);
                if is_number {
                    Place::Number
                } else {
                    Place::Text
                }
            },
            |(place, _)| place,
        ))
    }

    /// The same where the values are brought into an order: any, if nothing says what they are.
    pub(super) fn place_of_order(
        &mut self,
        sides: &[&Expression],
        scope: Scope<'_>,
    ) -> Option<Place> {
        let place = self.common_place(sides, scope)?;
        let mut natural = sides.iter().map(|side| self.natural(side, scope));
        let is_open = place == Place::Text && natural.all(|place| place.is_none());
        Some(if is_open { Place::Any } else { place })
    }

    /// A value that is compared; in the place of any, as what it is when it is seen.
    pub(super) fn side(
        &mut self,
        side: &Expression,
        place: Place,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        let of = self.measure(side, place, scope)?;
        if place != Place::Any {
            return Some(of);
        }
        let (function, of) = (Function::Seen, Box::new(of));
        Some(Measure::Function { function, of })
    }

    /// `tag(sybil) = "yes"`: the tag has no value.
    fn demand_tag_value(
        &mut self,
        tag: &Expression,
        other: &Expression,
        scope: Scope<'_>,
    ) -> Option<()> {
        let is_compared = self.natural(other, scope) != Some(Place::Truth);
        match (&tag.node, self.tag_kind(tag)) {
            (Node::TagAt { tag: key, .. }, Some(TagKind::YesNo)) if is_compared => {
                let mistake = Types::YesNoTagAt { tag: &key.node };
                self.fail(tag.range.to(other.range), mistake)
            }
            (Node::Tag(key), Some(TagKind::YesNo)) if is_compared => {
                let mistake = Types::YesNoTag { tag: &key.node };
                self.fail(tag.range.to(other.range), mistake)
            }
            _ => Some(()),
        }
    }

    /// `tag(tier) = "goold"`: no such value.
    pub(super) fn check_tag_value(&mut self, tag: &Expression, value: &Expression) {
        let (Some(TagKind::Values(values)), Node::Text(text)) = (self.tag_kind(tag), &value.node)
        else {
            return;
        };
        if values.is_empty() || values.contains(text.as_str()) {
            return;
        }
        let meant = domain::nearest(text, values.iter().map(AsRef::as_ref));
        let mistake = Names::UnknownValue {
            value: TextsListed::one(text),
            correction: meant.map_or_else(
                || Correction::HasTexts {
                    texts: values.iter().map(AsRef::as_ref).collect(),
                },
                Correction::meant_text,
            ),
        };
        let fix = meant.map(quoted);
        self.tell(Diagnostic::at(value.range, mistake).with_fix_if_known(fix));
    }

    /// Warns where an order by code point is very likely not meant.
    fn warn_of_text_order(
        &mut self,
        expression: &Expression,
        sides: [&Expression; 2],
        place: Place,
    ) {
        if place == Place::Any {
            return self.remark(expression.range, Conditions::UnknownTypes);
        }
        if place != Place::Text {
            return;
        }
        for side in sides {
            let Node::Text(text) = &side.node else {
                continue;
            };
            let plain = Self::without_quotes(text, Place::Number)
                .or_else(|| Self::without_quotes(text, Place::Moment));
            self.warn_of_version_order(sides, text);
            if let Some(plain) = plain {
                let mistake = Conditions::ComparedAsText { plain: &plain };
                self.tell(Diagnostic::at(side.range, mistake).with_fix(plain.as_str()));
            }
        }
    }
}

fn question(operator: CompareOperator) -> (Question, bool) {
    use CompareOperator as Operator;
    match operator {
        Operator::Equal | Operator::Has => (Question::Order(Comparison::Equal), false),
        Operator::NotEqual => (Question::Order(Comparison::Equal), true),
        Operator::Less => (Question::Order(Comparison::Less), false),
        Operator::AtMost => (Question::Order(Comparison::AtMost), false),
        Operator::Greater => (Question::Order(Comparison::Greater), false),
        Operator::AtLeast => (Question::Order(Comparison::AtLeast), false),
        Operator::Before => (Question::Time(Comparison::Less), false),
        Operator::After => (Question::Time(Comparison::Greater), false),
        Operator::On => (Question::Time(Comparison::Equal), false),
        Operator::Contains => (Question::Text(TextTest::Contains), false),
        Operator::NotContains => (Question::Text(TextTest::Contains), true),
        Operator::StartsWith => (Question::Text(TextTest::StartsWith), false),
        Operator::NotStartsWith => (Question::Text(TextTest::StartsWith), true),
        Operator::EndsWith => (Question::Text(TextTest::EndsWith), false),
        Operator::NotEndsWith => (Question::Text(TextTest::EndsWith), true),
        Operator::Matches => (Question::Text(TextTest::Matches), false),
        Operator::NotMatches => (Question::Text(TextTest::Matches), true),
    }
}

/// A comparison in its one form: constants on the right, `= true` as the value alone, the zone
/// only where a date can be a day.
pub(super) fn compared(
    left: Measure,
    comparison: Comparison,
    right: Measure,
    zone: Zone,
) -> Condition {
    let is_swapped = matches!(left, Measure::Constant(_)) && !matches!(right, Measure::Constant(_));
    let (left, comparison, right) = if is_swapped {
        (right, swapped(comparison), left)
    } else {
        (left, comparison, right)
    };
    if let (Comparison::Equal, Measure::Constant(Value::Bool(truth))) = (comparison, &right) {
        match left {
            Measure::If {
                condition,
                then,
                otherwise,
            } if *then == Measure::Constant(Value::Bool(true))
                && *otherwise == Measure::Constant(Value::Bool(false)) =>
            {
                return if *truth { *condition } else { not(*condition) };
            }
            left if *truth => return Condition::Holds(left),
            left => {
                return Condition::Compare {
                    left,
                    comparison,
                    right,
                    zone: None,
                };
            }
        }
    }
    let zone = (may_be_date(&left) || may_be_date(&right)).then_some(zone);
    Condition::Compare {
        left,
        comparison,
        right,
        zone,
    }
}

fn swapped(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Equal => Comparison::Equal,
        Comparison::Less => Comparison::Greater,
        Comparison::AtMost => Comparison::AtLeast,
        Comparison::Greater => Comparison::Less,
        Comparison::AtLeast => Comparison::AtMost,
    }
}
