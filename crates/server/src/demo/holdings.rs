//! What the wallets of the demonstration hold.

use anyhow::{Context, Result};
use domain::HOLDINGS;
use quest_platform::Platform as QuestPlatform;
use warehouse::{TraitRow, WriteBatch};

use super::{BATCH_ROWS, SOURCE};
use crate::platform::Platform;
use crate::users::Users;

/// Writes the holdings of a quest platform whose users are in the store: each with the identity
/// that tells it, at the user who owns that.
///
/// # Errors
/// The store's.
pub fn fill(platform: &Platform, quests: &QuestPlatform) -> Result<()> {
    let seed = quests.settings().seed;
    let users = Users::of(&platform.store);
    let identities = platform.store.identities();
    let told = (0..quests.settings().users).map(|user| quests.holdings(user).len() as u64);
    let mut arrivals = platform.wait(platform.catalog.reserve_arrivals(told.sum()))?..;
    let mut batch = WriteBatch::new();
    for user in 0..quests.settings().users {
        for held in quests.holdings(user) {
            let key = held.sender.key(seed, user);
            let identity = users
                .number(&key.to_string())
                .with_context(|| format!("`{key}` is no identity of the demonstration"))?;
            let row = TraitRow {
                user: identities.owner(identity),
                identity,
                time: held.time,
                arrival: arrivals.next().unwrap_or_default(),
                source: SOURCE,
                message: 0,
            };
            batch.traits(&row, &[(HOLDINGS, held.stored())]);
        }
        if batch.len() >= BATCH_ROWS {
            platform.store.write(&std::mem::take(&mut batch))?;
        }
    }
    platform.store.write(&batch)?;
    Ok(())
}
