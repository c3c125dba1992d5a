//! A decoded event by itself, as the rest of the program knows it.

use std::sync::Arc;

use domain::{Event, EventName, EventType};

use super::Decoded;
use crate::fields::Named;

pub(super) fn of(decoded: &Decoded<'_>) -> Event {
    let mut named = Named::default();
    for fields in decoded.groups().into_iter().flatten() {
        fields.append_to(&mut named);
    }
    Event {
        user: decoded.user(),
        kind: decoded.kind(),
        name: EventName::new(decoded.name()),
        time: decoded.time(),
        message_id: decoded.message_id().map(Arc::from),
        properties: named.values,
        unset: match decoded.kind() {
            EventType::Identify => named.unset,
            // Of a behaviour a null is no value.
            _ => Vec::new(),
        },
    }
}
