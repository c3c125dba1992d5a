//! The durations from an event to the next one of another step.

use domain::{Span, Value};
use rules::checked::AggregateFunction;

use super::State;
use super::equal::ValueNumbers;
use super::steps::{Steps, number};
use crate::accumulate::{Tally, tally};
use crate::fold::bind::Bound;
use crate::fold::scope::RowScope;
use crate::sequence::ValueTable;

/// `avg(gap(A -> B))`
pub(super) struct Gaps<'b> {
    steps: Steps<'b>,
    /// Which values of what is equal were met.
    values: ValueTable,
    /// For each of them: when the events were for which the next is not there yet.
    open: Vec<Vec<i64>>,
    durations: Durations,
}

/// The durations so far, in milliseconds.
enum Durations {
    Count(i64),
    Sum(i128),
    Mean(i128, i64),
    Least(Option<i64>),
    Greatest(Option<i64>),
    Tally(Box<dyn Tally>),
}

impl<'b> Gaps<'b> {
    /// `None` for features of another kind.
    pub(super) fn new(
        bound: &'b Bound<'b>,
        feature: usize,
        numbers: &mut ValueNumbers<'b>,
    ) -> Option<Self> {
        let AggregateFunction::Gap(gap) = &bound.aggregate(feature)?.function else {
            return None;
        };
        Some(Self {
            steps: Steps::new(bound, feature, numbers)?,
            values: ValueTable::new(gap.between.equalities()),
            open: Vec::new(),
            durations: Durations::new(&gap.function)?,
        })
    }
}

impl State for Gaps<'_> {
    fn take(&mut self, event: &RowScope<'_>) {
        let Some((time, _)) = event.event() else {
            return;
        };
        let (all, open, durations) = (&mut self.values, &mut self.open, &mut self.durations);
        self.steps.each(event, |step, values| {
            let (row, _) = all.find_or_add(values);
            if open.len() <= row {
                open.resize_with(row + 1, Vec::new);
            }
            let Some(open) = open.get_mut(row) else {
                return;
            };
            match step {
                0 => open.push(time),
                _ => open
                    .drain(..)
                    .for_each(|start| durations.add(time.saturating_sub(start))),
            }
        });
    }

    fn value(&mut self, _user: &RowScope<'_>) -> Option<Value> {
        self.durations.measured()
    }

    fn clear(&mut self) {
        self.values.clear();
        self.open.iter_mut().for_each(Vec::clear);
        self.durations.clear();
    }
}

impl Durations {
    /// `None` for what is not measured of durations.
    fn new(function: &AggregateFunction) -> Option<Self> {
        Some(match function {
            AggregateFunction::Count => Self::Count(0),
            AggregateFunction::Sum => Self::Sum(0),
            AggregateFunction::Average => Self::Mean(0, 0),
            AggregateFunction::Minimum(_) => Self::Least(None),
            AggregateFunction::Maximum(_) => Self::Greatest(None),
            other => Self::Tally(tally(other)?),
        })
    }

    fn add(&mut self, duration: i64) {
        match self {
            Self::Count(count) => *count += 1,
            Self::Sum(sum) => *sum += i128::from(duration),
            Self::Mean(sum, count) => {
                *sum += i128::from(duration);
                *count += 1;
            }
            Self::Least(least) => {
                *least = Some(least.map_or(duration, |least| least.min(duration)));
            }
            Self::Greatest(greatest) => *greatest = (*greatest).max(Some(duration)),
            Self::Tally(tally) => tally.add(Value::from(duration)),
        }
    }

    fn measured(&mut self) -> Option<Value> {
        let millis = match self {
            Self::Count(count) => return number(*count),
            Self::Sum(sum) => i64::try_from(*sum).ok(),
            Self::Mean(sum, count) => sum
                .checked_div(i128::from(*count))
                .and_then(|mean| i64::try_from(mean).ok()),
            Self::Least(duration) | Self::Greatest(duration) => *duration,
            Self::Tally(tally) => match tally.value()? {
                Value::Number(millis) => millis.trunc().to_i64(),
                _ => None,
            },
        };
        millis.map(|millis| Value::Span(Span::from_millis(millis)))
    }

    fn clear(&mut self) {
        match self {
            Self::Count(count) => *count = 0,
            Self::Sum(sum) => *sum = 0,
            Self::Mean(sum, count) => (*sum, *count) = (0, 0),
            Self::Least(duration) | Self::Greatest(duration) => *duration = None,
            Self::Tally(tally) => tally.clear(),
        }
    }
}
