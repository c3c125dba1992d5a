//! Since when a test of attributes has held, by asking it at every instant at which one was touched.

use std::collections::BTreeSet;

use domain::Time;
use rules::checked::Condition;

use super::OfUser;
use crate::evaluate::{self, Scope};

/// Since when it has held without a break until now. What has held for ever has the first instant.
pub(super) fn since(test: &Condition, user: &OfUser<'_>) -> Option<Time> {
    let holds_at = |instant: Time| {
        let then = OfUser::at(instant, user.user, user.world);
        evaluate::condition(test, &then)
    };
    let touches: BTreeSet<Time> = user
        .user
        .changes
        .iter()
        .map(|change| change.time)
        .filter(|time| *time <= user.now())
        .collect();
    let before_all = Time::MIN;
    let mut since = holds_at(before_all).then_some(before_all);
    for instant in touches {
        since = if holds_at(instant) {
            since.or(Some(instant))
        } else {
            None
        };
    }
    since
}
