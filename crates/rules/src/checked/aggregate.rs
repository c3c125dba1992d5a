//! What is measured over the events of one user.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{Decimal, EventName, Unit, Zone};

use super::{Condition, DerivedEvent, Gap, Grouping, Measure, Place, Sequence, Step, Window};

/// Something measured over the events of one user.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Aggregate {
    /// What is measured.
    pub function: AggregateFunction,
    /// Over which events.
    pub events: EventSelector,
    /// Of which value of the event. Empty for counts, periods, times and sequences; one for most;
    /// several for `distinct` over combinations.
    pub arguments: Vec<Measure>,
    /// Which of those events count.
    pub filter: Option<Condition>,
    /// Within which time.
    pub window: Window,
}

/// What is measured over events.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AggregateFunction {
    /// The number of events. (`did(…)` is this, greater than 0.)
    Count,
    /// The sum of the numbers; 0 over nothing.
    Sum,
    /// The mean of the numbers, 18 places; missing over nothing.
    Average,
    /// The least value; missing over nothing.
    Minimum(Place),
    /// The greatest value; missing over nothing.
    Maximum(Place),
    /// The number below which so many percent (0 to 100) lie, interpolated between its
    /// neighbours at (n − 1) × percent / 100; missing over nothing.
    Percentile(Decimal),
    /// The standard deviation of the numbers as the whole population; missing over nothing.
    Deviation,
    /// How many different values (or combinations without a missing one).
    Distinct,
    /// How many calendar periods have an event.
    Periods(Unit, Zone),
    /// How many days in a row have an event, up to today, or up to yesterday if today has none
    /// yet.
    Streak(Zone),
    /// How many days in a row have an event at most.
    LongestStreak(Zone),
    /// So many of the most frequent values, as a list; missing over nothing. Of equals the one
    /// with the latest event goes first.
    Top(u32, Place),
    /// Something made of groups of the events.
    Groups(Box<Grouping>),
    /// The value of the nth event (from 1) that has one.
    First(u32, Place),
    /// The value of the nth event from the end that has one.
    Last(u32, Place),
    /// The time of the nth event.
    FirstTime(u32),
    /// The time of the nth event from the end.
    LastTime(u32),
    /// The greatest number of matches whose spans have no instant in common; with equalities,
    /// for each value (or combination of values) by itself, added up. Where something must be
    /// absent at the end: 1 if there is a match, else 0. (`sequence(…)` is this, greater than 0.)
    /// The steps say which events and which of them; the window is that of their events.
    Sequence(Sequence),
    /// What is measured of durations; as [`Self::Sequence`]. A number of them, or a span.
    Gap(Box<Gap>),
}

impl AggregateFunction {
    /// What it gives.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::Count
            | Self::Sum
            | Self::Average
            | Self::Percentile(_)
            | Self::Deviation
            | Self::Distinct
            | Self::Periods(..)
            | Self::Streak(_)
            | Self::LongestStreak(_)
            | Self::Sequence(_) => Place::Number,
            Self::Minimum(place)
            | Self::Maximum(place)
            | Self::Top(_, place)
            | Self::First(_, place)
            | Self::Last(_, place) => *place,
            Self::FirstTime(_) | Self::LastTime(_) => Place::Moment,
            Self::Gap(gap) if gap.function == Self::Count => Place::Number,
            Self::Gap(_) => Place::Span,
            Self::Groups(grouping) => grouping.place(),
        }
    }

    /// Whether it is 0 over nothing, rather than missing.
    #[must_use]
    pub fn is_zero_over_nothing(&self) -> bool {
        match self {
            Self::Count
            | Self::Sum
            | Self::Distinct
            | Self::Periods(..)
            | Self::Streak(_)
            | Self::LongestStreak(_)
            | Self::Sequence(_) => true,
            Self::Groups(grouping) => grouping.is_zero_over_nothing(),
            _ => false,
        }
    }

    /// Whether it changes when time passes, even if no event enters or leaves its window.
    #[must_use]
    pub fn moves_with_time(&self) -> bool {
        match self {
            Self::Streak(_) => true,
            Self::Groups(grouping) => matches!(**grouping, Grouping::Streak(..)),
            _ => false,
        }
    }
}

/// Which events an aggregate takes. `*` and prefixes never take identify, group, alias or
/// Muster's own events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct EventSelector {
    /// Exact names.
    pub names: BTreeSet<EventName>,
    /// Prefixes, `quest_` for `quest_*`; the empty one for `*`.
    pub prefixes: BTreeSet<Arc<str>>,
    /// Changes that are events; neither names nor prefixes take them.
    pub derived: BTreeSet<DerivedEvent>,
}

impl Aggregate {
    /// The steps of a sequence or a gap.
    pub fn steps(&self) -> &[Step] {
        match &self.function {
            AggregateFunction::Sequence(sequence) => &sequence.steps,
            AggregateFunction::Gap(gap) => &gap.between.steps,
            _ => &[],
        }
    }

    /// The conditions on single events: the filter, and those of the steps.
    pub fn filters(&self) -> impl Iterator<Item = &Condition> {
        let of_steps = self.steps().iter().filter_map(|step| step.filter.as_ref());
        self.filter.iter().chain(of_steps)
    }

    /// The values taken of single events: the arguments, and those that are equal in steps.
    pub fn values(&self) -> impl Iterator<Item = &Measure> {
        let of_steps = self
            .steps()
            .iter()
            .flat_map(|step| step.same.iter().flatten());
        self.arguments.iter().chain(of_steps)
    }
}

impl EventSelector {
    /// Takes also what another selector takes.
    pub fn add(&mut self, other: &Self) {
        self.names.extend(other.names.iter().cloned());
        self.prefixes.extend(other.prefixes.iter().cloned());
        self.derived.extend(other.derived.iter().cloned());
    }

    /// Whether events that were sent under this name are taken.
    pub fn takes(&self, name: &EventName) -> bool {
        self.names.contains(name)
            || (!name.is_own()
                && self
                    .prefixes
                    .iter()
                    .any(|prefix| name.as_str().starts_with(&**prefix)))
    }
}
