//! A table of numeric features and tags over it, for the benchmark of conditions alone.
//!
//! The features stand for what the fold leaves: a number per user and feature. Tags name them as
//! attributes, `f017 >= 4200`.

use std::ops::Range;

use domain::{LocalizedText, TagBody, TagDefinition, TagKey};

use crate::random::{Purpose, Random};

/// Values are below this; dense features spread evenly.
const BOUND: u64 = 10_000;

/// 150 columns of whole numbers from 0 to 9,999. In every third column four users of five have 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeatureTable {
    /// Equal seeds give equal tables.
    pub seed: u64,
}

impl FeatureTable {
    /// How many columns there are.
    pub const COLUMNS: usize = 150;

    /// What rules call a column.
    pub fn name(column: usize) -> String {
        format!("f{column:03}")
    }

    /// The values of a column for a range of users.
    pub fn column(&self, column: usize, users: Range<u32>) -> impl Iterator<Item = i64> + use<> {
        let (seed, column) = (self.seed, column as u64);
        users.map(move |user| {
            let word = Random::new(seed, Purpose::Features, column << 32 | u64::from(user)).word();
            let value = ((u128::from(word) * u128::from(BOUND)) >> 64) as i64;
            let is_nothing = is_sparse(column as usize) && word & 0xFF >= 51;
            if is_nothing { 0 } else { value }
        })
    }
}

fn is_sparse(column: usize) -> bool {
    column % 3 == 2
}

/// Draws tags over the table, of which each user has a twentieth.
pub fn feature_tags(count: usize, seed: u64) -> Vec<TagDefinition> {
    let mut random = Random::new(seed, Purpose::Features, u64::MAX);
    (0..count)
        .filter_map(|number| definition(number, rule(&mut random)))
        .collect()
}

/// A rule that holds for between one and ten users of a hundred, five on average.
fn rule(random: &mut Random) -> String {
    let share = 10 + random.below(81);
    match random.below(5) {
        0 => at_least(random, share * 1000),
        // Half of twice as many.
        1 | 2 => format!(
            "{} and {}",
            at_least(random, 500_000),
            at_least(random, share * 2_000)
        ),
        3 => format!(
            "{} and not ({})",
            at_least(random, share * 2_000),
            at_least(random, 500_000)
        ),
        _ => format!(
            "{} or {}",
            at_least(random, share * 500),
            at_least(random, share * 500)
        ),
    }
}

/// A condition that holds for so many users of a million; of the few that there are for each
/// column, so that tags share conditions as real ones do.
fn at_least(random: &mut Random, users_per_million: u64) -> String {
    let column = loop {
        let column = random.below(FeatureTable::COLUMNS as u64) as usize;
        if !is_sparse(column) || users_per_million < 150_000 {
            break column;
        }
    };
    let among = if is_sparse(column) {
        199_219
    } else {
        1_000_000
    };
    let share = (users_per_million * BOUND / among).min(BOUND - 1);
    let threshold = BOUND - share;
    format!("{} >= {threshold}", FeatureTable::name(column))
}

fn definition(number: usize, rule: String) -> Option<TagDefinition> {
    let key = TagKey::new(&format!("feature_{number:05}")).ok()?;
    Some(TagDefinition {
        name: LocalizedText {
            zh: format!("特征标签 {number}"),
            en: format!("Feature tag {number}"),
        },
        category: "特征 Features".to_owned(),
        ..TagDefinition::new(key, TagBody::Rule(rule))
    })
}
