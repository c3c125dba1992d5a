//! What users share with others: the device that they came with, and who first sent them money.
//!
//! Scripts are run in farms: those of one block of users have one device and one source of money.
//! People mostly have a device of their own, and half of them got their first money from one of a
//! few exchanges, whose addresses say nothing about who belongs together.

use crate::cell::Cell;
use crate::event_kind::Persona;
use crate::random::{Purpose, Random};
use crate::wallet::wallet_address;

/// Users of whom the scripts are one farm: about twelve.
const USERS_OF_A_FARM: u32 = 240;
/// People of a thousand whose device another one has, too.
const SHARED_DEVICES_PER_MILLE: u64 = 30;
/// People of a thousand whose first money came from an exchange.
const FROM_EXCHANGES_PER_MILLE: u64 = 500;
/// The wallet of a user from which others were funded.
const FUNDING_WALLET: u8 = 200;

/// Hot wallets of exchanges: two of Binance, and one each of Coinbase, OKX and Kraken.
const EXCHANGES: [&str; 5] = [
    "0x28c6c06298d514db089934071355e5743bf21d60",
    "0x21a31ee1afc51d94c2efccaa2092ad1028285549",
    "0xa9d1e08c7793af67e9d92fe308d5697fb81d3e43",
    "0x6cc5f688a315f3dc28a7781717a9a798a59fda7b",
    "0x267be1c1d684f78cb4f6a176c4911b741e4ffdc0",
];

/// What a user may share with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sharing {
    /// The number of the device.
    pub(crate) device: u32,
    funder: Funder,
}

/// Who sent a user the first money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Funder {
    /// An exchange, by its address.
    Exchange(&'static str),
    /// The funding wallet of the user of that number.
    Wallet(u32),
}

impl Sharing {
    pub(crate) fn of(seed: u64, user: u32, persona: Persona) -> Self {
        let mut random = Random::new(seed, Purpose::Sharing, u64::from(user));
        if persona == Persona::Bot {
            let farm = user - user % USERS_OF_A_FARM;
            return Self {
                // Numbers that no person's device has.
                device: u32::MAX - farm / USERS_OF_A_FARM,
                funder: Funder::Wallet(farm),
            };
        }
        let is_shared = random.chance(SHARED_DEVICES_PER_MILLE);
        let exchange = random
            .chance(FROM_EXCHANGES_PER_MILLE)
            .then(|| random.pick(&EXCHANGES).copied())
            .flatten();
        Self {
            device: if is_shared { user / 2 * 2 } else { user },
            funder: exchange.map_or(Funder::Wallet(user), Funder::Exchange),
        }
    }

    /// The address from which the first money came.
    pub(crate) fn funder(self, seed: u64) -> Cell {
        match self.funder {
            Funder::Exchange(address) => Cell::Text(address),
            Funder::Wallet(user) => Cell::Address(wallet_address(seed, user, FUNDING_WALLET)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_farm_shares_device_and_money_and_people_share_little() {
        let of = |user, persona| Sharing::of(1, user, persona);
        assert_eq!(of(3, Persona::Bot), of(17, Persona::Bot));
        assert_ne!(of(3, Persona::Bot), of(USERS_OF_A_FARM, Persona::Bot));
        let people: Vec<Sharing> = (0..1_000).map(|user| of(user, Persona::Trader)).collect();
        let from_exchanges = people
            .iter()
            .filter(|one| matches!(one.funder, Funder::Exchange(_)))
            .count();
        assert!((430..570).contains(&from_exchanges), "{from_exchanges}");
        let devices: std::collections::BTreeSet<u32> =
            people.iter().map(|one| one.device).collect();
        assert!((970..1_000).contains(&devices.len()), "{}", devices.len());
        assert!(EXCHANGES.iter().all(|address| domain::is_address(address)));
    }
}
