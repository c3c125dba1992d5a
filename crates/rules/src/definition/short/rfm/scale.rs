//! Scores from 1 to 5 as conditions: by the quintiles of the users, or by bounds.

use super::super::nodes::{arithmetic, at_least, count_of, in_last, number, or_one, quintile};
use super::super::sheet::Entry;
use super::{Bounds, Measures};
use crate::located::Located;
use crate::tree::{ArithmeticOperator, Expression, Node};

/// The least score that is high, where there is only high and low.
const HIGH: usize = 4;

/// How scores are made.
pub(super) enum Scale {
    /// The greatest fifth of the users has 5.
    Quintiles,
    /// One more for each bound that is reached.
    Bounds(Bounds),
}

impl Scale {
    /// Recency has at least that score, from 2 on.
    pub(super) fn recent(&self, measures: &Measures, score: usize) -> Expression {
        let last = measures.recency.last.clone();
        match self {
            Self::Quintiles => scored(last, score),
            Self::Bounds(bounds) => match bounds.recency.get(score - 2) {
                Some(bound) => in_last(last, bound.clone()),
                None => measures.recency.is_known.clone(),
            },
        }
    }

    /// Recency is high.
    pub(super) fn is_recent(&self, measures: &Measures) -> Expression {
        let last = measures.recency.last.clone();
        match self {
            Self::Quintiles => scored(last, HIGH),
            Self::Bounds(bounds) => match bounds.recency.first() {
                Some(bound) => in_last(last, bound.clone()),
                None => measures.recency.is_known.clone(),
            },
        }
    }

    /// Frequency is high.
    pub(super) fn is_frequent(&self, measures: &Measures) -> Expression {
        self.is_high(&measures.frequency, |bounds| &bounds.frequency)
    }

    /// Money is high.
    pub(super) fn is_rich(&self, measures: &Measures) -> Expression {
        self.is_high(&measures.monetary, |bounds| &bounds.monetary)
    }

    fn is_high(&self, value: &Expression, of: fn(&Bounds) -> &Vec<Entry>) -> Expression {
        match self {
            Self::Quintiles => scored(value.clone(), HIGH),
            Self::Bounds(bounds) => match of(bounds).first() {
                Some(bound) => reaches(value, bound),
                None => value.clone(),
            },
        }
    }

    /// The scores of frequency and money are together at least so much; who has no value has the
    /// lowest score.
    pub(super) fn together(&self, measures: &Measures, sum: usize) -> Expression {
        let (frequency, monetary) = (&measures.frequency, &measures.monetary);
        let range = frequency.range;
        match self {
            Self::Quintiles => {
                let score = |value: &Expression| or_one(quintile(value.clone()));
                let both = arithmetic(score(frequency), ArithmeticOperator::Add, score(monetary));
                at_least(both, number(sum, range))
            }
            Self::Bounds(bounds) => {
                let of_frequency = bounds
                    .frequency
                    .iter()
                    .map(|bound| reaches(frequency, bound));
                let of_monetary = bounds.monetary.iter().map(|bound| reaches(monetary, bound));
                let reached = count_of(of_frequency.chain(of_monetary).collect(), range);
                at_least(reached, number(sum - 2, range))
            }
        }
    }
}

fn scored(value: Expression, score: usize) -> Expression {
    let range = value.range;
    at_least(quintile(value), number(score, range))
}

fn reaches(value: &Expression, bound: &Entry) -> Expression {
    let bound = Located::new(Node::Number(bound.node.clone()), bound.range);
    at_least(value.clone(), bound)
}
