//! The identities of users, as stores give them to the fold.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;

use domain::{Decimal, IdentityKind, UserKey, Value, stored};
use rules::checked::IdentityValue;
use sha2::{Digest, Sha256};

use crate::history::{Column, NO_CODE, Table, WantedColumn};

/// An identity was linked to a user, or unlinked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityEvent {
    /// The user.
    pub user: u32,
    /// When, in milliseconds.
    pub time: i64,
    /// The order of arrival.
    pub arrival: u64,
    /// The identity.
    pub identity: UserKey,
    /// Whether it was linked; otherwise it was unlinked.
    pub is_linked: bool,
}

/// What is asked of a user with these identities, the least first.
#[must_use]
pub fn value<K: Borrow<UserKey>>(of: &IdentityValue, identities: &[K]) -> Option<Value> {
    let mut identities = identities.iter().map(Borrow::borrow);
    match of {
        IdentityValue::Key => identities.next().map(|key| Value::text(key.text())),
        IdentityValue::Wallets => {
            let wallets = identities.filter(|key| key.kind() == IdentityKind::Wallet);
            Some(wallets.map(|key| Value::text(key.text())).collect())
        }
        IdentityValue::Count(sort) => {
            let count = identities.filter(|key| sort.takes(key)).count();
            Some(Value::Number(Decimal::from(count)))
        }
    }
}

/// A table with one row for each user, by the columns that are wanted. Users come in ascending
/// order, with their identities, the least first.
#[must_use]
pub fn table<'k>(
    users: impl IntoIterator<Item = (u32, Vec<&'k UserKey>)>,
    wanted: &[WantedColumn],
) -> Table {
    let mut table = Table::default();
    let mut columns: Vec<(Option<IdentityValue>, Texts)> = wanted
        .iter()
        .map(|column| (IdentityValue::at(&column.path), Texts::default()))
        .collect();
    for (user, identities) in users {
        table.users.push(user);
        table.times.push(i64::MIN);
        for (of, texts) in &mut columns {
            let value = of.as_ref().and_then(|of| value(of, &identities));
            texts.push(value.as_ref());
        }
    }
    let column = |(_, Texts { codes, texts, .. })| Column::Text { codes, texts };
    table.columns = columns.into_iter().map(column).collect();
    table
}

/// Values as codes of a dictionary.
#[derive(Default)]
struct Texts {
    codes: Vec<u32>,
    texts: Vec<Arc<str>>,
    known: HashMap<String, u32>,
}

impl Texts {
    fn push(&mut self, value: Option<&Value>) {
        let stored = value.and_then(|value| stored::encode("", value).pop());
        let Some((_, text)) = stored else {
            self.codes.push(NO_CODE);
            return;
        };
        let texts = &mut self.texts;
        self.codes
            .push(*self.known.entry(text).or_insert_with_key(|text| {
                texts.push(Arc::from(text.as_str()));
                (texts.len() - 1) as u32
            }));
    }
}

/// The bucket of a user with that key: the first 8 bytes, big-endian, of SHA-256 over the salt, a
/// byte 0 and the key, as a remainder.
#[must_use]
pub fn bucket(salt: &str, key: &str, count: NonZeroU32) -> u32 {
    let mut hash = Sha256::new();
    hash.update(salt.as_bytes());
    hash.update([0]);
    hash.update(key.as_bytes());
    let digest = hash.finalize();
    let first = digest.first_chunk::<8>().copied().unwrap_or_default();
    (u64::from_be_bytes(first) % u64::from(count.get())) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_what_anyone_can_compute() {
        // python3 -c 'import hashlib; print(int.from_bytes(hashlib.sha256(b"salt\0u1").digest()[:8], "big") % 100)'
        let count = NonZeroU32::new(100).unwrap();
        assert_eq!(bucket("salt", "u1", count), 28);
        assert_eq!(bucket("", "", count), 92);
        assert_eq!(bucket("salt", "u1", NonZeroU32::MIN), 0);
    }
}
