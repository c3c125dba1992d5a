//! From rows of a file to rows of the warehouse: users get numbers, repeats are dropped.

use std::collections::HashSet;

use anyhow::Result;
use catalog::Catalog;
use domain::{EventName, EventType, Position, UserKey};
use sources::files::RowBatch;
use tokio::runtime::Handle;
use warehouse::{EventRow, Store, TraitRow, WriteBatch};
use xxhash_rust::xxh3::Xxh3;

use super::Outcome;
use crate::platform::Platform;
use crate::users::{Numbered, Users};

/// The state of an import: users and ids known so far.
pub(super) struct Numbering<'p> {
    source: &'p str,
    users: Users,
    store: &'p Store,
    catalog: &'p Catalog,
    runtime: Handle,
    /// Ids of messages in the store; read when the first row with an id comes.
    messages: Option<HashSet<u128, foldhash::fast::RandomState>>,
}

impl<'p> Numbering<'p> {
    pub(super) fn new(platform: &'p Platform, source: &'p str) -> Result<Self> {
        Ok(Self {
            source,
            users: Users::of(platform.store.load_users()?),
            store: &platform.store,
            catalog: &platform.catalog,
            runtime: platform.runtime().handle().clone(),
            messages: None,
        })
    }

    /// The rows as the warehouse takes them, and what became of each.
    pub(super) fn batch(&mut self, rows: &RowBatch) -> Result<(WriteBatch, Outcome)> {
        let mut batch = WriteBatch::new();
        let mut outcome = Outcome {
            read: rows.rows.end.saturating_sub(rows.rows.start),
            rejected: rows.rejected.len() as u64,
            ..Outcome::default()
        };
        let count = (rows.events.len() + rows.profiles.len()) as u64;
        let first = match count {
            0 => 0,
            _ => self
                .runtime
                .block_on(self.catalog.reserve_arrivals(count))?,
        };
        // A line that is an event and one that is a profile keep their order in the file.
        let mut arrivals = Arrivals::new(first, &rows.events.positions, &rows.profiles.positions);
        self.events(rows, &mut arrivals, &mut batch, &mut outcome)?;
        arrivals.next_kind();
        self.profiles(rows, &mut arrivals, &mut batch, &mut outcome)?;
        Ok((batch, outcome))
    }

    fn events(
        &mut self,
        rows: &RowBatch,
        arrivals: &mut Arrivals<'_>,
        batch: &mut WriteBatch,
        outcome: &mut Outcome,
    ) -> Result<()> {
        let events = &rows.events;
        let mut properties: Vec<(&str, &str)> = Vec::new();
        for (row, time) in events.times.iter().enumerate() {
            let arrival = arrivals.of(row);
            let Some(message) = self.message(events.message_ids.get(row))? else {
                outcome.duplicates += 1;
                continue;
            };
            let user = self.user(events.users.get(row), batch, outcome);
            let name = events.names.get(row);
            properties.clear();
            let paths = events.properties.paths();
            let pairs = events.properties.row(row);
            properties.extend(pairs.map(|(path, text)| (paths.get(path as usize), text)));
            let event_row = EventRow {
                user,
                identity: user,
                time: *time,
                arrival,
                position: Position::NONE,
                event_type: event_type(name),
                name,
                source: self.source,
                message,
            };
            batch.event(&event_row, &properties);
            outcome.added += 1;
        }
        Ok(())
    }

    fn profiles(
        &mut self,
        rows: &RowBatch,
        arrivals: &mut Arrivals<'_>,
        batch: &mut WriteBatch,
        outcome: &mut Outcome,
    ) -> Result<()> {
        let profiles = &rows.profiles;
        let mut traits: Vec<(&str, &str)> = Vec::new();
        for (row, time) in profiles.times.iter().enumerate() {
            let arrival = arrivals.of(row);
            let Some(message) = self.message(profiles.message_ids.get(row))? else {
                outcome.duplicates += 1;
                continue;
            };
            let user = self.user(profiles.users.get(row), batch, outcome);
            traits.clear();
            let paths = profiles.attributes.paths();
            let pairs = profiles.attributes.row(row);
            traits.extend(pairs.map(|(path, text)| (paths.get(path as usize), text)));
            let trait_row = TraitRow {
                user,
                identity: user,
                time: *time,
                arrival,
                source: self.source,
                message,
            };
            batch.traits(&trait_row, &traits);
            outcome.added += 1;
        }
        Ok(())
    }

    fn user(
        &mut self,
        written: &str,
        batch: &mut WriteBatch,
        outcome: &mut Outcome,
    ) -> domain::UserNumber {
        let numbered = self.users.number_or_new(written);
        if let Numbered::New(number) = numbered {
            let parsed;
            let key = match self.users.key(number) {
                Some(key) => key,
                None => {
                    parsed = UserKey::parse(written);
                    &parsed
                }
            };
            batch.user(number, key);
            outcome.new_users += 1;
        }
        numbered.number()
    }

    /// The hash of a message id, 0 where there is none; `None` if it is known already.
    fn message(&mut self, id: &str) -> Result<Option<u128>> {
        if id.is_empty() {
            return Ok(Some(0));
        }
        let known = match &mut self.messages {
            Some(known) => known,
            slot => slot.insert(self.store.messages()?.into_iter().collect()),
        };
        let mut hash = Xxh3::new();
        hash.update(self.source.as_bytes());
        hash.update(&[0]);
        hash.update(id.as_bytes());
        let hash = hash.digest128().max(1);
        Ok(known.insert(hash).then_some(hash))
    }
}

/// Arrival numbers in the order of the file, for rows that come as two columns.
struct Arrivals<'r> {
    first: u64,
    own: &'r [u64],
    other: &'r [u64],
    /// Rows of the other column that stand before the row asked for last.
    passed: usize,
}

impl<'r> Arrivals<'r> {
    fn new(first: u64, own: &'r [u64], other: &'r [u64]) -> Self {
        Self {
            first,
            own,
            other,
            passed: 0,
        }
    }

    /// Goes over to the other column.
    fn next_kind(&mut self) {
        std::mem::swap(&mut self.own, &mut self.other);
        self.passed = 0;
    }

    fn of(&mut self, row: usize) -> u64 {
        let position = self.own.get(row).copied().unwrap_or(u64::MAX);
        let after = self.other.get(self.passed..).unwrap_or_default();
        self.passed += after.iter().take_while(|other| **other < position).count();
        self.first + (row + self.passed) as u64
    }
}

fn event_type(name: &str) -> EventType {
    match name {
        EventName::PAGE => EventType::Page,
        EventName::SCREEN => EventType::Screen,
        EventName::GROUP => EventType::Group,
        EventName::ALIAS => EventType::Alias,
        _ => EventType::Track,
    }
}
