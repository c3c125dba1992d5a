//! What happened in a scenario, in memory: the histories that tags are computed from.
//!
//! Events come in through the collector's decoder, as live ones do.

mod columns;

use std::collections::HashSet;
use std::sync::Arc;

use collector::{Decoder, Invalid, Limits, Reception};
use domain::stored::{self, Stored};
use domain::{EventName, EventType, Time, UserKey, UserNumber, Value};
use features::reference::{Change, PastEvent, User};
use rules::Vocabulary;
use serde_json::{Value as Json, json};

use super::exact::Lines;
use super::file::Ingest;
use crate::users::Users;

/// The source of events that name none.
const SOURCE: &str = "scenario";

/// Histories of users, in the order in which they are folded.
#[derive(Debug)]
pub struct MemoryStore {
    /// Who has which number.
    pub users: Users,
    /// Behaviour, sorted by (user, time, arrival).
    events: Vec<Row>,
    /// Attribute changes, sorted likewise.
    traits: Vec<Row>,
    arrivals: u64,
    messages: HashSet<(String, String)>,
    decoder: Decoder,
}

/// An event or an attribute change.
#[derive(Clone, Debug)]
struct Row {
    user: u32,
    time: Time,
    arrival: u64,
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
            arrivals: 0,
            messages: HashSet::new(),
            decoder: Decoder::new(Limits::default()),
        }
    }
}

impl MemoryStore {
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
        let message = tracking_message(entry, lines)?.to_string();
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
        let row = Row {
            user: self.users.number_or_new(&decoded.user_text()).number().0,
            time: decoded.time(),
            arrival: self.arrivals,
            name: Arc::from(decoded.name()),
            source: Arc::from(source),
            fields: decoded
                .fields()
                .map(|(path, text)| (Arc::from(path), Arc::from(text)))
                .collect(),
        };
        self.arrivals += 1;
        let rows = match decoded.kind() {
            EventType::Identify => &mut self.traits,
            _ => &mut self.events,
        };
        let place = rows.partition_point(|other| other.order() < row.order());
        rows.insert(place, row);
        Ok(Ingested::Accepted)
    }

    /// The number of the user whom a scenario names: by account, else by visitor's id.
    pub fn named(&self, name: &str) -> Option<UserNumber> {
        let by_visitor = || self.users.number(&UserKey::anonymous(name).to_string());
        self.users.number(name).or_else(by_visitor)
    }

    /// A user's key as scenarios write it.
    pub fn name_of(&self, number: UserNumber) -> String {
        self.users
            .key(number)
            .map_or_else(|| number.to_string(), |key| key.text().to_string())
    }

    /// The events, properties and attributes seen so far.
    pub fn vocabulary(&self) -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        for row in &self.events {
            let properties = vocabulary
                .events
                .entry(EventName::new(&row.name))
                .or_default();
            properties.extend(row.fields.iter().map(|(path, _)| Arc::clone(path)));
        }
        for row in &self.traits {
            vocabulary
                .attributes
                .extend(row.fields.iter().map(|(path, _)| Arc::clone(path)));
        }
        vocabulary
    }

    /// Everything about one user, as the reference evaluator takes it.
    pub fn history(&self, user: UserNumber) -> User {
        let of_user = |row: &&Row| row.user == user.0;
        User {
            changes: self
                .traits
                .iter()
                .filter(of_user)
                .flat_map(Row::changes)
                .collect(),
            events: self
                .events
                .iter()
                .filter(of_user)
                .map(Row::past_event)
                .collect(),
            ..User::default()
        }
    }
}

impl Row {
    fn order(&self) -> (u32, Time, u64) {
        (self.user, self.time, self.arrival)
    }

    fn changes(&self) -> impl Iterator<Item = Change> + '_ {
        self.fields.iter().map(|(path, text)| Change {
            time: self.time,
            arrival: self.arrival,
            path: Arc::clone(path),
            value: value(text),
        })
    }

    fn past_event(&self) -> PastEvent {
        let property = |(path, text): &(Arc<str>, Arc<str>)| Some((Arc::clone(path), value(text)?));
        PastEvent {
            time: self.time,
            arrival: self.arrival,
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

/// The entry as the tracking API takes it.
fn tracking_message(entry: &Ingest, lines: &Lines<'_>) -> Result<Json, String> {
    if let Some(name) = entry.unsupported() {
        return Err(format!("`{name}` is not supported in this version"));
    }
    let given = |value: &Option<super::exact::Exact>| value.as_ref().map(|value| value.json(lines));
    let properties = given(&entry.properties).unwrap_or_else(|| json!({}));
    let mut message = match (
        &entry.track,
        given(&entry.identify),
        &entry.page,
        &entry.screen,
    ) {
        (Some(name), None, None, None) => {
            json!({ "type": "track", "event": name, "properties": properties })
        }
        (None, Some(traits), None, None) => json!({ "type": "identify", "traits": traits }),
        (None, None, Some(name), None) => {
            json!({ "type": "page", "name": name, "properties": properties })
        }
        (None, None, None, Some(name)) => {
            json!({ "type": "screen", "name": name, "properties": properties })
        }
        _ => {
            return Err(
                "an entry needs one of `track`, `identify`, `page` and `screen`".to_owned(),
            );
        }
    };
    if entry.identify.is_some() && entry.properties.is_some() {
        return Err("`identify` holds the attributes itself: it has no `properties`".to_owned());
    }
    let optional = [
        ("userId", entry.user.as_deref().map(Json::from)),
        ("anonymousId", entry.anonymous.as_deref().map(Json::from)),
        ("messageId", entry.message_id.as_deref().map(Json::from)),
        ("timestamp", given(&entry.at)),
    ];
    if let Json::Object(members) = &mut message {
        let named = optional
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        members.extend(named);
    }
    Ok(message)
}
