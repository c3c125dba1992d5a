//! Who is who, kept up to date as statements come in.

use std::collections::BTreeSet;

use domain::{Time, UserKey, UserNumber};

use crate::hashed::{HashMap, HashSet};
use crate::statement::Pair;
use crate::{IdentityChange, LinkedUser, Moment, Relation, Statement, resolve};

/// Who is who by all statements so far.
///
/// Identities that statements connect, whatever they say, are a group: a new statement changes
/// nothing outside its group, so that only groups are resolved again. What is said of a later time
/// says nothing until that time has come.
#[derive(Clone, Debug)]
pub struct Identities {
    /// The instant as of which it is known who is who.
    now: Time,
    /// Statements of later instants.
    later: Vec<Statement>,
    keys: HashMap<UserNumber, UserKey>,
    groups: Vec<Group>,
    group_of: HashMap<UserNumber, usize>,
    /// Of each two identities that were linked, when first.
    linked: HashMap<Pair, Moment>,
    /// Of the identities of users that have others too: the user.
    owners: HashMap<UserNumber, UserNumber>,
    /// Users of several identities, and those that had some.
    users: HashMap<UserNumber, LinkedUser>,
    conflicts: usize,
}

#[derive(Clone, Debug, Default)]
struct Group {
    identities: Vec<UserNumber>,
    statements: Vec<Statement>,
    /// How many of them are conflicts.
    conflicts: usize,
    /// Whether anything was split.
    is_split: bool,
}

/// Nobody, for whom all that is said holds at once.
impl Default for Identities {
    fn default() -> Self {
        Self::as_of(Time::MAX)
    }
}

impl Identities {
    /// Who is who by some statements, whenever they were; `keys` are those of the identities that
    /// they name.
    #[must_use]
    pub fn of(
        statements: &[Statement],
        keys: impl IntoIterator<Item = (UserNumber, UserKey)>,
    ) -> Self {
        let mut identities = Self::default();
        identities.add(statements, keys);
        identities
    }

    /// Nobody, as of an instant.
    #[must_use]
    pub fn as_of(now: Time) -> Self {
        Self {
            now,
            later: Vec::new(),
            keys: HashMap::default(),
            groups: Vec::new(),
            group_of: HashMap::default(),
            linked: HashMap::default(),
            owners: HashMap::default(),
            users: HashMap::default(),
            conflicts: 0,
        }
    }

    /// Goes on to an instant, and hears what was said of the time up to it; an earlier instant
    /// changes nothing. Gives the identities that belong to another user than before, in ascending
    /// order.
    pub fn settle(&mut self, now: Time) -> Vec<UserNumber> {
        self.now = self.now.max(now);
        let now = self.now;
        let due = self.later.extract_if(.., |said| said.moment.time <= now);
        let due: Vec<Statement> = due.collect();
        self.resolve_groups_of(&due)
    }

    /// Whether something is said of the time up to an instant that was not heard yet.
    #[must_use]
    pub fn awaits(&self, now: Time) -> bool {
        self.later.iter().any(|said| said.moment.time <= now)
    }

    /// Hears more statements; `keys` are those of the identities that they name. Gives the
    /// identities that belong to another user than before, in ascending order.
    pub fn add(
        &mut self,
        statements: &[Statement],
        keys: impl IntoIterator<Item = (UserNumber, UserKey)>,
    ) -> Vec<UserNumber> {
        self.keys.extend(keys);
        for statement in statements {
            let group = self.joined_group(statement.one, statement.other);
            if let Some(group) = self.groups.get_mut(group) {
                group.statements.push(*statement);
                group.is_split |= statement.relation == Relation::Split;
            }
            if statement.relation == Relation::Link {
                let first = self.linked.entry(Pair::of(statement));
                let first = first.or_insert(statement.moment);
                *first = statement.moment.min(*first);
            }
            if statement.moment.time > self.now {
                self.later.push(*statement);
            }
        }
        self.resolve_groups_of(statements)
    }

    /// Resolves the groups of statements again; the identities whose owner is another now, in
    /// ascending order.
    fn resolve_groups_of(&mut self, statements: &[Statement]) -> Vec<UserNumber> {
        let touched = statements
            .iter()
            .filter_map(|statement| self.group_of.get(&statement.one).copied());
        let touched: BTreeSet<usize> = touched.collect();
        let mut moved = self.resolve_groups(&touched);
        moved.sort_unstable();
        moved
    }

    /// The statements that say something new. A link of two identities that were linked before
    /// says nothing, where nothing near them was split: most events of a user repeat one.
    #[must_use]
    pub fn news(&self, statements: &[Statement]) -> Vec<Statement> {
        let mut ordered = statements.to_vec();
        ordered.sort_unstable();
        ordered.retain(|statement| statement.one != statement.other);
        let near_splits = self.near_splits(&ordered);
        let mut heard: HashSet<Pair> = HashSet::default();
        ordered.retain(|statement| {
            statement.relation != Relation::Link
                || near_splits.contains(&statement.one)
                || !self.is_known(statement) && heard.insert(Pair::of(statement))
        });
        ordered
    }

    /// The identities that statements connect, in whatever way, with one that was ever split.
    fn near_splits(&self, statements: &[Statement]) -> HashSet<UserNumber> {
        let mut near: HashSet<UserNumber> = HashSet::default();
        loop {
            let before = near.len();
            for statement in statements {
                let ends = [statement.one, statement.other];
                let is_near = |end: &UserNumber| near.contains(end) || self.is_split(*end);
                if statement.relation == Relation::Split || ends.iter().any(is_near) {
                    near.extend(ends);
                }
            }
            if near.len() == before {
                return near;
            }
        }
    }

    /// Whether anything was split in the group of an identity.
    fn is_split(&self, identity: UserNumber) -> bool {
        let group = self.group_of.get(&identity);
        let group = group.and_then(|group| self.groups.get(*group));
        group.is_some_and(|group| group.is_split)
    }

    /// Whether the same link was heard with an earlier time.
    fn is_known(&self, link: &Statement) -> bool {
        let first = self.linked.get(&Pair::of(link));
        first.is_some_and(|first| *first <= link.moment)
    }

    /// The user to whom an identity belongs.
    #[must_use]
    pub fn owner(&self, identity: UserNumber) -> UserNumber {
        self.owners.get(&identity).copied().unwrap_or(identity)
    }

    /// The identities of a user, the least first.
    #[must_use]
    pub fn of_user(&self, user: UserNumber) -> Vec<UserNumber> {
        match self.users.get(&user) {
            Some(linked) => linked.identities.clone(),
            None => vec![user],
        }
    }

    /// What was linked to a user and unlinked from it.
    #[must_use]
    pub fn changes(&self, user: UserNumber) -> &[IdentityChange] {
        let linked = self.users.get(&user);
        linked.map(|linked| &*linked.changes).unwrap_or_default()
    }

    /// The identities whose numbers are nobody's, with the users to whom they belong, in no order.
    pub fn absorbed(&self) -> impl Iterator<Item = (UserNumber, UserNumber)> + '_ {
        self.owners
            .iter()
            .filter(|(identity, owner)| identity != owner)
            .map(|(identity, owner)| (*identity, *owner))
    }

    /// The users of whom anything was said, in no order.
    pub fn users(&self) -> impl Iterator<Item = &LinkedUser> {
        self.users.values()
    }

    /// The key of an identity that a statement named.
    #[must_use]
    pub fn key(&self, identity: UserNumber) -> Option<&UserKey> {
        self.keys.get(&identity)
    }

    /// How many links are conflicts.
    #[must_use]
    pub fn conflicts(&self) -> usize {
        self.conflicts
    }

    /// The group of two identities, made of theirs.
    fn joined_group(&mut self, one: UserNumber, other: UserNumber) -> usize {
        let (one, other) = (self.group(one), self.group(other));
        if one == other {
            return one;
        }
        let size = |place: usize| self.groups.get(place).map_or(0, |g| g.identities.len());
        let (large, small) = if size(one) < size(other) {
            (other, one)
        } else {
            (one, other)
        };
        let moved = self.groups.get_mut(small).map(std::mem::take);
        let moved = moved.unwrap_or_default();
        for identity in &moved.identities {
            self.group_of.insert(*identity, large);
        }
        if let Some(group) = self.groups.get_mut(large) {
            group.identities.extend(moved.identities);
            group.statements.extend(moved.statements);
            group.conflicts += moved.conflicts;
            group.is_split |= moved.is_split;
        }
        large
    }

    fn group(&mut self, identity: UserNumber) -> usize {
        let groups = &mut self.groups;
        *self.group_of.entry(identity).or_insert_with(|| {
            groups.push(Group {
                identities: vec![identity],
                ..Group::default()
            });
            groups.len() - 1
        })
    }

    /// Resolves groups again, all at once; the identities whose owner is another now.
    fn resolve_groups(&mut self, places: &BTreeSet<usize>) -> Vec<UserNumber> {
        let (mut statements, now) = (Vec::new(), self.now);
        for place in places {
            let Some(group) = self.groups.get_mut(*place) else {
                continue;
            };
            let said = group.statements.iter();
            statements.extend(said.filter(|said| said.moment.time <= now));
            self.conflicts -= std::mem::take(&mut group.conflicts);
            for identity in &group.identities {
                self.users.remove(identity);
            }
        }
        let resolution = resolve(&statements, &self.keys);
        self.conflicts += resolution.conflicts.len();
        for conflict in &resolution.conflicts {
            let group = self.group_of.get(&conflict.one);
            if let Some(group) = group.and_then(|group| self.groups.get_mut(*group)) {
                group.conflicts += 1;
            }
        }
        let mut moved = Vec::new();
        for linked in resolution.users {
            let Some(owner) = linked.number() else {
                continue;
            };
            for identity in &linked.identities {
                let before = self.owners.insert(*identity, owner);
                if before.unwrap_or(*identity) != owner {
                    moved.push(*identity);
                }
            }
            self.users.insert(owner, linked);
        }
        moved
    }
}
