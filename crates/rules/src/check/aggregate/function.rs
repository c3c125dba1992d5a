//! The functions of aggregates: what each takes and gives, and what it becomes.

use domain::{Decimal, Unit};

use super::Checker;
use crate::checked::{AggregateFunction, Place};
use crate::mistake::Aggregates;
use crate::tree::{self, AggregateName, Expression};

/// What a function takes of each event, and what it gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Takes the event alone; gives a value of that place.
    OfEvents(Place),
    /// Takes a number, gives a number.
    OfNumbers,
    /// Takes one value or several, whatever they are; gives a number.
    OfValues,
    /// Gives one of the values, which are what its use demands.
    Picks,
    /// The same where an order is needed.
    PicksInOrder,
    /// Gives a list of such values.
    Lists,
}

/// What the number of `first(E.p, 3)` means to a function.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbered {
    Never,
    /// Which one, or how many: 1 if it is left out.
    Count,
    Percent,
}

impl Form {
    /// The form of each function.
    pub(crate) fn of(function: AggregateName) -> Self {
        match function {
            AggregateName::Count
            | AggregateName::Hours
            | AggregateName::Days
            | AggregateName::Weeks
            | AggregateName::Months
            | AggregateName::Streak
            | AggregateName::LongestStreak => Self::OfEvents(Place::Number),
            AggregateName::Did | AggregateName::Any => Self::OfEvents(Place::Truth),
            AggregateName::FirstTime | AggregateName::LastTime => Self::OfEvents(Place::Moment),
            AggregateName::Sum
            | AggregateName::Average
            | AggregateName::Median
            | AggregateName::Percentile
            | AggregateName::Deviation => Self::OfNumbers,
            AggregateName::Distinct | AggregateName::SharedBy => Self::OfValues,
            AggregateName::First | AggregateName::Last => Self::Picks,
            AggregateName::Minimum | AggregateName::Maximum => Self::PicksInOrder,
            AggregateName::Top => Self::Lists,
        }
    }
}

fn numbered(function: AggregateName) -> Numbered {
    match function {
        AggregateName::First
        | AggregateName::Last
        | AggregateName::FirstTime
        | AggregateName::LastTime
        | AggregateName::Top => Numbered::Count,
        AggregateName::Percentile => Numbered::Percent,
        _ => Numbered::Never,
    }
}

impl Checker<'_> {
    /// What a function becomes where a value of that place is needed.
    pub(in crate::check) fn function(
        &mut self,
        expression: &Expression,
        aggregate: &tree::Aggregate,
        place: Place,
    ) -> Option<AggregateFunction> {
        let name = aggregate.function;
        if aggregate.number.is_some() && numbered(name) != Numbered::Count {
            let function = name.as_str();
            return self.fail(expression.range, Aggregates::NoNumber { function });
        }
        let number = aggregate.number.map_or(1, tree::Count::get);
        let periods = |unit| AggregateFunction::Periods(unit, self.zone());
        Some(match name {
            AggregateName::Count | AggregateName::Did | AggregateName::Any => {
                AggregateFunction::Count
            }
            AggregateName::Sum => AggregateFunction::Sum,
            AggregateName::Average => AggregateFunction::Average,
            AggregateName::Minimum => AggregateFunction::Minimum(place),
            AggregateName::Maximum => AggregateFunction::Maximum(place),
            AggregateName::Median => AggregateFunction::Percentile(Decimal::from(50)),
            AggregateName::Percentile => {
                AggregateFunction::Percentile(self.percent(expression, aggregate)?)
            }
            AggregateName::Deviation => AggregateFunction::Deviation,
            AggregateName::Distinct => AggregateFunction::Distinct,
            AggregateName::Hours => periods(Unit::Hour),
            AggregateName::Days => periods(Unit::Day),
            AggregateName::Weeks => periods(Unit::Week),
            AggregateName::Months => periods(Unit::Month),
            AggregateName::Streak => AggregateFunction::Streak(self.zone()),
            AggregateName::LongestStreak => AggregateFunction::LongestStreak(self.zone()),
            AggregateName::Top => AggregateFunction::Top(number, place),
            AggregateName::SharedBy => AggregateFunction::Top(u32::MAX, place),
            AggregateName::First => AggregateFunction::First(number, place),
            AggregateName::Last => AggregateFunction::Last(number, place),
            AggregateName::FirstTime => AggregateFunction::FirstTime(number),
            AggregateName::LastTime => AggregateFunction::LastTime(number),
        })
    }

    /// The number of `percentile(E.p, 90)`.
    fn percent(&mut self, expression: &Expression, aggregate: &tree::Aggregate) -> Option<Decimal> {
        let Some(written) = &aggregate.percent else {
            return self.fail(expression.range, Aggregates::NoPercentage);
        };
        let range = written.range;
        let percent = Decimal::parse(&written.node).and_then(Decimal::judged);
        let Some(percent) = percent.filter(|percent| *percent <= Decimal::from(100)) else {
            let written = written.node.as_str();
            return self.fail(range, Aggregates::InvalidPercentage { written });
        };
        if percent > Decimal::ZERO && percent < Decimal::ONE {
            let mistake = Aggregates::FractionOfPercent {
                percent: &percent,
                hundredfold: &(&percent * &Decimal::from(100)),
            };
            self.remark(range, mistake);
        }
        Some(percent)
    }
}
