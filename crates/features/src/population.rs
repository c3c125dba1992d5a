//! Values among all users: which ones a rule asks for, and their meaning where engine and reference
//! must not differ by a hair: how many ranks a bound lets in, which part a rank is in, and who comes
//! first of those who tie.

use std::cell::RefCell;

use domain::Decimal;
use rules::checked::{Body, Measure, Population, RankBound};
use sha2::{Digest as _, Sha256};

use crate::feature::{any_in_condition, any_measure};

/// The values among all users that a rule asks for, and those that they are made of in turn.
#[must_use]
pub fn asked_by(body: &Body) -> Vec<Population> {
    let mut open = found(|test| match body {
        Body::Condition(condition) => {
            any_in_condition(condition, test);
        }
        Body::Measure(measure) => {
            any_measure(measure, test);
        }
        Body::Cases { cases, .. } => cases.iter().for_each(|case| {
            any_in_condition(&case.when, test);
        }),
    });
    let mut asked = Vec::new();
    while let Some(population) = open.pop() {
        open.extend(found(|test| {
            for measure in population.measures() {
                any_measure(measure, test);
            }
            if let Some(condition) = population.condition() {
                any_in_condition(condition, test);
            }
        }));
        asked.push(population);
    }
    asked
}

/// The values among all users that a walk over measures meets.
fn found(walk: impl FnOnce(&dyn Fn(&Measure) -> bool)) -> Vec<Population> {
    let found = RefCell::new(Vec::new());
    walk(&|measure| {
        if let Measure::Population(population) = measure {
            found.borrow_mut().push((**population).clone());
        }
        false
    });
    found.into_inner()
}

/// The last rank within a bound, of so many who are ranked.
#[must_use]
pub fn last_rank(bound: &RankBound, ranked: u64) -> u64 {
    match bound {
        RankBound::Count(count) => u64::from(*count),
        RankBound::Percent(percent) => part_of(percent, ranked),
    }
}

/// ⌈percent × ranked / 100⌉, exactly.
fn part_of(percent: &Decimal, ranked: u64) -> u64 {
    let scale = percent.scale();
    let power = 10_u128.checked_pow(u32::from(scale));
    let parts = power.and_then(|power| power.checked_mul(100));
    let product = percent
        .mantissa_at(scale)
        .and_then(|mantissa| u128::try_from(mantissa).ok())
        .and_then(|mantissa| mantissa.checked_mul(u128::from(ranked)));
    match (product, parts) {
        (Some(product), Some(parts)) => u64::try_from(product.div_ceil(parts)).unwrap_or(ranked),
        _ => ranked,
    }
}

/// The part, from `parts` for the greatest values down to 1, in which one is before whom so many
/// of all ranked have a strictly greater value: `parts` − ⌊`parts` × greater / ranked⌋. So the
/// greatest part is `top (100 / parts)%`, the two greatest are `top (200 / parts)%`, and so on.
#[must_use]
pub fn quantile(parts: u32, greater: u64, ranked: u64) -> u64 {
    let below = u128::from(parts) * u128::from(greater) / u128::from(ranked.max(1));
    u64::from(parts) - u64::try_from(below).unwrap_or_default()
}

/// By which those are ordered who tie, the least first: the SHA-256 of the user's key, which is the
/// one of `bucket`.
#[must_use]
pub fn tie_order(key: &str) -> [u8; 32] {
    Sha256::digest(key).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(percent: &str, ranked: u64) -> u64 {
        let percent = Decimal::parse(percent).unwrap();
        last_rank(&RankBound::Percent(percent), ranked)
    }

    #[test]
    fn a_percentage_of_those_ranked_is_rounded_up() {
        assert_eq!([last("10", 10), last("10", 11), last("10", 9)], [1, 2, 1]);
        assert_eq!([last("0.5", 200), last("0.5", 201)], [1, 2]);
        assert_eq!([last("100", 7), last("33.333333333333333333", 3)], [7, 1]);
        assert_eq!([last("0.000000000000000001", 1), last("50", 0)], [1, 0]);
    }

    #[test]
    fn the_parts_are_those_of_the_percentages() {
        for ranked in 1..=30_u64 {
            for greater in 0..ranked {
                let part = quantile(5, greater, ranked);
                assert!((1..=5).contains(&part));
                for (least, percent) in [(5, "20"), (4, "40"), (3, "60"), (2, "80"), (1, "100")] {
                    assert_eq!(
                        part >= least,
                        greater < last(percent, ranked),
                        "{greater} of {ranked}"
                    );
                }
            }
        }
    }
}
