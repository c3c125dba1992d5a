//! Values of other users: of the one whom an identity names, and over those who name one.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Decimal, UserNumber, Value};
use features::place::elements;

use crate::ports::Identities;
use crate::values::MetricValues;

/// For each user with an identity of another the value that the other has.
pub(super) fn of_user(
    values: &MetricValues,
    named: &MetricValues,
    identities: &dyn Identities,
) -> MetricValues {
    let value = |(user, named): (UserNumber, Value)| {
        let other = elements(&named)
            .iter()
            .find_map(|one| meant(one, identities))?;
        Some((user, values.value(other)?))
    };
    named.iter().filter_map(value).collect()
}

/// For each user who is named how many name it, or the sum of their values.
pub(super) fn named_by(
    named: &MetricValues,
    sum: Option<&MetricValues>,
    identities: &dyn Identities,
) -> MetricValues {
    let mut totals: BTreeMap<UserNumber, Decimal> = BTreeMap::new();
    for (user, named) in named.iter() {
        let addend = match sum {
            None => Decimal::from(1),
            Some(sum) => match sum.value(user) {
                Some(Value::Number(addend)) => addend,
                _ => continue,
            },
        };
        for other in all_meant(&named, identities) {
            let total = totals.entry(other).or_default();
            *total = &*total + &addend;
        }
    }
    totals
        .into_iter()
        .map(|(user, total)| (user, Value::Number(total)))
        .collect()
}

/// The users whom the elements of a value identify, each once.
fn all_meant(named: &Value, identities: &dyn Identities) -> BTreeSet<UserNumber> {
    let elements = elements(named).iter();
    elements.filter_map(|one| meant(one, identities)).collect()
}

/// The user whom a text identifies.
fn meant(named: &Value, identities: &dyn Identities) -> Option<UserNumber> {
    match named {
        Value::Text(text) => identities.user(text),
        _ => None,
    }
}
