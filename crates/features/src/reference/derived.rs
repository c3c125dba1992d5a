//! Changes as events, by looking at the attributes before and after each touch.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{EventName, Time, Value};
use rules::checked::DerivedEvent;

use super::{PastEvent, User, memberships};
use crate::identity::IdentityEvent;
use crate::membership::Membership;
use crate::place::identity;

/// The visible events of a kind, in any order.
pub(super) fn events(change: &DerivedEvent, user: &User, now: Time) -> Vec<PastEvent> {
    let name = EventName::new(&change.to_string());
    match change {
        DerivedEvent::Changed(path) => changed(path, name, user, now),
        DerivedEvent::Entered(tag) => memberships::events(tag, Membership::Entered, user, now),
        DerivedEvent::Left(tag) => memberships::events(tag, Membership::Left, user, now),
        DerivedEvent::Linked(sort) => identities(user, name, "new", &|event| {
            event.is_linked && sort.takes(&event.identity)
        }),
        DerivedEvent::Unlinked(sort) => identities(user, name, "old", &|event| {
            !event.is_linked && sort.takes(&event.identity)
        }),
    }
}

/// Changes of identities, each with its text as `old` or as `new`.
fn identities(
    user: &User,
    name: EventName,
    property: &str,
    takes: &dyn Fn(&IdentityEvent) -> bool,
) -> Vec<PastEvent> {
    let events = user.identity_events.iter().filter(|event| takes(event));
    let event = |event: &IdentityEvent| PastEvent {
        time: Time::from_millis(event.time),
        arrival: event.arrival,
        position: 0,
        name: name.clone(),
        source: Arc::from(""),
        properties: [(Arc::from(property), Value::text(event.identity.text()))].into(),
    };
    events.map(event).collect()
}

fn changed(path: &str, name: EventName, user: &User, now: Time) -> Vec<PastEvent> {
    let touches: BTreeSet<(Time, u64)> = user
        .changes
        .iter()
        .filter(|change| change.time <= now)
        .map(|change| (change.time, change.arrival))
        .collect();
    let value_after = |touch: (Time, u64)| user.attributes_after(touch).remove(path);
    let mut events = Vec::new();
    let mut old: Option<Value> = None;
    for touch in touches {
        let new = value_after(touch);
        if old.clone().map(identity) != new.clone().map(identity) {
            let mut properties: BTreeMap<Arc<str>, Value> = BTreeMap::new();
            properties.extend(old.map(|old| (Arc::from("old"), old)));
            properties.extend(new.clone().map(|new| (Arc::from("new"), new)));
            let (time, arrival) = touch;
            events.push(PastEvent {
                time,
                arrival,
                position: 0,
                name: name.clone(),
                source: Arc::from(""),
                properties,
            });
        }
        old = new;
    }
    events
}
