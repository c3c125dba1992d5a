//! Items in an order: sequences, and the gaps between two items.

use std::collections::HashMap;

use domain::Value;
use rules::checked::{Gap, Measure, Place, Sequence, Step};

use super::groups::takes;
use super::{Accumulator, scalar};
use crate::evaluate::{self, Scope};
use crate::sequence::{self, Matcher, NO_VALUE};

/// `sequence(A -> B)`, `count_sequences(A -> B)`
pub(super) struct Matches<'a> {
    sequence: &'a Sequence,
    steps: Steps<'a>,
    matcher: Option<Matcher>,
}

/// `avg(gap(A -> B))`
pub(super) struct Gaps<'a> {
    steps: Steps<'a>,
    gaps: Option<sequence::Gaps>,
}

/// Which steps an item can be of, and its values of what is equal in them.
struct Steps<'a> {
    steps: &'a [Step],
    /// The numbers of values that are equal.
    numbers: HashMap<Value, u32>,
    values: Vec<u32>,
}

impl<'a> Steps<'a> {
    fn new(sequence: &'a Sequence) -> Self {
        Self {
            steps: &sequence.steps,
            numbers: HashMap::new(),
            values: Vec::new(),
        }
    }

    /// Hands over each step that an item can be of, later ones first, with its values.
    fn each(&mut self, item: &dyn Scope, mut take: impl FnMut(usize, &[u32])) {
        for (number, step) in self.steps.iter().enumerate().rev() {
            let filter = step.filter.as_ref();
            if !takes(&step.events, item)
                || !filter.is_none_or(|filter| evaluate::condition(filter, item))
            {
                continue;
            }
            self.values.clear();
            for same in &step.same {
                self.values.extend(number_of(same, item, &mut self.numbers));
            }
            if self.values.len() == step.same.len() {
                take(number, &self.values);
            }
        }
    }
}

/// The number of the value of an item; [`NO_VALUE`] if none is asked for, nothing if it has none.
fn number_of(
    same: &Option<Measure>,
    item: &dyn Scope,
    numbers: &mut HashMap<Value, u32>,
) -> Option<u32> {
    let Some(measure) = same else {
        return Some(NO_VALUE);
    };
    let text = scalar(Some(measure), Place::Text, item)?;
    let next = numbers.len() as u32;
    Some(*numbers.entry(text).or_insert(next))
}

impl<'a> Matches<'a> {
    pub(super) fn new(sequence: &'a Sequence) -> Self {
        Self {
            sequence,
            steps: Steps::new(sequence),
            matcher: None,
        }
    }
}

impl Accumulator for Matches<'_> {
    fn take(&mut self, item: &dyn Scope) {
        let Some(time) = item.event_time() else {
            return;
        };
        let now = item.now().millis();
        let matcher = self
            .matcher
            .get_or_insert_with(|| Matcher::new(self.sequence, now));
        let moment = (time.millis(), item.event_position());
        self.steps
            .each(item, |step, values| matcher.take(step, moment, values));
    }

    fn value(&mut self, _user: &dyn Scope) -> Option<Value> {
        let matcher = self.matcher.as_mut();
        Some(Value::from(matcher.map_or(0, Matcher::count)))
    }

    fn clear(&mut self) {
        if let Some(matcher) = &mut self.matcher {
            matcher.clear();
        }
        self.steps.numbers.clear();
    }
}

impl<'a> Gaps<'a> {
    pub(super) fn new(gap: &'a Gap) -> Self {
        Self {
            steps: Steps::new(&gap.between),
            gaps: sequence::Gaps::new(gap),
        }
    }
}

impl Accumulator for Gaps<'_> {
    fn take(&mut self, item: &dyn Scope) {
        if let (Some(time), Some(gaps)) = (item.event_time(), &mut self.gaps) {
            self.steps
                .each(item, |step, values| gaps.take(step, time.millis(), values));
        }
    }

    fn value(&mut self, _user: &dyn Scope) -> Option<Value> {
        self.gaps.as_mut()?.measured()
    }

    fn clear(&mut self) {
        if let Some(gaps) = &mut self.gaps {
            gaps.clear();
        }
        self.steps.numbers.clear();
    }
}
