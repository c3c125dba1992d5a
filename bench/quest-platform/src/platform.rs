//! The platform: its settings, how many events each user has, and every user's data.

use std::ops::Range;

use domain::Time;

use crate::character::Character;
use crate::event_kind::EventDraw;
use crate::history::Events;
use crate::holding::{self, Held};
use crate::identity::{Identities, Sender};
use crate::profile::Profile;
use crate::random::{Purpose, Random};

/// Users of a hundred about whom only the profile is known.
const ONLY_PROFILE_PER_MILLE: u64 = 250;

/// How large a platform is, and which one of its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Equal settings give equal platforms, everywhere.
    pub seed: u64,
    /// How many users.
    pub users: u32,
    /// How many events, exactly, in the 30 days up to `now`.
    pub events: u64,
    /// The last instant at which anything may have happened.
    pub now: Time,
}

impl Settings {
    /// The demonstration: 20,000 users and 2 million events.
    pub fn demo(now: Time) -> Self {
        Self {
            seed: 1,
            users: 20_000,
            events: 2_000_000,
            now,
        }
    }
}

/// A synthetic quest platform. Holds 8 bytes per user; everything else is made when asked for.
#[derive(Debug, Clone)]
pub struct Platform {
    settings: Settings,
    draw: Box<EventDraw>,
    /// The number of events of all users before each user, and of all.
    events_before: Vec<u64>,
}

impl Platform {
    /// Shares the events out among the users.
    pub fn new(settings: Settings) -> Self {
        let users = settings.users as usize;
        let mut weight_before = Vec::with_capacity(users + 1);
        let mut total = 0u64;
        weight_before.push(0);
        for user in 0..settings.users {
            total += weight(settings.seed, user);
            weight_before.push(total);
        }
        let share = |weight: &u64| {
            let share =
                u128::from(*weight) * u128::from(settings.events) / u128::from(total.max(1));
            u64::try_from(share).unwrap_or(u64::MAX)
        };
        Self {
            settings,
            draw: Box::new(EventDraw::new()),
            events_before: weight_before.iter().map(share).collect(),
        }
    }

    /// What it was made with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// How many events a user has; 0 for users who are not there.
    pub fn event_count(&self, user: u32) -> u64 {
        let before = |user: usize| self.events_before.get(user).copied();
        match (before(user as usize), before(user as usize + 1)) {
            (Some(before), Some(after)) => after - before,
            _ => 0,
        }
    }

    /// What is known about a user: the profile at sign-up, and for some a later one.
    pub fn profiles(&self, user: u32) -> impl Iterator<Item = Profile> + use<> {
        let Settings { seed, now, .. } = self.settings;
        let first = Profile::at_signup(seed, user, &Character::new(seed, now, user));
        std::iter::once(first).chain(first.later(now))
    }

    /// The identities of a user beside the account, each with the time from which it is linked.
    pub fn links(&self, user: u32) -> impl Iterator<Item = (Sender, Time)> + use<> {
        let Settings { seed, now, .. } = self.settings;
        let character = Character::new(seed, now, user);
        Identities::of(seed, user, &character).links(character.signup_at)
    }

    /// What the identities of a user hold now; nothing of users without a wallet.
    pub fn holdings(&self, user: u32) -> Vec<Held> {
        let Settings { seed, now, .. } = self.settings;
        holding::of(seed, now, user)
    }

    /// The events of a user, in the order of time.
    pub fn events(&self, user: u32) -> Events<'_> {
        let Settings { seed, now, .. } = self.settings;
        let count = u32::try_from(self.event_count(user)).unwrap_or(u32::MAX);
        let character = Character::new(seed, now, user);
        Events::new(&self.draw, (seed, now), (user, character), count)
    }

    /// The events of a range of users, sorted by user and time.
    pub fn events_of(&self, users: Range<u32>) -> impl Iterator<Item = crate::Event> {
        users.flat_map(|user| self.events(user))
    }
}

/// How active a user is, in any unit: a quarter does nothing, and of the others one in a hundred
/// does a quarter of everything.
fn weight(seed: u64, user: u32) -> u64 {
    let mut random = Random::new(seed, Purpose::Activity, u64::from(user));
    if random.chance(ONLY_PROFILE_PER_MILLE) {
        return 0;
    }
    // 1 / (u + 1/200) - 0.95 for a uniform u, in millionths, in whole numbers.
    let uniform = random.below(1_000_000);
    1_000_000_000_000 / (uniform + 5_000) - 950_000
}
