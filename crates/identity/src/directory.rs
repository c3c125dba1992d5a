//! All identities by their numbers, and their numbers by what they are called.

use std::hash::BuildHasher;

use domain::{IdentityKind, UserKey, UserNumber};
use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// All identities that got a number: numbers are dense, so that keys lie in a row, and a table of numbers finds them.
/// A copy costs 40 bytes for each, and a key lies in memory once for all copies.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// By number; a number that nobody got, or of a batch that is not written yet, has no key.
    keys: Vec<Option<UserKey>>,
    numbers: HashTable<Entry>,
    hashes: RandomState,
}

/// A number, and the hash of its key, so that a table grows without a look at the keys.
#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u32,
    number: UserNumber,
}

impl Directory {
    /// Adds an identity by the number that it got.
    pub fn add(&mut self, number: UserNumber, key: UserKey) {
        let hash = self.hash(key.kind(), key.text());
        let entry = Entry { hash, number };
        self.numbers
            .insert_unique(spread(hash), entry, |entry| spread(entry.hash));
        let place = number.0 as usize;
        if place >= self.keys.len() {
            self.keys.resize(place + 1, None);
        }
        if let Some(slot) = self.keys.get_mut(place) {
            *slot = Some(key);
        }
    }

    /// Gives an identity that has none the next number.
    pub fn add_next(&mut self, key: UserKey) -> UserNumber {
        let number = UserNumber(self.extent());
        self.add(number, key);
        number
    }

    /// The number of an identity.
    #[must_use]
    pub fn number(&self, kind: IdentityKind, text: &str) -> Option<UserNumber> {
        let hash = self.hash(kind, text);
        let is_meant = |entry: &Entry| {
            entry.hash == hash
                && self
                    .key(entry.number)
                    .is_some_and(|key| key.kind() == kind && **key.text() == *text)
        };
        let found = self.numbers.find(spread(hash), is_meant);
        found.map(|entry| entry.number)
    }

    /// The key of an identity; a user has the number of the least.
    #[must_use]
    pub fn key(&self, number: UserNumber) -> Option<&UserKey> {
        self.keys.get(number.0 as usize)?.as_ref()
    }

    /// Forgets which number a key has: whoever comes with it again gets a new one.
    pub fn forget(&mut self, number: UserNumber) {
        self.numbers.retain(|entry| entry.number != number);
    }

    /// All identities, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (UserNumber, &UserKey)> {
        let numbered = (0_u32..).map(UserNumber).zip(&self.keys);
        numbered.filter_map(|(number, key)| Some((number, key.as_ref()?)))
    }

    /// How many identities there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// Every number that was given is below.
    #[must_use]
    pub fn extent(&self) -> u32 {
        u32::try_from(self.keys.len()).unwrap_or(u32::MAX)
    }

    fn hash(&self, kind: IdentityKind, text: &str) -> u32 {
        self.hashes.hash_one((kind, text)) as u32
    }
}

/// The hash of a table, which looks at the lowest and the highest bits.
fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(directory: &Directory, written: &str) -> Option<UserNumber> {
        let (kind, text) = UserKey::parts_of(written);
        directory.number(kind, &text)
    }

    #[test]
    fn an_identity_is_found_by_its_number_and_by_its_key() {
        let mut directory = Directory::default();
        for identity in 0..10_000 {
            let kind = IdentityKind::ALL[identity % 5];
            let key = UserKey::new(kind, &format!("n{}", identity / 5));
            assert_eq!(directory.add_next(key).0 as usize, identity);
        }
        let copy = directory.clone();
        for directory in [&directory, &copy] {
            assert_eq!((directory.len(), directory.extent()), (10_000, 10_000));
            for (number, key) in directory.iter() {
                assert_eq!(directory.number(key.kind(), key.text()), Some(number));
                assert_eq!(directory.key(number), Some(key));
            }
            assert_eq!(number(directory, "n7777"), None);
            assert_eq!(number(directory, "device:n7"), Some(UserNumber(38)));
        }
    }

    #[test]
    fn a_number_that_nobody_got_has_no_key() {
        let mut directory = Directory::default();
        directory.add(UserNumber(7), UserKey::parse("u7"));
        directory.add(UserNumber(2), UserKey::parse("u2"));
        assert_eq!((directory.len(), directory.extent()), (2, 8));
        assert_eq!(directory.key(UserNumber(3)), None);
        let numbers: Vec<u32> = directory.iter().map(|(number, _)| number.0).collect();
        assert_eq!(numbers, [2, 7]);
        assert_eq!(directory.add_next(UserKey::parse("u8")), UserNumber(8));
    }

    #[test]
    fn who_comes_with_a_forgotten_key_gets_a_new_number() {
        let mut directory = Directory::default();
        let first = directory.add_next(UserKey::parse("u1"));
        directory.forget(first);
        assert_eq!(number(&directory, "u1"), None);
        assert_eq!(directory.add_next(UserKey::parse("u1")), UserNumber(1));
        assert_eq!(number(&directory, "u1"), Some(UserNumber(1)));
    }

    proptest! {
        #[test]
        fn a_directory_is_what_a_plain_list_is(written in prop::collection::vec("[a-c:]{0,3}|wallet:[a-c]|0x[A-Fa-f]{1,2}", 0..40)) {
            let (mut directory, mut list) = (Directory::default(), Vec::<UserKey>::new());
            for written in &written {
                let key = UserKey::parse(written);
                let known = list.iter().position(|other| *other == key);
                prop_assert_eq!(number(&directory, written), known.map(|place| UserNumber(place as u32)));
                if known.is_none() {
                    directory.add_next(key.clone());
                    list.push(key);
                }
            }
            let held: Vec<UserKey> = directory.iter().map(|(_, key)| key.clone()).collect();
            prop_assert_eq!(held, list);
        }
    }
}
