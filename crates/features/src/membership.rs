//! Memberships of tags as runs recorded them: who got a tag, or one of its values, and who lost it.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{TagKey, Time, UserSet, Value};

use crate::history::HistoryBlock;

/// The run that is under way: its changes are known, and stand behind all that is recorded.
pub const THIS_RUN: u64 = u64::MAX;

/// One recorded change of membership. In their order, rows are those of a user by the time of the
/// run, and of one run what was lost before what was got.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Recorded {
    /// Whose it is now.
    pub user: u32,
    /// The instant of the run.
    pub at: Time,
    /// The number of the run.
    pub run: u64,
    /// The tag.
    pub tag: TagKey,
    /// What happened.
    pub change: Membership,
    /// The value of a layered tag that was got or lost.
    pub value: Option<Arc<str>>,
    /// The number under which it was recorded: one identity of the user.
    pub identity: u32,
}

/// The members of each value of a tag, or of the tag.
pub type Members = Vec<(Option<Arc<str>>, Arc<UserSet>)>;

/// What happens to a membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Membership {
    /// It ended.
    Left,
    /// It began.
    Entered,
}

/// What a user has of a tag: its values, each under the identities that have it. A tag without
/// values has the value `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Held(BTreeSet<(Option<Arc<str>>, u32)>);

impl Held {
    /// Takes the next row of the user and the tag.
    pub(crate) fn take(&mut self, row: &Recorded) {
        let held = (row.value.clone(), row.identity);
        match row.change {
            Membership::Entered => self.0.insert(held),
            Membership::Left => self.0.remove(&held),
        };
    }

    /// The values.
    pub(crate) fn values(&self) -> BTreeSet<Option<Arc<str>>> {
        self.0.iter().map(|(value, _)| value.clone()).collect()
    }
}

/// The values of a tag as one value: true of a tag without values, a list of several.
pub(crate) fn as_value(values: &BTreeSet<Option<Arc<str>>>) -> Option<Value> {
    let texts: Vec<Value> = values.iter().flatten().cloned().map(Value::Text).collect();
    match (texts.as_slice(), values.is_empty()) {
        (_, true) => None,
        ([], false) => Some(Value::Bool(true)),
        ([one], _) => Some(one.clone()),
        _ => Some(texts.into_iter().collect()),
    }
}

impl HistoryBlock {
    /// Records of a tag what a run has found that is under way at an instant: the members of each
    /// value, or of the tag.
    pub fn record(&mut self, tag: &TagKey, now: Time, found: &[(Option<Arc<str>>, Arc<UserSet>)]) {
        let asked: UserSet = self.users.iter().copied().collect();
        let recorded = self.memberships.iter();
        let visible = recorded.filter(|row| row.tag == *tag && row.at <= now);
        let mut before: BTreeSet<(u32, u32, Option<Arc<str>>)> = BTreeSet::new();
        for row in visible {
            let held = (row.user, row.identity, row.value.clone());
            match row.change {
                Membership::Entered => before.insert(held),
                Membership::Left => before.remove(&held),
            };
        }
        let members = |(value, members): &(Option<Arc<str>>, Arc<UserSet>)| {
            let users: Vec<u32> = members.and(&asked).iter().map(u32::from).collect();
            let value = value.clone();
            users
                .into_iter()
                .map(move |user| (user, user, value.clone()))
        };
        let after: BTreeSet<_> = found.iter().flat_map(members).collect();
        let row = |(user, identity, value): &(u32, u32, Option<Arc<str>>), change| Recorded {
            user: *user,
            at: now,
            run: THIS_RUN,
            tag: tag.clone(),
            change,
            value: value.clone(),
            identity: *identity,
        };
        let left = before.difference(&after);
        let left = left.map(|held| row(held, Membership::Left));
        let entered = after.difference(&before);
        let entered = entered.map(|held| row(held, Membership::Entered));
        self.memberships.extend(left.chain(entered));
        self.memberships.sort();
    }
}
