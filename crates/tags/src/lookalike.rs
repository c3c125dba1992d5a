//! How the users of a seed are told from all others: points for the parts of each feature.
//!
//! Naive Bayes over features in parts, which is also known as a scorecard by weight of evidence:
//! a part is worth the logarithm of how many times as likely a user of the seed is in it as
//! another user, and the points of all features are added. It is a sum that anyone can follow,
//! needs no repetition and no chance, and gives the same for the same users in any order.
//! (I. J. Good, *Probability and the Weighing of Evidence*, 1950.)

mod parts;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use domain::{Decimal, Said, Scorecard, ScoredFeature, ScoredPart, UserSet};

use self::parts::{Counted, parts_of_flag, parts_of_values};
use crate::Error;
use crate::values::MetricValues;

/// The fewest users that a seed needs, and the fewest others, to tell what they have in common.
const FEWEST: u64 = 20;

/// How many users all together are added to each side of a part, spread as all users are, so that
/// few users say little.
const ADDED: f64 = 10.0;

/// Places of points.
const PLACES: u8 = 3;

/// What a feature gives each user.
#[derive(Clone, Debug)]
pub enum LookalikeFeature {
    /// Yes or no: for whom it holds.
    Flag(Arc<UserSet>),
    /// A value for those who have one.
    Values(Arc<MetricValues>),
}

/// Learns how to tell the users of a seed from all others.
///
/// # Errors
/// [`Error::Lookalike`], in words, where there are too few users on either side, a feature gives
/// lists, or none tells anything.
pub fn scorecard(
    seed: &UserSet,
    universe: &UserSet,
    features: &[LookalikeFeature],
) -> Result<Scorecard, Error> {
    let seed = seed.and(universe);
    let (of_seed, others) = (seed.len(), universe.len().saturating_sub(seed.len()));
    if of_seed < FEWEST {
        return refused(&Unlearnable::SmallSeed {
            count: of_seed.to_string(),
            fewest: FEWEST.to_string(),
        });
    }
    if others < FEWEST {
        return refused(&Unlearnable::FewOthers {
            count: others.to_string(),
            fewest: FEWEST.to_string(),
        });
    }
    let mut scored = Vec::with_capacity(features.len());
    for (number, feature) in (1..).zip(features) {
        let parts = match feature {
            LookalikeFeature::Flag(members) => parts_of_flag(members, &seed, universe),
            LookalikeFeature::Values(values) => match parts_of_values(values, &seed, universe) {
                Some(parts) => parts,
                None => return refused(&Unlearnable::Lists { number }),
            },
        };
        scored.push(scored_feature(parts, of_seed, others));
    }
    let tells = |feature: &ScoredFeature| {
        feature
            .parts
            .iter()
            .any(|part| part.points != Decimal::ZERO)
    };
    if !scored.iter().any(tells) {
        return refused(&Unlearnable::NothingTells);
    }
    Ok(Scorecard {
        seed: of_seed,
        others,
        features: scored,
    })
}

domain::words! {
    /// Why nothing can be learned.
    enum Unlearnable {
        SmallSeed { count: String, fewest: String },
            "种子有 {count} 个用户：至少要有 {fewest} 个，才能看出他们的共同之处",
            "the seed has {count} users: at least {fewest} are needed to tell what they have in common";
        FewOthers { count: String, fewest: String },
            "种子以外有 {count} 个用户：至少要有 {fewest} 个，才能与种子比较",
            "there are {count} users beside the seed: at least {fewest} are needed to compare it with";
        Lists { number: usize },
            "第 {number} 个特征给出的是列表：特征应当是一个值，或者一个条件",
            "feature {number} gives lists: a feature is one value or a condition";
        NothingTells,
            "没有特征能把种子和其他人分开：换别的特征",
            "no feature tells the seed from the others: choose other features";
    }
}

fn refused<T>(why: &Unlearnable) -> Result<T, Error> {
    let problem = why.in_both();
    Err(Error::Lookalike { problem })
}

fn scored_feature(parts: Vec<Counted>, seed: u64, others: u64) -> ScoredFeature {
    let mut information = 0.0;
    let part = |part: Counted| {
        let (shared, points) = evidence(&part, seed, others);
        information += shared * points;
        ScoredPart {
            range: part.range,
            points: decimal(points),
            seed: part.seed,
            others: part.others,
        }
    };
    let parts = parts.into_iter().map(part).collect();
    ScoredFeature {
        information: decimal(information),
        parts,
    }
}

/// By how much the share of the seed exceeds that of the others, and the logarithm of how many
/// times as great it is.
fn evidence(part: &Counted, seed: u64, others: u64) -> (f64, f64) {
    let (seed, others) = (seed as f64, others as f64);
    let (of_seed, of_others) = (part.seed as f64, part.others as f64);
    let of_all = ADDED * (of_seed + of_others) / (seed + others);
    let seed_share = (of_seed + of_all) / (seed + ADDED);
    let others_share = (of_others + of_all) / (others + ADDED);
    (seed_share - others_share, (seed_share / others_share).ln())
}

fn decimal(number: f64) -> Decimal {
    let scale = 10_f64.powi(i32::from(PLACES));
    // Within some tens: the logarithm of a number of users.
    Decimal::from_mantissa((number * scale).round() as i128, PLACES)
}
