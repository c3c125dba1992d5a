//! The durations from an event to the next one of another step.

use domain::{Span, Value};
use rules::checked::{AggregateFunction, Gap, Place};

use super::table::ValueTable;
use crate::accumulate::{NarrowPercentile, Tally, tally_in};

/// What is known of the durations of one user, or of one group.
pub(crate) struct Gaps {
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
    Percentile(NarrowPercentile),
    Tally(Box<dyn Tally>),
}

impl Gaps {
    /// `None` for what is not measured of durations.
    pub(crate) fn new(gap: &Gap) -> Option<Self> {
        Some(Self {
            values: ValueTable::new(gap.between.equalities()),
            open: Vec::new(),
            durations: Durations::new(&gap.function)?,
        })
    }

    /// Takes an event of a step, with its values of what is equal. Of one that is of both steps
    /// the second comes first.
    #[inline]
    pub(crate) fn take(&mut self, step: usize, time: i64, values: &[u32]) {
        let (row, _) = self.values.find_or_add(values);
        if self.open.len() <= row {
            self.open.resize_with(row + 1, Vec::new);
        }
        let Some(open) = self.open.get_mut(row) else {
            return;
        };
        match step {
            0 => open.push(time),
            _ => open
                .drain(..)
                .for_each(|start| self.durations.add(time.saturating_sub(start))),
        }
    }

    /// What is measured of the durations.
    pub(crate) fn measured(&mut self) -> Option<Value> {
        self.durations.measured()
    }

    /// Forgets all events.
    pub(crate) fn clear(&mut self) {
        let met = self.open.iter_mut().take(self.values.len());
        met.for_each(Vec::clear);
        self.values.clear();
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
            AggregateFunction::Percentile(percent) => {
                Self::Percentile(NarrowPercentile::new(percent))
            }
            other => Self::Tally(tally_in(other, Place::Span)?),
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
            Self::Percentile(percentile) => percentile.add([duration]),
            Self::Tally(tally) => tally.add(Value::Span(Span::from_millis(duration))),
        }
    }

    fn measured(&mut self) -> Option<Value> {
        let millis = match self {
            Self::Count(count) => return Some(Value::from(*count)),
            Self::Sum(sum) => i64::try_from(*sum).ok(),
            Self::Mean(sum, count) => sum
                .checked_div(i128::from(*count))
                .and_then(|mean| i64::try_from(mean).ok()),
            Self::Least(duration) | Self::Greatest(duration) => *duration,
            Self::Percentile(percentile) => percentile.value(0)?.trunc().to_i64(),
            Self::Tally(tally) => return tally.value(),
        };
        millis.map(|millis| Value::Span(Span::from_millis(millis)))
    }

    fn clear(&mut self) {
        match self {
            Self::Count(count) => *count = 0,
            Self::Sum(sum) => *sum = 0,
            Self::Mean(sum, count) => (*sum, *count) = (0, 0),
            Self::Least(duration) | Self::Greatest(duration) => *duration = None,
            Self::Percentile(percentile) => percentile.clear(),
            Self::Tally(tally) => tally.clear(),
        }
    }
}
