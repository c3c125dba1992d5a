//! Members as they come, line by line, become compressed sets.
//!
//! A cell gathers one container, 65,536 users, of one slot: positions while there are few, bits
//! once there are more than 4,096. Both are what the portable roaring format holds
//! (<https://github.com/RoaringBitmap/RoaringFormatSpec>), so that a finished cell is only
//! copied.

use std::sync::Arc;

use domain::{ContainerReader, ContainerUsers, UserSet};

use crate::circuit::{LINE_USERS, Line};
use crate::lanes::Lanes;
use crate::places::Places;

/// The users of one container.
pub(crate) const CONTAINER_USERS: u32 = 65_536;

/// The most positions that a container holds one by one, and the 16-bit words of its bits.
const CELL: usize = 4_096;

/// The members of several slots among the users of one container, in the making.
pub(crate) struct Cells {
    lanes: Lanes,
    /// One cell for each slot.
    cells: Vec<u16>,
    counts: Vec<u32>,
    positions: [u16; LINE_USERS],
    reader: ContainerReader,
}

impl Cells {
    /// Empty cells for so many slots.
    pub fn new(slots: usize, lanes: Lanes) -> Self {
        Self {
            lanes,
            cells: vec![0; slots * CELL],
            counts: vec![0; slots],
            positions: [0; LINE_USERS],
            reader: ContainerReader::new(),
        }
    }

    /// Adds lines to one slot, each with the places of its users. Lines come in ascending order.
    pub fn append<'a>(&mut self, slot: usize, lines: impl Iterator<Item = (&'a Places, &'a Line)>) {
        let Some(cell) = self.cells.get_mut(slot * CELL..(slot + 1) * CELL) else {
            return;
        };
        let Some(count) = self.counts.get_mut(slot) else {
            return;
        };
        for (places, bits) in lines {
            let new: u32 = bits.0.iter().map(|word| word.count_ones()).sum();
            if new == 0 {
                continue;
            }
            let before = *count as usize;
            *count += new;
            if *count as usize <= CELL {
                let into = cell.get_mut(before..).unwrap_or_default();
                if let Some(into) = into.first_chunk_mut() {
                    self.lanes.positions(bits, &places.numbers, into);
                } else {
                    self.lanes
                        .positions(bits, &places.numbers, &mut self.positions);
                    into.iter_mut()
                        .zip(&self.positions)
                        .for_each(|(entry, position)| *entry = *position);
                }
                continue;
            }
            if before <= CELL {
                positions_to_bits(cell, before);
            }
            self.lanes
                .spread(bits, &places.words, cell.as_chunks_mut().0);
        }
    }

    /// Takes what was gathered, for the container that holds `first_user`: of each slot what it is beside the set of
    /// the run before, if there is one.
    pub fn take<'a>(
        &mut self,
        first_user: u32,
        before: impl Fn(usize) -> Option<&'a UserSet>,
    ) -> Vec<Piece> {
        let container = (first_user / CONTAINER_USERS) as u16;
        let cells = self.cells.chunks(CELL).zip(&mut self.counts).enumerate();
        cells
            .map(|(slot, (cell, count))| {
                let count = std::mem::take(count);
                let words = cell.get(..size(count)).unwrap_or_default();
                let is_same =
                    before(slot).is_some_and(|before| match self.reader.read(before, container) {
                        ContainerUsers::Places(places) => count as usize <= CELL && places == words,
                        ContainerUsers::Bits(bits) => count as usize > CELL && bits == words,
                    });
                if is_same {
                    Piece::Same
                } else {
                    Piece::New(UserSet::of_container(container, count, words))
                }
            })
            .collect()
    }
}

/// The members that a set has in one container.
#[derive(Debug)]
pub(crate) enum Piece {
    /// Those that it had in the run before.
    Same,
    /// These.
    New(UserSet),
}

/// The set of all these pieces, each with the first user of its container; the set before had none in other containers.
/// A set that is as it was before is shared.
pub(crate) fn join(before: Option<&Arc<UserSet>>, pieces: &mut [(u32, Piece)]) -> Arc<UserSet> {
    let is_same = |(_, piece): &(u32, Piece)| matches!(piece, Piece::Same);
    if let Some(before) = before.filter(|_| pieces.iter().all(is_same)) {
        return Arc::clone(before);
    }
    let mut reader = ContainerReader::new();
    let mut set = UserSet::new();
    for (first_user, piece) in pieces {
        match (std::mem::replace(piece, Piece::Same), before) {
            (Piece::New(members), _) => set.absorb(members),
            (Piece::Same, Some(before)) => {
                set.absorb(reader.copy(before, (*first_user / CONTAINER_USERS) as u16));
            }
            (Piece::Same, None) => {}
        }
    }
    before
        .filter(|before| ***before == set)
        .map_or_else(|| Arc::new(set), Arc::clone)
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

#[cfg(test)]
mod tests {
    use domain::UserNumber;
    use proptest::prelude::*;

    use super::*;

    /// The set of the bits of lines of some users, eight blocks a container, gathered by half containers, beside an
    /// empty one.
    fn gathered(
        lanes: Lanes,
        users: &[Vec<u32>],
        lines: &[Line],
        before: &[Arc<UserSet>],
    ) -> [Arc<UserSet>; 2] {
        let mut cells = Cells::new(2, lanes);
        let mut pieces = [Vec::new(), Vec::new()];
        for (block, (users, lines)) in (0_u32..).zip(users.iter().zip(lines.chunks(16))) {
            let places: Vec<Places> = users.chunks(LINE_USERS).map(Places::of).collect();
            let known: Vec<Line> = users
                .chunks(LINE_USERS)
                .zip(lines)
                .map(|(users, line)| line.and(Line::first(users.len())))
                .collect();
            cells.append(1, places.iter().zip(&known));
            if block % 4 == 3 {
                let first_user = block / 8 * CONTAINER_USERS;
                let taken = cells.take(first_user, |slot| before.get(slot).map(AsRef::as_ref));
                for (pieces, piece) in pieces.iter_mut().zip(taken) {
                    pieces.push((first_user, piece));
                }
            }
        }
        let [nobody, members] = &mut pieces;
        [join(before.first(), nobody), join(before.get(1), members)]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn lines_become_the_set_of_their_bits_shared_with_the_one_before_if_that_is_equal(
            seeds in prop::collection::vec((0_u32..130, any::<[u64; 8]>(), 0_u32..5), 1..300),
            gaps in 0_u32..4,
            other in 0..2 * CONTAINER_USERS,
        ) {
            let mut lines = vec![Line::EMPTY; 256];
            for (line, words, density) in &seeds {
                let keep = |word: u64| (0..*density).fold(word, |word, turn| word & word.rotate_left(7 * turn + 1));
                lines[*line as usize] = Line(words.map(keep));
            }
            // Of some numbers nobody is known, more in some parts than in others.
            let is_user = |number: &u32| number % 7 >= gaps || (number / 1_000).is_multiple_of(3);
            let users: Vec<Vec<u32>> = (0..2 * CONTAINER_USERS)
                .step_by(8_192)
                .map(|first| (first..first + 8_192).filter(is_user).collect())
                .collect();
            let mut expected = UserSet::new();
            for (block, lines) in users.iter().zip(lines.chunks(16)) {
                for (users, line) in block.chunks(LINE_USERS).zip(lines) {
                    let members = line.users().filter_map(|place| users.get(place));
                    expected.extend(members.map(|user| UserNumber(*user)));
                }
            }
            let mut changed = expected.clone();
            if !changed.remove(UserNumber(other)) {
                changed.insert(UserNumber(other));
            }
            let before = |members: &UserSet| [Arc::new(UserSet::new()), Arc::new(members.clone())];
            let (equal, changed) = (before(&expected), before(&changed));
            for lanes in Lanes::all() {
                let found = |before: &[Arc<UserSet>]| gathered(lanes, &users, &lines, before);
                prop_assert_eq!(&found(&[]), &equal);
                prop_assert_eq!(&found(&changed), &equal);
                for (found, before) in found(&equal).iter().zip(&equal) {
                    prop_assert!(Arc::ptr_eq(found, before));
                }
            }
        }
    }
}
