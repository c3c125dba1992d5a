//! Sets become the rows of their users: whole containers are laid out as lines, line by line and slot by slot.

use std::ops::Range;
use std::sync::Arc;

use domain::{ContainerReader, ContainerUsers, UserSet};

use super::{RowBlock, RowEncoder};
use crate::circuit::{LINE_USERS, Line};
use crate::containers::CONTAINER_USERS;
use crate::lanes::Lanes;

/// 16-bit words of the bits of one line.
const LINE_WORDS: usize = LINE_USERS / 16;

/// The lines of a container.
const CONTAINER_LINES: usize = CONTAINER_USERS as usize / LINE_USERS;

/// The lines of all slots that are laid out at once take so many bytes at most, unless one line of each takes more.
const PART_BYTES: usize = 32 << 20;

/// How many lines of so many slots are laid out at once: a container is a whole number of such parts.
pub(super) fn part_lines(slots: usize) -> usize {
    let fitting = PART_BYTES / (slots.max(1) * size_of::<Line>());
    let halves = (fitting.max(1) + 1).next_power_of_two() / 2;
    halves.min(CONTAINER_LINES)
}

/// Turns sets into rows, with memory that is used again.
pub(super) struct Turner {
    reader: ContainerReader,
    encoder: RowEncoder,
    /// Line after line; in each the slots in their order.
    lines: Vec<Line>,
}

impl Turner {
    pub(super) fn new() -> Self {
        Self {
            reader: ContainerReader::new(),
            encoder: RowEncoder::new(Lanes::detect()),
            lines: Vec::new(),
        }
    }

    /// The rows of the users of some lines, which are of one container.
    pub(super) fn part(
        &mut self,
        members: &[Arc<UserSet>],
        lines: Range<usize>,
    ) -> Vec<(u32, RowBlock)> {
        self.lines.clear();
        self.lines.resize(lines.len() * members.len(), Line::EMPTY);
        let container = (lines.start / CONTAINER_LINES) as u16;
        let first = lines.start % CONTAINER_LINES;
        for (slot, set) in members.iter().enumerate() {
            let into = self.lines.iter_mut().skip(slot).step_by(members.len());
            match self.reader.read(set, container) {
                ContainerUsers::Bits(words) => lay_out(words, first, into),
                ContainerUsers::Places(places) => {
                    let start =
                        places.partition_point(|place| usize::from(*place) < first * LINE_USERS);
                    for place in places.get(start..).unwrap_or_default() {
                        let place = usize::from(*place) - first * LINE_USERS;
                        let line = place / LINE_USERS * members.len() + slot;
                        let Some(line) = self.lines.get_mut(line) else {
                            break;
                        };
                        line.insert(place % LINE_USERS);
                    }
                }
            }
        }
        for (number, lines) in lines.zip(self.lines.chunks(members.len().max(1))) {
            let first = (number * LINE_USERS) as u32;
            let users: Vec<u32> = (first..=first | (LINE_USERS as u32 - 1)).collect();
            self.encoder.line(lines, &users);
        }
        self.encoder.take()
    }
}

/// Copies the bits of a container, from one of its lines on.
fn lay_out<'lines>(words: &[u16], first: usize, into: impl Iterator<Item = &'lines mut Line>) {
    let lines = words.as_chunks::<LINE_WORDS>().0.iter().skip(first);
    for (into, words) in into.zip(lines) {
        for (into, words) in into.0.iter_mut().zip(words.as_chunks::<4>().0) {
            *into = words
                .iter()
                .rev()
                .fold(0, |bits, word| bits << 16 | u64::from(*word));
        }
    }
}
