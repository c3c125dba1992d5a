//! Events of one user put into groups, and what is made of the groups.

use domain::{Unit, Zone};

use super::{AggregateFunction, Condition, Measure, Place};

/// What is made of groups of the events that an aggregate takes. The aggregates inside a
/// grouping see the events of one group, over all time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// `days(E having C)`, `distinct(E.p having C)`: how many groups satisfy the condition.
    Count(GroupKey, Condition),
    /// `streak(E having C)`: how many days in a row satisfy it, up to today or yesterday.
    Streak(Zone, Condition),
    /// `longest_streak(E having C)`: how many days in a row satisfy it at most.
    LongestStreak(Zone, Condition),
    /// `max(A per hour)`: a function of single values, of the measure of each group. Of durations
    /// it gives a duration: a function of numbers takes their milliseconds, and is cut to such.
    Fold(GroupKey, AggregateFunction, Measure),
    /// `top(E.p, 3 by A)`: the values of so many groups with the greatest measures, as a list.
    /// Of equals the one with the latest event goes first, then the one whose text is less.
    Top(u32, Place, Measure),
}

/// What the events of a group have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GroupKey {
    /// The calendar period.
    Period(Unit, Zone),
    /// The canonical texts of the aggregate's arguments.
    Values,
}

/// How the group of an event is found.
#[derive(Clone, Copy, Debug)]
pub enum GroupedBy<'g> {
    /// By its calendar period.
    Period(Unit, &'g Zone),
    /// By the values of the aggregate's arguments in a place; without one it is in no group.
    Values(Place),
}

impl Grouping {
    /// How the group of an event is found.
    #[must_use]
    pub fn by(&self) -> GroupedBy<'_> {
        match self {
            Self::Count(GroupKey::Period(unit, zone), _)
            | Self::Fold(GroupKey::Period(unit, zone), _, _) => GroupedBy::Period(*unit, zone),
            Self::Streak(zone, _) | Self::LongestStreak(zone, _) => {
                GroupedBy::Period(Unit::Day, zone)
            }
            Self::Count(GroupKey::Values, _) | Self::Fold(GroupKey::Values, _, _) => {
                GroupedBy::Values(Place::Text)
            }
            Self::Top(_, place, _) => GroupedBy::Values(*place),
        }
    }

    /// The condition on each group, if there is one.
    #[must_use]
    pub fn having(&self) -> Option<&Condition> {
        match self {
            Self::Count(_, having) | Self::Streak(_, having) | Self::LongestStreak(_, having) => {
                Some(having)
            }
            Self::Fold(..) | Self::Top(..) => None,
        }
    }

    /// What is measured of each group, if its measure counts.
    #[must_use]
    pub fn measure(&self) -> Option<&Measure> {
        match self {
            Self::Fold(_, _, measure) | Self::Top(_, _, measure) => Some(measure),
            Self::Count(..) | Self::Streak(..) | Self::LongestStreak(..) => None,
        }
    }

    /// Whether it is 0 over nothing, rather than missing.
    #[must_use]
    pub fn is_zero_over_nothing(&self) -> bool {
        match self {
            Self::Count(..) | Self::Streak(..) | Self::LongestStreak(..) => true,
            Self::Fold(_, function, _) => function.is_zero_over_nothing(),
            Self::Top(..) => false,
        }
    }

    /// What it gives.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::Fold(_, function, measure) => match (function.place(), measure.place()) {
                (Place::Number, Place::Span) => Place::Span,
                (place, _) => place,
            },
            Self::Top(_, place, _) => *place,
            Self::Count(..) | Self::Streak(..) | Self::LongestStreak(..) => Place::Number,
        }
    }
}
