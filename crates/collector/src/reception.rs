//! Under which circumstances events are received, and what bounds them.

use domain::{EventType, Span, Time};

/// When and from where events are received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reception {
    /// The instant of reception.
    pub at: Time,
    /// What becomes of an event that carries no time.
    pub missing_time: MissingTime,
    /// The type of events that do not say theirs; the path of a request may say it.
    pub event_type: Option<EventType>,
}

impl Reception {
    /// Events as they happen: what carries no time happened now.
    #[must_use]
    pub fn live(at: Time) -> Self {
        Self {
            at,
            missing_time: MissingTime::Received,
            event_type: None,
        }
    }

    /// Events of the past, from a file: what carries no time is refused, since the time of the
    /// import says nothing about it. An `identify` without one sets its traits now.
    #[must_use]
    pub fn import(at: Time) -> Self {
        Self {
            at,
            missing_time: MissingTime::Refused,
            event_type: None,
        }
    }
}

/// What becomes of an event that carries no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingTime {
    /// It happened when it was received.
    Received,
    /// It is refused, unless it is an `identify`, which happened when it was received.
    Refused,
}

/// What bounds one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of its JSON.
    pub bytes: usize,
    /// The most properties, those inside objects and of `context` counted.
    pub fields: usize,
    /// How far its time may lie after its reception.
    pub future: Span,
}

impl Default for Limits {
    /// 1 MiB, 2,000 properties, 24 hours.
    fn default() -> Self {
        Self {
            bytes: 1 << 20,
            fields: 2_000,
            future: Span::DAY,
        }
    }
}
