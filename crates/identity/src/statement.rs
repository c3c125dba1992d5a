//! What is said about two identities, and when.

use domain::{Time, UserNumber};

/// The place of a statement in the order of all: by time, then by arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// When it was so.
    pub time: Time,
    /// Which came before, of the same time.
    pub arrival: u64,
}

/// What two identities are to one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// They were seen together: they are one user, unless one of them belongs to another already.
    Link,
    /// They are one user, whatever they were before.
    Merge,
    /// They are two users, whatever was said before.
    Split,
}

impl Relation {
    /// All relations.
    pub const ALL: [Self; 3] = [Self::Link, Self::Merge, Self::Split];

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Merge => "merge",
            Self::Split => "split",
        }
    }

    /// The relation of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|relation| relation.name() == name)
    }
}

/// Something said about two identities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Statement {
    /// When; statements are ordered by it.
    pub moment: Moment,
    /// What they are to one another.
    pub relation: Relation,
    /// One identity, by its number.
    pub one: UserNumber,
    /// The other.
    pub other: UserNumber,
}

impl Statement {
    /// Whether it names an identity.
    #[must_use]
    pub fn names(&self, identity: UserNumber) -> bool {
        self.one == identity || self.other == identity
    }

    /// Whether it is about the same two identities as another.
    #[must_use]
    pub fn is_about_those_of(&self, other: &Self) -> bool {
        self.names(other.one) && self.names(other.other)
    }
}

/// Two identities, the lesser number first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Pair(UserNumber, UserNumber);

impl Pair {
    pub(crate) fn of(statement: &Statement) -> Self {
        let Statement { one, other, .. } = *statement;
        Self(one.min(other), one.max(other))
    }
}
