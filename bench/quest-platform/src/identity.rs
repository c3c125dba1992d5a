//! The identities that users have beside their accounts: the visitors they were before they
//! signed in, and wallets whose transactions come from a chain.

use domain::{IdentityKind, Span, Time, UserKey};

use crate::cell::Cell;
use crate::character::Character;
use crate::event_kind::Shape;
use crate::random::{Purpose, Random};
use crate::wallet::wallet_address;

/// Users of a thousand who have two to four identities; the others have one.
const SEVERAL_PER_MILLE: u64 = 300;
/// The most identities beside the account.
const MOST_OTHERS: u64 = 3;
/// Events that come with each visitor's id before the user signs in.
const EVENTS_OF_A_VISITOR: u32 = 4;

/// What an event comes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// The account.
    Account,
    /// The visitor of that number, from 0.
    Visitor(u8),
    /// The wallet of that number, from 0.
    Wallet(u8),
}

/// How many identities a user has beside the account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Identities {
    /// Visitors that the user was.
    pub visitors: u8,
    /// Wallets that are known to be the user's.
    pub wallets: u8,
}

impl Identities {
    pub(crate) fn of(seed: u64, user: u32, character: &Character) -> Self {
        let mut random = Random::new(seed, Purpose::Identities, u64::from(user));
        let mut identities = Self::default();
        if !random.chance(SEVERAL_PER_MILLE) {
            return identities;
        }
        for _ in 0..=random.below(MOST_OTHERS) {
            if identities.wallets < character.wallets && random.chance(500) {
                identities.wallets += 1;
            } else {
                identities.visitors += 1;
            }
        }
        identities
    }

    /// What the event of a number, a shape and a wallet comes with.
    pub(crate) fn sender(self, number: u32, shape: Shape, wallet: Option<u8>) -> Sender {
        let is_on_chain = matches!(shape, Shape::Transaction | Shape::Transfer | Shape::Nft);
        match wallet.filter(|wallet| is_on_chain && *wallet < self.wallets) {
            Some(wallet) => Sender::Wallet(wallet),
            None if is_on_chain => Sender::Account,
            None => match u8::try_from(number / EVENTS_OF_A_VISITOR) {
                Ok(visitor) if visitor < self.visitors => Sender::Visitor(visitor),
                _ => Sender::Account,
            },
        }
    }

    /// The other identities, each with the time from which it is linked to the account.
    pub(crate) fn links(self, signup_at: Time) -> impl Iterator<Item = (Sender, Time)> {
        let visitors = (0..self.visitors).map(move |visitor| (Sender::Visitor(visitor), signup_at));
        let connected = move |wallet: u8| {
            let later = Span::from_millis(Span::HOUR.millis() * (i64::from(wallet) + 1));
            signup_at.checked_add(later).unwrap_or(signup_at)
        };
        let wallets =
            (0..self.wallets).map(move |wallet| (Sender::Wallet(wallet), connected(wallet)));
        visitors.chain(wallets)
    }
}

impl Sender {
    /// The identity of that sender of a user.
    pub fn key(self, seed: u64, user: u32) -> UserKey {
        match self {
            Self::Account => UserKey::account(&format!("u{user}")),
            Self::Visitor(visitor) => UserKey::anonymous(&format!("v{user}-{visitor}")),
            Self::Wallet(wallet) => {
                let address = Cell::Address(wallet_address(seed, user, wallet)).stored();
                let text = address.as_ref().map_or("", AsRef::as_ref);
                UserKey::new(IdentityKind::Wallet, text)
            }
        }
    }
}
