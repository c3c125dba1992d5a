//! The events of one user, in the order of time.

use domain::Time;

use crate::character::{Character, DAY, DAYS_OF_BEHAVIOUR, skewed};
use crate::dictionary::{CATEGORIES, CHAINS, COMMUNITIES, PATHS, PROTOCOLS, QUESTS, TOKENS};
use crate::event::Event;
use crate::event_kind::{EventDraw, EventKind, Persona, Shape};
use crate::identity::Identities;
use crate::random::{Purpose, Random, scaled};

/// The hours of a day at which people are about, local time.
const WAKING_HOURS: [i64; 32] = [
    0, 1, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 15, 15, 16, 17, 18, 18, 19, 19, 20,
    20, 21, 21, 21, 22, 22, 23,
];
const CENTS_PER_ETHER: i128 = 300_000;
const WEI_PER_ETHER: i128 = 1_000_000_000_000_000_000;

/// The events of one user, in the order of time.
#[derive(Debug, Clone)]
pub struct Events<'p> {
    draw: &'p EventDraw,
    seed: u64,
    user: u32,
    character: Character,
    identities: Identities,
    random: Random,
    made: u32,
    count: u32,
    now: i64,
    sessions: Vec<i64>,
    events_per_session: u32,
    longest_gap: i64,
    time: i64,
    quest: u16,
}

impl<'p> Events<'p> {
    pub(crate) fn new(
        draw: &'p EventDraw,
        (seed, now): (u64, Time),
        (user, character): (u32, Character),
        count: u32,
    ) -> Self {
        let mut random = Random::new(seed, Purpose::History, u64::from(user));
        let is_bot = character.persona == Persona::Bot;
        let events_per_session = if is_bot {
            20
        } else {
            3 + random.below(12) as u32
        };
        let from = character
            .signup_at
            .millis()
            .max(now.millis() - DAYS_OF_BEHAVIOUR * DAY + 1);
        let until = character.last_active.millis();
        let sessions = count.div_ceil(events_per_session);
        let starts = session_starts(&mut random, &character, sessions, (from, until));
        Self {
            draw,
            seed,
            user,
            character,
            identities: Identities::of(seed, user, &character),
            random,
            made: 0,
            count,
            now: until,
            sessions: starts,
            events_per_session,
            // However many events there are, they fit into the time.
            longest_gap: ((until - from) / i64::from(count.max(1)) / 2).max(1),
            time: from,
            quest: 0,
        }
    }

    fn next_time(&mut self) -> Time {
        let gap = if self.character.persona == Persona::Bot {
            60_000
        } else {
            self.random.heavy(2_000, 6)
        };
        let in_session = self.made % self.events_per_session;
        if in_session == 0 {
            let session = (self.made / self.events_per_session) as usize;
            let start = self.sessions.get(session).copied().unwrap_or(self.time);
            self.time = self.time.max(start);
        } else {
            self.time += gap.min(self.longest_gap);
        }
        self.time = self.time.min(self.now);
        Time::from_millis(self.time)
    }

    fn fill(&mut self, event: &mut Event) {
        let kind = event.kind();
        let word = self.random.word();
        event.device = if word & 7 == 0 {
            skewed(word, 4)
        } else {
            self.character.device
        };
        match kind.shape {
            Shape::Plain => {}
            Shape::Page => {
                event.path = skewed(word, PATHS.len());
                event.category = self.category(word >> 8);
            }
            Shape::Wallet => self.fill_wallet(event, word >> 8),
            Shape::Quest | Shape::Reward => self.fill_quest(event, kind, word >> 8),
            Shape::Community => {
                event.community = skewed(word, usize::from(COMMUNITIES));
                event.category = event.community % CATEGORIES.len() as u16;
            }
            Shape::Transaction | Shape::Transfer | Shape::Nft => {
                self.fill_transaction(event, kind, word >> 8)
            }
        }
    }

    fn category(&self, bits: u64) -> u16 {
        let [favourite, second] = self.character.interests;
        match bits & 15 {
            0..8 => favourite,
            8..12 => second,
            _ => scaled(bits << 24, CATEGORIES.len() as u64) as u16,
        }
    }

    fn fill_wallet(&mut self, event: &mut Event, bits: u64) {
        let wallets = u64::from(self.character.wallets.max(1));
        event.wallet = Some(skewed(bits << 32, wallets as usize) as u8);
        event.chain = if bits & 15 < 9 {
            self.character.home_chain
        } else {
            skewed(bits << 24, CHAINS.len())
        };
        event.success = Some((bits >> 4) & 31 != 0);
    }

    fn fill_quest(&mut self, event: &mut Event, kind: &EventKind, bits: u64) {
        let is_of_quest = !matches!(kind.name, "check_in" | "lottery_draw" | "points_redeem");
        if is_of_quest {
            // A quest is looked at, started, completed and claimed: mostly the same one.
            if kind.name == "quest_view" || bits & 15 < 3 {
                let word = self.random.word();
                let category = self.category(word);
                let nth = skewed(word, usize::from(QUESTS) / CATEGORIES.len());
                self.quest = nth * CATEGORIES.len() as u16 + category;
            }
            event.quest_id = self.quest;
            event.category = self.quest % CATEGORIES.len() as u16;
        }
        if kind.shape == Shape::Reward {
            let word = self.random.word();
            event.points = match kind.name {
                "check_in" => 5,
                _ => 10 * (1 + (scaled(word, 20) as i64)),
            };
            event.success = Some(if kind.name == "quiz_answer" {
                bits & 7 < 5
            } else {
                bits & 31 != 31
            });
            if word & 7 == 0 {
                event.reward_usd = self.random.heavy(100, 8);
            }
        }
    }

    fn fill_transaction(&mut self, event: &mut Event, kind: &EventKind, bits: u64) {
        self.fill_wallet(event, bits);
        let word = self.random.word();
        event.token = skewed(word, TOKENS.len());
        if kind.shape != Shape::Transfer {
            event.protocol = skewed(word << 32, PROTOCOLS.len());
        }
        if kind.shape == Shape::Nft {
            event.category = self.category(word);
        }
        let cents = self.amount(kind);
        event.value_wei =
            i128::from(cents) * WEI_PER_ETHER / CENTS_PER_ETHER + i128::from(word % 1_000_000_000);
        // Some tokens have no price.
        if word & 31 != 7 {
            event.amount_usd = cents;
        }
        event.gas_used = match kind.shape {
            Shape::Transfer => 21_000,
            _ => 50_000 + scaled(word << 16, 400_000) as i64,
        };
        let gwei_hundredths = if event.chain == 0 {
            800 + (word >> 40 & 0xFFF)
        } else {
            1 + (word >> 40 & 0x1F)
        };
        event.gas_price = gwei_hundredths as i64 * 10_000_000;
    }

    /// Cents of a US dollar: small ones often, large ones seldom.
    fn amount(&mut self, kind: &EventKind) -> i64 {
        let unit = match kind.name {
            "bridge" | "nft_buy" | "nft_sell" => 2_000,
            "stake" | "add_liquidity" | "borrow" | "deposit" => 4_000,
            "approve_token" | "contract_call" | "mint" | "airdrop_claim" => 200,
            _ => 800,
        };
        match self.character.persona {
            Persona::Bot => unit + 7,
            Persona::Whale => self.random.heavy(unit * 40, 11),
            Persona::Trader | Persona::Farmer => self.random.heavy(unit * 2, 11),
            _ => self.random.heavy(unit / 2, 10),
        }
    }
}

impl Iterator for Events<'_> {
    type Item = Event;

    #[inline]
    fn next(&mut self) -> Option<Event> {
        if self.made == self.count {
            return None;
        }
        let time = self.next_time();
        let bits = self.random.word();
        let mut name = self.draw.draw(self.character.persona, bits);
        // Who comes every day checks in first.
        if self.character.is_steady && self.made.is_multiple_of(self.events_per_session) {
            name = self.draw.check_in;
        }
        let mut event = Event::bare(self.seed, self.user, self.made, time, name);
        self.fill(&mut event);
        let shape = event.kind().shape;
        event.sender = self.identities.sender(self.made, shape, event.wallet);
        self.made += 1;
        Some(event)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let rest = (self.count - self.made) as usize;
        (rest, Some(rest))
    }
}

impl ExactSizeIterator for Events<'_> {}

/// When each of the user's visits begins, in order.
fn session_starts(
    random: &mut Random,
    character: &Character,
    sessions: u32,
    (from, until): (i64, i64),
) -> Vec<i64> {
    let span = (until - from).max(1);
    let offset = character.home().utc_offset_hours * 3_600_000;
    let hours = WAKING_HOURS.len() as u64;
    let start = |session: u32| {
        let word = random.word();
        let at = if character.is_steady {
            i64::from(session) * span / i64::from(sessions) + from
        } else {
            from + scaled(word, span.unsigned_abs()) as i64
        };
        let hour = WAKING_HOURS
            .get(scaled(word << 32, hours) as usize)
            .copied()
            .unwrap_or(12);
        let within_hour = (word % 3_600_000) as i64;
        let local_day = (at + offset).div_euclid(DAY);
        let waking = local_day * DAY + hour * 3_600_000 + within_hour - offset;
        if (from..until).contains(&waking) {
            waking
        } else {
            at
        }
    };
    let mut starts: Vec<i64> = (0..sessions).map(start).collect();
    starts.sort_unstable();
    starts
}
