//! The fixed texts of the platform: chains, tokens, quests, countries … Rows carry codes into them.

use std::sync::{Arc, LazyLock};

use crate::event_kind::EVENT_KINDS;

/// A table of texts. A code is a position in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dictionary {
    /// Names of events, in the order of [`EVENT_KINDS`].
    EventName,
    /// Chains.
    Chain,
    /// Tokens.
    Token,
    /// Exchanges, bridges, lending protocols and marketplaces.
    Protocol,
    /// Quests.
    Quest,
    /// Categories of quests, pages and interests.
    Category,
    /// Communities.
    Community,
    /// Paths of pages.
    Path,
    /// Devices.
    Device,
    /// Countries, ISO 3166.
    Country,
    /// Languages, BCP 47.
    Language,
    /// Where users came from.
    Channel,
    /// States of identity verification.
    KycStatus,
    /// Providers of identity verification.
    KycProvider,
}

/// How many quests there are.
pub const QUESTS: u16 = 400;
/// How many communities there are.
pub const COMMUNITIES: u16 = 80;

pub(crate) const CHAINS: &[&str] = &[
    "eth",
    "bsc",
    "polygon",
    "arbitrum",
    "optimism",
    "base",
    "solana",
    "avalanche",
    "zksync",
    "linea",
];
pub(crate) const TOKENS: &[&str] = &[
    "USDT", "USDC", "ETH", "BNB", "SOL", "MATIC", "ARB", "OP", "WBTC", "DAI", "LINK", "UNI",
    "AVAX", "PEPE", "DOGE", "SHIB",
];
pub(crate) const PROTOCOLS: &[&str] = &[
    "uniswap",
    "pancakeswap",
    "curve",
    "sushiswap",
    "oneinch",
    "stargate",
    "across",
    "hop",
    "layerzero",
    "aave",
    "compound",
    "lido",
    "eigenlayer",
    "gmx",
    "opensea",
    "blur",
    "magiceden",
    "zora",
];
pub(crate) const CATEGORIES: &[&str] = &[
    "defi",
    "nft",
    "gamefi",
    "socialfi",
    "infrastructure",
    "meme",
    "ai",
    "education",
    "dao",
    "rwa",
];
pub(crate) const PATHS: &[&str] = &[
    "/",
    "/quests",
    "/quests/hot",
    "/quests/new",
    "/quest",
    "/communities",
    "/community",
    "/leaderboard",
    "/rewards",
    "/shop",
    "/profile",
    "/wallets",
    "/settings",
    "/swap",
    "/bridge",
    "/earn",
    "/nft",
    "/nft/mint",
    "/learn",
    "/help",
    "/pricing",
    "/referral",
    "/kyc",
    "/governance",
    "/airdrop",
];
pub(crate) const DEVICES: &[&str] = &["web", "ios", "android", "extension"];
pub(crate) const CHANNELS: &[&str] = &[
    "organic",
    "twitter",
    "referral",
    "discord",
    "telegram",
    "kol",
    "ads",
    "airdrop_list",
    "exchange",
];
pub(crate) const KYC_STATUSES: &[&str] = &["pending", "approved", "rejected", "expired"];
pub(crate) const KYC_PROVIDERS: &[&str] = &["sumsub", "onfido", "jumio", "manual"];

/// A country: code, language, hours east of UTC, share of users in 1,000.
pub(crate) struct Country {
    pub(crate) code: &'static str,
    pub(crate) language: u16,
    pub(crate) utc_offset_hours: i64,
    pub(crate) per_mille: u16,
}

const fn country(
    code: &'static str,
    language: u16,
    utc_offset_hours: i64,
    per_mille: u16,
) -> Country {
    Country {
        code,
        language,
        utc_offset_hours,
        per_mille,
    }
}

pub(crate) const LANGUAGES: &[&str] = &[
    "en", "zh-CN", "zh-TW", "vi", "id", "ko", "ja", "tr", "ru", "pt", "es", "hi", "fr", "de", "th",
];
pub(crate) const COUNTRIES: &[Country] = &[
    country("VN", 3, 7, 110),
    country("ID", 4, 7, 95),
    country("IN", 11, 5, 90),
    country("NG", 0, 1, 85),
    country("US", 0, -5, 80),
    country("CN", 1, 8, 70),
    country("TR", 7, 3, 60),
    country("KR", 5, 9, 50),
    country("RU", 8, 3, 50),
    country("BR", 9, -3, 45),
    country("PH", 0, 8, 40),
    country("JP", 6, 9, 35),
    country("SG", 0, 8, 30),
    country("TH", 14, 7, 28),
    country("TW", 2, 8, 22),
    country("HK", 2, 8, 20),
    country("GB", 0, 0, 20),
    country("DE", 13, 1, 18),
    country("FR", 12, 1, 15),
    country("ES", 10, 1, 12),
    country("MX", 10, -6, 10),
    country("AE", 0, 4, 9),
    country("CA", 0, -5, 6),
];

struct Tables {
    event_names: Vec<Arc<str>>,
    chains: Vec<Arc<str>>,
    tokens: Vec<Arc<str>>,
    protocols: Vec<Arc<str>>,
    quests: Vec<Arc<str>>,
    categories: Vec<Arc<str>>,
    communities: Vec<Arc<str>>,
    paths: Vec<Arc<str>>,
    devices: Vec<Arc<str>>,
    countries: Vec<Arc<str>>,
    languages: Vec<Arc<str>>,
    channels: Vec<Arc<str>>,
    kyc_statuses: Vec<Arc<str>>,
    kyc_providers: Vec<Arc<str>>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let shared = |texts: &[&str]| texts.iter().map(|text| Arc::from(*text)).collect();
    Tables {
        event_names: EVENT_KINDS
            .iter()
            .map(|kind| Arc::from(kind.name))
            .collect(),
        chains: shared(CHAINS),
        tokens: shared(TOKENS),
        protocols: shared(PROTOCOLS),
        quests: (1..=QUESTS)
            .map(|n| Arc::from(format!("q{n:03}")))
            .collect(),
        categories: shared(CATEGORIES),
        communities: (1..=COMMUNITIES)
            .map(|n| Arc::from(format!("c{n:02}")))
            .collect(),
        paths: shared(PATHS),
        devices: shared(DEVICES),
        countries: COUNTRIES
            .iter()
            .map(|country| Arc::from(country.code))
            .collect(),
        languages: shared(LANGUAGES),
        channels: shared(CHANNELS),
        kyc_statuses: shared(KYC_STATUSES),
        kyc_providers: shared(KYC_PROVIDERS),
    }
});

impl Dictionary {
    /// The texts, each at the position of its code.
    pub fn texts(self) -> &'static [Arc<str>] {
        let tables = &*TABLES;
        match self {
            Self::EventName => &tables.event_names,
            Self::Chain => &tables.chains,
            Self::Token => &tables.tokens,
            Self::Protocol => &tables.protocols,
            Self::Quest => &tables.quests,
            Self::Category => &tables.categories,
            Self::Community => &tables.communities,
            Self::Path => &tables.paths,
            Self::Device => &tables.devices,
            Self::Country => &tables.countries,
            Self::Language => &tables.languages,
            Self::Channel => &tables.channels,
            Self::KycStatus => &tables.kyc_statuses,
            Self::KycProvider => &tables.kyc_providers,
        }
    }

    /// The text of a code; nothing for a code that the table does not have.
    pub fn text(self, code: u16) -> Option<&'static str> {
        self.texts().get(usize::from(code)).map(|text| &**text)
    }
}
