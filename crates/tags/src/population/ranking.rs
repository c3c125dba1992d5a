//! Ranks: users in the order of their values, those with equal values together.

use std::collections::HashMap;

use domain::{UserNumber, UserSet, Value};
use features::population::{last_rank, quantile, tie_order};
use rules::checked::{RankBound, RankEnd, Ties};

use crate::ports::Identities;
use crate::values::{MetricValues, is_scalar};

/// Users with their values, apart by group.
pub(super) struct Ranked {
    groups: Vec<Group>,
}

/// Users who are ranked against one another: places and users, the least value first. Users of
/// one place have equal values.
struct Group {
    /// Ascending values; of each the users who have it.
    users: Vec<u32>,
    /// Where the users of each value end.
    ends: Vec<usize>,
}

impl Ranked {
    /// Ranks by values, in groups of equal values of another where there is one. A list is no
    /// value.
    pub fn new(by: &MetricValues, per: Option<&MetricValues>) -> Self {
        let ordered = by.ordered();
        let groups = match per {
            None => vec![ordered],
            Some(per) => {
                let mut apart: HashMap<Value, Vec<(i64, u32)>> = HashMap::new();
                for one in ordered {
                    if let Some(group) = per.value(UserNumber(one.1)).filter(is_scalar) {
                        apart.entry(group).or_default().push(one);
                    }
                }
                apart.into_values().collect()
            }
        };
        Self {
            groups: groups.into_iter().map(Group::new).collect(),
        }
    }

    /// Those whose rank, from an end, is within the bound.
    pub fn within(
        &self,
        end: RankEnd,
        bound: &RankBound,
        ties: Ties,
        identities: &dyn Identities,
    ) -> UserSet {
        let mut within = Vec::new();
        for group in &self.groups {
            let last = last_rank(bound, group.users.len() as u64);
            group.take(end, last, &mut |tied, room| {
                if tied.len() as u64 <= room || ties == Ties::Kept {
                    within.extend_from_slice(tied);
                } else {
                    within.extend(first_of(tied, room, identities));
                }
            });
        }
        within.sort_unstable();
        within.into_iter().collect()
    }

    /// A number for each user, out of how many come before from an end and how many are ranked.
    fn numbered(&self, end: RankEnd, number: impl Fn(u64, u64) -> u64) -> MetricValues {
        let mut numbers: Vec<(u32, u64)> = Vec::new();
        for group in &self.groups {
            let ranked = group.users.len();
            for tied in group.tied() {
                let before = match end {
                    RankEnd::Greatest => ranked - tied.end,
                    RankEnd::Least => tied.start,
                };
                let number = number(before as u64, ranked as u64);
                let users = group.users.get(tied).unwrap_or_default();
                numbers.extend(users.iter().map(|user| (*user, number)));
            }
        }
        numbers.sort_unstable();
        let value = |(user, number): (u32, u64)| (UserNumber(user), Value::Number(number.into()));
        numbers.into_iter().map(value).collect()
    }
}

impl Group {
    fn new(mut users: Vec<(i64, u32)>) -> Self {
        users.sort_unstable();
        let mut group = Self {
            users: Vec::with_capacity(users.len()),
            ends: Vec::new(),
        };
        for tied in users.chunk_by(|(a, _), (b, _)| a == b) {
            group.users.extend(tied.iter().map(|(_, user)| *user));
            group.ends.push(group.users.len());
        }
        group
    }

    /// The places of the users of each value, the least value first.
    fn tied(&self) -> impl DoubleEndedIterator<Item = std::ops::Range<usize>> + '_ {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let ranges: Vec<_> = starts
            .zip(&self.ends)
            .map(|(start, end)| start..*end)
            .collect();
        ranges.into_iter()
    }

    /// Hands over the users of each value whose rank is at most `last`, and how many of them have
    /// room.
    fn take(&self, end: RankEnd, last: u64, each: &mut dyn FnMut(&[u32], u64)) {
        let mut before = 0_u64;
        let mut hand_over = |tied: std::ops::Range<usize>| {
            let users = self.users.get(tied).unwrap_or_default();
            if before < last {
                each(users, last - before);
            }
            before += users.len() as u64;
        };
        match end {
            RankEnd::Least => self.tied().for_each(&mut hand_over),
            RankEnd::Greatest => self.tied().rev().for_each(&mut hand_over),
        }
    }
}

/// 1 + how many come before from an end.
pub(super) fn ranks(by: &MetricValues, per: Option<&MetricValues>, end: RankEnd) -> MetricValues {
    Ranked::new(by, per).numbered(end, |before, _| before + 1)
}

/// The part in which each user is.
pub(super) fn quantiles(by: &MetricValues, per: Option<&MetricValues>, parts: u32) -> MetricValues {
    Ranked::new(by, per).numbered(RankEnd::Greatest, |greater, ranked| {
        quantile(parts, greater, ranked)
    })
}

/// So many of those who tie, by the hash of their keys.
fn first_of(tied: &[u32], room: u64, identities: &dyn Identities) -> Vec<u32> {
    let order = |user: &u32| {
        let key = identities.key(UserNumber(*user)).unwrap_or_default();
        (tie_order(&key), *user)
    };
    let mut ordered: Vec<_> = tied.iter().map(order).collect();
    ordered.sort_unstable();
    ordered.truncate(usize::try_from(room).unwrap_or(usize::MAX));
    ordered.into_iter().map(|(_, user)| user).collect()
}
