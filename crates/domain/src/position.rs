//! The place of an event in its source's own order.

/// The place of an event in the order of its source: a chain's or a binlog's own, by which events
/// of one time are told apart. 0 for sources that have none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(u64);

/// The first order of arrival of events with a place.
const PLACED: u64 = 1 << 63;

impl Position {
    /// No order of its own.
    pub const NONE: Self = Self(0);

    /// The place, if it is less than 2^63.
    #[must_use]
    pub fn new(place: u64) -> Option<Self> {
        (place < PLACED).then_some(Self(place))
    }

    /// The place as it is stored.
    #[must_use]
    pub fn get(self) -> i64 {
        i64::try_from(self.0).unwrap_or(i64::MAX)
    }

    /// What orders the event among those of its time: the place, behind all events that have
    /// none; of those, when they arrived, counted from 0.
    #[must_use]
    pub fn arrival(self, arrived: u64) -> u64 {
        match self {
            Self::NONE => arrived,
            Self(place) => PLACED | place,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_with_a_place_come_in_its_order_behind_those_without() {
        let placed = |place| Position::new(place).unwrap_or_default();
        assert_eq!(Position::NONE.arrival(7), 7);
        assert!(placed(2).arrival(1) < placed(3).arrival(0));
        assert!(Position::NONE.arrival(1 << 40) < placed(1).arrival(0));
        assert_eq!(Position::new(1 << 63), None);
        assert_eq!(placed(5).get(), 5);
    }
}
