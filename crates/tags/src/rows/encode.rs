//! Lines of all slots become the packed rows of their users: bits are turned about the
//! diagonal, 64 slots by 64 users at a time, then each user's bits are numbered.

use super::{ROW_BLOCK_USERS, RowBlock};
use crate::circuit::Line;
use crate::lanes::Lanes;

/// Turns lines into rows.
pub(crate) struct RowEncoder {
    lanes: Lanes,
    /// The bits of 64 users, one after the other, 64 slots a word.
    turned: Vec<u64>,
    /// Memory for packing.
    positions: Vec<u8>,
    /// The number and the rows of the block that is being filled.
    open: Option<(u32, RowBlock)>,
    filled: Vec<(u32, RowBlock)>,
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
            open: None,
            filled: Vec::new(),
            size: 0,
        }
    }

    /// Adds the rows of the users of a line: `lines` has the line of each slot. Users come in ascending order.
    pub fn line(&mut self, lines: &[Line], users: &[u32]) {
        let groups = lines.len().div_ceil(64);
        self.turned.resize(groups * 64, 0);
        for (word, users) in users.chunks(64).enumerate() {
            for (group, lines) in lines.chunks(64).enumerate() {
                let mut square = [0; 64];
                for (row, line) in square.iter_mut().zip(lines) {
                    *row = line.0.get(word).copied().unwrap_or_default();
                }
                self.lanes.transpose(&mut square);
                let places = self.turned.iter_mut().skip(group).step_by(groups);
                places.zip(square).for_each(|(place, bits)| *place = bits);
            }
            let turned = std::mem::take(&mut self.turned);
            for (row, user) in turned.chunks(groups.max(1)).zip(users) {
                let (lanes, mut positions) = (self.lanes, std::mem::take(&mut self.positions));
                let block = self.block_of(*user);
                lanes.pack(row, &mut positions, &mut block.bytes);
                block.ends.push(block.bytes.len() as u32);
                self.positions = positions;
            }
            self.turned = turned;
        }
    }

    /// The block to which a user's row is to be added, after the rows of all users before.
    fn block_of(&mut self, user: u32) -> &mut RowBlock {
        let number = user / ROW_BLOCK_USERS;
        if self.open.as_ref().is_some_and(|(open, _)| *open != number) {
            self.close();
        }
        let size = self.size + self.size / 16;
        let (_, block) = self
            .open
            .get_or_insert_with(|| (number, RowBlock::of_size(size)));
        block.end_before(user % ROW_BLOCK_USERS);
        block
    }

    /// Ends the block that is being filled, if somebody in it has a slot.
    fn close(&mut self) {
        if let Some((number, mut block)) = self.open.take()
            && !block.bytes.is_empty()
        {
            block.end_before(ROW_BLOCK_USERS);
            self.size = block.bytes.len();
            self.filled.push((number, block));
        }
    }

    /// Takes the blocks that were filled, each with its number.
    pub fn take(&mut self) -> Vec<(u32, RowBlock)> {
        self.close();
        std::mem::take(&mut self.filled)
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
            count in 1_usize..=512,
            gap in 1_u32..4,
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
            let users: Vec<u32> = (0..count as u32).map(|place| place * gap).collect();
            let line = |_| Line(std::array::from_fn(|_| word())).and(Line::first(count));
            let lines: Vec<Line> = (0..slots).map(line).collect();
            let set = |line: &Line| Arc::new(line.users().map(|place| users[place]).collect::<UserSet>());
            let built = UserRows::of_members(&lines.iter().map(set).collect::<Vec<_>>());
            let expected: Vec<Vec<u8>> = (0..count)
                .map(|user| {
                    let slots = (0_u32..).zip(&lines).filter(|(_, line)| line.contains(user));
                    pack(&slots.map(|(slot, _)| slot).collect::<Vec<_>>())
                })
                .collect();
            for lanes in Lanes::all() {
                let mut encoder = RowEncoder::new(lanes);
                encoder.line(&lines, &users);
                let taken = encoder.take().into_iter();
                let rows = UserRows::of_blocks(taken.map(|(number, block)| (number, Arc::new(block))).collect());
                prop_assert_eq!(&rows, &built, "{:?}", lanes);
                for (user, expected) in users.iter().zip(&expected) {
                    prop_assert_eq!(rows.packed(UserNumber(*user)), expected, "{:?}", lanes);
                }
            }
        }
    }
}
