//! Lines of all slots become the packed rows of their users: bits are turned about the
//! diagonal, 64 slots by 64 users at a time, then each user's bits are numbered.

use super::RowBlock;
use crate::circuit::Line;
use crate::lanes::Lanes;

/// Turns lines into rows.
pub(crate) struct RowEncoder {
    lanes: Lanes,
    /// The bits of 64 users, one after the other, 64 slots a word.
    turned: Vec<u64>,
    /// Memory for packing.
    positions: Vec<u8>,
    /// The bytes of the block before: about as many will be needed.
    size: usize,
}

impl RowEncoder {
    /// An encoder.
    pub fn new(lanes: Lanes) -> Self {
        Self {
            lanes,
            turned: Vec::new(),
            positions: Vec::new(),
            size: 0,
        }
    }

    /// The rows of the first `users` of a line: `lines` has the line of each slot.
    pub fn line(&mut self, lines: &[Line], users: usize) -> RowBlock {
        let bytes = Vec::with_capacity(self.size + self.size / 16);
        let mut block = RowBlock {
            ends: Vec::with_capacity(users),
            bytes,
        };
        let groups = lines.len().div_ceil(64);
        self.turned.resize(groups * 64, 0);
        for word in 0..users.div_ceil(64) {
            for (group, lines) in lines.chunks(64).enumerate() {
                let mut square = [0; 64];
                for (row, line) in square.iter_mut().zip(lines) {
                    *row = line.0.get(word).copied().unwrap_or_default();
                }
                self.lanes.transpose(&mut square);
                let places = self.turned.iter_mut().skip(group).step_by(groups);
                places.zip(square).for_each(|(place, bits)| *place = bits);
            }
            for row in self
                .turned
                .chunks(groups.max(1))
                .take((users - word * 64).min(64))
            {
                self.lanes.pack(row, &mut self.positions, &mut block.bytes);
                block.ends.push(block.bytes.len() as u32);
            }
        }
        self.size = block.bytes.len();
        block
    }
}

/// Writes a distance in LEB128.
pub(crate) fn push(row: &mut Vec<u8>, mut distance: u32) {
    while distance >= 0x80 {
        row.push(distance as u8 | 0x80);
        distance >>= 7;
    }
    row.push(distance as u8);
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::{UserNumber, UserSet};
    use proptest::prelude::*;

    use super::super::{UserRows, pack, unpack};
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn packed_numbers_read_back(numbers in prop::collection::btree_set(0_u32..100_000, 0..200)) {
            let numbers: Vec<u32> = numbers.into_iter().collect();
            prop_assert_eq!(unpack(&pack(&numbers)).collect::<Vec<_>>(), numbers);
        }

        #[test]
        fn lines_and_sets_give_the_same_rows(
            slots in 1_usize..1_500,
            users in 1_usize..=512,
            seed in any::<u64>(),
            thinness in 0_u32..9,
        ) {
            let mut state = seed | 1;
            let mut word = || {
                (0..thinness).fold(u64::MAX, |word, _| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    word & (state ^ state >> 29)
                })
            };
            let mut lines = vec![Line::EMPTY; slots];
            for line in &mut lines {
                let bits = Line(std::array::from_fn(|_| word()));
                bits.users().filter(|user| *user < users).for_each(|user| line.insert(user));
            }
            let set = |line: &Line| Arc::new(line.users().map(|user| user as u32).collect::<UserSet>());
            let built = UserRows::of_members(&lines.iter().map(set).collect::<Vec<_>>());
            let expected: Vec<Vec<u8>> = (0..users)
                .map(|user| {
                    let slots = (0_u32..).zip(&lines).filter(|(_, line)| line.contains(user));
                    pack(&slots.map(|(slot, _)| slot).collect::<Vec<_>>())
                })
                .collect();
            for lanes in Lanes::all() {
                let block = RowEncoder::new(lanes).line(&lines, users);
                prop_assert_eq!(block.ends.len(), users);
                let mut rows = UserRows::default();
                rows.insert(0, block);
                for (user, expected) in (0_u32..).map(UserNumber).zip(&expected) {
                    prop_assert_eq!(rows.packed(user), expected, "{:?}", lanes);
                    prop_assert_eq!(built.packed(user), expected);
                }
            }
        }
    }
}
