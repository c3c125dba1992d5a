//! The tokens and the collections of NFTs that wallets hold, the common ones first.

/// A token and its price.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) symbol: &'static str,
    /// `stablecoin`, `native`, `governance`, `wrapped` or `meme`.
    pub(super) class: &'static str,
    /// The price in millionths of a US dollar.
    pub(super) micro_usd: i64,
}

/// A collection of NFTs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Collection {
    pub(super) name: &'static str,
    /// `badge`, `membership`, `domain`, `gaming`, `art` or `pfp`.
    pub(super) class: &'static str,
    /// What one is worth at least, in US dollars; `None` for what cannot be sold.
    pub(super) floor_usd: Option<i64>,
}

const fn token(symbol: &'static str, class: &'static str, micro_usd: i64) -> Token {
    Token {
        symbol,
        class,
        micro_usd,
    }
}

const fn collection(name: &'static str, class: &'static str, floor_usd: Option<i64>) -> Collection {
    Collection {
        name,
        class,
        floor_usd,
    }
}

pub(super) const TOKENS: &[Token] = &[
    token("USDT", "stablecoin", 1_000_000),
    token("USDC", "stablecoin", 1_000_000),
    token("ETH", "native", 3_000_000_000),
    token("BNB", "native", 900_000_000),
    token("SOL", "native", 140_000_000),
    token("MATIC", "native", 400_000),
    token("ARB", "governance", 600_000),
    token("OP", "governance", 900_000),
    token("WBTC", "wrapped", 90_000_000_000),
    token("DAI", "stablecoin", 1_000_000),
    token("LINK", "governance", 14_000_000),
    token("UNI", "governance", 7_000_000),
    token("AVAX", "native", 20_000_000),
    token("PEPE", "meme", 8),
    token("DOGE", "meme", 160_000),
    token("SHIB", "meme", 10),
];

pub(super) const COLLECTIONS: &[Collection] = &[
    collection("quest_badge", "badge", None),
    collection("og_pass", "membership", Some(40)),
    collection("ens", "domain", Some(12)),
    collection("season_pass", "membership", Some(90)),
    collection("rune_heroes", "gaming", Some(25)),
    collection("land_plots", "gaming", Some(160)),
    collection("open_editions", "art", Some(5)),
    collection("milady", "pfp", Some(6_000)),
    collection("pudgy_penguins", "pfp", Some(18_000)),
    collection("azuki", "pfp", Some(4_500)),
    collection("bored_apes", "pfp", Some(22_000)),
    collection("cryptopunks", "pfp", Some(110_000)),
];
