//! The events of one user, taken in order; those of one moment together.

use std::cmp::Reverse;

use rules::checked::{Sequence, Step};

use super::moments::Moments;
use super::table::{IsNew, NO_VALUE, ValueTable};

/// The events of a user so far.
#[derive(Debug)]
pub(crate) struct Matcher {
    matches: Matches,
    /// The time of the events that were not applied yet.
    time: i64,
    waiting: Vec<Taken>,
    /// The values of the waiting events.
    waiting_values: Vec<u32>,
    /// The time up to which events are visible.
    now: i64,
}

/// What is known of a user's matches.
#[derive(Debug)]
struct Matches {
    moments: Moments,
    /// The moments before any event.
    initial: Vec<i64>,
    concern: Concern,
    /// For each combination of values its moments, one after the other.
    all: Vec<i64>,
    values: ValueTable,
}

/// Which steps equalities concern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Concern {
    /// There are none.
    Nothing,
    /// Each concerns all steps.
    Everything,
    /// Some concern some steps only.
    Some,
}

/// An event that can be of a step.
#[derive(Clone, Copy, Debug)]
struct Taken {
    position: i64,
    step: usize,
    /// Where its values are.
    values: usize,
}

impl Matcher {
    pub(crate) fn new(sequence: &Sequence, now: i64) -> Self {
        Self {
            matches: Matches::new(sequence),
            time: i64::MIN,
            waiting: Vec::new(),
            waiting_values: Vec::new(),
            now,
        }
    }

    /// Takes an event that can be of a step, not earlier than any before, with a value for each
    /// equality ([`NO_VALUE`] where it does not concern the step). An event that can be of
    /// several steps is taken for each.
    #[inline]
    pub(crate) fn take(&mut self, step: usize, (time, position): (i64, i64), values: &[u32]) {
        if time != self.time {
            self.apply_waiting();
            self.time = time;
        }
        self.waiting.push(Taken {
            position,
            step,
            values: self.waiting_values.len(),
        });
        self.waiting_values.extend_from_slice(values);
    }

    /// Takes an event that is the only one of its instant; for later steps first.
    #[inline]
    pub(crate) fn take_alone(&mut self, step: usize, time: i64, values: &[u32]) {
        if !self.waiting.is_empty() {
            self.apply_waiting();
        }
        self.matches.apply(step, time, values);
    }

    /// How many matches there are.
    pub(crate) fn count(&mut self) -> i64 {
        self.apply_waiting();
        self.matches.count(self.now)
    }

    /// Forgets the user.
    pub(crate) fn clear(&mut self) {
        self.matches.clear();
        self.waiting.clear();
        self.waiting_values.clear();
        self.time = i64::MIN;
    }

    /// Applies the events of one time, position by position, later steps first.
    #[inline]
    fn apply_waiting(&mut self) {
        if self.waiting.len() > 1 {
            let order = |taken: &Taken| (taken.position, Reverse(taken.step));
            self.waiting.sort_unstable_by_key(order);
        }
        let width = self.matches.values.width();
        for taken in self.waiting.drain(..) {
            let values = self.waiting_values.get(taken.values..taken.values + width);
            let values = values.unwrap_or_default();
            self.matches.apply(taken.step, self.time, values);
        }
        self.waiting_values.clear();
    }
}

impl Matches {
    fn new(sequence: &Sequence) -> Self {
        let moments = Moments::new(sequence);
        let concerns_all = |step: &Step| step.same.iter().all(Option::is_some);
        let concern = match sequence.equalities() {
            0 => Concern::Nothing,
            _ if sequence.steps.iter().all(concerns_all) => Concern::Everything,
            _ => Concern::Some,
        };
        let mut matches = Self {
            initial: moments.initial(),
            moments,
            concern,
            all: Vec::new(),
            values: ValueTable::new(sequence.equalities()),
        };
        matches.clear();
        matches
    }

    fn count(&self, now: i64) -> i64 {
        self.all
            .chunks_exact(self.initial.len())
            .map(|moments| self.moments.count(moments, now))
            .fold(0, |sum, count| match self.moments.is_counted() {
                true => sum + count,
                false => sum.max(count),
            })
    }

    fn clear(&mut self) {
        self.all.clear();
        self.values.clear();
        if self.concern != Concern::Everything {
            // Of all events without equalities, or of all values that are not met yet.
            let nothing_met = vec![NO_VALUE; self.values.width()];
            self.values.find_or_add(&nothing_met);
            self.all.extend_from_slice(&self.initial);
        }
    }

    #[inline]
    fn apply(&mut self, step: usize, time: i64, values: &[u32]) {
        match self.concern {
            Concern::Nothing => self.apply_to(0, step, time),
            Concern::Everything => {
                let (row, is_new) = self.values.find_or_add(values);
                if is_new == IsNew::Yes {
                    self.all.extend_from_slice(&self.initial);
                }
                self.apply_to(row, step, time);
            }
            Concern::Some => {
                self.meet(values);
                for row in 0..self.values.len() {
                    let known = self.values.row(row).iter().zip(values);
                    let is_meant =
                        |(known, value): (&u32, &u32)| *value == NO_VALUE || known == value;
                    if known.into_iter().all(is_meant) {
                        self.apply_to(row, step, time);
                    }
                }
            }
        }
    }

    #[inline]
    fn apply_to(&mut self, row: usize, step: usize, time: i64) {
        let width = self.initial.len();
        if let Some(moments) = self.all.get_mut(row * width..(row + 1) * width) {
            self.moments.apply(moments, step, time);
        }
    }

    /// Gives values that are met for the first time moments of their own: those that every value
    /// not met has.
    fn meet(&mut self, values: &[u32]) {
        for (equality, value) in values.iter().enumerate() {
            let is_known = |row: usize| self.values.row(row).get(equality) == Some(value);
            if *value == NO_VALUE || (0..self.values.len()).any(is_known) {
                continue;
            }
            for row in 0..self.values.len() {
                let mut with_value = self.values.row(row).to_vec();
                match with_value.get_mut(equality) {
                    Some(slot) if *slot == NO_VALUE => *slot = *value,
                    _ => continue,
                }
                let (_, is_new) = self.values.find_or_add(&with_value);
                if is_new == IsNew::Yes {
                    let width = self.initial.len();
                    self.all.extend_from_within(row * width..(row + 1) * width);
                }
            }
        }
    }
}
