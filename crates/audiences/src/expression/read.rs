//! Conditions become audience expressions, where the members of tags decide them.

use std::collections::HashMap;
use std::sync::Arc;

use domain::{AudienceKey, ListKey, TagKey, Time, Value};
use features::evaluate::{self, Scope};
use features::place::convert;
use rules::checked::{Condition, Measure, Path, Place};

use super::AudienceExpression;
use crate::Error;
use crate::ports::{Rulebook, TagForm};

/// Reads conditions; audiences are read once.
pub(super) struct Reader<'a> {
    rules: &'a dyn Rulebook,
    known: HashMap<AudienceKey, AudienceExpression>,
    /// The audiences that are being read.
    open: Vec<AudienceKey>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(rules: &'a dyn Rulebook) -> Self {
        Self {
            rules,
            known: HashMap::new(),
            open: Vec::new(),
        }
    }

    pub(super) fn condition(&mut self, condition: &Condition) -> Result<AudienceExpression, Error> {
        Ok(match condition {
            Condition::Constant(true) => AudienceExpression::Everyone,
            Condition::Constant(false) => AudienceExpression::Nobody,
            Condition::All(parts) => AudienceExpression::all(self.several(parts)?),
            Condition::Any(parts) => AudienceExpression::any(self.several(parts)?),
            Condition::Not(part) => self.condition(part)?.complement(),
            Condition::AtLeast { count, of } => {
                AudienceExpression::at_least(*count, self.several(of)?)
            }
            Condition::HasTag(tag) => {
                self.form(tag)?;
                AudienceExpression::Tag(tag.clone())
            }
            Condition::UserInList(list) => AudienceExpression::List(list.clone()),
            Condition::InAudience(audience) => self.audience(audience)?,
            test => self.test(test)?,
        })
    }

    fn several(&mut self, parts: &[Condition]) -> Result<Vec<AudienceExpression>, Error> {
        parts.iter().map(|part| self.condition(part)).collect()
    }

    fn form(&self, tag: &TagKey) -> Result<TagForm, Error> {
        self.rules
            .tag(tag)
            .ok_or_else(|| Error::UnknownTag { tag: tag.clone() })
    }

    fn audience(&mut self, audience: &AudienceKey) -> Result<AudienceExpression, Error> {
        if let Some(known) = self.known.get(audience) {
            return Ok(known.clone());
        }
        if let Some(start) = self.open.iter().position(|open| open == audience) {
            let path = self.open.iter().skip(start).chain([audience]);
            return Err(Error::Cycle {
                path: path.map(ToString::to_string).collect(),
            });
        }
        let rules = self.rules;
        let condition = rules
            .audience(audience)
            .ok_or_else(|| Error::UnknownAudience {
                audience: audience.clone(),
            })?;
        self.open.push(audience.clone());
        let expression = self.condition(condition)?;
        self.open.pop();
        self.known.insert(audience.clone(), expression.clone());
        Ok(expression)
    }

    /// A test of the value of a tag: the values that pass it.
    fn test(&self, test: &Condition) -> Result<AudienceExpression, Error> {
        let (tag, place) = tested_tag(test)?;
        let with = |value: &Arc<str>| AudienceExpression::TagWith(tag.clone(), Arc::clone(value));
        let has = AudienceExpression::Tag(tag.clone());
        let holds = |value: Option<Value>| {
            let value = value.and_then(|value| convert(value, place));
            evaluate::condition(test, &OneTag(value))
        };
        let passing = |values: &[Arc<str>]| {
            let passes = |value: &&Arc<str>| holds(Some(Value::Text(Arc::clone(value))));
            AudienceExpression::any(values.iter().filter(passes).map(with).collect())
        };
        match (self.form(tag)?, test) {
            (TagForm::YesNo, _) => Ok(match (holds(Some(Value::Bool(true))), holds(None)) {
                (true, true) => AudienceExpression::Everyone,
                (true, false) => has,
                (false, true) => has.complement(),
                (false, false) => AudienceExpression::Nobody,
            }),
            (
                TagForm::OneOf(_) | TagForm::SomeOf(_),
                Condition::IsSet(Measure::TagValue { .. }),
            ) if place == Place::Any => Ok(has),
            (TagForm::OneOf(values), _) => {
                let without = if holds(None) {
                    has.complement()
                } else {
                    AudienceExpression::Nobody
                };
                Ok(AudienceExpression::any(vec![passing(&values), without]))
            }
            // The value is a list: a test holds if it holds for at least one element.
            (
                TagForm::SomeOf(values),
                Condition::Compare { .. }
                | Condition::Between { .. }
                | Condition::OneOf { .. }
                | Condition::Text { .. },
            ) if is_tested_directly(test) => Ok(passing(&values)),
            (TagForm::SomeOf(_), _) => Err(Error::MoreThanAlgebra {
                what: "this test of a list",
            }),
            (TagForm::Measured, Condition::IsSet(Measure::TagValue { .. }))
                if place == Place::Any =>
            {
                Ok(has)
            }
            (TagForm::Measured, _) => Err(Error::MoreThanAlgebra {
                what: "a measured value",
            }),
        }
    }
}

/// The one tag whose value a test looks at, beside constants.
fn tested_tag(test: &Condition) -> Result<(&TagKey, Place), Error> {
    let found = std::cell::RefCell::new(Vec::new());
    let looks_elsewhere = features::feature::any_in_condition(test, &|measure| {
        if let Measure::TagValue { tag, place } = measure {
            found.borrow_mut().push((tag.clone(), *place));
        }
        !matches!(
            measure,
            Measure::TagValue { .. }
                | Measure::Constant(_)
                | Measure::Function { .. }
                | Measure::Coalesce(_)
        )
    });
    let found = found.into_inner();
    let is_one = found.windows(2).all(|pair| pair.first() == pair.last());
    let is_test = !matches!(
        test,
        Condition::ValueInList { .. } | Condition::InWindow { .. }
    );
    match measures(test) {
        Some(tag) if !looks_elsewhere && is_one && is_test => Ok(tag),
        _ => Err(Error::MoreThanAlgebra { what: "this test" }),
    }
}

/// The first value of a tag among the measures of a test.
fn measures(test: &Condition) -> Option<(&TagKey, Place)> {
    features::feature::measures_of(test)
        .into_iter()
        .find_map(tag_in)
}

fn tag_in(measure: &Measure) -> Option<(&TagKey, Place)> {
    match measure {
        Measure::TagValue { tag, place } => Some((tag, *place)),
        Measure::Function { of, .. } => tag_in(of),
        Measure::Coalesce(parts) => parts.iter().find_map(tag_in),
        _ => None,
    }
}

/// Whether the value of the tag is tested as it is, against something fixed.
fn is_tested_directly(test: &Condition) -> bool {
    features::feature::measures_of(test)
        .into_iter()
        .all(|measure| matches!(measure, Measure::TagValue { .. } | Measure::Constant(_)))
}

/// A scope in which the value of the one tag is known.
struct OneTag(Option<Value>);

impl Scope for OneTag {
    fn now(&self) -> Time {
        Time::MIN
    }

    fn attribute(&self, _path: &Path, _place: Place) -> Option<Value> {
        None
    }

    fn tag_value(&self, _tag: &TagKey, _place: Place) -> Option<Value> {
        self.0.clone()
    }

    fn value_in_list(&self, _list: &ListKey, _text: &str) -> bool {
        false
    }
}
