//! How many users share a value.

use std::collections::HashMap;

use domain::{UserNumber, Value};
use features::place::elements;

use crate::values::MetricValues;

/// For each user with a value how many have it, too; of a list the most shared element counts.
pub(super) fn sharing(of: &MetricValues) -> MetricValues {
    let mut codes: HashMap<Value, usize> = HashMap::new();
    let mut counts: Vec<i64> = Vec::new();
    // For each user, the codes of the values; a user counts once for each.
    let mut users: Vec<(UserNumber, Vec<usize>)> = Vec::with_capacity(of.len());
    for (user, value) in of.iter() {
        let mut own: Vec<usize> = Vec::with_capacity(1);
        for element in elements(&value) {
            let next = codes.len();
            let code = match codes.get(element) {
                Some(code) => *code,
                None => *codes.entry(element.clone()).or_insert(next),
            };
            own.push(code);
        }
        own.sort_unstable();
        own.dedup();
        counts.resize(codes.len(), 0);
        for code in &own {
            if let Some(count) = counts.get_mut(*code) {
                *count += 1;
            }
        }
        users.push((user, own));
    }
    let most = |own: Vec<usize>| {
        own.iter()
            .filter_map(|code| counts.get(*code))
            .max()
            .copied()
    };
    let users = users.into_iter();
    users
        .map(|(user, own)| (user, Value::from(most(own).unwrap_or(0))))
        .collect()
}
