//! What wallets hold: tokens and NFTs, whose worth is the user's assets.

mod assets;

use domain::Time;

use self::assets::{COLLECTIONS, Collection, TOKENS, Token};
use crate::cell::Cell;
use crate::character::{Character, DAY, skewed};
use crate::dictionary::Dictionary;
use crate::identity::{Identities, Sender};
use crate::profile::{Assets, Profile};
use crate::random::{Purpose, Random};
use crate::wallet::wallet_address;

/// The most tokens of a user that are told.
const MOST_TOKENS: i64 = 8;
/// Places of amounts.
const AMOUNT_PLACES: u8 = 6;
/// One whole of an amount.
const ONE: i128 = 1_000_000;

/// Something that a wallet holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    pub(crate) seed: u64,
    /// Whose it is.
    pub user: u32,
    /// In which of the user's wallets.
    pub wallet: u8,
    /// Code into [`Dictionary::Chain`].
    pub chain: u16,
    what: What,
    /// In millionths.
    pub amount: i64,
    /// Its worth in cents; `None` where it has no price.
    pub usd: Option<i64>,
    /// Since when.
    pub since: Time,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Token { code: u16, is_staked: bool },
    Collection(u16),
}

/// What one identity of a user holds at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The identity: a wallet, or the account with all wallets that are no identities.
    pub sender: Sender,
    /// From when on.
    pub time: Time,
    /// What is held; never empty.
    pub holdings: Vec<Holding>,
}

/// What the identities of a user hold, the account first.
pub(crate) fn of(seed: u64, now: Time, user: u32) -> Vec<Held> {
    let character = Character::new(seed, now, user);
    let profile = Profile::at_signup(seed, user, &character);
    let Some(assets) = profile.assets else {
        return Vec::new();
    };
    let mut random = Random::new(seed, Purpose::Holdings, u64::from(user));
    let time = Time::from_millis(now.millis() - random.below(DAY.unsigned_abs()) as i64);
    let holdings = Draw {
        random,
        user,
        seed,
        wallets: profile.wallets,
        home_chain: character.home_chain,
        time,
        first_seen_at: assets.first_seen_at,
    }
    .all(&assets);
    let known = Identities::of(seed, user, &character).wallets;
    let sender = |holding: &Holding| match holding.wallet {
        wallet if wallet < known => Sender::Wallet(wallet),
        _ => Sender::Account,
    };
    let senders = std::iter::once(Sender::Account).chain((0..known).map(Sender::Wallet));
    let held = senders.map(|of| Held {
        sender: of,
        time,
        holdings: holdings
            .iter()
            .filter(|holding| sender(holding) == of)
            .copied()
            .collect(),
    });
    held.filter(|held| !held.holdings.is_empty()).collect()
}

/// Draws what one user holds.
struct Draw {
    random: Random,
    seed: u64,
    user: u32,
    wallets: u8,
    home_chain: u16,
    time: Time,
    first_seen_at: Time,
}

impl Draw {
    /// Tokens and NFTs that are worth all assets together.
    fn all(mut self, assets: &Assets) -> Vec<Holding> {
        let mut nfts = self.collections(assets);
        let worth: i64 = nfts.iter().filter_map(|nft| nft.usd).sum();
        let mut holdings = self.tokens(assets.usd - worth, assets.tokens.clamp(1, MOST_TOKENS));
        holdings.append(&mut nfts);
        holdings
    }

    /// Different tokens: each is worth half of what the ones before have left, the last the rest.
    fn tokens(&mut self, usd: i64, count: i64) -> Vec<Holding> {
        let mut holdings: Vec<Holding> = Vec::new();
        let mut rest = usd;
        for left in (1..=count).rev() {
            let code = skewed(self.random.word(), TOKENS.len());
            let is_staked = self.random.chance(150);
            let mut holding = self.holding(What::Token { code, is_staked });
            let is_same =
                |other: &Holding| other.token() == holding.token() && other.chain == holding.chain;
            let is_known = holdings.iter().any(is_same);
            if is_known && left > 1 {
                continue;
            }
            let worth = if left == 1 { rest } else { rest / 2 };
            rest -= worth;
            let price = TOKENS
                .get(usize::from(code))
                .map_or(1, |token| token.micro_usd);
            // Cents are ten thousand millionths of a dollar.
            let amount = i128::from(worth) * 10_000 * ONE / i128::from(price);
            holding.amount = i64::try_from(amount).unwrap_or(i64::MAX);
            holding.usd = Some(worth);
            holdings.push(holding);
        }
        holdings
    }

    /// NFTs by collection, as many together as the assets say, worth less than half of them.
    fn collections(&mut self, assets: &Assets) -> Vec<Holding> {
        let mut holdings: Vec<Holding> = Vec::new();
        let (mut left, mut worth) = (assets.nfts, assets.usd / 2);
        while left > 0 {
            let code = skewed(self.random.word(), COLLECTIONS.len());
            let count = if holdings.len() < 3 {
                1 + self.random.below(left.unsigned_abs()) as i64
            } else {
                left
            };
            left -= count;
            let mut holding = self.holding(What::Collection(code));
            holding.amount = count.saturating_mul(ONE as i64);
            let floor = COLLECTIONS
                .get(usize::from(code))
                .and_then(|collection| collection.floor_usd);
            holding.usd = floor.map(|floor| (floor * count * 100).min(worth));
            worth -= holding.usd.unwrap_or_default();
            holdings.push(holding);
        }
        holdings
    }

    fn holding(&mut self, what: What) -> Holding {
        let chain = if self.random.chance(600) {
            self.home_chain
        } else {
            skewed(self.random.word(), Dictionary::Chain.texts().len())
        };
        let age = (self.time.millis() - self.first_seen_at.millis()).max(1);
        let since = self.random.below(age.unsigned_abs()) as i64;
        Holding {
            seed: self.seed,
            user: self.user,
            wallet: skewed(self.random.word(), usize::from(self.wallets)) as u8,
            chain,
            what,
            amount: 0,
            usd: None,
            since: Time::from_millis(self.time.millis() - since),
        }
    }
}

impl Holding {
    /// The token; nothing of NFTs.
    fn token(&self) -> Option<&'static Token> {
        match self.what {
            What::Token { code, .. } => TOKENS.get(usize::from(code)),
            What::Collection(_) => None,
        }
    }

    /// The collection; nothing of tokens.
    fn collection(&self) -> Option<&'static Collection> {
        match self.what {
            What::Token { .. } => None,
            What::Collection(code) => COLLECTIONS.get(usize::from(code)),
        }
    }

    /// The address of the contract, which is the same on every platform.
    fn contract(&self) -> [u8; 20] {
        let (sort, code) = match self.what {
            What::Token { code, .. } => (0, code),
            What::Collection(code) => (1, code),
        };
        let item = u64::from(self.chain) << 32 | u64::from(code) << 1 | sort;
        let mut random = Random::new(0, Purpose::Contract, item);
        let mut address = [0; 20];
        for part in address.chunks_mut(8) {
            let word = random.word().to_le_bytes();
            part.iter_mut()
                .zip(word)
                .for_each(|(place, byte)| *place = byte);
        }
        address
    }

    /// The members that it has, in the order of their names.
    pub fn members(&self) -> impl Iterator<Item = (&'static str, Cell)> {
        let text = |text: Option<&'static str>| text.map_or(Cell::Missing, Cell::Text);
        let (token, collection) = (self.token(), self.collection());
        let class = token.map(|token| token.class);
        let class = class.or(collection.map(|collection| collection.class));
        let is_staked = match self.what {
            What::Token { is_staked, .. } => Cell::Truth(is_staked),
            What::Collection(_) => Cell::Missing,
        };
        let amount = Cell::Number {
            mantissa: self.amount,
            scale: AMOUNT_PLACES,
        };
        let usd = self.usd.map_or(Cell::Missing, |mantissa| Cell::Number {
            mantissa,
            scale: 2,
        });
        let kind = if token.is_some() { "token" } else { "nft" };
        let members = [
            ("amount", amount),
            ("chain", text(Dictionary::Chain.text(self.chain))),
            ("class", text(class)),
            (
                "collection",
                text(collection.map(|collection| collection.name)),
            ),
            ("kind", Cell::Text(kind)),
            ("since", Cell::Time(self.since)),
            ("staked", is_staked),
            ("symbol", text(token.map(|token| token.symbol))),
            ("token", Cell::Address(self.contract())),
            ("usd_value", usd),
            (
                "wallet",
                Cell::Address(wallet_address(self.seed, self.user, self.wallet)),
            ),
        ];
        members
            .into_iter()
            .filter(|(_, cell)| *cell != Cell::Missing)
    }

    fn write_json(&self, out: &mut Vec<u8>) {
        let mut separator: &[u8] = b"{\"";
        for (name, cell) in self.members() {
            out.extend_from_slice(separator);
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b"\":");
            cell.write_json(out);
            separator = b",\"";
        }
        out.push(b'}');
    }
}

impl Held {
    /// Writes the holdings as a JSON list.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        out.push(b'[');
        for (number, holding) in self.holdings.iter().enumerate() {
            if number > 0 {
                out.push(b',');
            }
            holding.write_json(out);
        }
        out.push(b']');
    }

    /// The holdings as they are stored (see [`domain::stored`]).
    pub fn stored(&self) -> String {
        let mut text = b"\x01l".to_vec();
        self.write_json(&mut text);
        String::from_utf8(text).unwrap_or_default()
    }
}
