//! The inner loops in plain Rust; what they mean.

use super::{Codes, Into};
use crate::block::numbers::{CodeRange, Ranks, Search};
use crate::circuit::{LINE_USERS, Line, Operand, Step, at_least};

/// The least mantissa that is a value.
const LOWEST: i64 = features::history::UNTOUCHED + 1;

/// How many values are searched for side by side.
const SIDE_BY_SIDE: usize = 16;

#[inline(always)]
pub(super) fn ranks(ranks: &Ranks, values: &[i64], codes: &mut Codes) {
    match &ranks.search {
        Search::Each(bounds) => {
            codes.fill(0);
            for bound in bounds {
                for (code, value) in codes.iter_mut().zip(values) {
                    *code += u8::from(*bound <= *value);
                }
            }
        }
        Search::Table { least, codes: table } => {
            let last = least.saturating_add(table.len() as i64 - 1);
            for (code, value) in codes.iter_mut().zip(values) {
                let place = (*value).clamp(*least, last).wrapping_sub(*least);
                *code = table.get(place as usize).copied().unwrap_or_default();
            }
        }
        Search::Halving { bounds, count } => {
            let start = count.next_power_of_two() / 2;
            for (codes, values) in codes.chunks_mut(SIDE_BY_SIDE).zip(values.chunks(SIDE_BY_SIDE)) {
                halve(bounds, (*count, start), values, codes);
            }
        }
    }
    if ranks.counts_missing {
        for (code, value) in codes.iter_mut().zip(values) {
            *code = if *value < LOWEST { 0 } else { *code + 1 };
        }
    }
}

/// The ranks of a few values, found by halving without a branch.
#[inline(always)]
fn halve(bounds: &[i64; 256], (count, start): (usize, usize), values: &[i64], codes: &mut [u8]) {
    let mut sought = [i64::MIN; SIDE_BY_SIDE];
    sought.iter_mut().zip(values).for_each(|(entry, value)| *entry = *value);
    let mut places = [0_usize; SIDE_BY_SIDE];
    let mut step = start;
    while step > 0 {
        for (place, value) in places.iter_mut().zip(&sought) {
            let probe = bounds[(*place + step - 1) & 255];
            *place += if probe <= *value { step } else { 0 };
        }
        step /= 2;
    }
    // One more: the halving ends before the last bound.
    for ((code, place), value) in codes.iter_mut().zip(places).zip(&sought) {
        let rank = place + usize::from(bounds[place & 255] <= *value);
        *code = rank.min(count) as u8;
    }
}

pub(super) fn select(ranges: &[CodeRange], codes: &Codes, into: Into, signals: &mut [Line]) {
    for range in ranges {
        let Some(line) = signals.get_mut(range.signal as usize) else { continue };
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
            Step::And { operands: range, signal } => {
                let range = range.start as usize..range.end as usize;
                (all(operands.get(range).unwrap_or_default(), signals), *signal)
            }
            Step::AtLeast { count, operands: range, signal } => {
                let range = range.start as usize..range.end as usize;
                (at_least(*count, operands.get(range).unwrap_or_default(), signals), *signal)
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
fn all(operands: &[Operand], signals: &[Line]) -> Line {
    let mut line = Line::FULL;
    for operand in operands {
        line = line.and(operand.read(signals));
    }
    line
}

pub(super) fn positions(line: &Line, base: u16, into: &mut [u16; LINE_USERS]) -> usize {
    let mut count = 0;
    for (word, mut bits) in line.0.into_iter().enumerate() {
        let base = base + word as u16 * 64;
        while bits != 0 {
            // There are no more than 512 bits.
            into[count & (LINE_USERS - 1)] = base + bits.trailing_zeros() as u16;
            bits &= bits - 1;
            count += 1;
        }
    }
    count
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
