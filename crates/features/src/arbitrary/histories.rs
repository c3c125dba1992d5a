//! Random histories of single users.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{EventName, Span, Time, UserKey, Value, Zone};

use super::{Random, Vocabulary, memberships, values};
use crate::identity::IdentityEvent;
use crate::reference::{Change, PastEvent, User};

/// Names of events; `$group` is one of Muster's own.
const NAMES: [&str; 6] = ["login", "swap", "quest_a", "quest_b", "$page", "$group"];

/// A zone with changes of clocks, some of them odd.
pub(super) fn zone(random: &mut Random) -> Zone {
    let name = random.pick(
        "UTC",
        &[
            "Asia/Shanghai",
            "Europe/Berlin",
            "America/New_York",
            "America/Sao_Paulo",
            "Asia/Kolkata",
            "Australia/Lord_Howe",
            "America/St_Johns",
            "Pacific/Apia",
            // Databases of different years disagree about it.
            "America/Vancouver",
        ],
    );
    Zone::named(name).unwrap_or_default()
}

/// Instants at which clocks change, months, weeks and days end in some zone; and an ordinary one.
const BOUNDARIES: [&str; 12] = [
    "2026-03-29T01:00:00Z",
    "2026-10-25T01:00:00Z",
    "2026-03-08T07:00:00Z",
    "2026-11-01T06:00:00Z",
    "2018-11-04T03:00:00Z",
    "2018-02-18T02:00:00Z",
    "2026-04-04T15:00:00Z",
    "2010-11-07T02:31:00Z",
    "2011-12-30T10:00:00Z",
    "2024-02-29T00:00:00Z",
    "2025-12-31T16:00:00Z",
    "2026-11-22T10:17:23.456Z",
];

impl Vocabulary {
    /// A pool of a few instants around one boundary.
    pub fn draw(random: &mut Random) -> Self {
        let centre = random.pick("2026-11-22T00:00:00Z", &BOUNDARIES);
        let centre = Time::parse(centre).map_or(0, Time::millis);
        let day = Span::DAY.millis();
        let instants = (0..8)
            .map(|_| {
                let days = random.pick(0, &[0, 0, 1, 1, 2, 6, 7, 8, 28, 31, 90, 366]);
                let hours = random.pick(0, &[0, 0, 1, 3, 12, 23, 25]);
                let millis = random.pick(0, &[0, 1, 1_800_000]);
                let offset = days * day + hours * Span::HOUR.millis() + millis;
                Time::from_millis(centre + if random.chance(60) { -offset } else { offset })
            })
            .collect();
        Self { instants }
    }

    /// One of the instants.
    pub fn instant(&self, random: &mut Random) -> Time {
        random.pick(Time::from_millis(0), &self.instants)
    }

    /// A duration that leads from one of the instants to another, or a round one.
    pub fn span(&self, random: &mut Random) -> Span {
        match random.below(3) {
            0 => Span::DAY,
            1 => Span::from_millis(random.below(48) as i64 * Span::HOUR.millis()),
            _ => {
                let (a, b) = (self.instant(random), self.instant(random));
                Span::from_millis(a.since(b).millis().abs())
            }
        }
    }
}

/// The name of an event.
pub(super) fn name(random: &mut Random) -> EventName {
    EventName::new(random.pick("swap", &NAMES))
}

/// A user with a few events and changes; now and then with none.
pub(super) fn user(random: &mut Random, vocabulary: &Vocabulary) -> User {
    let mut arrival = 0;
    let mut user = User::default();
    for _ in 0..random.below(6) {
        arrival += 1;
        identify(random, vocabulary, arrival, &mut user.changes);
    }
    memberships::record(random, vocabulary, &mut user);
    for _ in 0..random.below(9) {
        arrival += 1;
        user.events.push(PastEvent {
            time: vocabulary.instant(random),
            arrival,
            position: random.pick(0, &[0, 0, 0, 1, 2]),
            name: name(random),
            source: Arc::from(random.pick("web", &["app", "Web", ""])),
            properties: properties(random, vocabulary),
        });
    }
    identities(random, vocabulary, arrival, &mut user);
    user
}

/// The identities of which users have some.
const IDENTITIES: [&str; 6] = [
    "u1",
    "0xABCDEFabcdef0123456789ABCDEFabcdef012345",
    "0xa1",
    "social:twitter:alice",
    "device:d1",
    "anonymous:a7",
];

/// The identities of a user, and what was linked and unlinked.
fn identities(random: &mut Random, vocabulary: &Vocabulary, arrivals: u64, user: &mut User) {
    for written in IDENTITIES {
        let identity = UserKey::parse(written);
        if random.chance(30) {
            user.identities.push(identity.clone());
        }
        for is_linked in [true, false] {
            if random.chance(20) {
                user.identity_events.push(IdentityEvent {
                    user: 0,
                    time: vocabulary.instant(random).millis(),
                    arrival: arrivals + 1 + user.identity_events.len() as u64,
                    identity: identity.clone(),
                    is_linked,
                });
            }
        }
    }
}

fn properties(random: &mut Random, vocabulary: &Vocabulary) -> BTreeMap<Arc<str>, Value> {
    let mut properties = BTreeMap::new();
    for name in values::PATHS {
        if random.chance(45) {
            properties.insert(Arc::from(name), values::under(random, name, vocabulary));
        }
    }
    properties
}

/// What one identify event sets: attributes as a whole, or one path inside one.
fn identify(random: &mut Random, vocabulary: &Vocabulary, arrival: u64, changes: &mut Vec<Change>) {
    let time = vocabulary.instant(random);
    let mut set = |path: &str, value: Option<Value>| {
        changes.push(Change {
            time,
            arrival,
            path: Arc::from(path),
            value,
        });
    };
    if random.chance(15) {
        let member = random
            .chance(70)
            .then(|| values::under(random, "level", vocabulary));
        set("deep.x", member);
        return;
    }
    for name in values::PATHS {
        if random.chance(30) {
            let value = random
                .chance(80)
                .then(|| values::under(random, name, vocabulary));
            set(name, value);
        }
    }
}
