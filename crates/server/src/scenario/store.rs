//! What happened in a scenario, in memory: the histories that tags are computed from.
//!
//! Events come in through the collector's decoder, as live ones do.

mod columns;
mod message;
mod vocabulary;
mod who;

use std::collections::HashSet;
use std::sync::Arc;

use collector::{Decoder, Invalid, Limits, Reception};
use domain::stored::{self, Stored};
use domain::{
    EventName, EventType, HOLDINGS, IdentityKind, Position, Span, Time, UserKey, UserNumber, Value,
};
use features::holdings::Holdings;
use features::reference::{self, PastEvent, User};
use features::{Membership, Recorded};
use identity::{Identities, Statement};
use tags::{Change, Changes};

use super::exact::Lines;
use super::file::Ingest;
use crate::users::Users;

/// The source of events that name none.
const SOURCE: &str = "scenario";

/// Histories of identities, and who is who.
#[derive(Debug)]
pub struct MemoryStore {
    /// Which identity has which number.
    pub users: Users,
    /// Behaviour, in the order of arrival.
    events: Vec<Row>,
    /// Attribute changes, likewise.
    traits: Vec<Row>,
    statements: Vec<Statement>,
    /// What runs recorded of tags, under the identities of then.
    memberships: Vec<Recorded>,
    /// Who is who, as of the last [`MemoryStore::settle`].
    identities: Identities,
    arrivals: u64,
    messages: HashSet<(String, String)>,
    decoder: Decoder,
    /// How long events are kept; `None` for ever.
    event_retention: Option<Span>,
}

/// An event or an attribute change.
#[derive(Clone, Debug)]
struct Row {
    identity: u32,
    time: Time,
    arrival: u64,
    position: Position,
    name: Arc<str>,
    source: Arc<str>,
    /// Stored texts by dotted paths.
    fields: Vec<(Arc<str>, Arc<str>)>,
}

/// What became of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ingested {
    /// It is in the store.
    Accepted,
    /// Its message id was known.
    Duplicate,
    /// It was refused.
    Refused(Invalid),
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self {
            users: Users::default(),
            events: Vec::new(),
            traits: Vec::new(),
            statements: Vec::new(),
            memberships: Vec::new(),
            identities: Identities::default(),
            arrivals: 0,
            messages: HashSet::new(),
            decoder: Decoder::new(Limits::default()),
            event_retention: None,
        }
    }
}

impl MemoryStore {
    /// An empty store that keeps events so long; `None` for ever.
    pub fn keeping_events(event_retention: Option<Span>) -> Self {
        Self {
            event_retention,
            ..Self::default()
        }
    }

    /// Takes in an event that arrives at an instant.
    ///
    /// # Errors
    /// In words, what the entry lacks.
    pub fn ingest(
        &mut self,
        entry: &Ingest,
        lines: &Lines<'_>,
        now: Time,
    ) -> Result<Ingested, String> {
        if message::sort(entry)? == message::Sort::Identities {
            let at = entry.instant(lines)?.unwrap_or(now);
            return self.ingest_identities(entry, at);
        }
        let message = message::tracking_message(entry, lines)?.to_string();
        let received_at = entry.received_at.map_or(now, |instant| instant.0);
        let decoded = match self
            .decoder
            .decode(message.as_bytes(), &Reception::live(received_at))
        {
            Ok(decoded) => decoded,
            Err(reason) => return Ok(Ingested::Refused(reason)),
        };
        let source = entry.source.as_deref().unwrap_or(SOURCE);
        if let Some(id) = decoded.message_id()
            && !self.messages.insert((source.to_owned(), id.to_owned()))
        {
            return Ok(Ingested::Duplicate);
        }
        let mut row = Row {
            identity: 0,
            time: decoded.time(),
            arrival: decoded.position().arrival(self.arrivals),
            position: decoded.position(),
            name: Arc::from(decoded.name()),
            source: Arc::from(source),
            fields: decoded
                .fields()
                .map(|(path, text)| (Arc::from(path), Arc::from(text)))
                .collect(),
        };
        self.arrivals += 1;
        let (own, others) = (decoded.user(), decoded.other_identities());
        let others: Vec<UserKey> = others.collect();
        let kind = decoded.kind();
        row.identity = match &entry.user {
            Some(name) => self.identity_or_new(name, IdentityKind::Account).0,
            None => self.identity(&own).0,
        };
        let rows = match kind {
            EventType::Identify => &mut self.traits,
            _ => &mut self.events,
        };
        let (identity, time) = (UserNumber(row.identity), row.time);
        rows.push(row);
        others
            .iter()
            .for_each(|other| self.link(identity, other, time));
        Ok(Ingested::Accepted)
    }

    /// Keeps who entered and who left in a run.
    pub fn record(&mut self, changes: &Changes) {
        let row = |change: &Change, user: UserNumber, membership| Recorded {
            user: user.0,
            at: changes.now,
            run: changes.run,
            tag: change.slot.tag.clone(),
            change: membership,
            value: change.slot.value.clone(),
            identity: user.0,
        };
        for change in &changes.changes {
            let entered = change.entered.iter();
            let entered = entered.map(|user| row(change, user, Membership::Entered));
            self.memberships.extend(entered);
            let left = change.left.iter();
            let left = left.map(|user| row(change, user, Membership::Left));
            self.memberships.extend(left);
        }
    }

    /// What was recorded of the users taken, sorted.
    fn recorded(&self, takes: &dyn Fn(u32) -> bool) -> Vec<Recorded> {
        let owned = self.memberships.iter().map(|row| Recorded {
            user: self.identities.owner(UserNumber(row.identity)).0,
            ..row.clone()
        });
        let mut rows: Vec<Recorded> = owned.filter(|row| takes(row.user)).collect();
        rows.sort();
        rows
    }

    /// The number of the user whom a scenario names by any of its identities.
    pub fn named(&self, name: &str) -> Option<UserNumber> {
        let identity = self.identity_named(name)?;
        Some(self.identities.owner(identity))
    }

    /// A user's key as scenarios write it.
    pub fn name_of(&self, number: UserNumber) -> String {
        self.users
            .key(number)
            .map_or_else(|| number.to_string(), |key| key.text().to_string())
    }

    /// Whether an event is kept at an instant.
    fn is_kept(&self, event: &Row, now: Time) -> bool {
        let age = now.since(event.time);
        self.event_retention.is_none_or(|retention| age < retention)
    }

    /// Everything about one user, as the reference evaluator takes it at an instant.
    pub fn history(&self, user: UserNumber, now: Time) -> User {
        let of_user = |(owner, _): &(u32, &Row)| *owner == user.0;
        let of_user = |rows| {
            self.in_order(rows, &of_user)
                .into_iter()
                .map(|(_, row)| row)
        };
        let mut holdings = Holdings::default();
        let changes = of_user(&self.traits).flat_map(|row| row.changes(&mut holdings));
        User {
            changes: changes.collect(),
            events: of_user(&self.events)
                .filter(|event| self.is_kept(event, now))
                .map(Row::past_event)
                .collect(),
            memberships: self.recorded(&|owner| owner == user.0),
            identities: self.keys_of(user).into_iter().cloned().collect(),
            identity_events: self.identity_events_of(user),
            ..User::default()
        }
    }

    /// Rows with the users that they belong to, by (user, time, arrival).
    fn in_order<'r>(
        &self,
        rows: &'r [Row],
        takes: &dyn Fn(&(u32, &Row)) -> bool,
    ) -> Vec<(u32, &'r Row)> {
        let owned = rows.iter().map(|row| {
            let owner = self.identities.owner(UserNumber(row.identity));
            (owner.0, row)
        });
        let mut taken: Vec<(u32, &Row)> = owned.filter(takes).collect();
        taken.sort_by_key(|(owner, row)| (*owner, row.time, row.arrival));
        taken
    }

    fn next_arrival(&mut self) -> u64 {
        self.arrivals += 1;
        self.arrivals - 1
    }
}

impl Row {
    /// The changes of the row; of holdings, to what is held by all identities so far.
    fn changes(&self, holdings: &mut Holdings) -> Vec<reference::Change> {
        let change = |(path, text): &(Arc<str>, Arc<str>)| reference::Change {
            time: self.time,
            arrival: self.arrival,
            path: Arc::clone(path),
            value: match value(text) {
                held if &**path == HOLDINGS => holdings.tell(self.identity, held),
                value => value,
            },
        };
        self.fields.iter().map(change).collect()
    }

    fn past_event(&self) -> PastEvent {
        let property = |(path, text): &(Arc<str>, Arc<str>)| Some((Arc::clone(path), value(text)?));
        PastEvent {
            time: self.time,
            arrival: self.arrival,
            position: self.position.get(),
            name: EventName::new(&self.name),
            source: Arc::clone(&self.source),
            properties: self.fields.iter().filter_map(property).collect(),
        }
    }
}

fn value(text: &str) -> Option<Value> {
    match stored::decode(text) {
        Stored::Value(value) => Some(value),
        Stored::ObjectMarker => Some(Value::Object(Arc::default())),
        Stored::Unset => None,
    }
}
