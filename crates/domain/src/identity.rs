//! The kinds of identities, by which users are known.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The kind of an identity, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityKind {
    /// The platform's own user id.
    Account,
    /// The address of a wallet.
    Wallet,
    /// An account at a social network, `twitter:alice`.
    Social,
    /// A device.
    Device,
    /// A visitor's id before login.
    Anonymous,
}

impl IdentityKind {
    /// All kinds, the strongest first.
    pub const ALL: [Self; 5] = [
        Self::Account,
        Self::Wallet,
        Self::Social,
        Self::Device,
        Self::Anonymous,
    ];

    /// The name, as it stands before a key's text.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Wallet => "wallet",
            Self::Social => "social",
            Self::Device => "device",
            Self::Anonymous => "anonymous",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl fmt::Display for IdentityKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}
