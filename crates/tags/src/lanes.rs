//! The inner loops, for what the processor can do: chosen once, at run time.
//!
//! Each loop exists once in plain Rust; where a compiler does not find the wide instructions by
//! itself, it is written out in `wide`, the only module that may hold unsafe code.

mod plain;
#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
mod wide;

use crate::block::numbers::CodeRange;
use crate::block::ranks::Ranks;
use crate::circuit::{LINE_USERS, Line, Operand, Step};
use crate::pass::Output;
use crate::places::PlacesWord;

/// The codes of the users of one line.
pub(crate) type Codes = [u8; LINE_USERS];

/// What a range of codes does with its signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Into {
    /// It becomes the users of the range.
    Set,
    /// The users of the range are added.
    Add,
}

/// What the processor can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lanes {
    /// Nothing is known.
    Plain,
    /// 256 bits at once (AVX2).
    #[cfg(target_arch = "x86_64")]
    Wide,
    /// 512 bits at once, with masks and packing (AVX-512 of 2019 and later).
    #[cfg(target_arch = "x86_64")]
    Widest,
}

impl Lanes {
    /// The best that this processor can do.
    pub fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            let has_packing = is_x86_feature_detected!("avx512vbmi")
                && is_x86_feature_detected!("avx512vbmi2")
                && is_x86_feature_detected!("avx512vl");
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("bmi2")
                && is_x86_feature_detected!("popcnt")
                && has_packing
            {
                return Self::Widest;
            }
            if is_x86_feature_detected!("avx2") {
                return Self::Wide;
            }
        }
        Self::Plain
    }

    /// All that this processor can do, for tests.
    #[cfg(test)]
    pub fn all() -> Vec<Self> {
        let mut all = vec![Self::Plain];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") {
                all.push(Self::Wide);
            }
            if Self::detect() == Self::Widest {
                all.push(Self::Widest);
            }
        }
        all
    }

    /// The ranks of up to 512 values; those beyond them are left.
    pub fn ranks(self, ranks: &Ranks, values: &[i64], found: &mut [u16; LINE_USERS]) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Widest => wide::ranks_512(ranks, values, found),
            _ => plain::ranks(ranks, values, found),
        }
    }

    /// The codes of ranks in the chunk that begins after so many bounds.
    pub fn codes(self, ranks: &[u16; LINE_USERS], start: u16, codes: &mut Codes) {
        match self {
            Self::Plain => plain::codes(ranks, start, codes),
            #[cfg(target_arch = "x86_64")]
            Self::Wide => wide::codes_256(ranks, start, codes),
            #[cfg(target_arch = "x86_64")]
            Self::Widest => wide::codes_512(ranks, start, codes),
        }
    }

    /// The users whose codes lie in each range.
    pub fn select(self, ranges: &[CodeRange], codes: &Codes, into: Into, signals: &mut [Line]) {
        match self {
            Self::Plain => plain::select(ranges, codes, into, signals),
            #[cfg(target_arch = "x86_64")]
            Self::Wide => wide::select_256(ranges, codes, into, signals),
            #[cfg(target_arch = "x86_64")]
            Self::Widest => wide::select_512(ranges, codes, into, signals),
        }
    }

    /// Runs the gates among the steps until one that is no gate; how many were run.
    pub fn gates(self, steps: &[Step], operands: &[Operand], signals: &mut [Line]) -> usize {
        match self {
            Self::Plain => plain::gates(steps, operands, signals),
            #[cfg(target_arch = "x86_64")]
            Self::Wide => wide::gates_256(steps, operands, signals),
            #[cfg(target_arch = "x86_64")]
            Self::Widest => wide::gates_512(steps, operands, signals),
        }
    }

    /// Appends the lines of outputs, of known users only.
    pub fn outputs(
        self,
        outputs: &[Output],
        known: &Line,
        signals: &[Line],
        lines: &mut Vec<Line>,
    ) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Widest => wide::outputs_512(outputs, known, signals, lines),
            _ => plain::outputs(outputs, known, signals, lines),
        }
    }

    /// Those of 512 numbers whose bits are set, at the front of `into`; how many.
    pub fn positions(
        self,
        line: &Line,
        numbers: &[u16; LINE_USERS],
        into: &mut [u16; LINE_USERS],
    ) -> usize {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Widest => wide::positions_512(line, numbers, into),
            _ => plain::positions(line, numbers, into),
        }
    }

    /// Adds the users of a line to the bits of a container, four times 16 bits a word.
    pub fn spread(self, line: &Line, places: &[PlacesWord], container: &mut [[u16; 4]]) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Widest => wide::spread_512(line, places, container),
            _ => plain::spread(line, places, container, plain::deposit),
        }
    }

    /// Packs the row of a user whose bits of all slots are given, 64 slots a word. `positions` is
    /// memory to work in.
    pub fn pack(self, bits: &[u64], positions: &mut Vec<u8>, row: &mut Vec<u8>) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Widest => wide::pack_512(bits, positions, row),
            _ => plain::pack(bits, row),
        }
    }

    /// Turns a square of 64 × 64 bits about its diagonal: bit i of word k becomes bit k of
    /// word i.
    pub fn transpose(self, square: &mut [u64; 64]) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Widest => wide::transpose_512(square),
            #[cfg(target_arch = "x86_64")]
            Self::Wide => wide::transpose_256(square),
            Self::Plain => plain::transpose(square),
        }
    }
}
