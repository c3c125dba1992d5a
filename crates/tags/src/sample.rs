//! Estimates: the same computation over evenly spread blocks of user numbers instead of all.
//!
//! Users get their numbers in the order in which they are first seen, so that blocks at equal distances represent old
//! and new users alike.

use std::ops::Range;

use domain::UserSet;
use features::FeatureBlock;

use crate::Error;
use crate::ports::Selection;
use crate::refresh::{FeatureSource, Fresh};

/// How many user numbers a block of a sample has.
const BLOCK_NUMBERS: u32 = 4_096;

/// Which user numbers are looked at: one block of 4,096 out of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    extent: u32,
    every: u32,
}

/// How many users there probably are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// The number that the sample speaks for.
    pub count: u64,
    /// In 95 of 100 samples the true number is at most so far from it; 0 where everyone was looked at.
    pub error: u64,
}

impl Sample {
    /// All users, whatever their numbers.
    pub const EVERYONE: Self = Self {
        extent: u32::MAX,
        every: 1,
    };

    /// About `wanted` of the numbers below `extent`, or all where there are few more.
    #[must_use]
    pub fn new(extent: u32, wanted: u32) -> Self {
        let every = extent / wanted.max(1);
        Self {
            extent,
            every: every.max(1),
        }
    }

    /// Whether it looks at everyone.
    #[must_use]
    pub fn is_everyone(&self) -> bool {
        self.every == 1
    }

    /// The part of all numbers that it looks at.
    #[must_use]
    pub fn share(&self) -> f64 {
        let looked_at: u32 = self
            .blocks(0..self.extent)
            .map(|block| block.end - block.start)
            .sum();
        f64::from(looked_at) / f64::from(self.extent.max(1))
    }

    /// The blocks that lie in a range of numbers, cut at its ends.
    fn blocks(&self, range: Range<u32>) -> impl Iterator<Item = Range<u32>> {
        let (every, end) = (self.every, range.end.min(self.extent));
        // From the middle of each stretch, so that neither the oldest nor the newest weigh more.
        let first = every / 2;
        let numbers = range.start / BLOCK_NUMBERS..end.div_ceil(BLOCK_NUMBERS);
        numbers
            .filter(move |number| number % every == first)
            .map(move |number| {
                let start = number * BLOCK_NUMBERS;
                start.max(range.start)..(start + BLOCK_NUMBERS).min(end)
            })
            .filter(|block| !block.is_empty())
    }

    /// How many users there are in all, where these are found among those looked at.
    #[must_use]
    pub fn estimate(&self, found: &UserSet) -> Estimate {
        if self.is_everyone() {
            return Estimate {
                count: found.len(),
                error: 0,
            };
        }
        let counts: Vec<f64> = self
            .blocks(0..self.extent)
            .map(|block| found.range(block).count() as f64)
            .collect();
        let share = self.share();
        let blocks = counts.len() as f64;
        let sum: f64 = counts.iter().sum();
        let mean = sum / blocks;
        let squares: f64 = counts.iter().map(|count| (count - mean).powi(2)).sum();
        // Few users vary as by Poisson at least, whatever the blocks that happen to be looked at say.
        let variance = (squares / (blocks - 1.0).max(1.0)).max(mean);
        let error = quantile(blocks) * (blocks * variance * (1.0 - share)).sqrt() / share;
        // Nobody in n looked at: with 95 % at most three in n of all.
        let error = if sum == 0.0 { 3.0 / share } else { error };
        Estimate {
            count: (sum / share).round() as u64,
            error: error.ceil() as u64,
        }
    }
}

/// How many standard errors to each side hold 95 %, for so many blocks: Student's quantile, within 2 % from 8 blocks on.
fn quantile(blocks: f64) -> f64 {
    1.96 + 2.6 / (blocks - 1.0).max(1.0)
}

/// The users of a sample only.
pub(crate) struct Sampled<'a> {
    pub source: &'a dyn FeatureSource,
    pub sample: Sample,
}

impl FeatureSource for Sampled<'_> {
    fn extent(&self) -> Result<u32, Error> {
        Ok(self.sample.extent)
    }

    fn blocks(
        &self,
        program: &features::Program,
        fresh: &Fresh,
        users: &Selection,
        each: &mut dyn FnMut(&FeatureBlock),
    ) -> Result<(), Error> {
        match users {
            Selection::Range(range) => self.sample.blocks(range.clone()).try_for_each(|block| {
                self.source
                    .blocks(program, fresh, &Selection::Range(block), each)
            }),
            list => self.source.blocks(program, fresh, list, each),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pseudo-random members of a share of all numbers.
    fn drawn(extent: u32, per_mille: u64, seed: u64) -> UserSet {
        let is_in = |number: &u32| {
            let mixed = (u64::from(*number) ^ seed << 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            (mixed ^ mixed >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 40 & 0x3FF
                < per_mille * 1_024 / 1_000
        };
        (0..extent).filter(is_in).collect()
    }

    #[test]
    fn a_sample_of_few_is_everyone() {
        let sample = Sample::new(100_000, 65_536);
        assert!(sample.is_everyone());
        assert_eq!(sample.share(), 1.0);
        let found = drawn(100_000, 100, 1);
        let estimate = sample.estimate(&found);
        assert_eq!((estimate.count, estimate.error), (found.len(), 0));
    }

    #[test]
    fn blocks_are_those_of_the_whole_however_it_is_cut() {
        let sample = Sample::new(1_000_000, 100_000);
        let whole: Vec<u32> = sample.blocks(0..1_000_000).flatten().collect();
        let cuts = [0, 8_192, 70_000, 500_001, 1_000_000];
        let cut: Vec<u32> = cuts
            .windows(2)
            .flat_map(|ends| sample.blocks(ends[0]..ends[1]).flatten())
            .collect();
        assert_eq!(whole, cut);
        assert!((80_000..120_000).contains(&whole.len()), "{}", whole.len());
    }

    #[test]
    fn the_true_number_is_as_often_within_the_error_as_it_says() {
        let (mut within, mut asked) = (0, 0);
        for per_mille in [2, 20, 200, 700] {
            for seed in 0..50 {
                let all = drawn(400_000, per_mille, seed);
                let sample = Sample::new(400_000, 40_000);
                let estimate = sample.estimate(&looked_at(&sample, &all));
                let off = estimate.count.abs_diff(all.len());
                within += u32::from(off <= estimate.error);
                asked += 1;
                assert!(estimate.error > 0);
            }
        }
        assert!((180..=200).contains(&within), "{within} of {asked}");
    }

    #[test]
    fn of_nobody_found_there_may_still_be_some() {
        let sample = Sample::new(1_000_000, 100_000);
        let estimate = sample.estimate(&UserSet::new());
        assert_eq!(estimate.count, 0);
        assert!((25..=40).contains(&estimate.error), "{estimate:?}");
    }

    fn looked_at(sample: &Sample, all: &UserSet) -> UserSet {
        let blocks = sample.blocks(0..sample.extent);
        blocks.flat_map(|block| all.range(block)).collect()
    }
}
