//! How the count of a tag went, day by day, and its last changes.

use std::iter::Peekable;
use std::sync::Arc;
use std::vec;

use anyhow::Result;
use domain::{Date, TagKey, Time, UserSet, Zone};
use tags::Past;
use warehouse::{RecordedRun, RunChange};

use super::History;

/// How a tag went.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// The name of the zone whose days they are.
    pub zone: String,
    /// The days on which something was computed, the earliest first.
    pub points: Vec<Point>,
    /// The last runs that changed the tag, the newest first.
    pub changes: Vec<Delta>,
    /// Since when members are known.
    pub since: Option<Time>,
}

/// A tag after the last run of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// The day.
    pub day: Date,
    /// The instant of the run.
    pub at: Time,
    /// How many users had the tag.
    pub count: u64,
    /// How many had each value, of a tag with values.
    pub values: Vec<(Arc<str>, u64)>,
    /// How many had it who had it not at the point before; `None` where there is none before.
    pub entered: Option<u64>,
    /// How many had it no more.
    pub left: Option<u64>,
}

/// What a run changed of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delta {
    /// The instant of the run.
    pub at: Time,
    /// How many got the tag, or one of its values.
    pub entered: u64,
    /// How many lost it, or one of its values.
    pub left: u64,
}

/// So many of the last changes are told.
const LAST_CHANGES: usize = 10;

impl History<'_> {
    /// How a tag went on the last so many days up to the latest run.
    ///
    /// # Errors
    /// [`super::Unanswerable`] for a tag that nobody knows; the store's.
    pub fn trend(&self, tag: &TagKey, days: u32) -> Result<Trend> {
        self.require(tag)?;
        let tags = std::slice::from_ref(tag);
        let zone = self.zone_of(tags)?;
        let wanted = self.last_runs(days, &zone);
        let latest = self.latest.run();
        let store = &self.engine.platform.store;
        let start = wanted.first().map_or(latest, |run| run.run);
        let changes = store.changes_between(tags, start, latest)?;
        let changes = changes.ok_or_else(|| self.too_early("the first of these days"))?;
        let last_changes = self.deltas(&changes);
        let mut going = GoingBack {
            past: Past::of(&self.latest, tags),
            later: changes.into_iter().peekable(),
        };
        let mut points: Vec<(Point, Arc<UserSet>)> = Vec::with_capacity(wanted.len());
        for run in wanted.iter().rev() {
            going.to(run.run);
            points.push(point(tag, *run, &self.of_today(going.past.clone()), &zone));
        }
        points.reverse();
        Ok(Trend {
            zone: zone.name().to_owned(),
            points: compared(points, days),
            changes: last_changes,
            since: self.since(),
        })
    }

    /// The last run of each of the last days, and the one before them.
    fn last_runs(&self, days: u32, zone: &Zone) -> Vec<RecordedRun> {
        let mut runs: Vec<(Date, RecordedRun)> = Vec::new();
        for run in self.runs.iter().rev() {
            let day = zone.date(run.at);
            if runs.last().is_some_and(|(known, _)| *known == day) {
                continue;
            }
            let latest = runs.first().map_or(day, |(latest, _)| *latest);
            let is_before = day < first_of(latest, days);
            runs.push((day, *run));
            if is_before {
                break;
            }
        }
        runs.reverse();
        runs.into_iter().map(|(_, run)| run).collect()
    }

    /// What the newest runs changed.
    fn deltas(&self, changes: &[RunChange]) -> Vec<Delta> {
        let mut deltas: Vec<(u64, Delta)> = Vec::new();
        for RunChange { run, change } in changes {
            if deltas.last().is_none_or(|(known, _)| known != run) {
                let at = self.runs.iter().find(|recorded| recorded.run == *run);
                let Some(at) = at.filter(|_| deltas.len() < LAST_CHANGES) else {
                    break;
                };
                let none = Delta {
                    at: at.at,
                    entered: 0,
                    left: 0,
                };
                deltas.push((*run, none));
            }
            if let Some((_, delta)) = deltas.last_mut() {
                delta.entered += change.entered.len();
                delta.left += change.left.len();
            }
        }
        deltas.into_iter().map(|(_, delta)| delta).collect()
    }
}

/// Members on their way back through the changes.
struct GoingBack {
    past: Past,
    later: Peekable<vec::IntoIter<RunChange>>,
}

impl GoingBack {
    /// Goes back to the end of a run.
    fn to(&mut self, run: u64) {
        while let Some(later) = self.later.next_if(|later| later.run > run) {
            self.past.take_back(&later.change);
        }
    }
}

fn point(tag: &TagKey, run: RecordedRun, past: &Past, zone: &Zone) -> (Point, Arc<UserSet>) {
    let members = past.members(tag);
    let values = past.slots_of(tag).filter_map(|(slot, members)| {
        let value = slot.value.clone()?;
        Some((value, members.len()))
    });
    let point = Point {
        day: zone.date(run.at),
        at: run.at,
        count: members.len(),
        values: values.collect(),
        entered: None,
        left: None,
    };
    (point, members)
}

/// The points of the last days, each compared with the one before.
fn compared(points: Vec<(Point, Arc<UserSet>)>, days: u32) -> Vec<Point> {
    let mut before: Option<Arc<UserSet>> = None;
    let mut all = Vec::with_capacity(points.len());
    for (point, members) in points {
        let moved = before.as_ref().map(|before| {
            let stayed = members.intersection_len(before);
            (members.len() - stayed, before.len() - stayed)
        });
        all.push(Point {
            entered: moved.map(|(entered, _)| entered),
            left: moved.map(|(_, left)| left),
            ..point
        });
        before = Some(members);
    }
    if let Some(latest) = all.last().map(|point| point.day) {
        all.retain(|point| point.day >= first_of(latest, days));
    }
    all
}

/// The first of so many days that end with one.
fn first_of(last: Date, days: u32) -> Date {
    let back = i32::try_from(days.saturating_sub(1)).unwrap_or(i32::MAX);
    last.checked_add_days(-back).unwrap_or(last)
}
