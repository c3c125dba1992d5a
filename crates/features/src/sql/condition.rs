//! Conditions as SQL: every one is 0 or 1, never NULL.

use std::collections::BTreeSet;

use domain::{ListKey, Value};
use rules::checked::{Condition, Letters, Measure, Place, TextTest};

use super::compare::NEVER;
use super::expression::{Expression, Kind};
use super::translation::Translation;
use super::{Folds, Lists, ParameterValue, StoredForm, text};
use crate::program::column;

/// The texts of a measure in a text place.
pub(super) enum Texts {
    /// As they are stored, and whether there may be lists.
    Stored(String, Lists),
    /// One text, computed.
    One(Expression),
}

impl Texts {
    /// Whether a test, which may be NULL, holds for one of the texts.
    pub(super) fn some(
        &self,
        mut test: impl FnMut(&str) -> Result<String, Folds>,
    ) -> Result<String, Folds> {
        Ok(match self {
            Self::Stored(raw, Lists::None) => {
                format!("ifNull({}, 0)", test(&text::canonical(raw))?)
            }
            Self::Stored(raw, Lists::Some) => {
                format!("arrayExists(x -> {}, {})", test("x")?, text::elements(raw))
            }
            Self::One(value) => Expression::closed(test(&value.sql)?, value.presence),
        })
    }
}

impl Translation<'_> {
    /// A condition of a user or of an event.
    pub(super) fn holds(&mut self, condition: &Condition) -> Result<String, Folds> {
        match condition {
            Condition::Constant(truth) => Ok(u8::from(*truth).to_string()),
            Condition::All(parts) => self.joined(parts, " AND ", "1"),
            Condition::Any(parts) => self.joined(parts, " OR ", NEVER),
            Condition::Not(part) => Ok(format!("(NOT {})", self.holds(part)?)),
            Condition::AtLeast { count, of } => {
                let sum = self.joined(of, " + ", "0")?;
                Ok(format!("({sum} >= {count})"))
            }
            Condition::Compare {
                left,
                comparison,
                right,
                zone,
            } => self.compared(left, *comparison, right, zone.as_ref()),
            Condition::Between {
                value,
                low,
                high,
                zone,
            } => self.lies_between(value, [low, high], zone.as_ref()),
            Condition::IsSet(measure) => self.is_set(measure),
            Condition::Holds(measure) => {
                let truth = self.measure(measure)?;
                Ok(match truth.kind {
                    Kind::Truth => Expression::closed(format!("{} = 1", truth.sql), truth.presence),
                    _ => NEVER.to_owned(),
                })
            }
            Condition::OneOf { value, of } => self.one_of(value, of),
            Condition::HasAll { value, of } => self.has_all(value, of),
            Condition::Text {
                value,
                test,
                pattern,
                letters,
            } => self.text_test(value, *test, pattern, *letters),
            Condition::InWindow { value, window } => {
                let at = self.operand(value)?;
                if !matches!(at.kind, Kind::Time) {
                    return Ok(NEVER.to_owned());
                }
                Ok(format!("({})", self.inside(&at, window)?.join(" AND ")))
            }
            Condition::Anniversary { .. } => Err(Folds::because("an anniversary")),
            Condition::ValueInList { value, list } => self.in_list(value, list),
            Condition::UserInList(_) => Err(Folds::because("a list of users")),
            Condition::HasTag(_) => Err(Folds::because("another tag")),
            Condition::InAudience(_) => Err(Folds::because("an audience")),
        }
    }

    fn joined(
        &mut self,
        parts: &[Condition],
        operator: &str,
        nothing: &str,
    ) -> Result<String, Folds> {
        if parts.is_empty() {
            return Ok(nothing.to_owned());
        }
        let mut all = Vec::with_capacity(parts.len());
        for part in parts {
            all.push(self.holds(part)?);
        }
        Ok(format!("({})", all.join(operator)))
    }

    fn is_set(&mut self, measure: &Measure) -> Result<String, Folds> {
        // A list is there also where only its elements can be read.
        if let Measure::Attribute {
            place: Place::Text, ..
        }
        | Measure::Property {
            place: Place::Text, ..
        } = measure
        {
            let Texts::Stored(raw, _) = self.texts(measure)? else {
                return Err(Folds::because("a text that is not stored"));
            };
            return Ok(format!("ifNull({raw} NOT IN ('\\x01n', '\\x01o'), 0)"));
        }
        if let Some(moment) = self.stored_moment(measure)? {
            return Ok(moment.is_set());
        }
        Ok(self.measure(measure)?.is_set())
    }

    /// The texts of a measure; of stored ones the lists too.
    pub(super) fn texts(&mut self, measure: &Measure) -> Result<Texts, Folds> {
        let (raw, form) = match measure {
            Measure::Attribute {
                path,
                place: Place::Text,
            } => self.attribute(&column(path, Place::Text))?,
            Measure::Property {
                path,
                place: Place::Text,
            } => self.property(&column(path, Place::Text))?,
            other => {
                let value = self.measure(other)?;
                return match value.kind {
                    Kind::Text => Ok(Texts::One(value)),
                    kind => Ok(Texts::One(Expression::missing(match kind {
                        Kind::Any => return Err(Folds::because("a value of any type")),
                        _ => Kind::Text,
                    }))),
                };
            }
        };
        match form {
            StoredForm::Text { lists } => Ok(Texts::Stored(raw, lists)),
            _ => Err(Folds::because("a text lies in a number column")),
        }
    }

    /// Whether one of the texts is the constant.
    pub(super) fn some_text_equals(&mut self, texts: &Texts, constant: &str) -> String {
        match texts {
            Texts::Stored(raw, Lists::None) => {
                format!(
                    "ifNull({}, 0)",
                    text::stored_equals(raw, constant, &mut self.parameters)
                )
            }
            Texts::Stored(raw, Lists::Some) => {
                let constant = self.parameters.text(constant);
                format!("has({}, {constant})", text::elements(raw))
            }
            Texts::One(value) => {
                let constant = self.parameters.text(constant);
                Expression::closed(format!("{} = {constant}", value.sql), value.presence)
            }
        }
    }

    fn one_of(&mut self, value: &Measure, of: &BTreeSet<Value>) -> Result<String, Folds> {
        self.equals_each(value, of, " OR ")
    }

    fn has_all(&mut self, value: &Measure, of: &BTreeSet<Value>) -> Result<String, Folds> {
        if of.is_empty() {
            return self.is_set(value);
        }
        self.equals_each(value, of, " AND ")
    }

    fn equals_each(
        &mut self,
        value: &Measure,
        of: &BTreeSet<Value>,
        operator: &str,
    ) -> Result<String, Folds> {
        let mut tests = Vec::with_capacity(of.len());
        for constant in of {
            tests.push(self.compared(
                value,
                rules::checked::Comparison::Equal,
                &Measure::Constant(constant.clone()),
                None,
            )?);
        }
        Ok(if tests.is_empty() {
            NEVER.to_owned()
        } else {
            format!("({})", tests.join(operator))
        })
    }

    fn text_test(
        &mut self,
        value: &Measure,
        test: TextTest,
        pattern: &str,
        letters: Letters,
    ) -> Result<String, Folds> {
        let texts = self.texts(value)?;
        let parameters = &mut self.parameters;
        match letters {
            Letters::Exact => texts.some(|text| text::test(test, text, pattern, parameters)),
            Letters::Folded if test == TextTest::Matches => {
                Err(Folds::because("a regular expression `ignoring case`"))
            }
            Letters::Folded => {
                let pattern = rules::pattern::fold(pattern);
                texts.some(|text| text::test(test, &text::folded(text), &pattern, parameters))
            }
        }
    }

    fn in_list(&mut self, value: &Measure, list: &ListKey) -> Result<String, Folds> {
        let Some(mut members) = self.columns.list(list) else {
            return Ok(NEVER.to_owned());
        };
        members.sort_unstable();
        let texts = self.texts(value)?;
        let members = self.parameters.bind(ParameterValue::Texts(members));
        texts.some(|text| Ok(format!("has({members}, {text})")))
    }
}
