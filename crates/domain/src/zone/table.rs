//! A zone's history as segments of constant offset, with an index that finds one at once.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::day_of;
use crate::date::days_from_civil;

const DAY: i64 = 86_400_000;

/// The calendar repeats itself, weekdays included, every 400 years.
const CYCLE: i64 = 146_097 * DAY;

/// Offsets stay within this many milliseconds of UTC.
const GREATEST_OFFSET: i64 = 26 * 3_600_000;

/// One index slot covers 2^33 ms, some 99 days: at most a few segments start in one.
const SLOT_BITS: u32 = 33;

/// Instants from 2100 to 2500 are one cycle in which only the zone's rule for ever applies;
/// later ones are answered by their counterpart in it.
fn cycle_end() -> i64 {
    start_of_year(2500)
}

fn start_of_year(year: i32) -> i64 {
    i64::from(days_from_civil(year, 1, 1)) * DAY
}

/// An interval of constant offset.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    /// Its first instant, ms since the epoch; the first segment starts before all times.
    pub(super) start: i64,
    /// What has to be added to UTC, ms.
    pub(super) offset: i64,
    /// The latest day that any clock before this segment has shown. Clocks turned back over
    /// midnight show an earlier one again, and the instants stay with the later day.
    pub(super) first_day: i32,
}

/// All segments of a zone up to 2500.
#[derive(Debug)]
pub(super) struct Table {
    segments: Vec<Segment>,
    /// For each slot since `base`, the segment in which the slot starts.
    slots: Vec<u32>,
    /// The instant at which the slots start: 1900.
    base: i64,
    end: i64,
}

impl Table {
    /// A zone that never changes.
    pub(super) fn fixed(offset: i64) -> Self {
        Self::from_offsets(vec![(i64::MIN, offset)])
    }

    /// The table of an IANA zone.
    pub(super) fn of(rules: &TimeZone) -> Self {
        let first = rules.to_offset(Timestamp::MIN);
        let mut offsets = vec![(i64::MIN, i64::from(first.seconds()) * 1_000)];
        for change in rules.following(Timestamp::MIN) {
            let start = change.timestamp().as_millisecond();
            if start >= cycle_end() {
                break;
            }
            let offset = i64::from(change.offset().seconds()) * 1_000;
            // A change of the abbreviation alone is none.
            if offsets.last().is_none_or(|(_, last)| *last != offset) {
                offsets.push((start, offset));
            }
        }
        Self::from_offsets(offsets)
    }

    fn from_offsets(offsets: Vec<(i64, i64)>) -> Self {
        let mut segments: Vec<Segment> = Vec::with_capacity(offsets.len());
        for (start, offset) in offsets {
            let first_day = segments.last().map_or(i32::MIN, |before| {
                before.first_day.max(day_of(start - 1 + before.offset))
            });
            segments.push(Segment {
                start,
                offset,
                first_day,
            });
        }
        let (base, end) = (start_of_year(1900), cycle_end());
        let mut slots = Vec::new();
        let mut index = 0;
        for slot in 0..=((end - base) >> SLOT_BITS) {
            let start = base + (slot << SLOT_BITS);
            while segments
                .get(index + 1)
                .is_some_and(|next| next.start <= start)
            {
                index += 1;
            }
            // A zone has a few thousand segments.
            slots.push(index as u32);
        }
        if segments.len() == 1 {
            slots.clear();
        }
        Self {
            segments,
            slots,
            base,
            end,
        }
    }

    /// The segment of an instant in ms; for instants after 2500 that of their counterpart, with
    /// days and starts moved to theirs.
    #[inline]
    pub(super) fn segment(&self, millis: i64) -> Segment {
        if let [only] = self.segments.as_slice() {
            return *only;
        }
        let slot = usize::try_from(millis.wrapping_sub(self.base) >> SLOT_BITS);
        if let Some(first) = slot.ok().and_then(|slot| self.slots.get(slot))
            && millis < self.end
        {
            let mut index = *first as usize;
            while self
                .segments
                .get(index + 1)
                .is_some_and(|next| next.start <= millis)
            {
                index += 1;
            }
            return self.at(index);
        }
        self.distant(millis)
    }

    /// Where the segment of an instant before 2500 stands, for walking on from there.
    fn index(&self, millis: i64) -> usize {
        self.segments
            .partition_point(|segment| segment.start <= millis)
            .saturating_sub(1)
    }

    #[cold]
    fn distant(&self, millis: i64) -> Segment {
        if millis < self.end {
            return self.at(self.index(millis));
        }
        let cycles = (millis - self.end) / CYCLE + 1;
        let found = self.at(self.index(millis - cycles * CYCLE));
        let days = i32::try_from(cycles * (CYCLE / DAY)).unwrap_or(i32::MAX);
        Segment {
            start: found.start.saturating_add(cycles * CYCLE),
            offset: found.offset,
            first_day: found.first_day.saturating_add(days),
        }
    }

    /// The segment before the one that starts at an instant, with the last instant in it.
    pub(super) fn before(&self, segment: &Segment) -> Option<(Segment, i64)> {
        let last = segment.start.checked_sub(1)?;
        Some((self.segment(last), last))
    }

    fn at(&self, index: usize) -> Segment {
        self.segments.get(index).copied().unwrap_or(Segment {
            start: i64::MIN,
            offset: 0,
            first_day: i32::MIN,
        })
    }

    /// The first instant at which the local clock has reached a day, in ms.
    pub(super) fn start_of_day(&self, day: i32) -> i64 {
        let local = i64::from(day) * DAY;
        if let [only] = self.segments.as_slice() {
            return local - only.offset;
        }
        let cycles = match local.cmp(&(self.end - 2 * DAY)) {
            Ordering::Less => 0,
            _ => (local - (self.end - 2 * DAY)) / CYCLE + 1,
        };
        let local = local - cycles * CYCLE;
        let mut index = self.index(local - GREATEST_OFFSET);
        loop {
            let segment = self.at(index);
            let first = segment.start.max(local - segment.offset);
            match self.segments.get(index + 1) {
                Some(next) if first >= next.start => index += 1,
                _ => return first + cycles * CYCLE,
            }
        }
    }
}
