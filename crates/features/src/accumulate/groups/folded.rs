//! What is made of the groups that are over.

use std::cmp::Reverse;

use domain::Value;
use rules::checked::{Condition, Grouping, Measure, Place};

use super::Key;
use super::measured::OfGroup;
use crate::accumulate::streak::{Streak, Wanted};
use crate::accumulate::tally::{Tally, tally_in};
use crate::accumulate::top::list;
use crate::accumulate::whole;
use crate::evaluate::{self, Scope};
use crate::place::convert;

/// A group that is over.
pub(super) struct Group<'s> {
    pub(super) key: Key,
    /// The place of its newest item among all items.
    pub(super) newest: usize,
    pub(super) scope: OfGroup<'s>,
}

/// What is known of the groups that are over.
pub(super) enum Folded<'a> {
    Count(&'a Condition, usize),
    Streak(&'a Condition, Streak<'a>),
    Values(&'a Measure, Option<Box<dyn Tally>>),
    Top(&'a Measure, usize, Vec<Ranked>),
}

/// A group by what it measures.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ranked {
    measured: Reverse<Value>,
    newest: Reverse<usize>,
    text: Option<Value>,
    value: Value,
}

impl<'a> Folded<'a> {
    pub(super) fn new(grouping: &'a Grouping) -> Self {
        match grouping {
            Grouping::Count(_, having) => Self::Count(having, 0),
            Grouping::Streak(zone, having) => {
                Self::Streak(having, Streak::new(zone, Wanted::Current))
            }
            Grouping::LongestStreak(zone, having) => {
                Self::Streak(having, Streak::new(zone, Wanted::Longest))
            }
            Grouping::Fold(_, function, measure) => {
                Self::Values(measure, tally_in(function, measure.place()))
            }
            Grouping::Top(count, _, measure) => Self::Top(measure, *count as usize, Vec::new()),
        }
    }

    /// Adds a group.
    pub(super) fn add(&mut self, group: Group<'_>) {
        let scope = &group.scope;
        match (self, group.key) {
            (Self::Count(having, count), _) => {
                *count += usize::from(evaluate::condition(having, scope));
            }
            (Self::Streak(having, streak), Key::Period(day))
                if evaluate::condition(having, scope) =>
            {
                streak.take_day(day);
            }
            (Self::Values(measure, Some(tally)), _) => {
                if let Some(value) = evaluate::measure(measure, scope) {
                    tally.add(value);
                }
            }
            (Self::Top(measure, _, ranked), Key::Values(key)) => {
                let value = key.into_iter().next();
                if let (Some(value), Some(measured)) = (value, evaluate::measure(measure, scope)) {
                    ranked.push(Ranked {
                        measured: Reverse(measured),
                        newest: Reverse(group.newest),
                        text: convert(value.clone(), Place::Text),
                        value,
                    });
                }
            }
            _ => {}
        }
    }

    /// The value over all groups added.
    pub(super) fn value(&mut self, user: &dyn Scope) -> Option<Value> {
        match self {
            Self::Count(_, count) => whole(*count),
            Self::Streak(_, streak) => whole(streak.days(user)),
            Self::Values(_, tally) => tally.as_mut()?.value(),
            Self::Top(_, count, ranked) => {
                ranked.sort_unstable();
                list(ranked.drain(..).map(|ranked| ranked.value), *count)
            }
        }
    }

    /// Forgets all groups.
    pub(super) fn clear(&mut self) {
        match self {
            Self::Count(_, count) => *count = 0,
            Self::Streak(_, streak) => streak.forget(),
            Self::Values(_, tally) => {
                if let Some(tally) = tally {
                    tally.clear();
                }
            }
            Self::Top(_, _, ranked) => ranked.clear(),
        }
    }
}
