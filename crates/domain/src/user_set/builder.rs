//! Builds a set from small blocks of bits, a whole container at a time.

use super::{CONTAINER_USERS, CONTAINER_WORDS, UserSet};

/// Gathers blocks of bits into containers, for 8 KiB of memory.
///
/// Against adding each block of 8,192 users to the set, measured with a million users at
/// random: 1.5 times faster where one in 64 is in the set, 2.5 times at one in 16, 14 to 20
/// times from one in 8 to one in 2. Where one in 500 or fewer is in, it gains nothing.
#[derive(Clone, Debug, Default)]
pub struct UserSetBuilder {
    set: UserSet,
    /// Which container is being gathered.
    container: u32,
    /// Its bits; empty until the first is met.
    words: Vec<u64>,
}

impl UserSetBuilder {
    /// A builder of the empty set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a block of bits, as [`UserSet::append_words`] does: `first_user` is a multiple of
    /// 64, and blocks come in ascending order.
    pub fn append_words(&mut self, first_user: u32, words: &[u64]) {
        let mut first_word = first_user / 64;
        let mut rest = words;
        while !rest.is_empty() {
            // A container has 2^10 words.
            let start = first_word as usize % CONTAINER_WORDS;
            let (now, later) = rest.split_at(rest.len().min(CONTAINER_WORDS - start));
            if now.iter().any(|word| *word != 0) {
                self.gather(first_word / (CONTAINER_USERS / 64), start, now);
            }
            // Words beyond the last user start a container beyond the last, which is left out.
            first_word = first_word.saturating_add(u32::try_from(now.len()).unwrap_or(u32::MAX));
            rest = later;
        }
    }

    /// The set of all that were added.
    #[must_use]
    pub fn finish(mut self) -> UserSet {
        self.flush();
        self.set
    }

    fn gather(&mut self, container: u32, start: usize, words: &[u64]) {
        if container != self.container {
            self.flush();
            self.container = container;
        }
        if self.words.is_empty() {
            self.words.resize(CONTAINER_WORDS, 0);
        }
        for (into, word) in self.words.iter_mut().skip(start).zip(words) {
            *into |= word;
        }
    }

    fn flush(&mut self) {
        if let Some(first_user) = self.container.checked_mul(CONTAINER_USERS) {
            self.set.append_words(first_user, &self.words);
        }
        self.words.fill(0);
    }
}
