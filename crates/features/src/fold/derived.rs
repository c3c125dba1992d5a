//! Changes as events: made while a user's attribute changes go by, and walked among the events.
//!
//! Their rows are numbered from the end of the table of events on, so that whatever looks at a
//! row can ask which of the two it is. No number is used twice: an answer that is remembered for
//! a row is never another user's.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;

use domain::{Time, Value};
use rules::checked::DerivedEvent;

use super::bind::Bound;
use super::row_order::Rows;
use crate::history::{Column, NO_CODE};
use crate::identity::IdentityEvent;
use crate::place::identity;
use crate::program::column;
use rules::checked::Place;

/// The events that follow from the history of the user being walked, in order.
#[derive(Default)]
pub(super) struct DerivedRows {
    /// The number of the first row.
    first: usize,
    rows: Vec<DerivedRow>,
    /// By attribute that is watched: the code of its value so far.
    values: Vec<u32>,
}

/// One change.
struct DerivedRow {
    time: i64,
    arrival: u64,
    /// Its name, as a code behind those of the table.
    name: u32,
    properties: Properties,
}

/// The properties of a change.
#[derive(Default)]
pub(super) struct Properties {
    pub(super) old: Option<Value>,
    pub(super) new: Option<Value>,
    /// What of several values was got or lost.
    pub(super) value: Option<Value>,
}

/// An attribute whose changes are events.
pub(super) struct Watch<'b> {
    /// The code of the event's name.
    name: u32,
    codes: &'b [u32],
    decoded: Vec<Option<Value>>,
    /// For each code, the first code of the same value; that of no value is [`NO_CODE`].
    same: Vec<u32>,
}

impl<'b> Watch<'b> {
    /// The attributes that a program watches.
    pub(super) fn all(bound: &Bound<'b>) -> Vec<Self> {
        let names = bound.name_texts.len() as u32..;
        let watched = names.zip(&bound.program.derived);
        watched
            .filter_map(|(name, derived)| match derived {
                DerivedEvent::Entered(_) | DerivedEvent::Left(_) => None,
                DerivedEvent::Changed(path) => {
                    let source = bound.trait_column(&column(path, Place::Any))?;
                    let Column::Text { codes, .. } = source.column else {
                        return None;
                    };
                    Some(Self {
                        name,
                        codes,
                        decoded: source.decoded().to_vec(),
                        same: same(source.decoded()),
                    })
                }
                DerivedEvent::Linked(_) | DerivedEvent::Unlinked(_) => None,
            })
            .collect()
    }

    fn value(&self, code: u32) -> Option<Value> {
        self.decoded.get(code as usize).cloned().flatten()
    }
}

/// For each value the first code of an equal one.
fn same(decoded: &[Option<Value>]) -> Vec<u32> {
    let mut known: HashMap<Value, u32> = HashMap::new();
    let code = |(code, value): (u32, &Option<Value>)| match value {
        None => NO_CODE,
        Some(value) => *known.entry(identity(value.clone())).or_insert(code),
    };
    (0..).zip(decoded).map(code).collect()
}

impl Bound<'_> {
    /// The code of a change's name, if it is an event of the program.
    pub(super) fn derived_code(&self, change: &DerivedEvent) -> Option<u32> {
        let number = self.program.derived.binary_search(change).ok()?;
        Some((self.name_texts.len() + number) as u32)
    }

    /// The name of a change, by its code.
    pub(super) fn derived_name(&self, code: u32) -> Option<Value> {
        let number = (code as usize).checked_sub(self.name_texts.len())?;
        let change = self.program.derived.get(number)?;
        Some(Value::text(&change.to_string()))
    }
}

impl DerivedRows {
    /// Nothing yet, in front of the first user.
    pub(super) fn new(bound: &Bound<'_>) -> Self {
        Self {
            first: bound.event_times.len(),
            rows: Vec::new(),
            values: vec![NO_CODE; bound.watches.len()],
        }
    }

    /// Forgets the user.
    pub(super) fn clear(&mut self) {
        self.first += self.rows.len();
        self.rows.clear();
        self.values.fill(NO_CODE);
    }

    /// Takes a visible row of attribute changes.
    pub(super) fn touch(&mut self, bound: &Bound<'_>, row: usize) {
        for (watch, value) in bound.watches.iter().zip(&mut self.values) {
            let Some(code) = watch.codes.get(row).filter(|code| **code != NO_CODE) else {
                continue;
            };
            let code = watch.same.get(*code as usize).copied().unwrap_or(NO_CODE);
            if code == *value {
                continue;
            }
            let old = watch.value(std::mem::replace(value, code));
            self.rows.push(DerivedRow {
                time: bound.trait_times.get(row).copied().unwrap_or_default(),
                arrival: bound.trait_arrivals.get(row).copied().unwrap_or_default(),
                name: watch.name,
                properties: Properties {
                    old,
                    new: watch.value(code),
                    value: None,
                },
            });
        }
    }

    /// Takes the changes of the user's identities.
    pub(super) fn identities(&mut self, bound: &Bound<'_>, events: &[IdentityEvent]) {
        let now = bound.program.now().millis();
        for event in events.iter().filter(|event| event.time <= now) {
            let names = bound.name_texts.len() as u32..;
            for (name, derived) in names.zip(&bound.program.derived) {
                let text = || Some(Value::text(event.identity.text()));
                let (old, new) = match derived {
                    DerivedEvent::Linked(sort)
                        if event.is_linked && sort.takes(&event.identity) =>
                    {
                        (None, text())
                    }
                    DerivedEvent::Unlinked(sort)
                        if !event.is_linked && sort.takes(&event.identity) =>
                    {
                        (text(), None)
                    }
                    _ => continue,
                };
                self.rows.push(DerivedRow {
                    time: event.time,
                    arrival: event.arrival,
                    name,
                    properties: Properties {
                        old,
                        new,
                        value: None,
                    },
                });
            }
        }
    }

    /// Brings all kinds of changes into one order.
    pub(super) fn sort(&mut self) {
        if self.rows.len() > 1 {
            self.rows.sort_by_key(|row| (row.time, row.arrival));
        }
    }

    /// Takes a change that a run recorded: it comes behind all else of its instant.
    pub(super) fn add(&mut self, at: Time, name: u32, properties: Properties) {
        self.rows.push(DerivedRow {
            time: at.millis(),
            arrival: u64::MAX,
            name,
            properties,
        });
    }

    /// The rows of the user's events with the changes among them.
    pub(super) fn among<'r>(&self, bound: &Bound<'_>, events: Rows<'r>) -> Rows<'r> {
        if self.rows.is_empty() {
            return events;
        }
        let key = |row: usize| -> (i64, u64) {
            match self.row(row) {
                Some(derived) => (derived.time, derived.arrival),
                None => (
                    bound.event_times.get(row).copied().unwrap_or_default(),
                    bound.event_arrivals.get(row).copied().unwrap_or_default(),
                ),
            }
        };
        let mut merged: Vec<Range<usize>> = Vec::new();
        let mut add = |row: usize| match merged.last_mut() {
            Some(last) if last.end == row && self.row(row).is_none() => last.end = row + 1,
            _ => merged.push(row..row + 1),
        };
        let mut derived = (self.first..self.first + self.rows.len()).peekable();
        for row in events.iter().flat_map(Clone::clone) {
            while let Some(change) =
                derived.next_if(|change| key(*change).cmp(&key(row)) == Ordering::Less)
            {
                add(change);
            }
            add(row);
        }
        derived.for_each(add);
        Rows::Owned(merged)
    }

    /// The time of a row and the code of its name, if it is a change.
    pub(super) fn event(&self, row: usize) -> Option<(i64, u32)> {
        self.row(row).map(|derived| (derived.time, derived.name))
    }

    /// A property of a row, if it is a change.
    pub(super) fn property(&self, row: usize, path: &str) -> Option<&Value> {
        let properties = &self.row(row)?.properties;
        match path {
            "old" => properties.old.as_ref(),
            "new" => properties.new.as_ref(),
            "value" => properties.value.as_ref(),
            _ => None,
        }
    }

    fn row(&self, row: usize) -> Option<&DerivedRow> {
        self.rows.get(row.checked_sub(self.first)?)
    }
}
