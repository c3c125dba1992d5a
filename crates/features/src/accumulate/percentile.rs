//! The number below which so many percent of all numbers lie.

use domain::{Decimal, Value};

use super::tally::Tally;

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

/// Where a percentile lies among sorted numbers: at (n − 1) × percent / 100.
pub(crate) struct Rank {
    /// The place of the number at or below it, from 0.
    pub(crate) below: usize,
    /// How far it is on the way to the next, in hundredths.
    hundredths: Decimal,
}

impl Rank {
    /// The rank among so many numbers; none among none.
    pub(crate) fn of(percent: &Decimal, count: usize) -> Option<Self> {
        let hundred = Decimal::from(100);
        let position = &Decimal::from(count.checked_sub(1)?) * percent;
        let below = position.div(&hundred)?.floor();
        Some(Self {
            below: usize::try_from(below.to_i64()?).ok()?,
            hundredths: &position - &(&below * &hundred),
        })
    }

    /// The number there, between its neighbours: 18 places, cut toward zero.
    pub(crate) fn between(&self, low: &Decimal, high: &Decimal) -> Option<Decimal> {
        let hundred = Decimal::from(100);
        let way = &(high - low) * &self.hundredths;
        (&(low * &hundred) + &way).div(&hundred)
    }
}
