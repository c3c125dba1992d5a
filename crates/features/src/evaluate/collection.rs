//! Aggregates over the elements of a list.

use domain::{ListKey, Time, Value};
use rules::checked::{Collection, Path, Place};

use super::{Scope, condition, measure};
use crate::accumulate::accumulator;
use crate::place::{convert, elements};

/// What a scalar element is called.
const ELEMENT: &str = "value";

/// What is measured of the elements that count, in the order of the list.
pub(super) fn value(collection: &Collection, user: &dyn Scope) -> Option<Value> {
    let aggregate = &collection.aggregate;
    let list = measure(&collection.of, user);
    let mut accumulator = accumulator(aggregate);
    for element in list.as_ref().map_or(&[] as &[Value], elements) {
        let item = Element { element, user };
        let counts = aggregate.filter.as_ref();
        if counts.is_none_or(|filter| condition(filter, &item)) {
            accumulator.take(&item);
        }
    }
    accumulator.value(user)
}

/// An element of a list, and the user whose list it is.
struct Element<'a> {
    element: &'a Value,
    user: &'a dyn Scope,
}

impl Scope for Element<'_> {
    fn outer(&self) -> Option<&dyn Scope> {
        Some(self.user)
    }

    fn now(&self) -> Time {
        self.user.now()
    }

    fn member(&self, path: &Path, place: Place) -> Option<Value> {
        convert(member(self.element, path)?.clone(), place)
    }

    fn attribute(&self, path: &Path, place: Place) -> Option<Value> {
        self.user.attribute(path, place)
    }

    fn value_in_list(&self, list: &ListKey, text: &str) -> bool {
        self.user.value_in_list(list, text)
    }
}

/// The member at a dotted path; of a scalar, the scalar itself.
fn member<'v>(element: &'v Value, path: &str) -> Option<&'v Value> {
    match element {
        Value::Object(members) => members.get(path).or_else(|| {
            let (name, rest) = path.split_once('.')?;
            member(members.get(name)?, rest)
        }),
        Value::List(_) => None,
        scalar if path == ELEMENT => Some(scalar),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
