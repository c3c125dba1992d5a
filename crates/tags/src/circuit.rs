//! The circuit: one signal of a bit per user for each leaf and gate, equal ones once.
//!
//! A signal is computed for [`Line`]s of 512 users. `or` is made of `and` and negation, so the
//! only gates are `and` and `at least`. Signals may hold anything for users who are not known;
//! they are taken out at the end.

use std::collections::HashMap;
use std::ops::Range;

/// Users whose bits lie in one line, the size of a cache line.
pub(crate) const LINE_USERS: usize = 512;

/// One bit for each of 512 users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(align(64))]
pub(crate) struct Line(pub [u64; 8]);

impl Line {
    /// All users.
    pub const FULL: Self = Self([u64::MAX; 8]);
    /// Nobody.
    pub const EMPTY: Self = Self([0; 8]);

    /// The first `count` users, or all.
    pub fn first(count: usize) -> Self {
        let bits = |word: usize| match count.saturating_sub(word * 64) {
            0 => 0,
            more => u64::MAX >> (64 - more.min(64)),
        };
        Self(std::array::from_fn(bits))
    }

    /// Whether the bit of the nth user is set.
    pub fn contains(&self, user: usize) -> bool {
        self.0
            .get(user / 64)
            .is_some_and(|word| word >> (user % 64) & 1 == 1)
    }

    /// Sets the bit of the nth user.
    pub fn insert(&mut self, user: usize) {
        if let Some(word) = self.0.get_mut(user / 64) {
            *word |= 1 << (user % 64);
        }
    }

    /// The users of both.
    #[inline(always)]
    pub fn and(self, other: Self) -> Self {
        let mut both = self;
        both.0
            .iter_mut()
            .zip(other.0)
            .for_each(|(word, other)| *word &= other);
        both
    }

    /// The users whose bits are set, in order.
    pub fn users(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(word, mut bits)| {
            std::iter::from_fn(move || {
                let bit = bits.trailing_zeros() as usize;
                bits &= bits.wrapping_sub(1);
                (bit < 64).then_some(word * 64 + bit)
            })
        })
    }
}

/// A signal, or its complement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Operand(u32);

impl Operand {
    /// Everyone. Signal 0 is always set.
    pub const TRUE: Self = Self(0);
    /// Nobody.
    pub const FALSE: Self = Self(1);

    /// The operand that is the signal itself.
    pub fn of(signal: u32) -> Self {
        Self(signal << 1)
    }

    /// The number of the signal.
    #[inline(always)]
    pub fn signal(self) -> usize {
        (self.0 >> 1) as usize
    }

    /// The complement.
    pub fn not(self) -> Self {
        Self(self.0 ^ 1)
    }

    /// Which bits of the signal are to be turned over.
    #[inline(always)]
    pub fn mask(self) -> u64 {
        u64::from(self.0 & 1).wrapping_neg()
    }

    /// The line of this operand.
    #[inline(always)]
    pub fn read(self, signals: &[Line]) -> Line {
        let mut line = signals.get(self.signal()).copied().unwrap_or(Line::EMPTY);
        let mask = self.mask();
        line.0.iter_mut().for_each(|word| *word ^= mask);
        line
    }
}

/// One step of the computation of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// All of the operands.
    And { operands: Range<u32>, signal: u32 },
    /// So many of the operands.
    AtLeast {
        count: u32,
        operands: Range<u32>,
        signal: u32,
    },
    /// A condition that reads tags, user by user.
    Condition { condition: u32, signal: u32 },
}

/// Signals and the steps that compute them, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Circuit {
    pub steps: Vec<Step>,
    /// The operands of all gates, one after the other.
    pub operands: Vec<Operand>,
    /// How many signals there are.
    pub signals: u32,
    known: HashMap<(u32, Vec<Operand>), Operand>,
}

impl Circuit {
    /// A circuit with the signal of everyone.
    pub fn new() -> Self {
        Self {
            signals: 1,
            ..Self::default()
        }
    }

    /// A new signal.
    pub fn signal(&mut self) -> u32 {
        let signal = self.signals;
        self.signals += 1;
        signal
    }

    /// The users for whom all hold.
    pub fn all(&mut self, mut operands: Vec<Operand>) -> Operand {
        operands.sort_unstable();
        operands.dedup();
        operands.retain(|operand| *operand != Operand::TRUE);
        let contradicts = operands.windows(2).any(|pair| match pair {
            [one, other] => one.not() == *other,
            _ => false,
        });
        if contradicts || operands.first() == Some(&Operand::FALSE) {
            return Operand::FALSE;
        }
        match operands.as_slice() {
            [] => Operand::TRUE,
            [one] => *one,
            _ => self.gate(0, operands),
        }
    }

    /// The users for whom any holds.
    pub fn any(&mut self, operands: Vec<Operand>) -> Operand {
        self.all(operands.into_iter().map(Operand::not).collect())
            .not()
    }

    /// The users for whom at least `count` of the operands hold; an operand that is given twice
    /// counts twice.
    pub fn at_least(&mut self, count: u32, mut operands: Vec<Operand>) -> Operand {
        if count == 0 {
            return Operand::TRUE;
        }
        if count as usize > operands.len() {
            return Operand::FALSE;
        }
        operands.sort_unstable();
        self.gate(count, operands)
    }

    /// A gate: `count` 0 stands for all.
    fn gate(&mut self, count: u32, operands: Vec<Operand>) -> Operand {
        if let Some(known) = self.known.get(&(count, operands.clone())) {
            return *known;
        }
        let start = self.operands.len() as u32;
        self.operands.extend(&operands);
        let range = start..self.operands.len() as u32;
        let signal = self.signal();
        self.steps.push(match count {
            0 => Step::And {
                operands: range,
                signal,
            },
            count => Step::AtLeast {
                count,
                operands: range,
                signal,
            },
        });
        let operand = Operand::of(signal);
        self.known.insert((count, operands), operand);
        operand
    }

    /// Forgets what only building needs.
    pub fn finish(&mut self) {
        self.known = HashMap::new();
    }
}

/// The users for whom at least `count` of the lines hold: a bit-sliced counter.
pub(crate) fn at_least(count: u32, operands: &[Operand], signals: &[Line]) -> Line {
    let mut digits = [Line::EMPTY; 32];
    for operand in operands {
        let mut carry = operand.read(signals);
        for digit in &mut digits {
            let sum = std::array::from_fn(|word| digit.0[word] ^ carry.0[word]);
            carry = digit.and(carry);
            digit.0 = sum;
            if carry == Line::EMPTY {
                break;
            }
        }
    }
    // Compare digit by digit from the greatest: greater already, or equal so far.
    let (mut greater, mut equal) = (Line::EMPTY, Line::FULL);
    for (place, digit) in digits.iter().enumerate().rev() {
        let wanted = u64::from(count >> place & 1).wrapping_neg();
        for word in 0..8 {
            greater.0[word] |= equal.0[word] & digit.0[word] & !wanted;
            equal.0[word] &= !(digit.0[word] ^ wanted);
        }
    }
    let words = std::array::from_fn(|word| greater.0[word] | equal.0[word]);
    Line(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_gates_are_one_signal() {
        let mut circuit = Circuit::new();
        let (a, b) = (Operand::of(circuit.signal()), Operand::of(circuit.signal()));
        let both = circuit.all(vec![a, b]);
        assert_eq!(circuit.all(vec![b, a, b, Operand::TRUE]), both);
        let neither = circuit.any(vec![a.not(), b.not()]);
        assert_eq!(neither, both.not());
        assert_eq!(circuit.steps.len(), 1);
        assert_eq!(circuit.all(vec![a, a.not()]), Operand::FALSE);
        assert_eq!(circuit.any(vec![a, Operand::TRUE]), Operand::TRUE);
        assert_eq!(circuit.all(vec![]), Operand::TRUE);
    }

    #[test]
    fn at_least_counts_what_is_given_twice_twice() {
        let line = |bits: u64| Line([bits; 8]);
        let signals = [Line::FULL, line(0b1100), line(0b1010), line(0b1001)];
        let of = |numbers: &[u32]| numbers.iter().map(|n| Operand::of(*n)).collect::<Vec<_>>();
        assert_eq!(at_least(1, &of(&[1, 2, 3]), &signals), line(0b1111));
        assert_eq!(at_least(2, &of(&[1, 2, 3]), &signals), line(0b1000));
        assert_eq!(at_least(3, &of(&[1, 1, 2]), &signals), line(0b1000));
        assert_eq!(at_least(2, &of(&[1, 1, 2]), &signals), line(0b1100));
        assert_eq!(
            at_least(2, &[Operand::of(1).not(), Operand::TRUE], &signals),
            line(!0b1100)
        );
    }
}
