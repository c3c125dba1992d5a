//! Members as they come, line by line, become compressed sets.
//!
//! A cell gathers one container, 65,536 users, of one slot: positions while there are few, bits
//! once there are more than 4,096. Both are what the portable roaring format holds
//! (<https://github.com/RoaringBitmap/RoaringFormatSpec>), so that a finished cell is only
//! copied.

use domain::UserSet;

use crate::Error;
use crate::circuit::{LINE_USERS, Line};
use crate::lanes::Lanes;

/// The users of one container.
pub(crate) const CONTAINER_USERS: u32 = 65_536;

/// The most positions that a container holds one by one, and the 16-bit words of its bits.
const CELL: usize = 4_096;

/// Slots whose pieces share memory, which is given back once their sets are there.
const GROUP_SLOTS: usize = 256;

/// 16-bit words of the bits of one line.
const LINE_CELLS: usize = LINE_USERS / 16;

/// The members of several slots among the users of one container, in the making.
pub(crate) struct Cells {
    lanes: Lanes,
    /// One cell for each slot.
    cells: Vec<u16>,
    counts: Vec<u32>,
    positions: [u16; LINE_USERS],
}

/// The members of a group of slots among the users of one container.
pub(crate) struct Pieces {
    /// The upper half of the users' numbers.
    key: u16,
    /// For each slot, where its bytes begin and how many members there are.
    slots: Vec<(usize, u32)>,
    /// Positions or bits of all slots, as 16-bit words.
    words: Vec<u16>,
}

impl Cells {
    /// Empty cells for so many slots.
    pub fn new(slots: usize, lanes: Lanes) -> Self {
        Self {
            lanes,
            cells: vec![0; slots * CELL],
            counts: vec![0; slots],
            positions: [0; LINE_USERS],
        }
    }

    /// Adds lines to one slot: the lines of a block, 512 users each from the nth of the
    /// container on. Lines come in ascending order.
    pub fn append<'a>(
        &mut self,
        slot: usize,
        first_line: usize,
        lines: impl Iterator<Item = &'a Line>,
    ) {
        let Some(cell) = self.cells.get_mut(slot * CELL..(slot + 1) * CELL) else {
            return;
        };
        let Some(count) = self.counts.get_mut(slot) else {
            return;
        };
        for (line, bits) in (first_line..).zip(lines) {
            let new: u32 = bits.0.iter().map(|word| word.count_ones()).sum();
            if new == 0 {
                continue;
            }
            let before = *count as usize;
            *count += new;
            if *count as usize <= CELL {
                let base = (line * LINE_USERS) as u16;
                let into = cell.get_mut(before..).unwrap_or_default();
                if let Some(into) = into.first_chunk_mut() {
                    self.lanes.positions(bits, base, into);
                } else {
                    self.lanes.positions(bits, base, &mut self.positions);
                    into.iter_mut()
                        .zip(&self.positions)
                        .for_each(|(entry, position)| *entry = *position);
                }
                continue;
            }
            if before <= CELL {
                positions_to_bits(cell, before);
            }
            let words = cell
                .get_mut(line * LINE_CELLS..(line + 1) * LINE_CELLS)
                .unwrap_or_default();
            for (words, bits) in words.as_chunks_mut::<4>().0.iter_mut().zip(bits.0) {
                *words = std::array::from_fn(|part| (bits >> (part * 16)) as u16);
            }
        }
    }

    /// Takes what was gathered, for the container that holds `first_user`: the pieces of each
    /// group of slots.
    pub fn take(&mut self, first_user: u32) -> Vec<Pieces> {
        let key = (first_user / CONTAINER_USERS) as u16;
        let cells = self.cells.chunks(CELL * GROUP_SLOTS);
        let groups = cells.zip(self.counts.chunks_mut(GROUP_SLOTS));
        groups
            .map(|(cells, counts)| {
                let mut words = Vec::with_capacity(counts.iter().map(|count| size(*count)).sum());
                let mut slots = Vec::with_capacity(counts.len());
                for (cell, count) in cells.chunks(CELL).zip(counts) {
                    slots.push((words.len(), *count));
                    words.extend_from_slice(cell.get(..size(*count)).unwrap_or_default());
                    *count = 0;
                }
                Pieces { key, slots, words }
            })
            .collect()
    }
}

/// The 16-bit words that so many members take.
fn size(count: u32) -> usize {
    (count as usize).min(CELL)
}

/// Turns a cell of positions into a cell of bits.
fn positions_to_bits(cell: &mut [u16], count: usize) {
    let positions: Vec<u16> = cell.iter().take(count).copied().collect();
    cell.fill(0);
    for position in positions {
        if let Some(word) = cell.get_mut(usize::from(position / 16)) {
            *word |= 1 << (position % 16);
        }
    }
}

impl Pieces {
    /// The members of one slot: how many, and their words.
    fn of(&self, slot: usize) -> Option<(u32, &[u16])> {
        let (start, count) = *self.slots.get(slot)?;
        let words = self.words.get(start..start + size(count))?;
        Some((count, words)).filter(|_| count > 0)
    }
}

/// Puts pieces together to sets.
#[derive(Default)]
pub(crate) struct Assembler {
    /// The portable form of a set.
    portable: Vec<u8>,
}

impl Assembler {
    /// The sets of all slots of a group. The pieces are in ascending order; those of one
    /// container may be several.
    pub fn assemble(&mut self, pieces: &[Pieces]) -> Result<Vec<UserSet>, Error> {
        let slots = pieces.first().map_or(0, |pieces| pieces.slots.len());
        (0..slots).map(|slot| self.slot(pieces, slot)).collect()
    }

    fn slot(&mut self, pieces: &[Pieces], slot: usize) -> Result<UserSet, Error> {
        let mut set = UserSet::new();
        let mut present: Vec<(u16, u32, &[u16])> = Vec::new();
        for piece in pieces {
            let Some((count, words)) = piece.of(slot) else {
                continue;
            };
            if present.last().is_some_and(|(key, ..)| *key == piece.key) {
                set = set.or(&self.set(&present)?);
                present.clear();
            }
            present.push((piece.key, count, words));
        }
        if set.is_empty() {
            self.set(&present)
        } else {
            Ok(set.or(&self.set(&present)?))
        }
    }

    /// The set of containers with ascending keys.
    fn set(&mut self, containers: &[(u16, u32, &[u16])]) -> Result<UserSet, Error> {
        if containers.is_empty() {
            return Ok(UserSet::new());
        }
        let portable = &mut self.portable;
        portable.clear();
        portable.extend(COOKIE.to_le_bytes());
        portable.extend((containers.len() as u32).to_le_bytes());
        for (key, count, _) in containers {
            portable.extend(key.to_le_bytes());
            portable.extend(((count - 1) as u16).to_le_bytes());
        }
        let mut offset = 8 + containers.len() * 8;
        for (.., words) in containers {
            portable.extend((offset as u32).to_le_bytes());
            offset += words.len() * 2;
        }
        let header = portable.len();
        portable.resize(offset, 0);
        let mut rest = portable.get_mut(header..).unwrap_or_default();
        for (.., words) in containers {
            let Some((here, later)) = rest.split_at_mut_checked(words.len() * 2) else {
                break;
            };
            let places = here.as_chunks_mut::<2>().0.iter_mut();
            places
                .zip(*words)
                .for_each(|(place, word)| *place = word.to_le_bytes());
            rest = later;
        }
        UserSet::deserialize_portable(portable).map_err(|source| Error::Members { source })
    }
}

/// The cookie of the portable format without runs.
const COOKIE: u32 = 12_346;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn lines_become_the_set_of_their_bits(
            seeds in prop::collection::vec((0_u32..130, any::<[u64; 8]>(), 0_u32..5), 1..300),
        ) {
            let mut lines = vec![Line::EMPTY; 256];
            for (line, words, density) in &seeds {
                let keep = |word: u64| (0..*density).fold(word, |word, turn| word & word.rotate_left(7 * turn + 1));
                lines[*line as usize] = Line(words.map(keep));
            }
            let expected: UserSet = lines
                .iter()
                .enumerate()
                .flat_map(|(line, bits)| bits.users().map(move |user| (line * LINE_USERS + user) as u32))
                .collect();
            for lanes in Lanes::all() {
                let mut cells = Cells::new(2, lanes);
                let mut pieces = Vec::new();
                for (half, lines) in lines.chunks(64).enumerate() {
                    for (block, lines) in lines.chunks(16).enumerate() {
                        cells.append(1, half % 2 * 64 + block * 16, lines.iter());
                    }
                    pieces.extend(cells.take(half as u32 / 2 * CONTAINER_USERS));
                }
                let sets = Assembler::default().assemble(&pieces).unwrap();
                prop_assert_eq!(sets, [UserSet::new(), expected.clone()]);
            }
        }
    }
}
