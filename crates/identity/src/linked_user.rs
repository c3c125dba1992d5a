//! A user of several identities.

use domain::UserNumber;

use crate::Moment;

/// Identities that are one user, and how that came about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkedUser {
    /// The identities, the least first: by kind, by earliest link, by text. The user has the
    /// number of the first.
    pub identities: Vec<UserNumber>,
    /// What was linked to the user and unlinked from it, in the order in which it happened.
    pub changes: Vec<IdentityChange>,
}

/// An identity was linked to a user, or unlinked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdentityChange {
    /// When.
    pub moment: Moment,
    /// The identity that was linked or unlinked: the weaker of two.
    pub identity: UserNumber,
    /// The identity that it was linked to.
    pub holder: UserNumber,
    /// Whether it was linked; otherwise it was unlinked.
    pub is_linked: bool,
}

impl LinkedUser {
    /// The user's number.
    #[must_use]
    pub fn number(&self) -> Option<UserNumber> {
        self.identities.first().copied()
    }
}
