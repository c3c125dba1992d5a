//! Values that a step expects: of tags, of attributes.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{TagKey, UserNumber, UserSet, Value};
use serde_json::Value as Json;
use tags::MetricValues;

use super::Expectations;
use crate::scenario::file::Expect;
use crate::scenario::play::Failure;

impl Expectations<'_> {
    pub(super) fn values(&self, expect: &Expect, failures: &mut Vec<Failure>) {
        for (key, users) in &expect.values {
            let Some(tag) = self.known_tag(key, failures) else {
                continue;
            };
            for (name, expected) in users {
                let number = self.state.store.named(name);
                let got = number.and_then(|number| self.value_of(&tag, number));
                let what = format!("value of `{key}` for {name}");
                let failure = compare(what, &expected.json(self.lines), got);
                failures.extend(failure.map(|failure| Failure {
                    explanation: self.why(key, name),
                    ..failure
                }));
            }
        }
    }

    pub(super) fn attributes(&self, expect: &Expect, failures: &mut Vec<Failure>) {
        for (name, attributes) in &expect.attributes {
            let known = match self.state.store.named(name) {
                Some(number) => self
                    .state
                    .store
                    .history(number, self.state.now)
                    .attributes(self.state.now),
                None => BTreeMap::new(),
            };
            for (path, expected) in attributes {
                let got = known
                    .get(path.as_str())
                    .map(|value| whole(&known, path, value));
                let what = format!("attribute `{path}` of {name}");
                failures.extend(compare(what, &expected.json(self.lines), got));
            }
        }
    }

    /// The value of a tag: of a layered one its value or list of values, of a plain one `true`.
    fn value_of(&self, tag: &TagKey, user: UserNumber) -> Option<Value> {
        if let Some(values) = self.state.results.values(tag) {
            return values.value(user);
        }
        let held = self
            .state
            .results
            .tags_of(user)
            .filter(|held| held.slot.tag == *tag);
        let mut values: Vec<Value> = held
            .map(|held| {
                held.slot
                    .value
                    .clone()
                    .map_or(Value::Bool(true), Value::Text)
            })
            .collect();
        match values.len() {
            0 | 1 => values.pop(),
            _ => Some(Value::List(values.into())),
        }
    }
}

/// The users of a metric who have a value, by its text.
pub(super) fn members_with(values: &MetricValues, text: &str) -> UserSet {
    let wanted = Value::text(text);
    let has_it = |(_, value): &(UserNumber, Value)| are_same(&wanted, value);
    values.iter().filter(has_it).map(|(user, _)| user).collect()
}

/// An attribute with its members, where it is an object.
fn whole(known: &BTreeMap<Arc<str>, Value>, path: &str, value: &Value) -> Value {
    let Value::Object(_) = value else {
        return value.clone();
    };
    let member = |(other, value): (&Arc<str>, &Value)| {
        let name = other.strip_prefix(path)?.strip_prefix('.')?;
        (!name.contains('.')).then(|| (Arc::from(name), whole(known, other, value)))
    };
    Value::Object(Arc::new(known.iter().filter_map(member).collect()))
}

/// What differs, if anything does.
fn compare(what: String, expected: &Json, got: Option<Value>) -> Option<Failure> {
    let wanted = Value::from_json(expected);
    let agrees = match (&wanted, &got) {
        (None, None) => true,
        (Some(wanted), Some(got)) => are_same(wanted, got),
        _ => false,
    };
    let shown = |value: &Option<Value>| {
        value.as_ref().map_or_else(
            || "no value".to_owned(),
            |value| value.to_json().to_string(),
        )
    };
    (!agrees).then(|| Failure {
        expected: Some(shown(&wanted)),
        got: Some(shown(&got)),
        ..Failure::sentence(what)
    })
}

/// Whether both say the same: a scalar is its canonical text, since the place of its use decides
/// its type.
fn are_same(wanted: &Value, got: &Value) -> bool {
    match (wanted, got) {
        (Value::List(wanted), Value::List(got)) => {
            wanted.len() == got.len() && wanted.iter().zip(got.iter()).all(|(a, b)| are_same(a, b))
        }
        (Value::Object(wanted), Value::Object(got)) => {
            wanted.len() == got.len()
                && wanted
                    .iter()
                    .zip(got.iter())
                    .all(|(a, b)| a.0 == b.0 && are_same(a.1, b.1))
        }
        // A scalar is a list of one.
        (Value::List(wanted), got) if !matches!(got, Value::List(_)) => {
            matches!(&**wanted, [wanted] if are_same(wanted, got))
        }
        (wanted, Value::List(got)) if !matches!(wanted, Value::List(_)) => {
            matches!(&**got, [got] if are_same(wanted, got))
        }
        (_, Value::Time(_) | Value::Date(_)) => wanted.convert(got.kind()).as_ref() == Some(got),
        (Value::Text(wanted), Value::Span(got)) => **wanted == *got.to_string(),
        _ => wanted.canonical_text().is_some() && wanted.canonical_text() == got.canonical_text(),
    }
}
