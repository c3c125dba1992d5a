//! What a user is like: decided once, read by the profile and by the history.

use domain::Time;

use crate::dictionary::{CATEGORIES, CHAINS, COUNTRIES, Country, DEVICES};
use crate::event_kind::Persona;
use crate::random::{Purpose, Random, scaled};

/// Milliseconds of a day.
pub(crate) const DAY: i64 = 86_400_000;
/// Days of behaviour before `now`.
pub(crate) const DAYS_OF_BEHAVIOUR: i64 = 30;
/// Days over which users signed up.
const DAYS_OF_SIGNUPS: i64 = 900;

/// What a user is like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Character {
    pub(crate) persona: Persona,
    pub(crate) country: u16,
    pub(crate) device: u16,
    pub(crate) home_chain: u16,
    /// The favourite category, and the second.
    pub(crate) interests: [u16; 2],
    pub(crate) wallets: u8,
    pub(crate) signup_at: Time,
    /// The user did nothing after this.
    pub(crate) last_active: Time,
    /// Comes every day rather than now and then.
    pub(crate) is_steady: bool,
}

impl Character {
    pub(crate) fn new(seed: u64, now: Time, user: u32) -> Self {
        let mut random = Random::new(seed, Purpose::Activity, u64::from(user) | 1 << 40);
        let persona = persona(random.below(1000));
        let country = country(random.below(1000));
        // Three users in a hundred came in the last month; before, growth was steady.
        let age = if random.chance(80) {
            random.below((DAYS_OF_BEHAVIOUR * DAY).unsigned_abs())
        } else {
            let days = DAYS_OF_SIGNUPS * DAY;
            random
                .below(days.unsigned_abs())
                .min(random.below(days.unsigned_abs()))
        };
        let signup_at = now.millis() - 1 - i64::try_from(age).unwrap_or(0);
        let stays = random.chance(700);
        let start = signup_at.max(now.millis() - DAYS_OF_BEHAVIOUR * DAY);
        let span = (now.millis() - start).unsigned_abs();
        let last_active = if stays {
            now.millis()
        } else {
            start + span as i64 / 20 + scaled(random.word(), span - span / 20) as i64
        };
        let most_wallets = match persona {
            Persona::Visitor => 2,
            Persona::Whale => 6,
            _ => 4,
        };
        let is_crypto = !matches!(persona, Persona::Visitor);
        Self {
            persona,
            country,
            device: skewed(random.word(), DEVICES.len()),
            home_chain: skewed(random.word(), CHAINS.len()),
            interests: [
                skewed(random.word(), CATEGORIES.len()),
                scaled(random.word(), CATEGORIES.len() as u64) as u16,
            ],
            wallets: random.below(most_wallets) as u8 + u8::from(is_crypto),
            signup_at: Time::from_millis(signup_at),
            last_active: Time::from_millis(last_active),
            is_steady: random.chance(200),
        }
    }

    pub(crate) fn home(&self) -> &'static Country {
        static COUNTRY: Country = Country {
            code: "SG",
            language: 0,
            utc_offset_hours: 8,
            per_mille: 0,
        };
        COUNTRIES.get(usize::from(self.country)).unwrap_or(&COUNTRY)
    }
}

fn persona(share: u64) -> Persona {
    let mut reached = 0;
    for (persona, per_mille) in Persona::SHARES {
        reached += u64::from(per_mille);
        if share < reached {
            return persona;
        }
    }
    Persona::Visitor
}

fn country(share: u64) -> u16 {
    let mut reached = 0;
    for (code, country) in COUNTRIES.iter().enumerate() {
        reached += u64::from(country.per_mille);
        if share < reached {
            return code as u16;
        }
    }
    0
}

/// A code below `count`, the first ones far more often.
#[inline]
pub(crate) fn skewed(word: u64, count: usize) -> u16 {
    let uniform = word >> 32;
    let square = (uniform * uniform) >> 32;
    ((square * count as u64) >> 32) as u16
}
