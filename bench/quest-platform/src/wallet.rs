//! The addresses of wallets.

use crate::random::{Purpose, Random};

/// The address of one of a user's wallets.
pub(crate) fn wallet_address(seed: u64, user: u32, wallet: u8) -> [u8; 20] {
    let mut random = Random::new(
        seed,
        Purpose::Wallet,
        u64::from(user) << 8 | u64::from(wallet),
    );
    let mut address = [0; 20];
    for part in address.chunks_mut(8) {
        let word = random.word().to_le_bytes();
        part.iter_mut()
            .zip(word)
            .for_each(|(place, byte)| *place = byte);
    }
    address
}
