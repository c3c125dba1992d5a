//! Who a user is: a small dense number inside, a key outside.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::de::{Deserializer, Error as _};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use crate::address::{canonical_address_or_same, is_wallet};
use crate::{Error, IdentityKind};

/// A user's number: dense, given in order of first appearance, never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserNumber(pub u32);

impl From<u32> for UserNumber {
    fn from(number: u32) -> Self {
        Self(number)
    }
}

impl From<UserNumber> for u32 {
    fn from(number: UserNumber) -> Self {
        number.0
    }
}

impl fmt::Display for UserNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

/// An identity, by which the outside names a user: `u1`, `0xab…`, `anonymous:a7`,
/// `social:twitter:alice`.
///
/// Made only by its constructors, which write addresses in lower case and know a wallet by its
/// text: an account that is called like a wallet is that wallet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserKey {
    kind: IdentityKind,
    text: Arc<str>,
}

impl UserKey {
    /// The key of that kind and text; an address is written in lower case.
    #[must_use]
    pub fn new(kind: IdentityKind, text: &str) -> Self {
        let (kind, text) = canonical(kind, text);
        Self {
            kind,
            text: Arc::from(text),
        }
    }

    /// The key of an account, or of the wallet that signs in by its address.
    #[must_use]
    pub fn account(text: &str) -> Self {
        Self::new(IdentityKind::Account, text)
    }

    /// The key of an anonymous visitor.
    #[must_use]
    pub fn anonymous(text: &str) -> Self {
        Self::new(IdentityKind::Anonymous, text)
    }

    /// The kind of identity.
    #[must_use]
    pub fn kind(&self) -> IdentityKind {
        self.kind
    }

    /// The identity itself, without its kind.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The network of a social identity: `twitter` of `social:twitter:alice`.
    #[must_use]
    pub fn network(&self) -> Option<&str> {
        let network = self.text.split_once(':').map(|(network, _)| network);
        network.filter(|_| self.kind == IdentityKind::Social)
    }

    /// Reads what [`fmt::Display`] writes: `anonymous:a7`, `account:…`; a text like `0xab…` is a
    /// wallet, anything else an account.
    #[must_use]
    pub fn parse(written: &str) -> Self {
        Self::parse_as(written, IdentityKind::Account)
    }

    /// The keys that a text may mean where nothing says its kind, the likeliest first: what it
    /// reads as, then the identity of each kind, the strongest first.
    pub fn meant_by(text: &str) -> impl Iterator<Item = Self> {
        let of_kinds = IdentityKind::ALL.into_iter();
        std::iter::once(Self::parse(text)).chain(of_kinds.map(|kind| Self::new(kind, text)))
    }

    /// Reads a key as [`UserKey::parse`] does, where a text of which nothing says the kind is of
    /// this one.
    #[must_use]
    pub fn parse_as(written: &str, unsaid: IdentityKind) -> Self {
        match split_kind(written) {
            Some((kind, text)) => Self::new(kind, text),
            None if is_wallet(written) => Self::new(IdentityKind::Wallet, written),
            None => Self::new(unsaid, written),
        }
    }

    /// Kind and text of the key that [`UserKey::parse`] reads, to look it up by without making it.
    #[must_use]
    pub fn parts_of(written: &str) -> (IdentityKind, Cow<'_, str>) {
        let unsaid = || (IdentityKind::Account, written);
        let (kind, text) = split_kind(written).unwrap_or_else(unsaid);
        canonical(kind, text)
    }
}

/// Kind and text as a key has them.
fn canonical(kind: IdentityKind, text: &str) -> (IdentityKind, Cow<'_, str>) {
    let kind = match kind {
        IdentityKind::Account if is_wallet(text) => IdentityKind::Wallet,
        kind => kind,
    };
    (kind, canonical_address_or_same(text))
}

fn split_kind(written: &str) -> Option<(IdentityKind, &str)> {
    let (name, text) = written.split_once(':')?;
    Some((IdentityKind::named(name)?, text))
}

impl fmt::Display for UserKey {
    /// An account and a wallet like `0xab…` bare, any other with its kind: `u1`, `anonymous:a7`.
    /// An account that itself looks like another kind's key is written with its kind.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_bare = match self.kind {
            IdentityKind::Account => split_kind(&self.text).is_none(),
            IdentityKind::Wallet => is_wallet(&self.text),
            _ => false,
        };
        if is_bare {
            return formatter.pad(&self.text);
        }
        write!(formatter, "{}:{}", self.kind.name(), self.text)
    }
}

impl FromStr for UserKey {
    type Err = Error;

    fn from_str(written: &str) -> Result<Self, Error> {
        let key = Self::parse(written);
        if key.text.is_empty() {
            return Err(Error::text(
                written,
                "a user such as `u1` or `anonymous:a7`",
            ));
        }
        Ok(key)
    }
}

impl Serialize for UserKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for UserKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Cow::<'de, str>::deserialize(deserializer)?;
        written.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_as_it_is_written() {
        for (key, written) in [
            (UserKey::account("u1"), "u1"),
            (UserKey::anonymous("a7"), "anonymous:a7"),
            (UserKey::account("anonymous:a7"), "account:anonymous:a7"),
            (UserKey::account("account:x"), "account:account:x"),
            (UserKey::account("a:b"), "a:b"),
            (UserKey::new(IdentityKind::Wallet, "0xa1"), "0xa1"),
            (UserKey::new(IdentityKind::Wallet, "So1"), "wallet:So1"),
            (
                UserKey::new(IdentityKind::Anonymous, "0xa1"),
                "anonymous:0xa1",
            ),
            (UserKey::new(IdentityKind::Device, "d1"), "device:d1"),
            (
                UserKey::new(IdentityKind::Social, "twitter:alice"),
                "social:twitter:alice",
            ),
        ] {
            assert_eq!(key.to_string(), written);
            assert_eq!(UserKey::parse(written), key);
            let (kind, text) = UserKey::parts_of(written);
            assert_eq!((kind, &*text), (key.kind(), &**key.text()));
        }
        assert!("".parse::<UserKey>().is_err());
        assert!("anonymous:".parse::<UserKey>().is_err());
    }

    #[test]
    fn an_account_that_is_called_like_a_wallet_is_that_wallet() {
        assert_eq!(UserKey::account("0xa1").kind(), IdentityKind::Wallet);
        assert_eq!(UserKey::parse("account:0xa1"), UserKey::parse("0xa1"));
        assert_eq!(UserKey::account("0xyz").kind(), IdentityKind::Account);
        assert_eq!(UserKey::account("0x").kind(), IdentityKind::Account);
        let visitor = UserKey::parse_as("a7", IdentityKind::Anonymous);
        assert_eq!(visitor, UserKey::anonymous("a7"));
        assert_eq!(
            UserKey::parse("social:twitter:alice").network(),
            Some("twitter")
        );
    }

    #[test]
    fn an_address_names_one_user_in_any_case() {
        let mixed = "0xABCDEFabcdef0123456789ABCDEFabcdef012345";
        assert_eq!(
            UserKey::account(mixed),
            UserKey::account(&mixed.to_lowercase())
        );
        assert_ne!(UserKey::account("U1"), UserKey::account("u1"));
    }
}
