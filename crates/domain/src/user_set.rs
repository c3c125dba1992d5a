//! Sets of users: compressed bitmaps over user numbers.

mod builder;
mod container;
mod reader;
#[cfg(test)]
mod tests;

use roaring::RoaringBitmap;

pub use self::builder::UserSetBuilder;
pub use self::reader::{ContainerReader, ContainerUsers};
use crate::{Error, UserNumber};

/// The users of one container of a compressed bitmap.
const CONTAINER_USERS: u32 = 65_536;

/// The words of one container.
const CONTAINER_WORDS: usize = 1_024;

/// Up to so many bits of a whole container, pushing users one by one beats building it at once.
const PUSHED_ALONE: u32 = 128;

/// The same where a container has to be merged with what is there.
const PUSHED_INTO_OTHERS: u32 = 256;

/// A set of users.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserSet(RoaringBitmap);

impl UserSet {
    /// The empty set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// All users with a number below `end`.
    #[must_use]
    pub fn below(end: u32) -> Self {
        let mut bitmap = RoaringBitmap::new();
        bitmap.insert_range(0..end);
        Self(bitmap)
    }

    /// Adds a user; whether it was new.
    pub fn insert(&mut self, user: UserNumber) -> bool {
        self.0.insert(user.0)
    }

    /// Takes a user out; whether it was in.
    pub fn remove(&mut self, user: UserNumber) -> bool {
        self.0.remove(user.0)
    }

    /// Whether a user is in it.
    #[must_use]
    pub fn contains(&self, user: UserNumber) -> bool {
        self.0.contains(user.0)
    }

    /// The number of users.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.0.len()
    }

    /// Whether nobody is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The users in ascending order of their numbers.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = UserNumber> + '_ {
        self.0.iter().map(UserNumber)
    }

    /// The users with numbers in a range, in ascending order.
    pub fn range(&self, numbers: std::ops::Range<u32>) -> impl Iterator<Item = UserNumber> + '_ {
        self.0.range(numbers).map(UserNumber)
    }

    /// The greatest number in it.
    #[must_use]
    pub fn last(&self) -> Option<UserNumber> {
        self.0.max().map(UserNumber)
    }

    /// The users in both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self(&self.0 & &other.0)
    }

    /// The users in at least one.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        Self(&self.0 | &other.0)
    }

    /// The users in this one and not in the other.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        Self(&self.0 - &other.0)
    }

    /// The users of the universe who are not in this set.
    #[must_use]
    pub fn complement_in(&self, universe: &Self) -> Self {
        universe.minus(self)
    }

    /// The number of users in both, without building the set.
    #[must_use]
    pub fn intersection_len(&self, other: &Self) -> u64 {
        self.0.intersection_len(&other.0)
    }

    /// Whether all of this set are in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }

    /// Adds the users of a block of bits: bit `b` of word `w` is user
    /// `first_user + 64 * w + b`. `first_user` is a multiple of 64, and every user in the set
    /// is below it: blocks come in ascending order.
    ///
    /// Fastest for whole containers, 1,024 words from a multiple of 65,536 users on; a
    /// [`UserSetBuilder`] gathers them from smaller blocks. Blocks out of order are added too,
    /// only slower. Bits beyond the last possible user are ignored.
    pub fn append_words(&mut self, first_user: u32, words: &[u64]) {
        let mut first_user = Some(first_user);
        for words in words.chunks(CONTAINER_WORDS) {
            let Some(first) = first_user else {
                return;
            };
            let count: u32 = words.iter().map(|word| word.count_ones()).sum();
            let most_pushed = if words.len() == CONTAINER_WORDS {
                PUSHED_ALONE
            } else {
                PUSHED_INTO_OTHERS
            };
            if count > most_pushed {
                self.append_dense(first, words);
            } else if count > 0 {
                self.append_sparse(first, words);
            }
            first_user = first.checked_add(CONTAINER_USERS);
        }
    }

    fn append_sparse(&mut self, first_user: u32, words: &[u64]) {
        for (word, bits) in (0_u32..).zip(words) {
            let mut bits = *bits;
            while bits != 0 {
                let bit = bits.trailing_zeros();
                bits &= bits - 1;
                if let Some(user) = first_user.checked_add(word * 64 + bit)
                    && self.0.try_push(user).is_err()
                {
                    self.0.insert(user);
                }
            }
        }
    }

    fn append_dense(&mut self, first_user: u32, words: &[u64]) {
        let mut bytes = [0_u8; CONTAINER_WORDS * 8];
        for (into, word) in bytes.as_chunks_mut().0.iter_mut().zip(words) {
            *into = word.to_le_bytes();
        }
        // The library panics beyond the last number.
        let room = (u64::from(u32::MAX) + 1 - u64::from(first_user)) / 8;
        let length =
            usize::try_from(room).map_or(words.len() * 8, |room| room.min(words.len() * 8));
        let bytes = bytes.get(..length).unwrap_or(&bytes);
        self.0 |= RoaringBitmap::from_lsb0_bytes(first_user, bytes);
    }

    /// Recompresses; worth it before a set is kept or written. Whether it became smaller.
    pub fn optimize(&mut self) -> bool {
        self.0.optimize()
    }

    /// The set in the portable roaring format
    /// (<https://github.com/RoaringBitmap/RoaringFormatSpec>), which ClickHouse reads too.
    #[must_use]
    pub fn serialize_portable(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.portable_size());
        self.append_portable(&mut bytes);
        bytes
    }

    /// Appends what [`UserSet::serialize_portable`] gives.
    pub fn append_portable(&self, bytes: &mut Vec<u8>) {
        // Writing into memory cannot fail.
        let _ = self.0.serialize_into(bytes);
    }

    /// The length of what [`UserSet::serialize_portable`] gives.
    #[must_use]
    pub fn portable_size(&self) -> usize {
        self.0.serialized_size()
    }

    /// Reads what [`UserSet::serialize_portable`] wrote; every byte is checked.
    ///
    /// # Errors
    /// [`Error::DamagedUserSet`] where the bytes are no set, or more than one.
    pub fn deserialize_portable(bytes: &[u8]) -> Result<Self, Error> {
        let damaged = |reason: String| Error::DamagedUserSet { reason };
        let mut rest = bytes;
        let bitmap = RoaringBitmap::deserialize_from(&mut rest)
            .map_err(|error| damaged(error.to_string()))?;
        if !rest.is_empty() {
            return Err(damaged(format!("{} bytes are left over", rest.len())));
        }
        Ok(Self(bitmap))
    }
}

impl FromIterator<UserNumber> for UserSet {
    fn from_iter<I: IntoIterator<Item = UserNumber>>(users: I) -> Self {
        Self(users.into_iter().map(|user| user.0).collect())
    }
}

impl FromIterator<u32> for UserSet {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Self {
        Self(numbers.into_iter().collect())
    }
}

impl Extend<UserNumber> for UserSet {
    fn extend<I: IntoIterator<Item = UserNumber>>(&mut self, users: I) {
        self.0.extend(users.into_iter().map(|user| user.0));
    }
}
