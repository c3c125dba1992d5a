//! Random recorded memberships.

use std::sync::Arc;

use domain::TagKey;

use super::{Random, Vocabulary};
use crate::membership::{Membership, Recorded};
use crate::reference::User;

/// Tags of which something is recorded, and the values of the layered one.
const TAGS: [&str; 3] = ["yes", "score", "tier"];
const VALUES: [&str; 3] = ["gold", "silver", "old value"];

/// A tag of which something may be recorded.
pub(super) fn tag(random: &mut Random) -> Option<TagKey> {
    TagKey::new(random.pick("tier", &TAGS)).ok()
}

/// What some runs recorded, of one identity or two; some rows say again what is known.
pub(super) fn record(random: &mut Random, vocabulary: &Vocabulary, user: &mut User) {
    for run in 0..random.below(7) as u64 {
        let at = vocabulary.instant(random);
        for _ in 0..=random.below(2) {
            let Some(tag) = tag(random) else { continue };
            let value = (tag.as_str() == "tier").then(|| Arc::from(random.pick("gold", &VALUES)));
            user.memberships.push(Recorded {
                user: 0,
                at,
                run,
                tag,
                change: random.pick(
                    Membership::Entered,
                    &[Membership::Entered, Membership::Left],
                ),
                value,
                identity: random.below(2) as u32,
            });
        }
    }
}
