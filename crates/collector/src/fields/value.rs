//! Flat fields as named values again.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{Decimal, Stored, Value, stored};

use super::{Field, FieldKind, Fields};

/// Named values, and the names that were explicitly unset.
#[derive(Debug, Default)]
pub(crate) struct Named {
    pub(crate) values: Vec<(Arc<str>, Value)>,
    pub(crate) unset: Vec<Arc<str>>,
}

impl Fields {
    /// Appends the values of all fields by their names, objects put together again.
    pub(crate) fn append_to(&self, named: &mut Named) {
        let mut rest = self.fields.as_slice();
        while let Some((field, after)) = rest.split_first() {
            let name = Arc::from(self.part(field.path));
            rest = after;
            match field.kind {
                FieldKind::Null => named.unset.push(name),
                FieldKind::Object => {
                    let object = self.members(field, &mut rest);
                    named.values.push((name, object));
                }
                _ => named.values.push((name, self.scalar(field))),
            }
        }
    }

    /// The object of a marker; takes its members off the fields that follow.
    fn members(&self, marker: &Field, rest: &mut &[Field]) -> Value {
        let own = self.part(marker.path);
        let mut members = BTreeMap::new();
        while let Some((field, after)) = rest.split_first() {
            let path = self.part(field.path).strip_prefix(own);
            let Some(name) = path.and_then(|path| path.strip_prefix('.')) else {
                break;
            };
            *rest = after;
            let value = match field.kind {
                FieldKind::Object => self.members(field, rest),
                _ => self.scalar(field),
            };
            members.insert(Arc::from(name), value);
        }
        Value::Object(Arc::new(members))
    }

    fn scalar(&self, field: &Field) -> Value {
        let text = self.part(field.value);
        match field.kind {
            FieldKind::Truth => Value::Bool(text == "true"),
            FieldKind::Number => {
                Decimal::parse(text).map_or_else(|| Value::text(text), Value::Number)
            }
            _ => match stored::decode(text) {
                Stored::Value(value) => value,
                Stored::ObjectMarker | Stored::Unset => Value::text(text),
            },
        }
    }
}
