//! Windows of event time.

use domain::{Span, Unit, Zone};

use super::Measure;

/// A span of event time, seen from `now`. Every window also ends at `now`, included.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Window {
    /// Everything visible.
    Ever,
    /// `last 7d`: (now − span, now].
    Last(Span),
    /// `in next 7d`: (now, now + span]. Only for values, never for events.
    Next(Span),
    /// `last 7 calendar days`: the current period and the ones before it, `count` in all, to now.
    Current {
        /// The period.
        unit: Unit,
        /// How many, from 1.
        count: u32,
        /// Whose calendar.
        zone: Zone,
    },
    /// `previous 7 calendar days`: the whole periods before the current one.
    Previous {
        /// The period.
        unit: Unit,
        /// How many, from 1.
        count: u32,
        /// Whose calendar.
        zone: Zone,
    },
    /// Between two cuts; `None` is open. A bound that is missing makes the window empty.
    Between {
        /// Events after this cut.
        from: Option<Cut>,
        /// Events before this cut.
        to: Option<Cut>,
    },
    /// `within 7d after a`: [a, a + span).
    After {
        /// Anchor: a time.
        anchor: Box<Measure>,
        /// Length.
        span: Span,
    },
    /// `within 7d before a`: [a − span, a).
    Before {
        /// Anchor: a time.
        anchor: Box<Measure>,
        /// Length.
        span: Span,
    },
}

/// A place between two instants.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cut {
    /// The instant. A date stands for its first instant in the zone.
    pub at: Box<Measure>,
    /// Just before or just after it.
    pub side: Side,
    /// The zone of a date.
    pub zone: Zone,
    /// How many days a date is moved first (`between` includes the last day whole: 1).
    pub plus_days: i32,
}

/// The side of an instant on which a cut lies: bounds that move with `now` cut after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The instant itself is after the cut.
    JustBefore,
    /// The instant itself is before the cut.
    JustAfter,
}
