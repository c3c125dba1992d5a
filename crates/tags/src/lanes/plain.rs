//! The inner loops in plain Rust; what they mean.

use super::{Codes, Into};
use crate::block::numbers::CodeRange;
use crate::block::ranks::{LOWEST, NO_RANK, Ranks};
use crate::circuit::{LINE_USERS, Line, Operand, Step, at_least};
use crate::pass::Output;
use crate::places::PlacesWord;

/// How many values are searched for side by side.
const SIDE_BY_SIDE: usize = 16;

pub(super) fn ranks(ranks: &Ranks, values: &[i64], found: &mut [u16; LINE_USERS]) {
    if let Some(bounds) = ranks.few() {
        for (rank, value) in found.iter_mut().zip(values) {
            *rank = bounds.iter().map(|bound| u16::from(bound <= value)).sum();
        }
    } else {
        for (ranks_found, values) in found
            .chunks_mut(SIDE_BY_SIDE)
            .zip(values.chunks(SIDE_BY_SIDE))
        {
            halve(ranks, values, ranks_found);
        }
    }
    for (rank, value) in found.iter_mut().zip(values) {
        *rank = if *value < LOWEST { NO_RANK } else { *rank };
    }
}

/// The ranks of a few values, found by halving without a branch.
#[inline(always)]
fn halve(ranks: &Ranks, values: &[i64], found: &mut [u16]) {
    let mut places = [0_usize; SIDE_BY_SIDE];
    let is_before =
        |place: usize, value: i64| ranks.bounds.get(place).is_some_and(|bound| *bound <= value);
    let mut step = ranks.bounds.len() / 2;
    while step > 0 {
        for (place, value) in places.iter_mut().zip(values) {
            *place += if is_before(*place + step - 1, *value) {
                step
            } else {
                0
            };
        }
        step /= 2;
    }
    for ((rank, place), value) in found.iter_mut().zip(places).zip(values) {
        *rank =
            (place + usize::from(is_before(place, *value))).min(usize::from(ranks.count)) as u16;
    }
}

#[inline(always)]
pub(super) fn codes(ranks: &[u16; LINE_USERS], start: u16, codes: &mut Codes) {
    for (code, rank) in codes.iter_mut().zip(ranks) {
        let within = rank.saturating_sub(start).min(254) + 1;
        *code = if *rank == NO_RANK { 0 } else { within as u8 };
    }
}

pub(super) fn select(ranges: &[CodeRange], codes: &Codes, into: Into, signals: &mut [Line]) {
    for range in ranges {
        let Some(line) = signals.get_mut(range.signal as usize) else {
            continue;
        };
        if into == Into::Set {
            *line = Line::EMPTY;
        }
        for (word, codes) in line.0.iter_mut().zip(codes.chunks(64)) {
            for (byte, codes) in codes.as_chunks::<8>().0.iter().enumerate() {
                let is_in = codes.map(|code| u8::from(code.wrapping_sub(range.low) <= range.width));
                // Eight bytes of 0 or 1 become eight bits.
                let bits = u64::from_le_bytes(is_in).wrapping_mul(0x0102_0408_1020_4080) >> 56;
                *word |= bits << (byte * 8);
            }
        }
    }
}

#[inline(always)]
pub(super) fn gates(steps: &[Step], operands: &[Operand], signals: &mut [Line]) -> usize {
    for (done, step) in steps.iter().enumerate() {
        let (line, signal) = match step {
            Step::And {
                operands: range,
                signal,
            } => {
                let range = range.start as usize..range.end as usize;
                (
                    all(operands.get(range).unwrap_or_default(), signals),
                    *signal,
                )
            }
            Step::AtLeast {
                count,
                operands: range,
                signal,
            } => {
                let range = range.start as usize..range.end as usize;
                (
                    at_least(*count, operands.get(range).unwrap_or_default(), signals),
                    *signal,
                )
            }
            Step::Condition { .. } => return done,
        };
        if let Some(entry) = signals.get_mut(signal as usize) {
            *entry = line;
        }
    }
    steps.len()
}

#[inline(always)]
pub(super) fn outputs(outputs: &[Output], known: &Line, signals: &[Line], lines: &mut Vec<Line>) {
    let before = lines.len();
    lines.resize(before + outputs.len(), Line::EMPTY);
    for (line, output) in lines.iter_mut().skip(before).zip(outputs) {
        *line = output.operand.read(signals).and(*known);
    }
}

#[inline(always)]
fn all(operands: &[Operand], signals: &[Line]) -> Line {
    let mut line = Line::FULL;
    for operand in operands {
        line = line.and(operand.read(signals));
    }
    line
}

pub(super) fn positions(
    line: &Line,
    numbers: &[u16; LINE_USERS],
    into: &mut [u16; LINE_USERS],
) -> usize {
    let mut count = 0;
    for (mut bits, numbers) in line.0.into_iter().zip(numbers.as_chunks::<64>().0) {
        while bits != 0 {
            // There are no more than 512 bits.
            into[count & (LINE_USERS - 1)] = numbers[bits.trailing_zeros() as usize & 63];
            bits &= bits - 1;
            count += 1;
        }
    }
    count
}

/// See `Lanes::spread`; `deposit` puts low bits where those of a mask are.
#[inline(always)]
pub(super) fn spread(
    line: &Line,
    places: &[PlacesWord],
    container: &mut [[u16; 4]],
    deposit: impl Fn(u64, u64) -> u64,
) {
    let mut next = 0;
    for place in places {
        let bits = deposit(bits_from(line, next), place.users);
        next += place.users.count_ones() as usize;
        if bits != 0
            && let Some(words) = container.get_mut(usize::from(place.word))
        {
            let parts = words.iter_mut().enumerate();
            parts.for_each(|(part, word)| *word |= (bits >> (part * 16)) as u16);
        }
    }
}

/// 64 bits of a line from a bit on.
#[inline(always)]
fn bits_from(line: &Line, bit: usize) -> u64 {
    let word = |number: usize| line.0.get(number).copied().unwrap_or_default();
    match bit % 64 {
        0 => word(bit / 64),
        shift => word(bit / 64) >> shift | word(bit / 64 + 1) << (64 - shift),
    }
}

/// The lowest bits, one for each bit of the mask, at the places of those.
pub(super) fn deposit(mut bits: u64, mut mask: u64) -> u64 {
    if mask == u64::MAX {
        return bits;
    }
    let mut deposited = 0;
    while mask != 0 && bits != 0 {
        let lowest = mask & mask.wrapping_neg();
        if bits & 1 == 1 {
            deposited |= lowest;
        }
        bits >>= 1;
        mask ^= lowest;
    }
    deposited
}

/// Exchanges ever smaller squares (Hacker's Delight, 7-3).
#[inline(always)]
pub(super) fn transpose(square: &mut [u64; 64]) {
    let mut width = 32;
    let mut mask: u64 = 0x0000_0000_FFFF_FFFF;
    while width != 0 {
        for group in square.chunks_mut(2 * width) {
            let (upper, lower) = group.split_at_mut(width);
            for (a, b) in upper.iter_mut().zip(lower) {
                let exchanged = ((*a >> width) ^ *b) & mask;
                *a ^= exchanged << width;
                *b ^= exchanged;
            }
        }
        width /= 2;
        mask ^= mask << width;
    }
}

pub(super) fn pack(bits: &[u64], row: &mut Vec<u8>) {
    let mut last = 0;
    for (start, word) in (0_u32..).step_by(64).zip(bits) {
        let mut word = *word;
        while word != 0 {
            let number = start + word.trailing_zeros();
            crate::rows::push_distance(row, number - last);
            last = number;
            word &= word - 1;
        }
    }
}
