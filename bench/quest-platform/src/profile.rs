//! What is known about a user at one instant.

use domain::{Date, Time};

use crate::character::{Character, DAY, skewed};
use crate::dictionary::{CHAINS, CHANNELS, KYC_PROVIDERS, LANGUAGES};
use crate::event_kind::Persona;
use crate::random::{Purpose, Random, scaled};
use crate::sharing::Sharing;

/// A social account that is bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Twitter {
    /// Followers.
    pub followers: i64,
    /// Whether Twitter has verified it.
    pub is_verified: bool,
    /// When it was made.
    pub created_at: Time,
}

/// What a user has on chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assets {
    /// Value of all holdings in cents of a US dollar.
    pub usd: i64,
    /// Native tokens in wei.
    pub wei: i128,
    /// NFTs held.
    pub nfts: i64,
    /// Different tokens held.
    pub tokens: i64,
    /// Transactions ever.
    pub transactions: i64,
    /// When the oldest wallet first appeared on chain.
    pub first_seen_at: Time,
    /// The chains used, one bit for each code of [`crate::Dictionary::Chain`].
    pub chains: u16,
}

/// What is known about a user from an instant on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    pub(crate) seed: u64,
    /// Whose it is.
    pub user: u32,
    /// The instant from which it holds.
    pub time: Time,
    /// When the user signed up.
    pub signup_at: Time,
    /// Code into [`crate::Dictionary::Country`].
    pub country: u16,
    /// Code into [`crate::Dictionary::Language`].
    pub language: u16,
    /// Code into [`crate::Dictionary::Device`].
    pub device: u16,
    /// What others may have, too.
    pub(crate) sharing: Sharing,
    /// Code into [`crate::Dictionary::Channel`].
    pub channel: u16,
    /// Favourite categories, one bit for each code of [`crate::Dictionary::Category`]; 0: none told.
    pub interests: u16,
    /// Birthday, if told.
    pub birthday: Option<Date>,
    /// Whether newsletters are wanted, if asked.
    pub newsletter: Option<bool>,
    /// Level on the platform, from 1.
    pub level: i64,
    /// Points on the platform.
    pub points: i64,
    /// Whether the email address is verified.
    pub email_verified: bool,
    /// Twitter, if bound.
    pub twitter: Option<Twitter>,
    /// Roles on the community's Discord, if bound.
    pub discord_roles: Option<i64>,
    /// Whether Telegram is bound.
    pub telegram: bool,
    /// 0 to 3.
    pub kyc_level: i64,
    /// Code into [`crate::Dictionary::KycStatus`], if ever started.
    pub kyc_status: Option<u16>,
    /// Code into [`crate::Dictionary::KycProvider`], if ever started.
    pub kyc_provider: Option<u16>,
    /// When identity was verified.
    pub kyc_verified_at: Option<Time>,
    /// Score of humanity in hundredths, 0 to 10,000, if measured.
    pub poh_score: Option<i64>,
    /// Whether verified by World ID.
    pub poh_worldcoin: bool,
    /// How many wallets are bound.
    pub wallets: u8,
    /// On-chain assets; `None` without a wallet.
    pub assets: Option<Assets>,
    /// Who invited the user.
    pub invited_by: Option<u32>,
    /// How many users were invited.
    pub invites: i64,
}

impl Profile {
    /// The profile as it was at sign-up.
    pub(crate) fn at_signup(seed: u64, user: u32, character: &Character) -> Self {
        let mut random = Random::new(seed, Purpose::Profile, u64::from(user));
        let is_bot = character.persona == Persona::Bot;
        let kyc = random.below(100);
        let has_kyc = !is_bot && kyc < 55;
        let kyc_status = has_kyc.then_some(if kyc < 38 { 1 } else { (kyc % 4) as u16 });
        let is_approved = kyc_status == Some(1);
        let interests = character
            .interests
            .iter()
            .fold(0, |bits, code| bits | 1 << code);
        let signup = character.signup_at.millis();
        Self {
            seed,
            user,
            time: character.signup_at,
            signup_at: character.signup_at,
            country: character.country,
            language: if random.chance(850) {
                character.home().language
            } else {
                skewed(random.word(), LANGUAGES.len())
            },
            device: character.device,
            sharing: Sharing::of(seed, user, character.persona),
            channel: skewed(random.word(), CHANNELS.len()),
            interests: if random.chance(700) { interests } else { 0 },
            birthday: random.chance(350).then(|| birthday(random.word())),
            newsletter: random.chance(600).then(|| random.chance(450)),
            level: i64::from(skewed(random.word(), 50)) + 1,
            points: random.heavy(20, 10),
            email_verified: random.chance(if is_bot { 100 } else { 720 }),
            twitter: random.chance(620).then(|| twitter(&mut random, signup)),
            discord_roles: random
                .chance(480)
                .then(|| i64::from(skewed(random.word(), 8))),
            telegram: random.chance(520),
            kyc_level: if is_approved {
                1 + random.below(3) as i64
            } else {
                0
            },
            kyc_status,
            kyc_provider: has_kyc.then(|| skewed(random.word(), KYC_PROVIDERS.len())),
            kyc_verified_at: is_approved.then(|| {
                Time::from_millis(signup - (random.below(60 * DAY.unsigned_abs()) as i64))
            }),
            poh_score: (!is_bot && random.chance(450)).then(|| 2_000 + random.below(8_001) as i64),
            poh_worldcoin: !is_bot && random.chance(70),
            wallets: character.wallets,
            assets: (character.wallets > 0).then(|| assets(&mut random, character, signup)),
            invited_by: (user > 0 && random.chance(260))
                .then(|| skewed(random.word(), user as usize) as u32),
            invites: if random.chance(150) {
                random.heavy(1, 8)
            } else {
                0
            },
        }
    }

    /// The same profile after the user has verified more and won points; one user in five has
    /// such a later version, of the last 60 days.
    pub(crate) fn later(&self, now: Time) -> Option<Self> {
        let mut random = Random::new(self.seed, Purpose::Profile, u64::from(self.user) | 1 << 40);
        if !random.chance(200) {
            return None;
        }
        let from = self.signup_at.millis().max(now.millis() - 60 * DAY) + 1;
        let span = (now.millis() - from).max(1).unsigned_abs();
        let mut later = *self;
        later.time = Time::from_millis((from + random.below(span) as i64).min(now.millis()));
        later.points += random.heavy(50, 8);
        later.level += 1 + random.below(5) as i64;
        if let Some(status) = self.kyc_status.filter(|status| *status != 1) {
            let is_approved = random.chance(700);
            later.kyc_status = Some(if is_approved { 1 } else { status });
            later.kyc_level = i64::from(is_approved);
            later.kyc_verified_at = is_approved.then_some(later.time);
        }
        if let Some(twitter) = &mut later.twitter {
            twitter.followers += random.heavy(4, 10);
        }
        later.email_verified |= random.chance(500);
        Some(later)
    }
}

fn birthday(word: u64) -> Date {
    // 1960 to 2007.
    Date::from_days(-3_653 + scaled(word, 17_500) as i32)
}

fn twitter(random: &mut Random, signup: i64) -> Twitter {
    Twitter {
        followers: random.heavy(12, 14),
        is_verified: random.chance(60),
        created_at: Time::from_millis(signup - random.below(3_000 * DAY.unsigned_abs()) as i64),
    }
}

fn assets(random: &mut Random, character: &Character, signup: i64) -> Assets {
    let unit = match character.persona {
        Persona::Whale => 2_000_000,
        Persona::Trader | Persona::Farmer => 20_000,
        Persona::Bot => 300,
        _ => 4_000,
    };
    let usd = random.heavy(unit, 12);
    let more_chains = random.word() & random.word();
    Assets {
        usd,
        wei: i128::from(usd) * 1_000_000_000_000 * 2 + i128::from(random.below(1_000_000_000_000)),
        nfts: if character.persona == Persona::Collector {
            random.heavy(5, 7)
        } else {
            random.heavy(1, 4) - 1
        },
        tokens: random.heavy(2, 5),
        transactions: random.heavy(15, 10),
        first_seen_at: Time::from_millis(signup - random.below(1_500 * DAY.unsigned_abs()) as i64),
        chains: (1 << character.home_chain) | (more_chains as u16 & ((1 << CHAINS.len()) - 1)),
    }
}
