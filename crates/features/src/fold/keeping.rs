//! The fold over one user's history with the evidence kept: the same walk, watched.

use std::sync::Arc;

use domain::{TagKey, Time, Value};
use rules::checked::{Aggregate, AggregateFunction, DerivedEvent, Measure, Path, Place};

use super::bind::Bound;
use super::row_order::RowOrder;
use super::scope::RowScope;
use super::state::matched;
use super::witness::Kept;
use super::{Walk, finish, is_known};
use crate::evaluate::{self, Scope};
use crate::evidence::{Evidence, EvidenceEvent, MOST_EVENTS, WatchedUser};
use crate::feature::asked_inside;
use crate::history::HistoryBlock;
use crate::program::{Plan, Program};

/// How many events of a match are shown.
const MOST_STEPS: usize = 20;

impl Program {
    /// Folds the history of the first user of a block, known or not, and keeps what each feature was
    /// measured from.
    pub fn fold_keeping(&self, history: &HistoryBlock) -> WatchedUser {
        let bound = Bound::new(self, history);
        let mut walk = Walk::new(&bound, Kept::new(self.plans.len()));
        let user = history.users.first().copied().unwrap_or_default();
        let (mut traits, mut events) = (
            RowOrder::new(&history.traits),
            RowOrder::new(&history.events),
        );
        let (traits, events) = (traits.rows_of(user), events.rows_of(user));
        let is_known = is_known(&bound, &traits, &events);
        walk.user((0, user), traits, events);
        let evidence = (0..self.plans.len()).map(|feature| evidence(&walk, feature));
        let evidence = evidence.collect();
        WatchedUser {
            is_known,
            block: walk.block(vec![user]),
            evidence,
        }
    }
}

/// What a feature was measured from.
fn evidence(walk: &Walk<'_, Kept>, feature: usize) -> Evidence {
    let rows = walk.witness.rows(feature);
    match walk.bound.program.plans.get(feature) {
        Some(Plan::Aggregate { aggregate, .. }) => of_events(walk, feature, aggregate, rows),
        Some(Plan::TagAt { tag, at, .. }) => of_record(walk, tag, at),
        Some(Plan::Attribute { .. } | Plan::HeldSince { .. }) | None => Evidence {
            counted: rows.len(),
            events: Vec::new(),
            touched_at: rows
                .last()
                .and_then(|row| walk.bound.trait_times.get(*row))
                .map(|time| Time::from_millis(*time)),
        },
    }
}

/// What runs have recorded of a tag up to an instant.
fn of_record(walk: &Walk<'_, Kept>, tag: &TagKey, at: &Measure) -> Evidence {
    let of_user = RowScope::of_user(walk.bound, &walk.cells, 0);
    let Some(Value::Time(instant)) = evaluate::measure(at, &of_user) else {
        return Evidence::default();
    };
    let recorded = walk.cells.memberships.until(tag, instant);
    let event = |(time, value): &(Time, Option<Value>)| {
        let change = match value {
            Some(_) => DerivedEvent::Entered(tag.clone()),
            None => DerivedEvent::Left(tag.clone()),
        };
        let value = value.clone().filter(|value| *value != Value::Bool(true));
        EvidenceEvent {
            time: *time,
            name: Arc::from(change.to_string()),
            properties: value
                .map(|value| (Path::from("value"), value))
                .into_iter()
                .collect(),
        }
    };
    let newest = recorded.iter().rev().take(MOST_EVENTS);
    Evidence {
        counted: recorded.len(),
        events: newest.map(event).collect(),
        touched_at: None,
    }
}

fn of_events(
    walk: &Walk<'_, Kept>,
    feature: usize,
    aggregate: &Aggregate,
    rows: &[usize],
) -> Evidence {
    let scope = |row: usize| RowScope {
        bound: walk.bound,
        cells: &walk.cells,
        user: 0,
        row,
    };
    let has_values = |row: &&usize| {
        let scope = scope(**row);
        let mut arguments = aggregate.arguments.iter();
        arguments.all(|argument| evaluate::measure(argument, &scope).is_some())
    };
    let counted = match matched(walk.bound, &walk.cells, feature, rows) {
        Some(matched) => matched,
        None => rows.iter().filter(has_values).copied().collect(),
    };
    let value = finish::column(walk.bound, &walk.cells, feature, 0..1).value(0);
    let shown: Vec<usize> = match &aggregate.function {
        AggregateFunction::First(number, _) | AggregateFunction::FirstTime(number) => {
            nth(counted.iter(), *number).into_iter().collect()
        }
        AggregateFunction::Last(number, _) | AggregateFunction::LastTime(number) => {
            nth(counted.iter().rev(), *number).into_iter().collect()
        }
        AggregateFunction::Minimum(_) | AggregateFunction::Maximum(_) => {
            let gives = |row: &&usize| gives(aggregate, &scope(**row), value.as_ref());
            counted
                .iter()
                .rev()
                .find(gives)
                .copied()
                .into_iter()
                .collect()
        }
        AggregateFunction::Sequence(_) => counted.iter().rev().take(MOST_STEPS).copied().collect(),
        _ => counted.iter().rev().take(MOST_EVENTS).copied().collect(),
    };
    let paths = paths(aggregate);
    Evidence {
        counted: counted.len(),
        events: shown
            .into_iter()
            .filter_map(|row| event(&scope(row), &paths))
            .collect(),
        touched_at: None,
    }
}

fn nth<'r>(mut rows: impl Iterator<Item = &'r usize>, number: u32) -> Option<usize> {
    rows.nth((number as usize).saturating_sub(1)).copied()
}

/// Whether an event is the one whose value was taken.
fn gives(aggregate: &Aggregate, event: &RowScope<'_>, value: Option<&Value>) -> bool {
    let mut arguments = aggregate.arguments.iter();
    arguments.any(|argument| evaluate::measure(argument, event).as_ref() == value)
}

fn event(scope: &RowScope<'_>, paths: &[(Path, Place)]) -> Option<EvidenceEvent> {
    let properties = paths
        .iter()
        .filter_map(|(path, place)| Some((path.clone(), scope.property(path, *place)?)));
    Some(EvidenceEvent {
        time: scope.event_time()?,
        name: match scope.event_name()? {
            Value::Text(name) => name,
            _ => return None,
        },
        properties: properties.collect(),
    })
}

/// The properties that an aggregate looks at, also in its groups, each once, in their order.
fn paths(aggregate: &Aggregate) -> Vec<(Path, Place)> {
    let mut found: Vec<(Path, Place)> = Vec::new();
    asked_inside(aggregate, &mut |measure| {
        if let Measure::Property { path, place } = measure
            && found.iter().all(|(known, _)| known != path)
        {
            found.push((path.clone(), *place));
        }
    });
    found
}
