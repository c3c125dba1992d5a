//! Tags that stay fresh by themselves: what is due, what of it can have changed, and when to look again.

mod due;
mod fingerprint;
mod reads;
mod scheduler;
mod standing;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Result;
use catalog::AllFreshness;
use domain::{TagKey, Time};
use tags::Users;

pub use self::due::{Due, Reason};
pub use self::fingerprint::fingerprints;
pub use self::scheduler::{Scheduler, Wake};
pub use self::standing::{Standing, TagState};

use crate::compute::{self, Asked, Clock, Computed};
use crate::engine::Engine;
use crate::platform::Platform;

/// How fresh each tag is.
///
/// # Errors
/// The catalog's.
pub fn freshness(platform: &Platform) -> Result<Arc<AllFreshness>> {
    platform.wait(platform.catalog.freshness())
}

/// The instant at which the first tag comes due; `None` where none ever does by itself.
///
/// # Errors
/// The catalog's.
pub fn next_due(engine: &Engine) -> Result<Option<Time>> {
    let freshness = freshness(&engine.platform)?;
    let states = TagState::all(&engine.definitions, &freshness, &engine.platform);
    Ok(states.filter_map(|state| state.next_run()).min())
}

/// Computes what is due and can have changed, and confirms what is due and cannot have; `None` where
/// nothing is due.
///
/// # Errors
/// The store's. Tags that fail are told in what is computed.
pub fn run_due(engine: &mut Engine, clock: &Clock) -> Result<Option<Computed>> {
    let due = Due::at(engine, clock.started)?;
    run(engine, clock, due)
}

/// Lets real-time tags follow what has come into the store; `None` where nothing has that concerns one.
///
/// # Errors
/// The store's. Tags that fail are told in what is computed.
pub fn follow_changes(platform: &Arc<Platform>) -> Result<Option<Computed>> {
    let definitions = platform.wait(platform.catalog.definitions())?;
    let freshness = freshness(platform)?;
    let mut states = TagState::all(&definitions, &freshness, platform);
    if !states.any(|state| state.follows_changes()) {
        return Ok(None);
    }
    let mut engine = Engine::read(platform)?;
    let clock = Clock::now();
    let due = Due::to_changes(&engine, clock.started)?;
    run(&mut engine, &clock, due)
}

fn run(engine: &mut Engine, clock: &Clock, due: Due) -> Result<Option<Computed>> {
    if due.is_nothing() && !engine.has_removed() {
        return Ok(None);
    }
    let changed = due.changed.into_keys().collect();
    let tags = match due.users {
        Users::All => with_needs(engine, changed),
        Users::These(_) => changed,
    };
    let unchanged = due.unchanged.into_iter();
    let asked = Asked {
        as_of: clock.started,
        clock: clock.clone(),
        unchanged: unchanged.filter(|key| !tags.contains(key)).collect(),
        tags,
        users: due.users,
        true_as_of: due.true_as_of,
        followers: BTreeSet::new(),
    };
    compute::run(engine, &asked).map(Some)
}

/// Tags and those that they need, so that all are of one instant. What is paused, or computed by hand only, stays as
/// it is, if it has members.
fn with_needs(engine: &Engine, tags: BTreeSet<TagKey>) -> BTreeSet<TagKey> {
    let freshness = AllFreshness::new();
    let states = TagState::all(&engine.definitions, &freshness, &engine.platform);
    let by_hand = states.filter(|state| state.is_paused() || state.is_by_hand());
    let by_hand: BTreeSet<&TagKey> = by_hand.map(|state| state.key()).collect();
    engine.book.with_needs(tags, |need| {
        let results = engine.results.as_ref();
        by_hand.contains(need) && results.is_some_and(|results| results.members(need).is_some())
    })
}
