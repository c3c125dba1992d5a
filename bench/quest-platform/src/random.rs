//! Random numbers by counting: the same seed, purpose and item give the same numbers everywhere.

/// SplitMix64 (Steele, Lea, Flood 2014): small, fast, and good enough for synthetic histories.
#[derive(Debug, Clone)]
pub(crate) struct Random {
    state: u64,
}

/// What random numbers are drawn for, so that one purpose never shifts another.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    Activity = 1,
    Profile = 2,
    History = 3,
    Wallet = 4,
    Tags = 5,
    Features = 6,
    Identities = 7,
    Holdings = 8,
    Contract = 9,
    Sharing = 10,
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

impl Random {
    /// The numbers of one item (a user, a tag) for one purpose.
    pub(crate) fn new(seed: u64, purpose: Purpose, item: u64) -> Self {
        let mixed = mix(seed ^ mix(purpose as u64));
        Self {
            state: mix(mixed ^ item.wrapping_mul(GOLDEN)),
        }
    }

    /// 64 random bits.
    #[inline]
    pub(crate) fn word(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// A number below `bound` (0 for a bound of 0).
    #[inline]
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        scaled(self.word(), bound)
    }

    /// True in `per_mille` of 1,000 cases.
    #[inline]
    pub(crate) fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    /// One of the items; `None` only for an empty slice.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len() as u64) as usize)
    }

    /// `unit`, doubled once more with probability one half each time: amounts with a heavy tail.
    #[inline]
    pub(crate) fn heavy(&mut self, unit: i64, most_doublings: u32) -> i64 {
        let word = self.word();
        let doublings = (word.trailing_zeros()).min(most_doublings);
        let base = unit + scaled(word & !0xFFFF_FFFF, unit.unsigned_abs()) as i64;
        base << doublings
    }
}

/// Maps 64 random bits to a number below `bound` (Lemire's multiply and shift).
#[inline]
pub(crate) fn scaled(word: u64, bound: u64) -> u64 {
    ((u128::from(word) * u128::from(bound)) >> 64) as u64
}

#[inline]
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
