//! Recorded memberships of the user being walked: their changes as events, and the tag at an instant.

use std::collections::HashMap;

use domain::{TagKey, Time, Value};
use rules::checked::DerivedEvent;

use super::bind::Bound;
use super::derived::{DerivedRows, Properties};
use crate::membership::{Held, as_value};

/// What the user has had of each tag.
#[derive(Default)]
pub(super) struct Memberships {
    /// The first row of the block that is not taken yet.
    next: usize,
    /// By tag: its values, each from an instant on.
    values: HashMap<TagKey, Vec<(Time, Option<Value>)>>,
}

impl Memberships {
    /// Takes the rows of the next user; users come in ascending order.
    pub(super) fn user(&mut self, bound: &Bound<'_>, user: u32, events: &mut DerivedRows) {
        self.values.clear();
        let rest = bound.memberships.get(self.next..).unwrap_or_default();
        self.next += rest.partition_point(|row| row.user < user);
        let rest = bound.memberships.get(self.next..).unwrap_or_default();
        let end = rest.partition_point(|row| row.user == user);
        self.next += end;
        let now = bound.program.now();
        let mut held: HashMap<&TagKey, Held> = HashMap::new();
        let rows = rest.get(..end).unwrap_or_default();
        let visible = rows.get(..rows.partition_point(|row| row.at <= now));
        let of_one_run = |one: &crate::Recorded, other: &crate::Recorded| {
            (one.at, one.run, &one.tag) == (other.at, other.run, &other.tag)
        };
        for rows in visible.unwrap_or_default().chunk_by(of_one_run) {
            let Some(first) = rows.first() else { continue };
            let held = held.entry(&first.tag).or_default();
            let before = held.values();
            rows.iter().for_each(|row| held.take(row));
            let after = held.values();
            let (old, new) = (as_value(&before), as_value(&after));
            if before == after {
                continue;
            }
            let mut add = |change: &DerivedEvent, value: &Option<std::sync::Arc<str>>| {
                if let Some(name) = bound.derived_code(change) {
                    let is_valued = value.is_some();
                    let properties = Properties {
                        old: old.clone().filter(|_| is_valued),
                        new: new.clone().filter(|_| is_valued),
                        value: value.clone().map(Value::Text),
                    };
                    events.add(first.at, name, properties);
                }
            };
            let left = DerivedEvent::Left(first.tag.clone());
            before
                .difference(&after)
                .for_each(|value| add(&left, value));
            let entered = DerivedEvent::Entered(first.tag.clone());
            after
                .difference(&before)
                .for_each(|value| add(&entered, value));
            let values = self.values.entry(first.tag.clone()).or_default();
            values.push((first.at, new));
        }
    }

    /// The value of a tag at an instant.
    pub(super) fn at(&self, tag: &TagKey, instant: Time) -> Option<Value> {
        self.until(tag, instant).last()?.1.clone()
    }

    /// The values that a tag has had up to an instant, each from an instant on.
    pub(super) fn until(&self, tag: &TagKey, instant: Time) -> &[(Time, Option<Value>)] {
        let values = self.values.get(tag).map_or(&[][..], Vec::as_slice);
        let known = values.partition_point(|(since, _)| *since <= instant);
        values.get(..known).unwrap_or_default()
    }
}
