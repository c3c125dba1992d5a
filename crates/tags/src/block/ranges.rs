//! Tests of a number column as ranges of its mantissas.

use domain::{Date, Decimal, Value, Zone};
use features::evaluate;
use features::history::UNTOUCHED;
use features::number_range::NumberRange;
use features::place::elements;
use features::{FeatureColumn, NumberMeaning, window};
use rules::checked::{Comparison, Condition, Measure};

use crate::compile::rewrite::is_hole;
use crate::moment_chain;
use crate::scope::ValueScope;

/// The least mantissa that is a value.
const LOWEST: i64 = UNTOUCHED + 1;

/// How a column holds numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumberForm {
    /// Mantissas of one scale.
    Mantissas { scale: u8, meaning: NumberMeaning },
    /// Doubled means.
    Halves { scale: u8 },
}

impl NumberForm {
    /// The form of a column, and its numbers, if it holds numbers.
    pub fn of(column: &FeatureColumn) -> Option<(Self, &[i64])> {
        match column {
            FeatureColumn::Number {
                scale,
                meaning,
                mantissas,
                ..
            } => Some((
                Self::Mantissas {
                    scale: *scale,
                    meaning: *meaning,
                },
                mantissas,
            )),
            FeatureColumn::Ratio { scale, halves, .. } => {
                Some((Self::Halves { scale: *scale }, halves))
            }
            FeatureColumn::Text { .. } | FeatureColumn::Any(_) => None,
        }
    }

    /// The numbers for which a test holds; `None` where they are no ranges. Ranges may be empty.
    pub fn ranges(self, test: &Condition, scope: &ValueScope<'_>) -> Option<Vec<NumberRange>> {
        let ranges = match test {
            Condition::Compare {
                left,
                comparison,
                right,
                zone,
            } => {
                return self.comparison(test, (left, *comparison, right), zone.as_ref(), scope);
            }
            Condition::IsSet(value) if !is_hole(value) => {
                vec![self.chain(test, value, scope)?]
            }
            _ if !crate::compile::rewrite::single_value(test).is_some_and(is_hole) => return None,
            Condition::IsSet(_) => vec![everything()],
            Condition::Holds(_) => {
                return self.compared(Comparison::Equal, &Value::Bool(true), None);
            }
            Condition::OneOf { of, .. } => {
                let mut ranges = Vec::with_capacity(of.len());
                for value in of.iter().filter(|value| self.is_of_its_kind(value)) {
                    ranges.extend(self.compared(Comparison::Equal, value, None)?);
                }
                ranges
            }
            Condition::Between {
                low, high, zone, ..
            } => return self.between([low, high], zone.as_ref(), scope),
            Condition::HasAll { of, .. } => match of.iter().collect::<Vec<_>>().as_slice() {
                [] => vec![everything()],
                [one] if self.is_of_its_kind(one) => {
                    return self.compared(Comparison::Equal, one, None);
                }
                _ => Vec::new(),
            },
            Condition::InWindow { window, .. } => match self {
                Self::Mantissas {
                    meaning: NumberMeaning::Time,
                    ..
                } => {
                    let fixed = |bound: &Measure| evaluate::measure(bound, scope);
                    let interval = window::resolve(window, scope.now, &fixed);
                    vec![NumberRange {
                        least: interval.from.max(LOWEST),
                        greatest: interval.until.saturating_sub(1),
                    }]
                }
                _ => Vec::new(),
            },
            // Numbers are no texts.
            Condition::Text { .. } | Condition::ValueInList { .. } => Vec::new(),
            _ => return None,
        };
        Some(ranges)
    }

    fn comparison(
        self,
        test: &Condition,
        (left, comparison, right): (&Measure, Comparison, &Measure),
        zone: Option<&Zone>,
        scope: &ValueScope<'_>,
    ) -> Option<Vec<NumberRange>> {
        let (comparison, bound) = if is_hole(left) {
            (comparison, right)
        } else if is_hole(right) {
            (turned(comparison), left)
        } else {
            let chain = if moment_chain::has_hole(left) {
                left
            } else {
                right
            };
            return self.chain(test, chain, scope).map(|range| vec![range]);
        };
        let Some(bound) = evaluate::measure(bound, &fixed(scope)) else {
            return Some(Vec::new());
        };
        let mut ranges = Vec::new();
        for element in elements(&bound) {
            ranges.extend(self.compared(comparison, element, zone)?);
        }
        Some(ranges)
    }

    /// The numbers between one of the lower and one of the upper ends.
    fn between(
        self,
        ends: [&Measure; 2],
        zone: Option<&Zone>,
        scope: &ValueScope<'_>,
    ) -> Option<Vec<NumberRange>> {
        let [Some(low), Some(high)] = ends.map(|end| evaluate::measure(end, &fixed(scope))) else {
            return Some(Vec::new());
        };
        let mut ranges = Vec::new();
        for low in elements(&low) {
            for from in self.compared(Comparison::AtLeast, low, zone)? {
                for high in elements(&high) {
                    let to = self.compared(Comparison::AtMost, high, zone)?;
                    ranges.extend(to.into_iter().map(|to| from.and(to)));
                }
            }
        }
        Some(ranges)
    }

    /// A test of what is computed of the column's instants.
    fn chain(
        self,
        test: &Condition,
        chain: &Measure,
        scope: &ValueScope<'_>,
    ) -> Option<NumberRange> {
        match self {
            Self::Mantissas {
                meaning: NumberMeaning::Time,
                ..
            } => moment_chain::range(test, chain, scope),
            _ => None,
        }
    }

    /// Whether a value can be equal to one of the column.
    fn is_of_its_kind(self, value: &Value) -> bool {
        let meaning = match self {
            Self::Mantissas { meaning, .. } => meaning,
            Self::Halves { .. } => NumberMeaning::Number,
        };
        matches!(
            (meaning, value),
            (NumberMeaning::Number, Value::Number(_))
                | (NumberMeaning::Time, Value::Time(_))
                | (NumberMeaning::Span, Value::Span(_))
                | (NumberMeaning::Truth, Value::Bool(_))
        )
    }

    /// The numbers that compare so with a value.
    fn compared(
        self,
        comparison: Comparison,
        bound: &Value,
        zone: Option<&Zone>,
    ) -> Option<Vec<NumberRange>> {
        let of = |bound: &Decimal, scale| Some(vec![NumberRange::of(comparison, bound, scale)]);
        match (self, bound) {
            (Self::Halves { scale }, Value::Number(bound)) => {
                NumberRange::of_halves(comparison, bound, scale).map(|range| vec![range])
            }
            (
                Self::Mantissas {
                    scale,
                    meaning: NumberMeaning::Number,
                },
                Value::Number(bound),
            ) => of(bound, scale),
            (
                Self::Mantissas {
                    meaning: NumberMeaning::Time,
                    ..
                },
                Value::Time(at),
            ) => of(&Decimal::from(at.millis()), 0),
            (
                Self::Mantissas {
                    meaning: NumberMeaning::Span,
                    ..
                },
                Value::Span(span),
            ) => of(&Decimal::from(span.millis()), 0),
            (
                Self::Mantissas {
                    meaning: NumberMeaning::Time,
                    ..
                },
                Value::Date(day),
            ) => {
                let utc = Zone::utc();
                Some(vec![against_day(comparison, *day, zone.unwrap_or(&utc))])
            }
            (
                Self::Mantissas {
                    meaning: NumberMeaning::Truth,
                    ..
                },
                Value::Bool(truth),
            ) => of(&Decimal::from(i64::from(*truth)), 0),
            _ => Some(Vec::new()),
        }
    }
}

fn fixed<'a>(scope: &ValueScope<'a>) -> ValueScope<'a> {
    ValueScope {
        now: scope.now,
        lists: scope.lists,
        value: None,
    }
}

fn everything() -> NumberRange {
    NumberRange {
        least: LOWEST,
        greatest: i64::MAX,
    }
}

/// The comparison with its sides exchanged.
fn turned(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Equal => Comparison::Equal,
        Comparison::Less => Comparison::Greater,
        Comparison::AtMost => Comparison::AtLeast,
        Comparison::Greater => Comparison::Less,
        Comparison::AtLeast => Comparison::AtMost,
    }
}

/// The instants before, in or after a whole day.
fn against_day(comparison: Comparison, day: Date, zone: &Zone) -> NumberRange {
    let start = zone.start_of_date(day).millis();
    let next = day
        .checked_add_days(1)
        .map_or(i64::MAX, |next| zone.start_of_date(next).millis());
    let (least, greatest) = match comparison {
        Comparison::Equal => (start, next - 1),
        Comparison::Less => (LOWEST, start - 1),
        Comparison::AtMost => (LOWEST, next - 1),
        Comparison::Greater => (next, i64::MAX),
        Comparison::AtLeast => (start, i64::MAX),
    };
    NumberRange { least, greatest }
}
