//! Filters of events over columns: ranges of numbers, tables of text codes.

use domain::{ListKey, Time, Value};
use rules::checked::{Comparison, Condition, Measure, Path, Place};

use super::bind::Bound;
use super::scope::RowScope;
use crate::evaluate::{self, Scope};
use crate::feature::{any_measure, measures_of};
use crate::history::{Column, NO_CODE};
use crate::number_range::NumberRange;
use crate::place::convert;
use crate::program::{Program, property_column};

/// A condition over the rows of a history.
pub(super) enum Filter<'b> {
    /// The mantissa is in one of the ranges.
    Ranges(&'b [i64], Vec<NumberRange>),
    /// The answer by code, and the answer for rows without one.
    Table(&'b [u32], Vec<bool>, bool),
    All(Vec<Filter<'b>>),
    Any(Vec<Filter<'b>>),
    Not(Box<Filter<'b>>),
    /// Everything else, value by value.
    General(&'b Condition),
}

impl<'b> Filter<'b> {
    pub(super) fn bind(condition: &'b Condition, bound: &Bound<'b>) -> Self {
        let all =
            |parts: &'b [Condition]| parts.iter().map(|part| Self::bind(part, bound)).collect();
        match condition {
            Condition::All(parts) => Self::All(all(parts)),
            Condition::Any(parts) => Self::Any(all(parts)),
            Condition::Not(part) => Self::Not(Box::new(Self::bind(part, bound))),
            leaf => Self::ranges(leaf, bound)
                .or_else(|| Self::table(leaf, bound))
                .unwrap_or(Self::General(leaf)),
        }
    }

    #[inline]
    pub(super) fn passes(&self, row: usize, scope: &RowScope<'_>) -> bool {
        match self {
            Self::Ranges(numbers, ranges) => {
                let number = super::cells::cell(numbers, row);
                ranges.iter().any(|range| range.contains(number))
            }
            Self::Table(codes, answers, missing) => match codes.get(row) {
                Some(code) if *code != NO_CODE => {
                    answers.get(*code as usize).copied().unwrap_or(*missing)
                }
                _ => *missing,
            },
            Self::All(parts) => parts.iter().all(|part| part.passes(row, scope)),
            Self::Any(parts) => parts.iter().any(|part| part.passes(row, scope)),
            Self::Not(part) => !part.passes(row, scope),
            Self::General(condition) => evaluate::condition(condition, scope),
        }
    }

    fn ranges(leaf: &Condition, bound: &Bound<'b>) -> Option<Self> {
        let (property, alternatives) = number_tests(leaf)?;
        let column = bound.event_column(&property_column(property)?)?.column;
        let Column::Number { scale, mantissas } = column else {
            return None;
        };
        let range = |test: Test<'_>| -> Option<NumberRange> {
            test.into_iter()
                .map(|(comparison, value)| match value {
                    Value::Number(number) => Some(NumberRange::of(comparison, number, *scale)),
                    _ => None,
                })
                .reduce(|one, other| Some(one?.and(other?)))?
        };
        let ranges = alternatives.into_iter().map(range).collect::<Option<_>>()?;
        Some(Self::Ranges(mantissas, ranges))
    }

    /// Asks the condition once for each text, if it looks at nothing but one text column.
    fn table(leaf: &Condition, bound: &Bound<'b>) -> Option<Self> {
        let property = only_property(measures_of(leaf))?;
        let column = bound.event_column(&property_column(property)?)?;
        let Column::Text { codes, .. } = column.column else {
            return None;
        };
        let answer = |value: &Option<Value>| {
            let scope = OneProperty::new(bound.program, value.clone());
            evaluate::condition(leaf, &scope)
        };
        let answers = column.decoded().iter().map(answer).collect();
        Some(Self::Table(codes, answers, answer(&None)))
    }
}

/// Comparisons with constants that hold together.
type Test<'c> = Vec<(Comparison, &'c Value)>;

/// A property in a numeric place and tests by constants, any of which may hold.
fn number_tests(leaf: &Condition) -> Option<(&Measure, Vec<Test<'_>>)> {
    match leaf {
        Condition::Compare {
            left,
            comparison,
            right: Measure::Constant(bound),
            ..
        } => Some((left, vec![vec![(*comparison, bound)]])),
        Condition::Compare {
            left: Measure::Constant(bound),
            comparison,
            right,
            ..
        } => Some((right, vec![vec![(mirrored(*comparison), bound)]])),
        Condition::Between {
            value,
            low: Measure::Constant(low),
            high: Measure::Constant(high),
            ..
        } => {
            let both = vec![(Comparison::AtLeast, low), (Comparison::AtMost, high)];
            Some((value, vec![both]))
        }
        Condition::OneOf { value, of } => {
            let equal = |bound| vec![(Comparison::Equal, bound)];
            Some((value, of.iter().map(equal).collect()))
        }
        _ => None,
    }
}

fn mirrored(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Equal => Comparison::Equal,
        Comparison::Less => Comparison::Greater,
        Comparison::AtMost => Comparison::AtLeast,
        Comparison::Greater => Comparison::Less,
        Comparison::AtLeast => Comparison::AtMost,
    }
}

/// The one property that measures depend on, if they depend on no more than that.
pub(super) fn only_property<'m>(
    measures: impl IntoIterator<Item = &'m Measure>,
) -> Option<&'m Measure> {
    let mut found: Option<&Measure> = None;
    for measure in measures {
        let property = property_inside(measure)?;
        match (found, property) {
            (_, None) => {}
            (None, Some(property)) => found = Some(property),
            (Some(known), Some(property)) if known == property => {}
            _ => return None,
        }
    }
    found
}

/// The property at the bottom of a measure; outer `None` if there is anything else there.
fn property_inside(measure: &Measure) -> Option<Option<&Measure>> {
    match measure {
        Measure::Property { .. } | Measure::EventSource => Some(Some(measure)),
        Measure::Lookup { row: of, .. } | Measure::Function { of, .. } => property_inside(of),
        Measure::Constant(_) => Some(None),
        other => {
            let moves = any_measure(other, &|inner| {
                !matches!(
                    inner,
                    Measure::Constant(_) | Measure::Now | Measure::Arithmetic { .. }
                )
            });
            if moves { None } else { Some(None) }
        }
    }
}

/// A scope in which every property has the same value: there is only one.
pub(super) struct OneProperty<'b> {
    program: &'b Program,
    value: Option<Value>,
}

impl<'b> OneProperty<'b> {
    pub(super) fn new(program: &'b Program, value: Option<Value>) -> Self {
        Self { program, value }
    }
}

impl Scope for OneProperty<'_> {
    fn now(&self) -> Time {
        self.program.now()
    }
    fn attribute(&self, _path: &Path, _place: Place) -> Option<Value> {
        None
    }
    fn property(&self, _path: &Path, place: Place) -> Option<Value> {
        convert(self.value.clone()?, place)
    }
    fn event_source(&self) -> Option<Value> {
        self.value.clone()
    }
    fn value_in_list(&self, list: &ListKey, text: &str) -> bool {
        self.program
            .lists()
            .get(list)
            .is_some_and(|members| members.contains(text))
    }
}
