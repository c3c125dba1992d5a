//! The events of one user, taken in order; those of one moment together.

use rules::checked::Sequence;

use super::moments::Moments;
use super::table::{IsNew, NO_VALUE, ValueTable};

/// What is known of a user's matches.
#[derive(Debug)]
pub(crate) struct Matcher {
    moments: Moments,
    /// The moments before any event.
    initial: Vec<i64>,
    concern: Concern,
    /// For each combination of values its moments, one after the other.
    all: Vec<i64>,
    values: ValueTable,
    /// The time of the events that were not applied yet.
    time: i64,
    waiting: Vec<Taken>,
    /// The values of the waiting events.
    waiting_values: Vec<u32>,
    /// The time up to which events are visible.
    now: i64,
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
        let moments = Moments::new(sequence);
        let concerns_all = |step: &rules::checked::Step| step.same.iter().all(Option::is_some);
        let concern = match sequence.equalities() {
            0 => Concern::Nothing,
            _ if sequence.steps.iter().all(concerns_all) => Concern::Everything,
            _ => Concern::Some,
        };
        let mut matcher = Self {
            initial: moments.initial(),
            moments,
            concern,
            all: Vec::new(),
            values: ValueTable::new(sequence.equalities()),
            time: i64::MIN,
            waiting: Vec::new(),
            waiting_values: Vec::new(),
            now,
        };
        matcher.clear();
        matcher
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

    /// How many matches there are.
    pub(crate) fn count(&mut self) -> i64 {
        self.apply_waiting();
        self.all
            .chunks_exact(self.initial.len())
            .map(|moments| self.moments.count(moments, self.now))
            .fold(0, |sum, count| match self.moments.is_counted() {
                true => sum + count,
                false => sum.max(count),
            })
    }

    /// Forgets the user.
    pub(crate) fn clear(&mut self) {
        self.all.clear();
        self.values.clear();
        self.waiting.clear();
        self.waiting_values.clear();
        self.time = i64::MIN;
        if self.concern != Concern::Everything {
            // Of all events without equalities, or of all values that are not met yet.
            let nothing_met = vec![NO_VALUE; self.width()];
            self.values.find_or_add(&nothing_met);
            self.all.extend_from_slice(&self.initial);
        }
    }

    fn width(&self) -> usize {
        self.values.width()
    }

    /// Applies the events of one time, position by position, later steps first.
    fn apply_waiting(&mut self) {
        let mut waiting = std::mem::take(&mut self.waiting);
        if waiting.len() > 1 {
            waiting.sort_unstable_by_key(|taken| (taken.position, std::cmp::Reverse(taken.step)));
        }
        let values = std::mem::take(&mut self.waiting_values);
        for taken in &waiting {
            let end = taken.values + self.width();
            let values = values.get(taken.values..end).unwrap_or_default();
            self.apply(taken.step, values);
        }
        self.waiting = waiting;
        self.waiting.clear();
        self.waiting_values = values;
        self.waiting_values.clear();
    }

    fn apply(&mut self, step: usize, values: &[u32]) {
        match self.concern {
            Concern::Nothing => self.apply_to(0, step),
            Concern::Everything => {
                let (row, is_new) = self.values.find_or_add(values);
                if is_new == IsNew::Yes {
                    self.all.extend_from_slice(&self.initial);
                }
                self.apply_to(row, step);
            }
            Concern::Some => {
                self.meet(values);
                for row in 0..self.values.len() {
                    let known = self.values.row(row).iter().zip(values);
                    let is_meant =
                        |(known, value): (&u32, &u32)| *value == NO_VALUE || known == value;
                    if known.into_iter().all(is_meant) {
                        self.apply_to(row, step);
                    }
                }
            }
        }
    }

    #[inline]
    fn apply_to(&mut self, row: usize, step: usize) {
        let width = self.initial.len();
        if let Some(moments) = self.all.get_mut(row * width..(row + 1) * width) {
            self.moments.apply(moments, step, self.time);
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
