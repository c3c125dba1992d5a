//! The number below which so many percent of all numbers lie.

use domain::{Decimal, Value};

use super::tally::Tally;

/// The places that a number keeps.
const PLACES: u8 = 18;

/// `percentile`, `median`
pub(super) struct Percentile {
    percent: Decimal,
    numbers: Vec<Decimal>,
}

impl Percentile {
    pub(super) fn new(percent: Decimal) -> Self {
        Self {
            percent,
            numbers: Vec::new(),
        }
    }
}

impl Tally for Percentile {
    fn add(&mut self, value: Value) {
        if let Value::Number(number) = value {
            self.numbers.push(number);
        }
    }

    fn value(&mut self) -> Option<Value> {
        self.numbers.sort_unstable();
        let rank = Rank::of(&self.percent, self.numbers.len())?;
        let low = self.numbers.get(rank.below)?;
        let high = self.numbers.get(rank.below + 1).unwrap_or(low);
        rank.between(low, high).map(Value::Number)
    }

    fn clear(&mut self) {
        self.numbers.clear();
    }
}

/// The same over numbers of one scale, by their mantissas.
pub(crate) struct NarrowPercentile {
    percent: Decimal,
    mantissas: Vec<i64>,
}

impl NarrowPercentile {
    pub(crate) fn new(percent: &Decimal) -> Self {
        Self {
            percent: percent.clone(),
            mantissas: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, mantissas: impl IntoIterator<Item = i64>) {
        self.mantissas.extend(mantissas);
    }

    /// The number over all that were added, which are of a scale.
    pub(crate) fn value(&mut self, scale: u8) -> Option<Decimal> {
        let rank = Rank::of(&self.percent, self.mantissas.len())?;
        let (_, low, above) = self.mantissas.select_nth_unstable(rank.below);
        let low = *low;
        let high = above.iter().min().copied().unwrap_or(low);
        rank.between_mantissas(low, high, scale)
    }

    pub(crate) fn clear(&mut self) {
        self.mantissas.clear();
    }
}

/// Where a percentile lies among sorted numbers: at (n − 1) × percent / 100.
struct Rank {
    /// The place of the number at or below it, from 0.
    below: usize,
    /// How many parts of the way to the next it is, and of how many.
    part: i128,
    parts: i128,
    /// The parts are a power of ten: which one.
    places: u8,
}

impl Rank {
    /// The rank among so many numbers; none among none.
    fn of(percent: &Decimal, count: usize) -> Option<Self> {
        let places = percent.scale().checked_add(2)?;
        let parts = 10_i128.checked_pow(u32::from(places))?;
        let percent = percent.mantissa_at(percent.scale())?;
        let position = percent.checked_mul(count.checked_sub(1)? as i128)?;
        Some(Self {
            below: usize::try_from(position.div_euclid(parts)).ok()?,
            part: position.rem_euclid(parts),
            parts,
            places,
        })
    }

    /// The number there, between its neighbours: 18 places, cut toward zero.
    fn between(&self, low: &Decimal, high: &Decimal) -> Option<Decimal> {
        let way = &(high - low) * &Decimal::from(self.part);
        (&(low * &Decimal::from(self.parts)) + &way).div(&Decimal::from(self.parts))
    }

    /// The same between mantissas of a scale.
    fn between_mantissas(&self, low: i64, high: i64, scale: u8) -> Option<Decimal> {
        let (from, to) = (i128::from(low), i128::from(high));
        let way = (to - from).checked_mul(self.part);
        let start = from.checked_mul(self.parts);
        let sum = start.and_then(|start| start.checked_add(way?));
        if let (Some(sum), Some(scale)) = (sum, scale.checked_add(self.places)) {
            return Some(Decimal::from_mantissa(sum, scale).cut(PLACES));
        }
        let number = |mantissa| Decimal::from_mantissa(mantissa, scale);
        self.between(&number(from), &number(to))
    }
}
