//! Who a user is: a small dense number inside, a key outside.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::de::{Deserializer, Error as _};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::address::canonical_address_or_same;

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

/// The kind of an identity, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityKind {
    /// The platform's own user id.
    Account,
    /// A visitor's id before login.
    Anonymous,
}

impl IdentityKind {
    /// The name, as it stands before a key's text.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Anonymous => "anonymous",
        }
    }
}

/// The key by which the outside names a user: `u1`, `anonymous:a7`.
///
/// Made only by its constructors, which write addresses in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserKey {
    kind: IdentityKind,
    text: Arc<str>,
}

impl UserKey {
    /// The key of that kind and text; an address is written in lower case.
    #[must_use]
    pub fn new(kind: IdentityKind, text: &str) -> Self {
        Self {
            kind,
            text: Arc::from(canonical_address_or_same(text)),
        }
    }

    /// The key of an account.
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

    /// Reads what [`fmt::Display`] writes: `anonymous:a7`, `account:…`, anything else is an
    /// account.
    #[must_use]
    pub fn parse(written: &str) -> Self {
        match split_kind(written) {
            Some((kind, text)) => Self::new(kind, text),
            None => Self::account(written),
        }
    }
}

fn split_kind(written: &str) -> Option<(IdentityKind, &str)> {
    let (name, text) = written.split_once(':')?;
    [IdentityKind::Account, IdentityKind::Anonymous]
        .into_iter()
        .find(|kind| kind.name() == name)
        .map(|kind| (kind, text))
}

impl fmt::Display for UserKey {
    /// An account bare, any other kind with its name: `u1`, `anonymous:a7`. An account that
    /// itself looks like another kind's key is written with its kind.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind == IdentityKind::Account && split_kind(&self.text).is_none() {
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
        let written = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
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
        ] {
            assert_eq!(key.to_string(), written);
            assert_eq!(UserKey::parse(written), key);
        }
        assert!("".parse::<UserKey>().is_err());
        assert!("anonymous:".parse::<UserKey>().is_err());
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
