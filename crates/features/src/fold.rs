//! The fold: one walk over each user's history leaves that user's feature values.
//!
//! A history block is bound to the program once (columns found, filters prepared, steps listed
//! by event name); then users go by in blocks of [`BLOCK_USERS`], each walked row by row in
//! time order. Accumulators are cells, which become the columns of a block; what no cell can hold
//! has a state, which knows one user at a time and takes its events in batches.

mod batch;
mod bind;
mod canonical;
mod cells;
mod derived;
mod filter;
mod finish;
mod held;
mod keeping;
mod memberships;
mod outcome;
mod row_order;
mod scope;
mod state;
mod step;
#[cfg(test)]
mod tests;
mod witness;

use domain::Value;
use rules::checked::Measure;

use self::batch::{Batches, Events};
use self::bind::Bound;
use self::cells::Cells;
use self::held::Holding;
use self::row_order::{RowOrder, Rows};
use self::scope::RowScope;
use self::state::States;
use self::step::{Action, StepGroup, Visit};
use self::witness::{Nobody, Witness};
use crate::block::{BLOCK_USERS, FeatureBlock};
use crate::evaluate::{self, Scope};
use crate::history::HistoryBlock;
use crate::program::{Plan, Program, Reach};
use crate::window::{self, Interval};

impl Program {
    /// Folds the histories of a block of users; gives the features of those who are known, in blocks of at most
    /// [`BLOCK_USERS`] of them, in ascending order. A number that nobody is known by takes no place in a block.
    pub fn fold(&self, history: &HistoryBlock, each: &mut dyn FnMut(FeatureBlock)) {
        let bound = Bound::new(self, history);
        let mut events = RowOrder::new(&history.events);
        let mut traits = RowOrder::new(&history.traits);
        let mut walk = Walk::new(&bound, Nobody);
        let mut users = Vec::new();
        for user in &history.users {
            let traits = traits.rows_of(*user);
            let events = events.rows_of(*user);
            if is_known(&bound, &traits, &events) {
                walk.user((users.len(), *user), traits, events);
                users.push(*user);
            }
            if users.len() == bound.block_users {
                each(walk.block(std::mem::take(&mut users)));
            }
        }
        if !users.is_empty() {
            each(walk.block(users));
        }
    }
}

/// Whether a user of these rows, in their order, is known by now.
fn is_known(bound: &Bound<'_>, traits: &Rows<'_>, events: &Rows<'_>) -> bool {
    let now = bound.program.now().millis();
    let begun = |rows: &Rows<'_>, times: &[i64]| {
        let first = rows.first().and_then(|first| times.get(first.start));
        first.is_some_and(|time| *time <= now)
    };
    begun(traits, bound.trait_times) || begun(events, bound.event_times)
}

impl Program {
    /// How many users a block has: fewer where there are many features, so that memory is
    /// bounded. A power of two, at least 512.
    pub fn block_users(&self) -> usize {
        let fitting = BLOCK_CELLS / self.plans.len().max(1);
        (fitting.max(512).next_power_of_two()).min(BLOCK_USERS)
    }
}

/// How many cells a block has, about: 64 MiB.
const BLOCK_CELLS: usize = 8 << 20;

/// The walk over the users of one block.
struct Walk<'b, W> {
    bound: &'b Bound<'b>,
    cells: Cells,
    batches: Batches,
    states: States<'b>,
    witness: W,
    holding: Holding,
}

impl<'b, W: Witness> Walk<'b, W> {
    fn new(bound: &'b Bound<'b>, witness: W) -> Self {
        let mut states = States::new(bound);
        let mut cells = Cells::new(bound);
        let over_nothing = states.over_nothing(&RowScope::of_user(bound, &cells, 0));
        cells.set_over_nothing(bound, over_nothing);
        Self {
            bound,
            cells,
            batches: Batches::new(bound),
            states,
            witness,
            holding: Holding::new(bound),
        }
    }

    /// What a user's identities are, and what became of them.
    fn identities(&mut self, user: usize, number: u32) {
        let bound = self.bound;
        self.cells.derived.clear();
        if !bound.identity_touches.is_empty()
            && let Some(row) = bound.identity_row(number)
        {
            for touch in &bound.identity_touches {
                touch.apply(&mut self.cells, user, row);
            }
        }
        let events = bound.identity_events_of(number);
        self.cells.derived.identities(bound, events);
    }

    /// What runs recorded of a user.
    fn memberships(&mut self, number: u32) {
        let cells = &mut self.cells;
        cells
            .memberships
            .user(self.bound, number, &mut cells.derived);
    }

    /// Walks one user's history, the user by place in the block and by number.
    fn user(&mut self, (user, number): (usize, u32), traits: Rows<'_>, events: Rows<'_>) {
        self.cells.begin(user);
        self.identities(user, number);
        self.memberships(number);
        let now = self.bound.program.now().millis();
        for row in traits.iter().flat_map(Clone::clone) {
            if self
                .bound
                .trait_times
                .get(row)
                .is_some_and(|time| *time <= now)
            {
                self.touch(user, row);
                self.cells.derived.touch(self.bound, row);
                self.holding.touch(self.bound, row, &mut self.witness);
            }
        }
        self.holding.finish(self.bound, &mut self.cells, user);
        self.cells.derived.sort();
        let events = self.cells.derived.among(self.bound, events);
        self.events(user, &events, 0);
        for walk in 1..self.bound.program.walks {
            self.resolve_windows(user, walk);
            self.events(user, &events, walk);
        }
        self.tags_at(user);
    }

    /// One attribute change.
    fn touch(&mut self, user: usize, row: usize) {
        for touch in &self.bound.touches {
            if touch.apply(&mut self.cells, user, row) {
                self.witness.touched(touch.feature, row);
            }
        }
    }

    /// One walk over the events of a user.
    fn events(&mut self, user: usize, rows: &Rows<'_>, walk: usize) {
        let bound = self.bound;
        let now = bound.program.now().millis();
        let steps_by_code = bound.listing.walk(walk);
        for range in rows.iter() {
            if let Some((time, code)) = self.cells.derived.event(range.start) {
                let row = range.start;
                let groups = steps_by_code.get(code as usize);
                for group in groups.into_iter().flatten() {
                    self.group(group, Visit { user, row, time });
                }
                continue;
            }
            let times = bound.event_times.get(range.clone()).unwrap_or_default();
            let codes = bound.event_codes.get(range.clone()).unwrap_or_default();
            for (row, (time, code)) in range.clone().zip(times.iter().zip(codes)) {
                if *time > now {
                    break;
                }
                let Some(groups) = steps_by_code.get(*code as usize) else {
                    continue;
                };
                let visit = Visit {
                    user,
                    row,
                    time: *time,
                };
                for group in groups {
                    self.group(group, visit);
                }
            }
        }
        self.finish_states(user);
    }

    /// Measures the tags at instants that the walks have measured.
    fn tags_at(&mut self, user: usize) {
        for (feature, plan) in self.bound.program.plans.iter().enumerate() {
            if let Plan::TagAt { tag, at, place, .. } = plan {
                let of_user = RowScope::of_user(self.bound, &self.cells, user);
                let value = of_user.tag_at(tag, at, *place);
                self.cells.finish(feature, user, value);
            }
        }
    }

    /// What one event does to the features that share its filter and times. Most events are outside those times: that
    /// is found out before anything is called.
    #[inline(always)]
    fn group(&mut self, group: &StepGroup<'_>, visit: Visit) {
        let interval = match group.reach {
            Reach::Common(interval) => interval,
            Reach::OfUser(window) => self.cells.interval(window),
        };
        if visit.time >= interval.from && visit.time < interval.until {
            self.inside(group, visit);
        }
    }

    /// What an event does that is inside a group's times.
    fn inside(&mut self, group: &StepGroup<'_>, visit: Visit) {
        if let Some(filter) = group.filter
            && !self.passes(filter, visit)
        {
            return;
        }
        for step in &group.steps {
            self.witness.counted(step.feature, &[visit.row]);
            step.apply(self.bound, &mut self.cells, visit);
        }
        for batch in &group.batches {
            if let Some(before) = self.batches.add(*batch, visit) {
                self.hand_over(*batch, visit.user, &before);
            }
        }
    }

    /// Hands events of a batch over to its states.
    fn hand_over(&mut self, batch: usize, user: usize, rows: &[usize]) {
        let events = Events {
            bound: self.bound,
            cells: &self.cells,
            user,
            rows,
        };
        for feature in self.bound.listing.batch(batch) {
            self.witness.counted(*feature, rows);
            self.states.take(*feature, &events);
        }
    }

    /// Keeps what the states know of a user whom a walk has passed.
    fn finish_states(&mut self, user: usize) {
        while let Some((batch, rows)) = self.batches.next() {
            self.hand_over(batch, user, &rows);
            self.batches.reuse(batch, rows);
            for feature in self.bound.listing.batch(batch) {
                let of_user = RowScope::of_user(self.bound, &self.cells, user);
                let value = self.states.finish(*feature, &of_user);
                self.keep(*feature, user, value);
            }
        }
    }

    /// Keeps what a state leaves of a user: in its cell if it fits there.
    fn keep(&mut self, feature: usize, user: usize, value: Option<Value>) {
        let action = self.bound.actions.get(feature).and_then(Option::as_ref);
        let place = self.bound.places.get(feature);
        let is_kept = match (action, place) {
            (Some(Action::State(outcome)), Some(place)) => {
                self.cells
                    .keep((feature, *place), user, *outcome, value.as_ref())
            }
            _ => false,
        };
        if !is_kept {
            self.cells.finish(feature, user, value);
        }
    }

    /// Whether a row passes a filter; asked once for all steps that share it.
    fn passes(&mut self, filter: usize, visit: Visit) -> bool {
        let Visit { user, row, .. } = visit;
        if let Some(answer) = self.cells.remembered(filter, row) {
            return answer;
        }
        let is_derived = self.cells.derived.event(row).is_some();
        let answer = self.bound.filters.get(filter).is_some_and(|bound_filter| {
            let scope = RowScope {
                bound: self.bound,
                cells: &self.cells,
                user,
                row,
            };
            let condition = self.bound.program.filters.get(filter);
            match condition.filter(|_| is_derived) {
                Some(condition) => evaluate::condition(condition, &scope),
                None => bound_filter.passes(row, &scope),
            }
        });
        self.cells.remember(filter, row, answer);
        answer
    }

    /// Resolves the windows of a user that the next walk needs.
    fn resolve_windows(&mut self, user: usize, next: usize) {
        let program = self.bound.program;
        let now = program.now();
        for (number, anchored) in program.anchored.iter().enumerate() {
            if anchored.walk == next {
                let value = |measure: &Measure| self.anchor(measure, user);
                let interval = window::resolve(&anchored.window, now, &value).visible(now);
                self.cells.set_interval(number, interval);
            }
        }
        self.cells.forget_answers();
    }

    fn anchor(&self, measure: &Measure, user: usize) -> Option<Value> {
        evaluate::measure(measure, &RowScope::of_user(self.bound, &self.cells, user))
    }

    /// The features of the users who were walked; what comes next begins the next block.
    fn block(&mut self, users: Vec<u32>) -> FeatureBlock {
        let columns = self.columns(users.len());
        self.cells.reset();
        FeatureBlock { users, columns }
    }

    fn columns(&self, users: usize) -> Vec<crate::block::FeatureColumn> {
        (0..self.bound.program.plans.len())
            .map(|feature| finish::column(self.bound, &self.cells, feature, 0..users))
            .collect()
    }
}

/// Nothing is inside until a walk has measured the bounds.
const UNRESOLVED: Interval = Interval::EMPTY;
