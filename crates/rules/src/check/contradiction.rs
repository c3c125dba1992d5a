//! Conditions that can never hold together: `x > 5 and x < 3`.

use std::cmp::Ordering;

use domain::Value;

use super::Checker;
use crate::checked::{Comparison, Condition, Measure};
use crate::located::TextRange;
use crate::mistake::Conditions;

/// How many conditions of one `and` are compared with one another; beyond, it is not worth it.
const MOST_COMPARED: usize = 64;

impl Checker<'_> {
    /// Warns if two of the conditions exclude one another.
    pub(super) fn warn_of_contradiction(&mut self, parts: &[Condition], range: TextRange) {
        let bounds: Vec<_> = parts.iter().flat_map(bounds).take(MOST_COMPARED).collect();
        let is_contradiction = bounds.iter().enumerate().any(|(place, one)| {
            bounds
                .iter()
                .skip(place + 1)
                .any(|other| one.of == other.of && (excludes(one, other) || excludes(other, one)))
        });
        if is_contradiction {
            self.remark(range, Conditions::Contradiction);
        }
    }
}

/// A comparison of something with a constant.
struct Bound<'c> {
    of: &'c Measure,
    comparison: Comparison,
    constant: &'c Value,
}

fn bounds<'c>(condition: &'c Condition) -> Vec<Bound<'c>> {
    let bound = |of, comparison, end: &'c Measure| match end {
        Measure::Constant(constant) => Some(Bound {
            of,
            comparison,
            constant,
        }),
        _ => None,
    };
    match condition {
        Condition::Compare {
            left,
            comparison,
            right,
            ..
        } => bound(left, *comparison, right).into_iter().collect(),
        Condition::Between {
            value, low, high, ..
        } => bound(value, Comparison::AtLeast, low)
            .into_iter()
            .chain(bound(value, Comparison::AtMost, high))
            .collect(),
        _ => Vec::new(),
    }
}

/// Whether the first, a lower bound or an equality, leaves nothing for the second.
fn excludes(low: &Bound<'_>, high: &Bound<'_>) -> bool {
    let Some(order) = low.constant.compare(high.constant) else {
        return false;
    };
    match (low.comparison, high.comparison) {
        (Comparison::Equal, Comparison::Equal) => order != Ordering::Equal,
        (Comparison::AtLeast | Comparison::Equal, Comparison::AtMost | Comparison::Equal) => {
            order == Ordering::Greater
        }
        (
            Comparison::Greater | Comparison::AtLeast | Comparison::Equal,
            Comparison::Less | Comparison::AtMost | Comparison::Equal,
        ) => order != Ordering::Less,
        _ => false,
    }
}
