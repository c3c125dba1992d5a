//! The inner loops with the wide instructions of x86-64.
#![allow(unsafe_code)]

use std::arch::x86_64::{
    __m256i, __m512i, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_min_epu8,
    _mm256_movemask_epi8, _mm256_set1_epi8, _mm256_sub_epi8, _mm512_add_epi8, _mm512_add_epi16,
    _mm512_cmple_epu8_mask, _mm512_loadu_si512, _mm512_maskz_compress_epi16,
    _mm512_movepi8_mask, _mm512_set1_epi8, _mm512_set1_epi16, _mm512_storeu_si512,
    _mm512_sub_epi8,
};

use super::{Codes, Into, plain};
use crate::block::numbers::{CodeRange, Ranks};
use crate::circuit::{LINE_USERS, Line, Operand, Step};

pub(super) fn ranks_256(ranks: &Ranks, values: &[i64], codes: &mut Codes) {
    #[target_feature(enable = "avx2,bmi2,popcnt")]
    fn inner(ranks: &Ranks, values: &[i64], codes: &mut Codes) {
        plain::ranks(ranks, values, codes);
    }
    // SAFETY: `Lanes::detect` has found these features.
    unsafe { inner(ranks, values, codes) }
}

pub(super) fn ranks_512(ranks: &Ranks, values: &[i64], codes: &mut Codes) {
    #[target_feature(enable = "avx512f,avx512bw,avx512vl,bmi2,popcnt")]
    fn inner(ranks: &Ranks, values: &[i64], codes: &mut Codes) {
        plain::ranks(ranks, values, codes);
    }
    // SAFETY: `Lanes::detect` has found these features.
    unsafe { inner(ranks, values, codes) }
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
            let Some(line) = signals.get_mut(range.signal as usize) else { continue };
            let low = _mm256_set1_epi8(range.low.cast_signed());
            let width = _mm256_set1_epi8(range.width.cast_signed());
            for (word, codes) in line.0.iter_mut().zip(codes.as_chunks::<64>().0) {
                let half = |at: usize| {
                    // SAFETY: 32 bytes from 0 or 32 lie within the 64 codes.
                    let codes = unsafe {
                        _mm256_loadu_si256(codes.as_ptr().add(at).cast::<__m256i>())
                    };
                    let above = _mm256_sub_epi8(codes, low);
                    let is_in = _mm256_cmpeq_epi8(_mm256_min_epu8(above, width), above);
                    u64::from(_mm256_movemask_epi8(is_in).cast_unsigned())
                };
                let bits = half(0) | half(32) << 32;
                *word = if into == Into::Set { bits } else { *word | bits };
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
            let Some(line) = signals.get_mut(range.signal as usize) else { continue };
            let low = _mm512_set1_epi8(range.low.cast_signed());
            let width = _mm512_set1_epi8(range.width.cast_signed());
            let mut found = Line(std::array::from_fn(|part| {
                _mm512_cmple_epu8_mask(_mm512_sub_epi8(codes[part], low), width)
            }));
            if into == Into::Add {
                found.0.iter_mut().zip(line.0).for_each(|(word, before)| *word |= before);
            }
            *line = found;
        }
    }
    // SAFETY: `Lanes::detect` has found these features.
    unsafe { inner(ranges, codes, into, signals) }
}

/// 0, 1, 2 … 31
const FIRST_32: [u16; 32] = {
    let mut numbers = [0; 32];
    let mut place = 0;
    while place < 32 {
        numbers[place] = place as u16;
        place += 1;
    }
    numbers
};

pub(super) fn positions_512(line: &Line, base: u16, into: &mut [u16; LINE_USERS]) -> usize {
    #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi2,popcnt")]
    fn inner(line: &Line, base: u16, into: &mut [u16; LINE_USERS]) -> usize {
        // SAFETY: 64 bytes are read.
        let first: __m512i = unsafe { _mm512_loadu_si512(FIRST_32.as_ptr().cast()) };
        let mut numbers = _mm512_add_epi16(first, _mm512_set1_epi16(base.cast_signed()));
        let mut count = 0;
        for word in line.0 {
            for half in [word as u32, (word >> 32) as u32] {
                let packed = _mm512_maskz_compress_epi16(half, numbers);
                // SAFETY: each half gives at most 32 numbers, and as many of the 512 entries
                // are left as there are bits to come, this half's 32 included.
                unsafe { _mm512_storeu_si512(into.as_mut_ptr().add(count).cast(), packed) };
                count += half.count_ones() as usize;
                numbers = _mm512_add_epi16(numbers, _mm512_set1_epi16(32));
            }
        }
        count
    }
    // SAFETY: `Lanes::detect` has found these features.
    unsafe { inner(line, base, into) }
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
