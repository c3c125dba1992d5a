//! What is measured over the events of one user.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{EventName, Unit, Zone};

use super::{Condition, DerivedEvent, Measure, Place, Window};

/// Something measured over the events of one user.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Aggregate {
    /// What is measured.
    pub function: AggregateFunction,
    /// Over which events.
    pub events: EventSelector,
    /// Of which value of the event. Empty for counts, periods and times; one for most; several
    /// for `distinct` over combinations.
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
    /// How many different values (or combinations without a missing one).
    Distinct,
    /// How many calendar periods have an event.
    Periods(Unit, Zone),
    /// The value of the nth event (from 1) that has one.
    First(u32, Place),
    /// The value of the nth event from the end that has one.
    Last(u32, Place),
    /// The time of the nth event.
    FirstTime(u32),
    /// The time of the nth event from the end.
    LastTime(u32),
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

impl EventSelector {
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
