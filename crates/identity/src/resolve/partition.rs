//! Identities in parts, each a user.

use domain::{IdentityKind, UserNumber};

use crate::Statement;
use crate::hashed::HashMap;

/// Disjoint sets of identities.
#[derive(Debug, Default)]
pub(super) struct Partition {
    places: HashMap<UserNumber, usize>,
    parts: Vec<Part>,
}

/// Some identities, and the kind of the strongest.
#[derive(Debug)]
struct Part {
    members: Vec<UserNumber>,
    strongest: IdentityKind,
}

impl Partition {
    /// Adds an identity, a part of its own.
    pub(super) fn add(&mut self, identity: UserNumber, kind: IdentityKind) {
        if !self.places.contains_key(&identity) {
            self.places.insert(identity, self.parts.len());
            self.parts.push(Part {
                members: vec![identity],
                strongest: kind,
            });
        }
    }

    /// Whether two identities are in one part.
    pub(super) fn are_one(&self, one: UserNumber, other: UserNumber) -> bool {
        self.places.get(&one) == self.places.get(&other)
    }

    /// The part of an identity.
    pub(super) fn members(&self, identity: UserNumber) -> &[UserNumber] {
        self.part(identity)
            .map(|part| &*part.members)
            .unwrap_or_default()
    }

    /// The kind of the strongest identity in the part of one.
    pub(super) fn strongest(&self, identity: UserNumber) -> Option<IdentityKind> {
        self.part(identity).map(|part| part.strongest)
    }

    fn part(&self, identity: UserNumber) -> Option<&Part> {
        self.parts.get(*self.places.get(&identity)?)
    }

    /// Makes one part of two.
    pub(super) fn join(&mut self, one: UserNumber, other: UserNumber) {
        let (Some(one), Some(other)) = (
            self.places.get(&one).copied(),
            self.places.get(&other).copied(),
        ) else {
            return;
        };
        let length = |place: usize| self.parts.get(place).map_or(0, |part| part.members.len());
        let (large, small) = if length(one) < length(other) {
            (other, one)
        } else {
            (one, other)
        };
        let Some(moved) = self.parts.get_mut(small) else {
            return;
        };
        let (members, strongest) = (std::mem::take(&mut moved.members), moved.strongest);
        for identity in &members {
            self.places.insert(*identity, large);
        }
        if let Some(part) = self.parts.get_mut(large) {
            part.members.extend(members);
            part.strongest = part.strongest.min(strongest);
        }
    }

    /// Every identity becomes a part of its own.
    pub(super) fn part_all(&mut self, kind: &dyn Fn(UserNumber) -> IdentityKind) {
        let parts = self.parts.drain(..);
        let mut identities: Vec<UserNumber> = parts.flat_map(|part| part.members).collect();
        identities.sort_unstable();
        self.places.clear();
        identities
            .into_iter()
            .for_each(|identity| self.add(identity, kind(identity)));
    }

    /// The parts that are not empty.
    pub(super) fn parts(&self) -> impl Iterator<Item = &Vec<UserNumber>> {
        let members = self.parts.iter().map(|part| &part.members);
        members.filter(|members| !members.is_empty())
    }

    /// The newest of the links on the way between two identities, if there is a way. Links that
    /// joined something form trees, so there is at most one.
    pub(super) fn newest_between(
        &self,
        joined: &[Statement],
        ends: &Statement,
    ) -> Option<Statement> {
        if ends.one == ends.other || !self.are_one(ends.one, ends.other) {
            return None;
        }
        // Leaves that are no end are cut off until nothing but the way is left.
        let mut way: Vec<Statement> = joined
            .iter()
            .filter(|link| self.are_one(link.one, ends.one))
            .copied()
            .collect();
        loop {
            let mut degrees: HashMap<UserNumber, usize> = HashMap::default();
            for identity in way.iter().flat_map(|link| [link.one, link.other]) {
                *degrees.entry(identity).or_default() += 1;
            }
            let is_inside =
                |identity| ends.names(identity) || degrees.get(&identity).is_some_and(|d| *d > 1);
            let length = way.len();
            way.retain(|link| is_inside(link.one) && is_inside(link.other));
            if way.len() == length {
                return way.into_iter().max();
            }
        }
    }
}
