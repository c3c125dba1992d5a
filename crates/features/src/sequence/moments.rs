//! The moments of the latest match for each number of steps done, and what an event does to them.

use rules::checked::{Demand, Sequence};

/// In place of a moment: there is none.
const NONE: i64 = i64::MIN;

/// How many matches were completed.
const COUNT: usize = 0;
/// When the last one was; the next begins later.
const COMPLETED: usize = 1;
/// Where the rest begins: the moments of what must be absent at the start, then those of matches.
const REST: usize = 2;

/// A sequence, as what each step does to moments. The moments of one value of what is equal lie
/// in one slice; see [`Moments::initial`].
#[derive(Debug)]
pub(super) struct Moments {
    roles: Vec<Role>,
    /// What must be absent after the last event, and for how long; `None`: for ever.
    ends: Vec<Option<i64>>,
    /// How many steps demand an event.
    present: usize,
    /// Where the moments of matches begin.
    matches: usize,
    /// From one number of steps done to the next: the last event's moment, and the anchors'.
    stride: usize,
}

/// What an event does.
#[derive(Debug)]
enum Role {
    /// It is the event of a step: this many steps are done then.
    Done {
        steps: usize,
        limit: Option<Reach>,
        /// Where its moment is kept for limits that count from it.
        anchor: Option<usize>,
    },
    /// It must not be before the first event, or not for this long before it.
    NotBefore { place: usize, span: Option<i64> },
    /// It ends matches of so many steps.
    NotAfter { steps: usize },
    /// It ends those that are complete, if it comes within this time.
    NotAtEnd { span: Option<i64> },
}

/// How long after which moment of a match an event is at most.
#[derive(Debug)]
struct Reach {
    span: i64,
    /// The anchor; `None`: the last event.
    anchor: Option<usize>,
}

impl Moments {
    pub(super) fn new(sequence: &Sequence) -> Self {
        // For each step: how many events are demanded before it.
        let before: Vec<usize> = sequence
            .steps
            .iter()
            .scan(0, |count, step| {
                let before = *count;
                *count += usize::from(step.is_present());
                Some(before)
            })
            .collect();
        let number = |place: usize| before.get(place).copied().unwrap_or_default() + 1;
        let present = sequence
            .steps
            .iter()
            .filter(|step| step.is_present())
            .count();
        let far = sequence
            .steps
            .iter()
            .enumerate()
            .filter_map(|(place, step)| {
                let Demand::Present(Some(limit)) = &step.demand else {
                    return None;
                };
                (number(limit.after) + 1 < number(place)).then(|| number(limit.after))
            });
        let mut anchors: Vec<usize> = far.collect();
        anchors.sort_unstable();
        anchors.dedup();
        let anchor = |number: usize| anchors.iter().position(|anchor| *anchor == number);
        let mut starts = 0;
        let roles = sequence
            .steps
            .iter()
            .zip(&before)
            .map(|(step, before)| match &step.demand {
                Demand::Present(limit) => Role::Done {
                    steps: before + 1,
                    limit: limit.map(|limit| Reach {
                        span: limit.span.millis(),
                        anchor: anchor(number(limit.after))
                            .filter(|_| number(limit.after) != *before),
                    }),
                    anchor: anchor(before + 1),
                },
                Demand::Absent(span) if *before == 0 => {
                    starts += 1;
                    let span = span.map(|span| span.millis());
                    let place = REST + starts - 1;
                    Role::NotBefore { place, span }
                }
                Demand::Absent(span) if *before == present => Role::NotAtEnd {
                    span: span.map(|span| span.millis()),
                },
                Demand::Absent(_) => Role::NotAfter { steps: *before },
            });
        let roles: Vec<Role> = roles.collect();
        let ends = roles.iter().filter_map(|role| match role {
            Role::NotAtEnd { span } => Some(*span),
            _ => None,
        });
        Self {
            ends: ends.collect(),
            roles,
            present,
            matches: REST + starts,
            stride: 1 + anchors.len(),
        }
    }

    /// The moments before any event.
    pub(super) fn initial(&self) -> Vec<i64> {
        let mut moments = vec![NONE; self.at(self.present)];
        if let Some(count) = moments.get_mut(COUNT) {
            *count = 0;
        }
        moments
    }

    /// Where the moments of a match of so many steps, at least one, are.
    fn at(&self, steps: usize) -> usize {
        self.matches + (steps.max(1) - 1) * self.stride
    }

    /// An event of a step. Of events of one moment those of later steps come first.
    #[inline]
    pub(super) fn apply(&self, moments: &mut [i64], step: usize, time: i64) {
        match self.roles.get(step) {
            Some(Role::Done {
                steps,
                limit,
                anchor,
            }) => {
                let from = if *steps == 1 {
                    self.begins(moments, time).then_some(None)
                } else {
                    self.extends(moments, *steps, limit.as_ref(), time)
                        .map(Some)
                };
                if let Some(from) = from {
                    self.done(moments, from, (*steps, *anchor), time);
                }
            }
            Some(Role::NotBefore { place, .. }) => set(moments, *place, time),
            Some(Role::NotAfter { steps }) => set(moments, self.at(*steps), NONE),
            Some(Role::NotAtEnd { span }) => {
                let completed = get(moments, COMPLETED);
                let is_met = |span: i64| time.saturating_sub(completed) <= span;
                if span.is_none_or(is_met) {
                    set(moments, COMPLETED, NONE);
                }
            }
            None => {}
        }
    }

    /// Whether a match may begin at a time.
    fn begins(&self, moments: &[i64], time: i64) -> bool {
        let is_free = |role: &Role| match role {
            Role::NotBefore { place, span } => {
                let last = get(moments, *place);
                let is_far = |span: i64| time.saturating_sub(last) > span;
                last == NONE || span.is_some_and(is_far)
            }
            _ => true,
        };
        let is_later = self.awaits_end() || time > get(moments, COMPLETED);
        is_later && (self.matches == REST || self.roles.iter().all(is_free))
    }

    /// Where the match is that an event of that time extends to so many steps.
    fn extends(
        &self,
        moments: &[i64],
        steps: usize,
        limit: Option<&Reach>,
        time: i64,
    ) -> Option<usize> {
        let from = self.at(steps - 1);
        let last = get(moments, from);
        let is_near = limit.is_none_or(|limit| {
            let since = match limit.anchor {
                Some(anchor) => get(moments, from + 1 + anchor),
                None => last,
            };
            time.saturating_sub(since) <= limit.span
        });
        (last != NONE && is_near).then_some(from)
    }

    /// So many steps are done.
    fn done(
        &self,
        moments: &mut [i64],
        from: Option<usize>,
        (steps, anchor): (usize, Option<usize>),
        time: i64,
    ) {
        if steps == self.present {
            return self.complete(moments, time);
        }
        let at = self.at(steps);
        if let Some(from) = from
            && self.stride > 1
        {
            moments.copy_within(from..from + self.stride, at);
        }
        set(moments, at, time);
        if let Some(anchor) = anchor {
            set(moments, at + 1 + anchor, time);
        }
    }

    /// A match is complete. Where something must be absent at the end, the earliest that may still
    /// be one is kept: what ends it ends all that are later. Elsewhere the next one begins later.
    fn complete(&self, moments: &mut [i64], time: i64) {
        if self.awaits_end() {
            if get(moments, COMPLETED) == NONE {
                set(moments, COMPLETED, time);
            }
            return;
        }
        set(moments, COUNT, get(moments, COUNT) + 1);
        set(moments, COMPLETED, time);
        if let Some(matches) = moments.get_mut(self.matches..) {
            matches.fill(NONE);
        }
    }

    /// Whether matches are counted; else there is one or none.
    pub(super) fn is_counted(&self) -> bool {
        !self.awaits_end()
    }

    fn awaits_end(&self) -> bool {
        !self.ends.is_empty()
    }

    /// How many matches there are, when all events up to now were taken.
    pub(super) fn count(&self, moments: &[i64], now: i64) -> i64 {
        if !self.awaits_end() {
            return get(moments, COUNT);
        }
        let completed = get(moments, COMPLETED);
        let is_over = |span: &i64| completed.saturating_add(*span) <= now;
        i64::from(completed != NONE && self.ends.iter().flatten().all(is_over))
    }
}

#[inline]
fn get(moments: &[i64], place: usize) -> i64 {
    moments.get(place).copied().unwrap_or(NONE)
}

#[inline]
fn set(moments: &mut [i64], place: usize, moment: i64) {
    if let Some(slot) = moments.get_mut(place) {
        *slot = moment;
    }
}
