//! Groups of items: by calendar period or by values, with accumulators for each group.

mod folded;
mod measured;

use std::collections::HashMap;

use domain::Value;
use rules::checked::{Aggregate, GroupedBy, Grouping, Measure, Place};

use self::folded::{Folded, Group};
pub(super) use self::measured::takes;
use self::measured::{Inner, Measured, OfGroup};
use super::{Accumulator, scalar};
use crate::evaluate::Scope;
use crate::feature::inner_aggregates;

/// `days(E having C)`, `max(A per hour)`, `top(E.p, 3 by A)`
///
/// Items come in the order of time, so that a period is over when the next one begins: of
/// periods one group is open at a time, of values all of them.
pub(super) struct Groups<'a> {
    by: GroupedBy<'a>,
    arguments: &'a [Measure],
    inner: Vec<Inner<'a>>,
    period: Option<(i64, Open<'a>)>,
    values: HashMap<Vec<Value>, Open<'a>>,
    /// Groups that are over, for their memory.
    spare: Vec<Open<'a>>,
    taken: usize,
    folded: Folded<'a>,
}

/// What the items of a group have in common.
pub(super) enum Key {
    Period(i64),
    Values(Vec<Value>),
}

/// A group that takes items.
struct Open<'a> {
    measured: Measured<'a>,
    newest: usize,
}

impl<'a> Groups<'a> {
    pub(super) fn new(aggregate: &'a Aggregate, grouping: &'a Grouping) -> Self {
        let inner = inner_aggregates(grouping).into_iter();
        Self {
            by: grouping.by(),
            arguments: &aggregate.arguments,
            inner: inner.map(|inner| Inner::new(inner, aggregate)).collect(),
            period: None,
            values: HashMap::new(),
            spare: Vec::new(),
            taken: 0,
            folded: Folded::new(grouping),
        }
    }

    /// The group of an item, opened if it is not.
    fn group_of(&mut self, item: &dyn Scope) -> Option<&mut Open<'a>> {
        match self.by {
            GroupedBy::Period(unit, zone) => {
                let period = zone.period(unit, item.event_time()?);
                if self.period.as_ref().is_none_or(|(open, _)| *open != period) {
                    self.close(item);
                    self.period = Some((period, opened(&mut self.spare, &self.inner)));
                }
                self.period.as_mut().map(|(_, open)| open)
            }
            GroupedBy::Values(place) => {
                let key = values(self.arguments, place, item)?;
                let opened = || opened(&mut self.spare, &self.inner);
                Some(self.values.entry(key).or_insert_with(opened))
            }
        }
    }

    /// Ends all groups.
    fn close(&mut self, user: &dyn Scope) {
        let period = self.period.take();
        let periods = period.map(|(period, open)| (Key::Period(period), open));
        let values = self.values.drain();
        let values = values.map(|(values, open)| (Key::Values(values), open));
        for (key, mut open) in periods.into_iter().chain(values) {
            let values = open.measured.values(user);
            self.folded.add(Group {
                key,
                newest: open.newest,
                scope: OfGroup {
                    inner: &self.inner,
                    values: &values,
                    user,
                },
            });
            open.measured.clear();
            self.spare.push(open);
        }
    }
}

impl Accumulator for Groups<'_> {
    fn take(&mut self, item: &dyn Scope) {
        let newest = self.taken + 1;
        let Some(open) = self.group_of(item) else {
            return;
        };
        open.newest = newest;
        open.measured.take(item);
        self.taken = newest;
    }

    fn value(&mut self, user: &dyn Scope) -> Option<Value> {
        self.close(user);
        self.folded.value(user)
    }

    fn clear(&mut self) {
        let period = self.period.take().map(|(_, open)| open);
        let values = self.values.drain().map(|(_, open)| open);
        for mut open in period.into_iter().chain(values) {
            open.measured.clear();
            self.spare.push(open);
        }
        self.taken = 0;
        self.folded.clear();
    }
}

fn opened<'a>(spare: &mut Vec<Open<'a>>, inner: &[Inner<'a>]) -> Open<'a> {
    spare.pop().unwrap_or_else(|| Open {
        measured: Measured::new(inner),
        newest: 0,
    })
}

/// The values of an item in a place; none where one of them is missing.
fn values(arguments: &[Measure], place: Place, item: &dyn Scope) -> Option<Vec<Value>> {
    arguments
        .iter()
        .map(|argument| scalar(Some(argument), place, item))
        .collect()
}
