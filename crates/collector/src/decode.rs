//! One JSON event becomes one event, or the reason why not.

mod event;
#[cfg(test)]
mod tests;
mod wire;

use std::borrow::Cow;

use domain::{
    Date, Event, EventType, IdentityKind, Position, Time, UserKey, canonical_address_or_same,
    stored,
};

use self::wire::Wire;
use crate::fields::Fields;
use crate::{Invalid, Limits, MissingTime, Reception};

/// What became of one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is an event.
    Accepted(Event),
    /// It is refused, whole.
    Invalid(Invalid),
}

/// Decodes one JSON event.
#[must_use]
pub fn decode(json: &[u8], reception: &Reception, limits: &Limits) -> Outcome {
    match Decoder::new(*limits).decode(json, reception) {
        Ok(decoded) => Outcome::Accepted(decoded.to_event()),
        Err(reason) => Outcome::Invalid(reason),
    }
}

/// Decodes events one after another, in buffers that are used again.
#[derive(Debug)]
pub struct Decoder {
    wire: Wire,
    limits: Limits,
}

/// A decoded event, until the next is decoded.
#[derive(Clone, Copy, Debug)]
pub struct Decoded<'d> {
    wire: &'d Wire,
    kind: EventType,
    identity: IdentityKind,
    time: Time,
    position: Position,
}

impl Decoder {
    /// A decoder under limits.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            wire: Wire::new(limits.fields),
            limits,
        }
    }

    /// Decodes one JSON event.
    ///
    /// # Errors
    /// [`Invalid`] says why it is refused.
    pub fn decode(&mut self, json: &[u8], reception: &Reception) -> Result<Decoded<'_>, Invalid> {
        if json.len() > self.limits.bytes {
            return Err(Invalid::TooLong {
                bytes: json.len(),
                most: self.limits.bytes,
            });
        }
        self.wire.read(json)?;
        let kind = self.kind(reception)?;
        let identity = self.identity()?;
        if kind == EventType::Track {
            check_name(self.wire.event.text("event")?)?;
        }
        let time = self.time(kind, reception)?;
        let position = self.position()?;
        self.wire.settle(kind)?;
        Ok(Decoded {
            wire: &self.wire,
            kind,
            identity,
            time,
            position,
        })
    }

    /// The type that is written, else that of the request, else `track` where an event is named.
    fn kind(&self, reception: &Reception) -> Result<EventType, Invalid> {
        match self.wire.kind.text("type")? {
            Some(written) => kind_named(written).ok_or_else(|| Invalid::UnknownType {
                written: shown(written),
            }),
            None => match (reception.event_type, self.wire.event.text("event")?) {
                (Some(kind), _) => Ok(kind),
                (None, Some(_)) => Ok(EventType::Track),
                (None, None) => Err(Invalid::NoType),
            },
        }
    }

    /// The user by account, else by the visitor's id.
    fn identity(&self) -> Result<IdentityKind, Invalid> {
        if self.wire.user_id.text("userId")?.is_some() {
            return Ok(IdentityKind::Account);
        }
        match self.wire.anonymous_id.text("anonymousId")? {
            Some(_) => Ok(IdentityKind::Anonymous),
            None => Err(Invalid::NoUser),
        }
    }

    /// The place in the source's own order; none where it is absent.
    fn position(&self) -> Result<Position, Invalid> {
        let wrong = Invalid::WrongMember {
            member: "position",
            expected: "a whole number from 0, less than 2^63",
        };
        match self.wire.position.text("position") {
            Ok(None) => Ok(Position::NONE),
            Ok(Some(written)) => written.parse().ok().and_then(Position::new).ok_or(wrong),
            Err(_) => Err(wrong),
        }
    }

    fn time(&self, kind: EventType, reception: &Reception) -> Result<Time, Invalid> {
        let written = match self.wire.timestamp.text("timestamp")? {
            Some(written) => Some(written),
            None => self.wire.original_timestamp.text("originalTimestamp")?,
        };
        let Some(written) = written else {
            return match reception.missing_time {
                MissingTime::Refused if kind != EventType::Identify => Err(Invalid::NoTime),
                MissingTime::Refused | MissingTime::Received => Ok(reception.at),
            };
        };
        let time = read_time(written).ok_or_else(|| Invalid::UnreadableTime {
            written: shown(written),
        })?;
        if time.since(reception.at) > self.limits.future {
            return Err(Invalid::Future { time });
        }
        Ok(time)
    }
}

impl<'d> Decoded<'d> {
    /// What sort of call brought it.
    #[must_use]
    pub fn kind(&self) -> EventType {
        self.kind
    }

    /// What happened.
    #[must_use]
    pub fn name(&self) -> &'d str {
        self.kind
            .event_name()
            .unwrap_or_else(|| self.wire.event.as_str())
    }

    /// When it happened.
    #[must_use]
    pub fn time(&self) -> Time {
        self.time
    }

    /// Its place in the source's own order.
    #[must_use]
    pub fn position(&self) -> Position {
        self.position
    }

    /// The sender's id of it.
    #[must_use]
    pub fn message_id(&self) -> Option<&'d str> {
        Some(self.wire.message_id.as_str()).filter(|id| !id.is_empty())
    }

    /// Whose it is.
    #[must_use]
    pub fn user(&self) -> UserKey {
        UserKey::new(self.identity, self.user_id())
    }

    /// Whose it is, as [`UserKey`] is written.
    #[must_use]
    pub fn user_text(&self) -> Cow<'d, str> {
        let id = self.user_id();
        if self.identity == IdentityKind::Account && !id.contains(':') {
            return canonical_address_or_same(id);
        }
        Cow::Owned(self.user().to_string())
    }

    /// The other identities that it says to be its user's: the visitor's id beside a `userId`, and
    /// the id before of an `alias`, which is a visitor's unless it says what it is.
    pub fn other_identities(&self) -> impl Iterator<Item = UserKey> {
        let named = |text: &'d str| Some(text).filter(|text| !text.is_empty());
        let visitor = match self.identity {
            IdentityKind::Anonymous => None,
            _ => named(self.wire.anonymous_id.as_str()),
        };
        let previous = match self.kind {
            EventType::Alias => named(self.wire.previous_id.as_str()),
            _ => None,
        };
        let previous = previous.map(|id| UserKey::parse_as(id, IdentityKind::Anonymous));
        visitor.map(UserKey::anonymous).into_iter().chain(previous)
    }

    /// Its properties, or the traits of an `identify`: the dotted path and the text as
    /// `domain::stored` reads it. Each path is there once. Only an `identify` unsets; of other
    /// events a null is no value.
    pub fn fields(&self) -> impl Iterator<Item = (&'d str, &'d str)> {
        let keeps_unset = self.kind == EventType::Identify;
        self.groups()
            .into_iter()
            .flatten()
            .flat_map(Fields::iter)
            .filter(move |(_, text)| keeps_unset || *text != stored::UNSET)
    }

    /// The event by itself.
    #[must_use]
    pub fn to_event(&self) -> Event {
        event::of(self)
    }

    fn user_id(&self) -> &'d str {
        match self.identity {
            IdentityKind::Anonymous => self.wire.anonymous_id.as_str(),
            _ => self.wire.user_id.as_str(),
        }
    }

    fn groups(&self) -> [Option<&'d Fields>; 2] {
        match self.kind {
            EventType::Identify => [Some(&self.wire.traits), None],
            EventType::Group => [Some(&self.wire.traits), Some(&self.wire.context)],
            EventType::Track | EventType::Page | EventType::Screen | EventType::Alias => {
                [Some(&self.wire.properties), Some(&self.wire.context)]
            }
        }
    }
}

fn kind_named(written: &str) -> Option<EventType> {
    [
        EventType::Track,
        EventType::Identify,
        EventType::Page,
        EventType::Screen,
        EventType::Group,
        EventType::Alias,
    ]
    .into_iter()
    .find(|kind| kind.name() == written)
}

fn check_name(name: Option<&str>) -> Result<(), Invalid> {
    match name {
        None => Err(Invalid::NoName),
        Some(name) if name.starts_with('$') => Err(Invalid::ReservedName { name: shown(name) }),
        Some(_) => Ok(()),
    }
}

/// RFC 3339 (naive: UTC), a date, epoch seconds or milliseconds.
fn read_time(written: &str) -> Option<Time> {
    Time::parse(written).or_else(|| Date::parse(written).map(Date::midnight_utc))
}

/// A text as a message shows it.
fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}
