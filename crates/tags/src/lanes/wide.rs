//! The inner loops with the wide instructions of x86-64.
#![allow(unsafe_code)]

use std::arch::x86_64::{
    __m256i, __m512i, _mm_storeu_si128, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_min_epu8,
    _mm256_movemask_epi8, _mm256_set1_epi8, _mm256_sub_epi8, _mm512_add_epi8,
    _mm512_cmple_epi64_mask, _mm512_cmple_epu8_mask, _mm512_cmplt_epi64_mask,
    _mm512_cvtepi64_epi16, _mm512_loadu_si512, _mm512_mask_add_epi64, _mm512_mask_mov_epi64,
    _mm512_maskz_compress_epi8, _mm512_maskz_compress_epi16, _mm512_movepi8_mask, _mm512_set1_epi8,
    _mm512_set1_epi64, _mm512_setzero_si512, _mm512_storeu_si512, _mm512_sub_epi8, _pdep_u64,
};

use super::{Codes, Into, plain};
use crate::block::numbers::CodeRange;
use crate::block::ranks::{LOWEST, NO_RANK, NODE_BOUNDS, Ranks};
use crate::circuit::{LINE_USERS, Line, Operand, Step};
use crate::pass::Output;
use crate::places::PlacesWord;

pub(super) fn ranks_512(ranks: &Ranks, values: &[i64], found: &mut [u16; LINE_USERS]) {
    // SAFETY: `Lanes::detect` has found these features.
    match ranks.few() {
        Some(bounds) => unsafe { compared(bounds, values, found) },
        // SAFETY: as above.
        None => unsafe { descended(ranks, values, found) },
    }
}

/// Eight values; missing ones behind the last.
#[inline]
#[target_feature(enable = "avx512f")]
fn eight(values: &[i64]) -> __m512i {
    let loaded = |eight: &[i64; 8]| {
        // SAFETY: 64 bytes are read.
        unsafe { _mm512_loadu_si512(eight.as_ptr().cast()) }
    };
    if let Some(all) = values.first_chunk::<8>() {
        return loaded(all);
    }
    let mut eight = [i64::MIN; 8];
    eight
        .iter_mut()
        .zip(values)
        .for_each(|(entry, value)| *entry = *value);
    loaded(&eight)
}

/// Writes the ranks of eight values; a missing value has none.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
fn write_ranks(ranks: __m512i, values: __m512i, into: &mut [u16; 8]) {
    let missing = _mm512_cmplt_epi64_mask(values, _mm512_set1_epi64(LOWEST));
    let ranks = _mm512_mask_mov_epi64(ranks, missing, _mm512_set1_epi64(i64::from(NO_RANK)));
    let ranks = _mm512_cvtepi64_epi16(ranks);
    // SAFETY: 16 bytes are written.
    unsafe { _mm_storeu_si128(into.as_mut_ptr().cast(), ranks) };
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
fn compared(bounds: &[i64], values: &[i64], found: &mut [u16; LINE_USERS]) {
    let one = _mm512_set1_epi64(1);
    for (values, found) in values.chunks(8).zip(found.as_chunks_mut().0) {
        let values = eight(values);
        let mut rank = _mm512_setzero_si512();
        for bound in bounds {
            let is_before = _mm512_cmple_epi64_mask(_mm512_set1_epi64(*bound), values);
            rank = _mm512_mask_add_epi64(rank, is_before, rank, one);
        }
        write_ranks(rank, values, found);
    }
}

/// One value after another goes down the tree: at each node it is compared with all bounds at once.
#[target_feature(enable = "avx512f,popcnt")]
fn descended(ranks: &Ranks, values: &[i64], found: &mut [u16; LINE_USERS]) {
    for (value, found) in values.iter().zip(found) {
        let compared = _mm512_set1_epi64(*value);
        let mut rank = 0;
        for level in &ranks.levels {
            // Only the greatest number can be beyond the last node.
            let place = rank.min(level.len() - 1);
            let Some(node) = level.get(place) else { return };
            // SAFETY: the node's 64 bytes are read.
            let node: __m512i = unsafe { _mm512_loadu_si512(node.as_ptr().cast()) };
            let before = _mm512_cmple_epi64_mask(node, compared).count_ones();
            rank = place * NODE_BOUNDS + before as usize;
        }
        let rank = rank.min(usize::from(ranks.count)) as u16;
        *found = if *value < LOWEST { NO_RANK } else { rank };
    }
}

pub(super) fn codes_256(ranks: &[u16; LINE_USERS], start: u16, codes: &mut Codes) {
    #[target_feature(enable = "avx2")]
    fn inner(ranks: &[u16; LINE_USERS], start: u16, codes: &mut Codes) {
        plain::codes(ranks, start, codes);
    }
    // SAFETY: `Lanes::detect` has found these features.
    unsafe { inner(ranks, start, codes) }
}

pub(super) fn codes_512(ranks: &[u16; LINE_USERS], start: u16, codes: &mut Codes) {
    #[target_feature(enable = "avx512f,avx512bw,avx512vl")]
    fn inner(ranks: &[u16; LINE_USERS], start: u16, codes: &mut Codes) {
        plain::codes(ranks, start, codes);
    }
    // SAFETY: `Lanes::detect` has found these features.
    unsafe { inner(ranks, start, codes) }
}

pub(super) fn outputs_512(
    outputs: &[Output],
    known: &Line,
    signals: &[Line],
    lines: &mut Vec<Line>,
) {
    #[target_feature(enable = "avx512f,avx512bw,avx512vl")]
    fn inner(outputs: &[Output], known: &Line, signals: &[Line], lines: &mut Vec<Line>) {
        plain::outputs(outputs, known, signals, lines);
    }
    // SAFETY: `Lanes::detect` has found these features.
    unsafe { inner(outputs, known, signals, lines) }
}

pub(super) fn gates_256(steps: &[Step], operands: &[Operand], signals: &mut [Line]) -> usize {
    #[target_feature(enable = "avx2,bmi2,popcnt")]
    fn inner(steps: &[Step], operands: &[Operand], signals: &mut [Line]) -> usize {
        plain::gates(steps, operands, signals)
    }
    // SAFETY: `Lanes::detect` has found these features.
    unsafe { inner(steps, operands, signals) }
}

pub(super) fn gates_512(steps: &[Step], operands: &[Operand], signals: &mut [Line]) -> usize {
    #[target_feature(enable = "avx512f,avx512bw,avx512vl,bmi2,popcnt")]
    fn inner(steps: &[Step], operands: &[Operand], signals: &mut [Line]) -> usize {
        plain::gates(steps, operands, signals)
    }
    // SAFETY: `Lanes::detect` has found these features.
    unsafe { inner(steps, operands, signals) }
}

pub(super) fn transpose_256(square: &mut [u64; 64]) {
    #[target_feature(enable = "avx2")]
    fn inner(square: &mut [u64; 64]) {
        plain::transpose(square);
    }
    // SAFETY: `Lanes::detect` has found these features.
    unsafe { inner(square) }
}

pub(super) fn select_256(ranges: &[CodeRange], codes: &Codes, into: Into, signals: &mut [Line]) {
    #[target_feature(enable = "avx2")]
    fn inner(ranges: &[CodeRange], codes: &Codes, into: Into, signals: &mut [Line]) {
        for range in ranges {
            let Some(line) = signals.get_mut(range.signal as usize) else {
                continue;
            };
            let low = _mm256_set1_epi8(range.low.cast_signed());
            let width = _mm256_set1_epi8(range.width.cast_signed());
            for (word, codes) in line.0.iter_mut().zip(codes.as_chunks::<64>().0) {
                let half = |at: usize| {
                    // SAFETY: 32 bytes from 0 or 32 lie within the 64 codes.
                    let codes =
                        unsafe { _mm256_loadu_si256(codes.as_ptr().add(at).cast::<__m256i>()) };
                    let above = _mm256_sub_epi8(codes, low);
                    let is_in = _mm256_cmpeq_epi8(_mm256_min_epu8(above, width), above);
                    u64::from(_mm256_movemask_epi8(is_in).cast_unsigned())
                };
                let bits = half(0) | half(32) << 32;
                *word = if into == Into::Set {
                    bits
                } else {
                    *word | bits
                };
            }
        }
    }
    // SAFETY: `Lanes::detect` has found these features.
    unsafe { inner(ranges, codes, into, signals) }
}

pub(super) fn select_512(ranges: &[CodeRange], codes: &Codes, into: Into, signals: &mut [Line]) {
    #[target_feature(enable = "avx512f,avx512bw,avx512vl")]
    fn inner(ranges: &[CodeRange], codes: &Codes, into: Into, signals: &mut [Line]) {
        // All codes of the line stay in registers.
        let codes: [__m512i; 8] = std::array::from_fn(|part| {
            // SAFETY: the part's 64 bytes lie within the 512 codes.
            unsafe { _mm512_loadu_si512(codes.as_ptr().add(part * 64).cast()) }
        });
        for range in ranges {
            let Some(line) = signals.get_mut(range.signal as usize) else {
                continue;
            };
            let low = _mm512_set1_epi8(range.low.cast_signed());
            let width = _mm512_set1_epi8(range.width.cast_signed());
            let mut found = Line(std::array::from_fn(|part| {
                _mm512_cmple_epu8_mask(_mm512_sub_epi8(codes[part], low), width)
            }));
            if into == Into::Add {
                found
                    .0
                    .iter_mut()
                    .zip(line.0)
                    .for_each(|(word, before)| *word |= before);
            }
            *line = found;
        }
    }
    // SAFETY: `Lanes::detect` has found these features.
    unsafe { inner(ranges, codes, into, signals) }
}

pub(super) fn positions_512(
    line: &Line,
    numbers: &[u16; LINE_USERS],
    into: &mut [u16; LINE_USERS],
) -> usize {
    #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi2,popcnt")]
    fn inner(line: &Line, numbers: &[u16; LINE_USERS], into: &mut [u16; LINE_USERS]) -> usize {
        let mut count = 0;
        let halves = line
            .0
            .into_iter()
            .flat_map(|word| [word as u32, (word >> 32) as u32]);
        for (half, numbers) in halves.zip(numbers.as_chunks::<32>().0) {
            // SAFETY: the 64 bytes of 32 numbers are read.
            let numbers: __m512i = unsafe { _mm512_loadu_si512(numbers.as_ptr().cast()) };
            let packed = _mm512_maskz_compress_epi16(half, numbers);
            // SAFETY: each half gives at most 32 numbers, and as many of the 512 entries
            // are left as there are bits to come, this half's 32 included.
            unsafe { _mm512_storeu_si512(into.as_mut_ptr().add(count).cast(), packed) };
            count += half.count_ones() as usize;
        }
        count
    }
    // SAFETY: `Lanes::detect` has found these features.
    unsafe { inner(line, numbers, into) }
}

pub(super) fn spread_512(line: &Line, places: &[PlacesWord], container: &mut [[u16; 4]]) {
    #[target_feature(enable = "bmi2,popcnt")]
    fn inner(line: &Line, places: &[PlacesWord], container: &mut [[u16; 4]]) {
        plain::spread(line, places, container, |bits, mask| _pdep_u64(bits, mask));
    }
    // SAFETY: `Lanes::detect` has found these features.
    unsafe { inner(line, places, container) }
}

pub(super) fn transpose_512(square: &mut [u64; 64]) {
    #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi")]
    fn inner(square: &mut [u64; 64]) {
        let mut columns = [[0_u8; 64]; 8];
        for (row, word) in square.iter().enumerate() {
            for (column, byte) in columns.iter_mut().zip(word.to_le_bytes()) {
                column[row] = byte;
            }
        }
        for (column, words) in columns.iter().zip(square.as_chunks_mut::<8>().0) {
            // SAFETY: 64 bytes are read.
            let mut bytes: __m512i = unsafe { _mm512_loadu_si512(column.as_ptr().cast()) };
            // The top bit of each byte, from the last bit to the first.
            for word in words.iter_mut().rev() {
                *word = _mm512_movepi8_mask(bytes);
                bytes = _mm512_add_epi8(bytes, bytes);
            }
        }
    }
    // SAFETY: `Lanes::detect` has found these features.
    unsafe { inner(square) }
}

/// 0, 1, 2 … 63
const FIRST_64: [u8; 64] = {
    let mut numbers = [0; 64];
    let mut place = 0;
    while place < 64 {
        numbers[place] = place as u8;
        place += 1;
    }
    numbers
};

/// Where more words than this in a row are empty, distances no longer fit a byte.
const MOST_EMPTY: u32 = 2;

pub(super) fn pack_512(bits: &[u64], positions: &mut Vec<u8>, row: &mut Vec<u8>) {
    // SAFETY: `Lanes::detect` has found these features.
    let count = unsafe { positions_of_row(bits, positions) };
    match count {
        // SAFETY: as above.
        Some(count) => unsafe { distances(positions, count, row) },
        None => plain::pack(bits, row),
    }
}

/// The positions of all bits, each modulo 256, from the second byte on; the first is 0. How many;
/// `None` where they are too far apart for distances of one byte.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi2,popcnt")]
fn positions_of_row(bits: &[u64], positions: &mut Vec<u8>) -> Option<usize> {
    positions.resize(1 + bits.len() * 64 + 64, 0);
    // SAFETY: 64 bytes are read.
    let mut numbers: __m512i = unsafe { _mm512_loadu_si512(FIRST_64.as_ptr().cast()) };
    let (mut count, mut empty, mut is_far) = (0, 0, false);
    for word in bits {
        let packed = _mm512_maskz_compress_epi8(*word, numbers);
        // SAFETY: each word before this gave at most 64 positions, so that 64 more bytes from
        // `1 + count` on lie within the 1 + 64 × words + 64.
        unsafe { _mm512_storeu_si512(positions.as_mut_ptr().add(1 + count).cast(), packed) };
        count += word.count_ones() as usize;
        is_far |= *word != 0 && empty > MOST_EMPTY;
        empty = if *word == 0 { empty + 1 } else { 0 };
        numbers = _mm512_add_epi8(numbers, _mm512_set1_epi8(64));
    }
    (!is_far).then_some(count)
}

/// Appends the distances of so many positions, which are all below 256.
#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
fn distances(positions: &[u8], count: usize, row: &mut Vec<u8>) {
    let mut done = 0;
    while done < count {
        let rest = (count - done).min(64);
        let Some(window) = positions.get(done..done + 65) else {
            return;
        };
        // SAFETY: the window has 65 bytes.
        let (before, here): (__m512i, __m512i) = unsafe {
            let start = window.as_ptr();
            (
                _mm512_loadu_si512(start.cast()),
                _mm512_loadu_si512(start.add(1).cast()),
            )
        };
        let distances = _mm512_sub_epi8(here, before);
        let mut bytes = [0_u8; 64];
        // SAFETY: 64 bytes are written.
        unsafe { _mm512_storeu_si512(bytes.as_mut_ptr().cast(), distances) };
        let bytes = bytes.get(..rest).unwrap_or_default();
        let long = _mm512_movepi8_mask(distances) & (u64::MAX >> (64 - rest));
        if long == 0 {
            row.extend_from_slice(bytes);
        } else {
            bytes
                .iter()
                .for_each(|distance| crate::rows::push_distance(row, u32::from(*distance)));
        }
        done += rest;
    }
}
