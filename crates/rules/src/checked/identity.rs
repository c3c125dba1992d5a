//! What a rule reads of a user's identities: values that lie beside the attributes, under paths
//! that no trait has.

use std::fmt;
use std::sync::Arc;

use domain::{IdentityKind, UserKey};

use super::{Measure, Path, Place};

/// Something about the identities of a user.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentityValue {
    /// The text of the least identity, by which the user is known.
    Key,
    /// The texts of the wallets, a list, in the order of the identities.
    Wallets,
    /// How many identities of a sort there are.
    Count(IdentitySort),
}

/// Which identities.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentitySort {
    /// Those of a kind: `wallet`.
    Kind(IdentityKind),
    /// Those of a social network: `twitter`.
    Network(Arc<str>),
}

/// What the paths begin with.
const PREFIX: &str = "$identity.";
const KEY: &str = "key";
const WALLETS: &str = "wallets";
const COUNT: &str = "count.";

impl IdentityValue {
    /// The path under which a store gives it.
    #[must_use]
    pub fn path(&self) -> Path {
        Path::from(match self {
            Self::Key => format!("{PREFIX}{KEY}"),
            Self::Wallets => format!("{PREFIX}{WALLETS}"),
            Self::Count(sort) => format!("{PREFIX}{COUNT}{sort}"),
        })
    }

    /// What lies under a path; `None` if it is an attribute's.
    #[must_use]
    pub fn at(path: &str) -> Option<Self> {
        Some(match path.strip_prefix(PREFIX)? {
            KEY => Self::Key,
            WALLETS => Self::Wallets,
            other => Self::Count(IdentitySort::named(other.strip_prefix(COUNT)?)),
        })
    }

    /// The value in its place.
    #[must_use]
    pub fn measure(&self, place: Place) -> Measure {
        Measure::Attribute {
            path: self.path(),
            place,
        }
    }
}

impl IdentitySort {
    /// The kind of that name, else the network.
    #[must_use]
    pub fn named(name: &str) -> Self {
        match IdentityKind::named(name) {
            Some(kind) => Self::Kind(kind),
            None => Self::Network(Arc::from(name)),
        }
    }

    /// Whether an identity is of this sort.
    #[must_use]
    pub fn takes(&self, identity: &UserKey) -> bool {
        match self {
            Self::Kind(kind) => identity.kind() == *kind,
            Self::Network(network) => identity.network() == Some(network),
        }
    }
}

/// As a rule writes it, but for backticks.
impl fmt::Display for IdentitySort {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Kind(kind) => kind.name(),
            Self::Network(network) => network,
        })
    }
}
