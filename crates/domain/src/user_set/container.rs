//! Sets of the users of one container, made of what the portable format would hold.

use std::io::Read;

use roaring::RoaringBitmap;

use super::UserSet;

/// The most members that a container holds one by one; as many words of 16 bits hold all its bits.
pub(super) const MOST_POSITIONS: usize = 4_096;

/// The first word of the portable format without runs.
pub(super) const COOKIE: u32 = 12_346;

/// The bytes before those of the only container.
const HEADER_BYTES: u32 = 16;

impl UserSet {
    /// The users of one container, 65,536 numbers from a multiple of it on. Of up to 4,096 members `words` are their
    /// places, ascending; of more it has 4,096 words of bits, the lowest user first. Nothing of that is checked.
    #[must_use]
    pub fn of_container(container: u16, members: u32, words: &[u16]) -> Self {
        let Some(last) = members.checked_sub(1) else {
            return Self::new();
        };
        let mut header = [0; HEADER_BYTES as usize];
        let key = u32::from(container) | last << 16;
        let fields = [COOKIE, 1, key, HEADER_BYTES];
        for (into, field) in header.as_chunks_mut().0.iter_mut().zip(fields) {
            *into = field.to_le_bytes();
        }
        let mut bytes = [0; MOST_POSITIONS * 2];
        for (into, word) in bytes.as_chunks_mut().0.iter_mut().zip(words) {
            *into = word.to_le_bytes();
        }
        // There are as many bytes as the header says, so reading cannot fail.
        let bitmap = RoaringBitmap::deserialize_unchecked_from(header.chain(bytes.as_slice()));
        Self(bitmap.unwrap_or_default())
    }

    /// Adds the users of another set. Containers that only the other has are taken over as they are.
    pub fn absorb(&mut self, other: Self) {
        self.0 |= other.0;
    }
}
