//! User rows: all slots of one user, packed.
//!
//! A packed row holds the ascending numbers of slots, each as its distance from the one before
//! (the first from 0) in LEB128: seven bits a byte, the lowest first, the top bit set where more
//! bytes follow. 750 of 15,000 slots take about 750 bytes.

mod encode;
mod turn;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, OnceLock};
use std::thread;

use domain::{UserNumber, UserSet};

use self::turn::{Turner, part_lines};
use crate::parallel::in_parallel;

pub(crate) use self::encode::{RowEncoder, push as push_distance};

/// How many users share one piece of memory.
pub(crate) const ROW_BLOCK_USERS: u32 = 512;

/// The packed rows of all users. There is memory for those among 512 users in a row of whom somebody has a slot.
///
/// Rows that follow from sets are built when somebody needs them all; until then the sets are asked about a user.
#[derive(Clone, Debug, Default)]
pub struct UserRows(Arc<Rows>);

#[derive(Debug, Default)]
struct Rows {
    built: OnceLock<RowBlocks>,
    /// The members of all slots, to build the rows of; nothing where the rows were there first.
    members: Vec<Arc<UserSet>>,
}

/// Rows by the number of their first user over 512.
pub(crate) type RowBlocks = BTreeMap<u32, Arc<RowBlock>>;

impl PartialEq for UserRows {
    fn eq(&self, other: &Self) -> bool {
        self.blocks() == other.blocks()
    }
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
        packed(self.blocks(), user)
    }

    /// The numbers of the slots of a user, ascending. Where rows are not built, all sets are asked, some milliseconds
    /// for 15,000 of them.
    pub fn slots(&self, user: UserNumber) -> impl Iterator<Item = u32> + '_ {
        let built = self.0.built.get();
        let sets = built.map_or(&*self.0.members, |_| &[]);
        let of_sets = (0_u32..)
            .zip(sets)
            .filter(move |(_, set)| set.contains(user));
        let row = built.map(|blocks| packed(blocks, user));
        let of_row = unpack(row.unwrap_or_default());
        of_row.chain(of_sets.map(|(slot, _)| slot))
    }

    /// Whether they are built, so that a user is asked about at once.
    pub(crate) fn are_built(&self) -> bool {
        self.0.built.get().is_some()
    }

    /// Builds the rows on a thread of its own, unless they are: whoever asks meanwhile does not wait.
    pub fn build_behind(&self) {
        if !self.are_built() {
            let rows = self.clone();
            // Without a thread, rows are built when somebody needs them all.
            let _ = thread::Builder::new().spawn(move || {
                rows.blocks();
            });
        }
    }

    /// The bytes of all rows together.
    #[must_use]
    pub fn size(&self) -> usize {
        let blocks = self.blocks().values();
        blocks
            .map(|block| block.bytes.len() + block.ends.len() * 4)
            .sum()
    }

    /// The rows that follow from the members of all slots. They are built when they are needed, by all processors.
    #[must_use]
    pub fn of_members(members: &[Arc<UserSet>]) -> Self {
        Self(Arc::new(Rows {
            built: OnceLock::new(),
            members: members.to_vec(),
        }))
    }

    /// Rows that are there.
    pub(crate) fn of_blocks(blocks: RowBlocks) -> Self {
        Self(Arc::new(Rows {
            built: OnceLock::from(blocks),
            members: Vec::new(),
        }))
    }

    fn blocks(&self) -> &RowBlocks {
        self.0.built.get_or_init(|| build(&self.0.members))
    }

    /// The rows of 512 users: if they are equal to those here, these.
    pub(crate) fn shared(&self, number: u32, block: RowBlock) -> Arc<RowBlock> {
        let here = self.0.built.get().and_then(|blocks| blocks.get(&number));
        let same = here.filter(|here| ***here == block);
        same.map_or_else(|| Arc::new(block), Arc::clone)
    }

    /// The rows with those of some users, ascending, replaced; `members` are those of all slots then.
    #[must_use]
    pub(crate) fn replaced(&self, rows: &[(u32, &[u8])], members: &[Arc<UserSet>]) -> Self {
        let Some(before) = self.0.built.get() else {
            return Self::of_members(members);
        };
        let mut blocks = before.clone();
        for rows in rows.chunk_by(|(a, _), (b, _)| a / ROW_BLOCK_USERS == b / ROW_BLOCK_USERS) {
            let Some((first, _)) = rows.first() else {
                continue;
            };
            let number = first / ROW_BLOCK_USERS;
            let block = block_with(number, before.get(&number), rows);
            if block.bytes.is_empty() {
                blocks.remove(&number);
            } else {
                blocks.insert(number, Arc::new(block));
            }
        }
        Self::of_blocks(blocks)
    }
}

fn packed(blocks: &RowBlocks, user: UserNumber) -> &[u8] {
    let place = (user.0 % ROW_BLOCK_USERS) as usize;
    let block = blocks.get(&(user.0 / ROW_BLOCK_USERS));
    block.and_then(|block| block.row(place)).unwrap_or_default()
}

/// The rows of 512 users with some of them replaced.
fn block_with(number: u32, old: Option<&Arc<RowBlock>>, rows: &[(u32, &[u8])]) -> RowBlock {
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
    block
}

fn build(members: &[Arc<UserSet>]) -> RowBlocks {
    let last = members.iter().filter_map(|set| set.last()).max();
    let extent = last.map_or(0, |last| last.0 / ROW_BLOCK_USERS + 1) as usize;
    let lines = part_lines(members.len());
    let parts = extent.div_ceil(lines);
    let work = |turner: &mut Turner, part: usize| {
        let end = ((part + 1) * lines).min(extent);
        turner.part(members, part * lines..end)
    };
    let threads = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let blocks = in_parallel(threads, parts, Turner::new, |turner, part| {
        Ok(work(turner, part))
    });
    // The work itself has no errors; what threads cannot do is done here.
    let blocks = blocks.unwrap_or_else(|_| {
        let mut turner = Turner::new();
        (0..parts).map(|part| work(&mut turner, part)).collect()
    });
    let blocks = blocks.into_iter().flatten();
    blocks
        .map(|(number, block)| (number, Arc::new(block)))
        .collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn sets(of_slot: impl Fn(u32, u32) -> bool) -> Vec<Arc<UserSet>> {
        let users = |slot| (0..3_000_u32).filter(|user| of_slot(slot, *user)).collect();
        (0..40).map(|slot| Arc::new(users(slot))).collect()
    }

    #[test]
    fn what_is_not_built_answers_as_what_is() {
        let members = sets(|slot, user| (user * 7 + slot) % (slot + 2) == 0);
        let (asked, built) = (
            UserRows::of_members(&members),
            UserRows::of_members(&members),
        );
        built.blocks();
        for user in (0..3_100).step_by(13).map(UserNumber) {
            let slots: Vec<u32> = asked.slots(user).collect();
            assert_eq!(slots, built.slots(user).collect::<Vec<_>>());
            assert_eq!(slots, unpack(built.packed(user)).collect::<Vec<_>>());
        }
        assert!(!asked.are_built(), "no answer builds them all");
        asked.build_behind();
        assert_eq!(asked, built);
    }

    #[test]
    fn rows_are_replaced_whether_they_were_built_or_not() {
        let members = sets(|slot, user| user % (slot + 2) == 0);
        let is_changed = |user: u32| user % 500 == 1;
        let changed = sets(|slot, user| match is_changed(user) {
            true => slot % 3 == 0,
            false => user % (slot + 2) == 0,
        });
        let row = pack(&(0..40).step_by(3).collect::<Vec<u32>>());
        let users = (0..3_000).filter(|user| is_changed(*user));
        let rows: Vec<(u32, &[u8])> = users.map(|user| (user, &*row)).collect();
        let built = UserRows::of_members(&members);
        built.blocks();
        let expected = UserRows::of_members(&changed);
        assert_eq!(built.replaced(&rows, &changed), expected);
        let unbuilt = UserRows::of_members(&members);
        assert_eq!(unbuilt.replaced(&rows, &changed), expected);
    }
}
