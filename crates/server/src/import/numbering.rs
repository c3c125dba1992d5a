//! From rows of a file to rows of the warehouse: identities get numbers, repeats are dropped, and
//! what rows say of identities is heard before they are written.

mod arrivals;
mod links;

use std::collections::HashSet;
use std::sync::Arc;

use anyhow::Result;
use catalog::Catalog;
use domain::{EventName, EventType, Position, Time, UserKey, UserNumber};
use identity::Identities;
use sources::files::{RowBatch, TextColumn};
use tokio::runtime::Handle;
use warehouse::{EventRow, Homes, Store, TraitRow, WriteBatch};
use xxhash_rust::xxh3::Xxh3;

use self::arrivals::Arrivals;
use super::Outcome;
use crate::platform::Platform;
use crate::users::{Numbered, Users};

/// The state of an import: users and ids known so far.
pub(super) struct Numbering<'p> {
    source: &'p str,
    users: Users,
    /// Who is who, batches included that are not written yet.
    identities: Arc<Identities>,
    /// Where the rows of identities lie.
    homes: Arc<Homes>,
    store: &'p Store,
    catalog: &'p Catalog,
    runtime: Handle,
    /// Ids of messages in the store; read when the first row with an id comes.
    messages: Option<HashSet<u128, foldhash::fast::RandomState>>,
}

/// A row that adds something.
struct Accepted {
    row: usize,
    time: Time,
    arrival: u64,
    position: Position,
    identity: UserNumber,
    message: u128,
}

/// Whose the rows of one kind are, when they were, and the senders' ids and order of them.
struct Senders<'r> {
    users: &'r TextColumn,
    times: &'r [Time],
    message_ids: &'r TextColumn,
    places: &'r [Position],
}

impl<'p> Numbering<'p> {
    pub(super) fn new(platform: &'p Platform, source: &'p str) -> Self {
        Self {
            source,
            users: Users::of(&platform.store),
            identities: platform.store.identities(),
            homes: platform.store.homes(),
            store: &platform.store,
            catalog: &platform.catalog,
            runtime: platform.runtime().handle().clone(),
            messages: None,
        }
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
        let known = self.users.extent();
        let senders = Senders {
            users: &rows.events.users,
            times: &rows.events.times,
            message_ids: &rows.events.message_ids,
            places: &rows.events.places,
        };
        let events = self.accept(&senders, &mut arrivals, &mut batch, &mut outcome)?;
        arrivals.next_kind();
        let senders = Senders {
            users: &rows.profiles.users,
            times: &rows.profiles.times,
            message_ids: &rows.profiles.message_ids,
            places: &rows.profiles.places,
        };
        let profiles = self.accept(&senders, &mut arrivals, &mut batch, &mut outcome)?;
        self.links(rows, [&events, &profiles], known, &mut batch, &mut outcome);
        self.events(rows, &events, &mut batch);
        self.profiles(rows, &profiles, &mut batch);
        outcome.added = (events.len() + profiles.len()) as u64;
        Ok((batch, outcome))
    }

    /// The rows that are no repeats.
    fn accept(
        &mut self,
        senders: &Senders<'_>,
        arrivals: &mut Arrivals<'_>,
        batch: &mut WriteBatch,
        outcome: &mut Outcome,
    ) -> Result<Vec<Accepted>> {
        let mut accepted = Vec::with_capacity(senders.times.len());
        for (row, time) in senders.times.iter().enumerate() {
            let position = senders.places.get(row).copied().unwrap_or_default();
            let arrival = position.arrival(arrivals.of(row));
            let Some(message) = self.message(senders.message_ids.get(row))? else {
                outcome.duplicates += 1;
                continue;
            };
            let identity = self.identity(senders.users.get(row), batch, outcome);
            accepted.push(Accepted {
                row,
                time: *time,
                arrival,
                position,
                identity,
                message,
            });
        }
        Ok(accepted)
    }

    fn events(&self, rows: &RowBatch, accepted: &[Accepted], batch: &mut WriteBatch) {
        let events = &rows.events;
        let paths = events.properties.paths();
        let mut properties: Vec<(&str, &str)> = Vec::new();
        for accepted in accepted {
            let name = events.names.get(accepted.row);
            properties.clear();
            let pairs = events.properties.row(accepted.row);
            properties.extend(pairs.map(|(path, text)| (paths.get(path as usize), text)));
            let event_row = EventRow {
                user: self.home(accepted.identity),
                identity: accepted.identity,
                time: accepted.time,
                arrival: accepted.arrival,
                position: accepted.position,
                event_type: event_type(name),
                name,
                source: self.source,
                message: accepted.message,
            };
            batch.event(&event_row, &properties);
        }
    }

    fn profiles(&self, rows: &RowBatch, accepted: &[Accepted], batch: &mut WriteBatch) {
        let profiles = &rows.profiles;
        let paths = profiles.attributes.paths();
        let mut traits: Vec<(&str, &str)> = Vec::new();
        for accepted in accepted {
            traits.clear();
            let pairs = profiles.attributes.row(accepted.row);
            traits.extend(pairs.map(|(path, text)| (paths.get(path as usize), text)));
            let trait_row = TraitRow {
                user: self.home(accepted.identity),
                identity: accepted.identity,
                time: accepted.time,
                arrival: accepted.arrival,
                source: self.source,
                message: accepted.message,
            };
            batch.traits(&trait_row, &traits);
        }
    }

    /// The number of an identity.
    fn identity(
        &mut self,
        written: &str,
        batch: &mut WriteBatch,
        outcome: &mut Outcome,
    ) -> UserNumber {
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

fn event_type(name: &str) -> EventType {
    match name {
        EventName::PAGE => EventType::Page,
        EventName::SCREEN => EventType::Screen,
        EventName::GROUP => EventType::Group,
        EventName::ALIAS => EventType::Alias,
        _ => EventType::Track,
    }
}
