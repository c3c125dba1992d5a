//! The 50 kinds of events: their names, which properties they carry, and who does them how often.

/// What a user is mostly here for; decides which events a history has, and how big amounts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Persona {
    /// Looks around.
    Visitor,
    /// Does quests for rewards.
    Quester,
    /// Swaps and bridges.
    Trader,
    /// Mints and trades NFTs.
    Collector,
    /// Stakes, lends and provides liquidity.
    Farmer,
    /// Moves large amounts.
    Whale,
    /// A script: regular to the second.
    Bot,
}

impl Persona {
    /// All of them, with their share of users in 1,000.
    pub const SHARES: [(Persona, u16); 7] = [
        (Persona::Visitor, 300),
        (Persona::Quester, 300),
        (Persona::Trader, 160),
        (Persona::Collector, 90),
        (Persona::Farmer, 80),
        (Persona::Whale, 20),
        (Persona::Bot, 50),
    ];
}

/// Which properties an event carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// `device`.
    Plain,
    /// `device`, `path`, `category`.
    Page,
    /// `device`, `wallet`, `chain`, `success`.
    Wallet,
    /// `device`, `quest_id`, `category`.
    Quest,
    /// As [`Shape::Quest`], and `points`, `reward_usd`, `success`.
    Reward,
    /// `device`, `community`, `category`.
    Community,
    /// `chain`, `token`, `protocol`, `wallet`, `amount_usd`, `value_wei`, `gas_used`, `gas_price`, `success`.
    Transaction,
    /// As [`Shape::Transaction`] without `protocol`.
    Transfer,
    /// As [`Shape::Transaction`], with `category`.
    Nft,
}

/// One kind of event.
#[derive(Debug, Clone, Copy)]
pub struct EventKind {
    /// The event's name.
    pub name: &'static str,
    /// Which properties it carries.
    pub shape: Shape,
    /// How often each persona does it, in the order of [`Persona::SHARES`].
    weights: [u16; 7],
}

const fn kind(name: &'static str, shape: Shape, weights: [u16; 7]) -> EventKind {
    EventKind {
        name,
        shape,
        weights,
    }
}

/// All kinds of events; an event's code is its position here.
pub const EVENT_KINDS: [EventKind; 50] = [
    //                                     visitor quester trader collector farmer whale bot
    kind("login", Shape::Plain, [90, 80, 60, 60, 55, 40, 30]),
    kind("logout", Shape::Plain, [20, 15, 10, 10, 10, 8, 0]),
    kind("page_view", Shape::Page, [430, 200, 120, 160, 110, 70, 10]),
    kind("search", Shape::Page, [60, 25, 20, 30, 10, 8, 0]),
    kind("profile_update", Shape::Plain, [8, 5, 3, 4, 2, 2, 0]),
    kind("bind_twitter", Shape::Plain, [3, 5, 2, 2, 1, 1, 4]),
    kind("bind_discord", Shape::Plain, [2, 4, 1, 2, 1, 1, 2]),
    kind("bind_telegram", Shape::Plain, [2, 4, 1, 1, 1, 1, 3]),
    kind(
        "connect_wallet",
        Shape::Wallet,
        [25, 40, 45, 40, 40, 35, 60],
    ),
    kind("disconnect_wallet", Shape::Wallet, [6, 6, 8, 6, 6, 6, 0]),
    kind("sign_message", Shape::Wallet, [8, 25, 25, 25, 20, 20, 60]),
    kind("kyc_start", Shape::Plain, [5, 6, 5, 3, 4, 5, 0]),
    kind("kyc_submit", Shape::Plain, [3, 4, 4, 2, 3, 4, 0]),
    kind("poh_verify", Shape::Plain, [2, 6, 1, 1, 1, 1, 2]),
    kind(
        "notification_open",
        Shape::Plain,
        [30, 35, 15, 20, 15, 8, 0],
    ),
    kind("banner_click", Shape::Page, [25, 15, 8, 10, 5, 3, 0]),
    kind("referral_invite", Shape::Plain, [4, 12, 4, 4, 3, 3, 10]),
    kind("quest_view", Shape::Quest, [70, 120, 15, 25, 15, 5, 40]),
    kind("quest_start", Shape::Quest, [25, 90, 8, 15, 10, 3, 120]),
    kind("quest_complete", Shape::Reward, [8, 70, 4, 8, 6, 2, 110]),
    kind("quest_claim", Shape::Reward, [5, 55, 3, 6, 5, 1, 100]),
    kind("quest_share", Shape::Quest, [4, 20, 1, 4, 1, 1, 20]),
    kind("quiz_answer", Shape::Reward, [10, 35, 2, 4, 2, 1, 40]),
    kind("check_in", Shape::Reward, [20, 60, 10, 12, 12, 3, 80]),
    kind("leaderboard_view", Shape::Page, [15, 25, 5, 8, 4, 2, 0]),
    kind("lottery_draw", Shape::Reward, [10, 25, 3, 8, 3, 1, 50]),
    kind("points_redeem", Shape::Reward, [3, 12, 1, 3, 2, 1, 25]),
    kind("community_join", Shape::Community, [8, 18, 3, 10, 4, 2, 40]),
    kind("community_leave", Shape::Community, [3, 4, 1, 2, 1, 1, 2]),
    kind("community_post", Shape::Community, [8, 10, 3, 10, 3, 1, 5]),
    kind(
        "community_like",
        Shape::Community,
        [30, 25, 6, 20, 5, 2, 40],
    ),
    kind("proposal_view", Shape::Community, [6, 6, 4, 5, 12, 8, 0]),
    kind("vote", Shape::Community, [2, 4, 3, 3, 12, 10, 6]),
    kind("swap", Shape::Transaction, [6, 15, 240, 40, 80, 200, 60]),
    kind("bridge", Shape::Transaction, [2, 8, 60, 12, 35, 70, 30]),
    kind("transfer", Shape::Transfer, [4, 8, 60, 25, 35, 110, 30]),
    kind("deposit", Shape::Transfer, [3, 5, 35, 10, 40, 80, 5]),
    kind("withdraw", Shape::Transfer, [2, 4, 30, 8, 30, 70, 10]),
    kind(
        "approve_token",
        Shape::Transaction,
        [2, 6, 60, 15, 50, 40, 30],
    ),
    kind(
        "contract_call",
        Shape::Transaction,
        [1, 6, 35, 15, 45, 40, 40],
    ),
    kind("airdrop_claim", Shape::Transfer, [1, 6, 5, 4, 6, 3, 40]),
    kind("stake", Shape::Transaction, [1, 3, 12, 3, 90, 50, 2]),
    kind("unstake", Shape::Transaction, [1, 1, 6, 1, 40, 20, 1]),
    kind(
        "add_liquidity",
        Shape::Transaction,
        [0, 1, 10, 1, 70, 40, 1],
    ),
    kind(
        "remove_liquidity",
        Shape::Transaction,
        [0, 1, 6, 1, 35, 20, 1],
    ),
    kind("borrow", Shape::Transaction, [0, 1, 8, 1, 45, 30, 0]),
    kind("repay", Shape::Transaction, [0, 1, 6, 1, 35, 20, 0]),
    kind("mint", Shape::Nft, [2, 10, 5, 110, 5, 10, 30]),
    kind("nft_buy", Shape::Nft, [1, 2, 4, 80, 2, 12, 0]),
    kind("nft_sell", Shape::Nft, [0, 1, 3, 60, 1, 8, 3]),
];

/// The code of an event's name.
pub fn event_code(name: &str) -> Option<u8> {
    let position = EVENT_KINDS.iter().position(|kind| kind.name == name)?;
    u8::try_from(position).ok()
}

/// Codes to draw from at random, one table per persona.
#[derive(Debug, Clone)]
pub(crate) struct EventDraw {
    tables: [[u8; EventDraw::SLOTS]; 7],
    /// The code of `check_in`.
    pub(crate) check_in: u8,
}

impl EventDraw {
    const SLOTS: usize = 4096;

    pub(crate) fn new() -> Self {
        let mut tables = [[0; Self::SLOTS]; 7];
        for (persona, table) in tables.iter_mut().enumerate() {
            let weight =
                |kind: &EventKind| u64::from(kind.weights.get(persona).copied().unwrap_or(0));
            let total: u64 = EVENT_KINDS.iter().map(weight).sum();
            let mut code = 0u8;
            let mut reached = EVENT_KINDS.first().map_or(0, weight);
            for (slot, place) in table.iter_mut().enumerate() {
                while reached * Self::SLOTS as u64 <= slot as u64 * total {
                    code += 1;
                    reached += EVENT_KINDS.get(usize::from(code)).map_or(total, weight);
                }
                *place = code;
            }
        }
        Self {
            tables,
            check_in: event_code("check_in").unwrap_or(0),
        }
    }

    /// A code for a persona, by 12 random bits.
    #[inline]
    pub(crate) fn draw(&self, persona: Persona, bits: u64) -> u8 {
        let slot = (bits as usize) % Self::SLOTS;
        self.tables
            .get(persona as usize)
            .and_then(|table| table.get(slot))
            .copied()
            .unwrap_or(0)
    }
}
