//! From statements to users: all that was said, replayed in its order.

mod partition;
#[cfg(test)]
mod tests;

use domain::{IdentityKind, UserKey, UserNumber};

use self::partition::Partition;
use crate::hashed::{HashMap, HashSet};
use crate::statement::Pair;
use crate::{IdentityChange, LinkedUser, Moment, Relation, Statement};

/// What statements come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolution {
    /// Every identity that was named belongs to one of these, in the order of their numbers.
    pub users: Vec<LinkedUser>,
    /// Links that join nothing, since one side belongs to another user.
    pub conflicts: Vec<Statement>,
}

/// Who is who, by all statements about some identities. Their order in the slice does not matter.
///
/// Identities without a key count as anonymous ones without a text.
#[must_use]
pub fn resolve(statements: &[Statement], keys: &HashMap<UserNumber, UserKey>) -> Resolution {
    let mut ordered = statements.to_vec();
    ordered.sort_unstable();
    ordered.dedup();
    let mut replay = Replay {
        keys,
        standing: Vec::new(),
        linked: HashSet::default(),
        joined: Vec::new(),
        conflicts: Vec::new(),
        partition: Partition::default(),
        changes: Vec::new(),
    };
    for statement in &ordered {
        for identity in [statement.one, statement.other] {
            replay.partition.add(identity, kind(keys, identity));
        }
        match statement.relation {
            Relation::Link | Relation::Merge => replay.say(statement),
            Relation::Split => replay.split(statement),
        }
    }
    replay.finish()
}

fn kind(keys: &HashMap<UserNumber, UserKey>, identity: UserNumber) -> IdentityKind {
    let key = keys.get(&identity);
    key.map_or(IdentityKind::Anonymous, UserKey::kind)
}

/// The state after some statements.
struct Replay<'k> {
    keys: &'k HashMap<UserNumber, UserKey>,
    /// Links and merges that no split has taken back.
    standing: Vec<Statement>,
    /// Of the links among them, what they link.
    linked: HashSet<Pair>,
    /// Those of them that made one user of two.
    joined: Vec<Statement>,
    /// Those of them that must not.
    conflicts: Vec<Statement>,
    partition: Partition,
    changes: Vec<IdentityChange>,
}

impl Replay<'_> {
    /// A link or a merge. A link that stands already says nothing more.
    fn say(&mut self, statement: &Statement) {
        if statement.relation == Relation::Link && !self.linked.insert(Pair::of(statement)) {
            return;
        }
        self.standing.push(*statement);
        self.join(statement);
        if self.joined.last() == Some(statement) {
            self.note(statement, statement.moment, true);
        }
    }

    /// Makes one user of two, where nothing is against it.
    fn join(&mut self, statement: &Statement) {
        let Statement { one, other, .. } = *statement;
        if self.partition.are_one(one, other) {
            return;
        }
        if statement.relation == Relation::Link && self.is_conflict(one, other) {
            self.conflicts.push(*statement);
            return;
        }
        self.partition.join(one, other);
        self.joined.push(*statement);
    }

    /// Whether a link would make one of two users who must be linked themselves for that: accounts
    /// never are, others where the strongest identities of both are of one kind.
    fn is_conflict(&self, one: UserNumber, other: UserNumber) -> bool {
        let kind = self.partition.strongest(one);
        if kind != self.partition.strongest(other) {
            return false;
        }
        let are_linked_themselves = Some(self.kind(one)) == kind && Some(self.kind(other)) == kind;
        kind == Some(IdentityKind::Account) || !are_linked_themselves
    }

    /// Takes back what holds two identities together, the newest first.
    fn split(&mut self, split: &Statement) {
        if split.one == split.other {
            return;
        }
        let were_one = self.partition.are_one(split.one, split.other);
        self.take_back(&|standing| standing.is_about_those_of(split));
        let before = std::mem::take(&mut self.conflicts);
        self.rebuild();
        while let Some(newest) = self.partition.newest_between(&self.joined, split) {
            self.take_back(&|standing| *standing == newest);
            self.rebuild();
        }
        if were_one {
            self.note(split, split.moment, false);
        }
        let freed = before.iter().filter(|link| self.joined.contains(link));
        for link in freed.copied().collect::<Vec<_>>() {
            self.note(&link, split.moment, true);
        }
    }

    fn take_back(&mut self, is_meant: &dyn Fn(&Statement) -> bool) {
        let linked = &mut self.linked;
        self.standing.retain(|standing| {
            if is_meant(standing) && standing.relation == Relation::Link {
                linked.remove(&Pair::of(standing));
            }
            !is_meant(standing)
        });
    }

    /// Joins what stands, from the beginning.
    fn rebuild(&mut self) {
        let keys = self.keys;
        self.partition.part_all(&|identity| kind(keys, identity));
        self.joined.clear();
        self.conflicts.clear();
        for statement in std::mem::take(&mut self.standing) {
            self.join(&statement);
            self.standing.push(statement);
        }
    }

    fn note(&mut self, statement: &Statement, moment: Moment, is_linked: bool) {
        let Statement { one, other, .. } = *statement;
        let (holder, identity) = if self.kind(other) < self.kind(one) {
            (other, one)
        } else {
            (one, other)
        };
        self.changes.push(IdentityChange {
            moment,
            identity,
            holder,
            is_linked,
        });
    }

    fn kind(&self, identity: UserNumber) -> IdentityKind {
        kind(self.keys, identity)
    }

    fn finish(self) -> Resolution {
        let mut earliest: HashMap<UserNumber, Moment> = HashMap::default();
        for link in &self.joined {
            for identity in [link.one, link.other] {
                earliest.entry(identity).or_insert(link.moment);
            }
        }
        let order = |identity: &UserNumber| {
            let text = self.keys.get(identity).map(UserKey::text);
            (self.kind(*identity), earliest.get(identity), text)
        };
        let mut changes: HashMap<Option<UserNumber>, Vec<IdentityChange>> = HashMap::default();
        for change in &self.changes {
            let part = self.partition.members(change.holder).first().copied();
            changes.entry(part).or_default().push(*change);
        }
        let user = |part: &Vec<UserNumber>| {
            let mut identities = part.clone();
            identities.sort_by(|one, other| order(one).cmp(&order(other)));
            let changes = changes.get(&part.first().copied());
            LinkedUser {
                identities,
                changes: changes.cloned().unwrap_or_default(),
            }
        };
        let mut users: Vec<LinkedUser> = self.partition.parts().map(user).collect();
        users.sort_by_key(LinkedUser::number);
        Resolution {
            users,
            conflicts: self.conflicts,
        }
    }
}
