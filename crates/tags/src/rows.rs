//! User rows: all slots of one user, packed.
//!
//! A packed row holds the ascending numbers of slots, each as its distance from the one before
//! (the first from 0) in LEB128: seven bits a byte, the lowest first, the top bit set where more
//! bytes follow. 750 of 15,000 slots take about 750 bytes.

mod encode;
mod turn;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

use domain::{UserNumber, UserSet};

use self::turn::{Turner, part_lines};
use crate::parallel::in_parallel;

pub(crate) use self::encode::{RowEncoder, push as push_distance};

/// How many users share one piece of memory.
pub(crate) const ROW_BLOCK_USERS: u32 = 512;

/// The packed rows of all users. There is memory for those among 512 users in a row of whom somebody has a slot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserRows {
    /// By the number of the first user over 512.
    blocks: BTreeMap<u32, Arc<RowBlock>>,
}

/// The packed rows of up to 512 users in a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RowBlock {
    /// Where each row ends.
    pub ends: Vec<u32>,
    pub bytes: Vec<u8>,
}

impl RowBlock {
    /// The row of the nth user.
    pub fn row(&self, place: usize) -> Option<&[u8]> {
        let end = *self.ends.get(place)? as usize;
        let start = place
            .checked_sub(1)
            .and_then(|before| self.ends.get(before));
        self.bytes
            .get(start.copied().unwrap_or_default() as usize..end)
    }

    /// No row yet, and room for so many bytes.
    fn of_size(bytes: usize) -> Self {
        Self {
            ends: Vec::with_capacity(ROW_BLOCK_USERS as usize),
            bytes: Vec::with_capacity(bytes),
        }
    }

    /// Ends the rows of all before the nth user; those that were not added are empty.
    fn end_before(&mut self, user: u32) {
        self.ends.resize(user as usize, self.bytes.len() as u32);
    }

    fn push(&mut self, row: &[u8]) {
        self.bytes.extend_from_slice(row);
        self.ends.push(self.bytes.len() as u32);
    }
}

impl UserRows {
    /// The packed row of a user; empty for one without any tag.
    #[must_use]
    pub fn packed(&self, user: UserNumber) -> &[u8] {
        let place = (user.0 % ROW_BLOCK_USERS) as usize;
        let block = self.blocks.get(&(user.0 / ROW_BLOCK_USERS));
        block.and_then(|block| block.row(place)).unwrap_or_default()
    }

    /// The numbers of the slots of a user, ascending.
    pub fn slots(&self, user: UserNumber) -> impl Iterator<Item = u32> + '_ {
        unpack(self.packed(user))
    }

    /// The bytes of all rows together.
    #[must_use]
    pub fn size(&self) -> usize {
        self.blocks
            .values()
            .map(|block| block.bytes.len() + block.ends.len() * 4)
            .sum()
    }

    /// The rows that follow from the members of all slots. Uses all processors.
    #[must_use]
    pub fn of_members(members: &[Arc<UserSet>]) -> Self {
        let last = members.iter().filter_map(|set| set.last()).max();
        let extent = last.map_or(0, |last| last.0 / ROW_BLOCK_USERS + 1) as usize;
        let lines = part_lines(members.len());
        let parts = extent.div_ceil(lines);
        let work = |turner: &mut Turner, part: usize| {
            let end = ((part + 1) * lines).min(extent);
            Ok(turner.part(members, part * lines..end))
        };
        let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        // The work itself has no errors; what a thread cannot do is done here.
        let blocks = in_parallel(threads, parts, Turner::new, work)
            .or_else(|_| in_parallel(NonZeroUsize::MIN, parts, Turner::new, work))
            .unwrap_or_default();
        let blocks = blocks.into_iter().flatten();
        Self {
            blocks: blocks
                .map(|(number, block)| (number, Arc::new(block)))
                .collect(),
        }
    }

    /// Takes the rows of 512 users.
    pub(crate) fn insert(&mut self, number: u32, block: Arc<RowBlock>) {
        self.blocks.insert(number, block);
    }

    /// The rows of 512 users: if they are equal to those here, these.
    pub(crate) fn shared(&self, number: u32, block: RowBlock) -> Arc<RowBlock> {
        let same = self.blocks.get(&number).filter(|here| ***here == block);
        same.map_or_else(|| Arc::new(block), Arc::clone)
    }

    /// The rows with those of some users, ascending, replaced.
    #[must_use]
    pub(crate) fn replaced(&self, rows: &[(u32, &[u8])]) -> Self {
        let mut blocks = self.blocks.clone();
        for rows in rows.chunk_by(|(a, _), (b, _)| a / ROW_BLOCK_USERS == b / ROW_BLOCK_USERS) {
            let Some((first, _)) = rows.first() else {
                continue;
            };
            let number = first / ROW_BLOCK_USERS;
            let old = self.blocks.get(&number);
            let mut block = RowBlock::default();
            let mut new = rows.iter().peekable();
            for place in 0..ROW_BLOCK_USERS {
                let user = number * ROW_BLOCK_USERS + place;
                let row = match new.next_if(|(changed, _)| *changed == user) {
                    Some((_, row)) => *row,
                    None => old
                        .and_then(|old| old.row(place as usize))
                        .unwrap_or_default(),
                };
                block.push(row);
            }
            if block.bytes.is_empty() {
                blocks.remove(&number);
            } else {
                blocks.insert(number, Arc::new(block));
            }
        }
        Self { blocks }
    }
}

/// The numbers of a packed row, ascending.
pub fn unpack(row: &[u8]) -> impl Iterator<Item = u32> + '_ {
    let mut bytes = row.iter();
    let mut last = 0_u32;
    std::iter::from_fn(move || {
        let mut distance = 0_u32;
        let mut shift = 0;
        loop {
            let byte = bytes.next()?;
            distance |= u32::from(byte & 0x7F)
                .checked_shl(shift)
                .unwrap_or_default();
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        last = last.wrapping_add(distance);
        Some(last)
    })
}

/// Packs ascending numbers.
#[must_use]
pub fn pack(numbers: &[u32]) -> Vec<u8> {
    let mut row = Vec::with_capacity(numbers.len());
    let mut last = 0;
    for number in numbers {
        encode::push(&mut row, number - last);
        last = *number;
    }
    row
}
