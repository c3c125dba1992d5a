//! Rewriting of rules: features become columns by number, audiences their conditions.
//!
//! Rules of tags read no event properties outside their aggregates, so that a property can
//! stand for a column here: its path is the column's name.

mod elements;

use std::sync::Arc;

use domain::AudienceKey;
use rules::checked::{Collection, Condition, Measure, Place};

use super::references::{Dependence, dependence};
use crate::Error;

/// A column of a block, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum ColumnId {
    /// A feature of the program.
    Feature(u32),
    /// A measure over features, computed once per user.
    Computed(u32),
    /// Given beforehand: a value among all users.
    Given(u32),
}

impl ColumnId {
    /// The measure that reads the column.
    pub fn measure(self) -> Measure {
        let path = match self {
            Self::Feature(number) => format!("f{number}"),
            Self::Computed(number) => format!("c{number}"),
            Self::Given(number) => format!("g{number}"),
        };
        Measure::Property {
            path: Arc::from(path),
            place: Place::Any,
        }
    }

    /// The column that a path names.
    pub fn named(path: &str) -> Option<Self> {
        let number = |text: &str| text.parse().ok();
        match path.split_at_checked(1)? {
            ("f", text) => number(text).map(Self::Feature),
            ("c", text) => number(text).map(Self::Computed),
            ("g", text) => number(text).map(Self::Given),
            _ => None,
        }
    }
}

/// Stands where the one value of a test is put in.
pub(crate) fn hole() -> Measure {
    Measure::Property {
        path: Arc::from(""),
        place: Place::Any,
    }
}

/// Whether the measure is the place where a value is put in.
pub(crate) fn is_hole(measure: &Measure) -> bool {
    matches!(measure, Measure::Property { path, .. } if path.is_empty())
}

/// What takes the place of features and audiences.
pub(crate) trait Replacement {
    /// What stands for a measure; `None` leaves it, and looks inside.
    fn measure(&mut self, measure: &Measure) -> Option<Measure>;
    /// What an audience means, written out.
    fn audience(&mut self, audience: &AudienceKey) -> Result<Condition, Error>;
}

/// The condition with its features and audiences replaced.
pub(crate) fn condition(
    condition: &Condition,
    by: &mut dyn Replacement,
) -> Result<Condition, Error> {
    let several = |parts: &[Condition], by: &mut dyn Replacement| {
        parts
            .iter()
            .map(|part| self::condition(part, by))
            .collect::<Result<Vec<_>, _>>()
    };
    Ok(match condition {
        Condition::All(parts) => Condition::All(several(parts, by)?),
        Condition::Any(parts) => Condition::Any(several(parts, by)?),
        Condition::Not(part) => Condition::Not(Box::new(self::condition(part, by)?)),
        Condition::AtLeast { count, of } => Condition::AtLeast {
            count: *count,
            of: several(of, by)?,
        },
        Condition::InAudience(audience) => by.audience(audience)?,
        Condition::Compare {
            left,
            comparison,
            right,
            zone,
        } => Condition::Compare {
            left: measure(left, by)?,
            comparison: *comparison,
            right: measure(right, by)?,
            zone: zone.clone(),
        },
        Condition::Between {
            value,
            low,
            high,
            zone,
        } => Condition::Between {
            value: measure(value, by)?,
            low: measure(low, by)?,
            high: measure(high, by)?,
            zone: zone.clone(),
        },
        Condition::InWindow { value, window } => Condition::InWindow {
            value: measure(value, by)?,
            window: rewritten_window(window, by)?,
        },
        other => match single_value(other) {
            Some(value) => with_value(other, measure(value, by)?),
            None => other.clone(),
        },
    })
}

/// The measure with its features replaced.
pub(crate) fn measure(of: &Measure, by: &mut dyn Replacement) -> Result<Measure, Error> {
    if let Some(replaced) = by.measure(of) {
        return Ok(replaced);
    }
    let mut inside = |part: &Measure| measure(part, by).map(Box::new);
    Ok(match of {
        Measure::Arithmetic {
            operator,
            left,
            right,
        } => Measure::Arithmetic {
            operator: *operator,
            left: inside(left)?,
            right: inside(right)?,
        },
        Measure::If {
            condition: test,
            then,
            otherwise,
        } => Measure::If {
            then: inside(then)?,
            otherwise: inside(otherwise)?,
            condition: Box::new(condition(test, by)?),
        },
        Measure::Coalesce(parts) => Measure::Coalesce(
            parts
                .iter()
                .map(|part| measure(part, by))
                .collect::<Result<_, _>>()?,
        ),
        Measure::Collection(collection) => Measure::Collection(Box::new(Collection {
            of: measure(&collection.of, by)?,
            aggregate: elements::rewritten(&collection.aggregate, by)?,
        })),
        Measure::Aggregate(of_group) => {
            Measure::Aggregate(Box::new(elements::rewritten(of_group, by)?))
        }
        Measure::Lookup {
            table,
            column,
            row,
            place,
        } => Measure::Lookup {
            table: Arc::clone(table),
            column: Arc::clone(column),
            row: inside(row)?,
            place: *place,
        },
        Measure::Function { function, of } => Measure::Function {
            function: function.clone(),
            of: inside(of)?,
        },
        Measure::Age { unit, since, zone } => Measure::Age {
            unit: *unit,
            since: inside(since)?,
            zone: zone.clone(),
        },
        Measure::DateDifference {
            unit,
            from,
            to,
            zone,
        } => Measure::DateDifference {
            unit: *unit,
            from: inside(from)?,
            to: inside(to)?,
            zone: zone.clone(),
        },
        other => other.clone(),
    })
}

fn rewritten_window(
    window: &rules::checked::Window,
    by: &mut dyn Replacement,
) -> Result<rules::checked::Window, Error> {
    use rules::checked::{Cut, Window};
    let mut cut = |cut: &Option<Cut>| {
        cut.as_ref()
            .map(|cut| {
                Ok(Cut {
                    at: Box::new(measure(&cut.at, by)?),
                    ..cut.clone()
                })
            })
            .transpose()
    };
    Ok(match window {
        Window::Between { from, to } => Window::Between {
            from: cut(from)?,
            to: cut(to)?,
        },
        Window::After { anchor, span } => Window::After {
            anchor: Box::new(measure(anchor, by)?),
            span: *span,
        },
        Window::Before { anchor, span } => Window::Before {
            anchor: Box::new(measure(anchor, by)?),
            span: *span,
        },
        other => other.clone(),
    })
}

/// The value of a condition that looks at one value, other than a comparison.
pub(crate) fn single_value(condition: &Condition) -> Option<&Measure> {
    match condition {
        Condition::Between { value, .. }
        | Condition::OneOf { value, .. }
        | Condition::HasAll { value, .. }
        | Condition::Text { value, .. }
        | Condition::IsSet(value)
        | Condition::Holds(value)
        | Condition::InWindow { value, .. }
        | Condition::Anniversary { value, .. }
        | Condition::ValueInList { value, .. } => Some(value),
        _ => None,
    }
}

/// The condition with another value in the place of its one value.
pub(crate) fn with_value(condition: &Condition, new: Measure) -> Condition {
    let mut condition = condition.clone();
    match &mut condition {
        Condition::Between { value, .. }
        | Condition::OneOf { value, .. }
        | Condition::HasAll { value, .. }
        | Condition::Text { value, .. }
        | Condition::IsSet(value)
        | Condition::Holds(value)
        | Condition::InWindow { value, .. }
        | Condition::Anniversary { value, .. }
        | Condition::ValueInList { value, .. } => *value = new,
        _ => {}
    }
    condition
}

/// The one value that differs by user in a condition that is made of no others, and the
/// condition with a hole in its place. `None` where there are several such values.
pub(crate) fn test_of(condition: &Condition) -> Option<(&Measure, Condition)> {
    let is_fixed = |measure: &Measure| dependence(measure) == Dependence::Nothing;
    match condition {
        Condition::Compare {
            left,
            comparison,
            right,
            zone,
        } => {
            let (value, left, right) = if is_fixed(right) {
                (left, hole(), right.clone())
            } else if is_fixed(left) {
                (right, left.clone(), hole())
            } else {
                return None;
            };
            let zone = zone.clone();
            Some((
                value,
                Condition::Compare {
                    left,
                    comparison: *comparison,
                    right,
                    zone,
                },
            ))
        }
        Condition::Between { low, high, .. } if !(is_fixed(low) && is_fixed(high)) => None,
        Condition::InWindow { window, .. }
            if !features::window::bounds(window).into_iter().all(is_fixed) =>
        {
            None
        }
        other => single_value(other).map(|value| (value, with_value(other, hole()))),
    }
}

/// The condition with a measure in the place of its hole.
pub(crate) fn fill(condition: &Condition, with: Measure) -> Condition {
    let mut filled = condition.clone();
    match &mut filled {
        Condition::Compare { left, .. } if is_hole(left) => *left = with,
        Condition::Compare { right, .. } if is_hole(right) => *right = with,
        Condition::Compare { .. } => {}
        _ => return with_value(condition, with),
    }
    filled
}
