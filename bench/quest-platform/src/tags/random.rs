//! As many random tags as a benchmark wants, of which each user has a twentieth.
//!
//! A pool of some hundreds of features is drawn first; tags are conditions over them with
//! thresholds of their own, so that many tags share few features, as real ones do. Thresholds
//! are quantiles of a sample of the platform's users.

mod condition;
mod feature;
mod sample;

use std::collections::BTreeSet;

use domain::{LocalizedText, TagBody, TagDefinition, TagKey};

use self::condition::Condition;
use self::feature::{Feature, random_feature};
use self::sample::Sample;
use crate::platform::Platform;
use crate::random::{Purpose, Random};

/// Of 1,000 users, how many have a tag on average.
const MEAN_PER_MILLE: usize = 50;
/// Of 1,000 users, how many shall have a tag; drawn from, before it is corrected to the mean.
const SHARES: [usize; 10] = [4, 8, 15, 25, 35, 45, 60, 80, 110, 150];

/// A tag drawn at random.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RandomTag {
    /// The tag.
    pub definition: TagDefinition,
    /// Of a million users, about how many have it.
    pub users_per_million: u32,
}

/// Draws tags for a platform: equal platforms, counts and seeds give equal tags.
pub fn random_tags(platform: &Platform, count: usize, seed: u64) -> Vec<RandomTag> {
    let sample = Sample::of(platform);
    let mut random = Random::new(seed, Purpose::Tags, 0);
    let pool = pool(&mut random, &sample, (count / 25).clamp(60, 600));
    let users = sample.len();
    let mut known = BTreeSet::new();
    let mut tags: Vec<RandomTag> = Vec::with_capacity(count);
    let (mut reached, mut attempts) = (0, 0);
    while tags.len() < count && attempts < count * 50 {
        attempts += 1;
        let share = *random.pick(&SHARES).unwrap_or(&MEAN_PER_MILLE);
        // What earlier tags have too little or too much, the next twenty make good.
        let owed = (tags.len() * MEAN_PER_MILLE * users / 1000) as i64 - reached as i64;
        let wanted = (share * users / 1000) as i64 + owed / 20;
        let wanted = wanted.clamp(1, (users / 3).max(1) as i64) as usize;
        let Some(condition) = random_condition(&mut random, &pool, &sample, wanted) else {
            continue;
        };
        let having = condition.count();
        if having == 0 || having > wanted * 3 + 2 || !known.insert(condition.text.clone()) {
            continue;
        }
        let Some(definition) = definition(tags.len(), condition.text) else {
            break;
        };
        reached += having;
        tags.push(RandomTag {
            definition,
            users_per_million: (having * 1_000_000 / users.max(1)) as u32,
        });
    }
    tags
}

/// Features that at least one user in a hundred has.
fn pool(random: &mut Random, sample: &Sample, size: usize) -> Vec<Feature> {
    let mut pool = Vec::with_capacity(size);
    let mut known = BTreeSet::new();
    for _ in 0..size * 40 {
        if pool.len() == size {
            break;
        }
        let feature = random_feature(random, sample);
        let having = feature
            .values
            .iter()
            .filter(|value| value.is_some_and(|value| value > 0))
            .count();
        if having * 100 >= sample.len() && known.insert(feature.text.clone()) {
            pool.push(feature);
        }
    }
    pool
}

/// A condition that holds for about `wanted` users of the sample; `None` where the draw does not
/// allow one.
fn random_condition(
    random: &mut Random,
    pool: &[Feature],
    sample: &Sample,
    wanted: usize,
) -> Option<Condition> {
    let users = sample.len();
    let shape = random.below(10);
    let mut draw = |wanted: usize, among: Option<&Condition>| {
        Condition::at_least(random.pick(pool)?, wanted, among)
    };
    match shape {
        0..3 => draw(wanted, None),
        3..6 => {
            let broad = draw(users / 3, None)?;
            let narrow = draw(wanted, Some(&broad))?;
            let text = format!("{} and {}", narrow.text, broad.text);
            Some(Condition::combined(text, &[&narrow, &broad], |parts| {
                parts.iter().all(|holds| *holds)
            }))
        }
        6 => {
            let broad = draw(users / 3, None)?;
            let wide = draw(wanted * 3 / 2, None)?;
            let text = format!("{} and not ({})", wide.text, broad.text);
            Some(Condition::combined(text, &[&wide, &broad], |parts| {
                parts == [true, false]
            }))
        }
        7 => {
            let one = draw(wanted.div_ceil(2), None)?;
            let other = draw(wanted.div_ceil(2), None)?;
            let text = format!("{} or {}", one.text, other.text);
            Some(Condition::combined(text, &[&one, &other], |parts| {
                parts.contains(&true)
            }))
        }
        8 => {
            let mut three = Vec::with_capacity(3);
            for _ in 0..3 {
                three.push(draw(wanted * 2, None)?);
            }
            let texts: Vec<&str> = three
                .iter()
                .map(|condition| condition.text.as_str())
                .collect();
            let text = format!("at least 2 of ({})", texts.join(", "));
            let parts: Vec<&Condition> = three.iter().collect();
            Some(Condition::combined(text, &parts, |parts| {
                parts.iter().filter(|holds| **holds).count() >= 2
            }))
        }
        _ => {
            let profile = Condition::of_profile(random, sample);
            let narrow = Condition::at_least(random.pick(pool)?, wanted, Some(&profile))?;
            let text = format!("{} and {}", profile.text, narrow.text);
            Some(Condition::combined(text, &[&profile, &narrow], |parts| {
                parts.iter().all(|holds| *holds)
            }))
        }
    }
}

fn definition(number: usize, rule: String) -> Option<TagDefinition> {
    let key = TagKey::new(&format!("random_{number:05}")).ok()?;
    Some(TagDefinition {
        name: LocalizedText {
            zh: format!("随机标签 {number}"),
            en: format!("Random tag {number}"),
        },
        category: "随机 Random".to_owned(),
        ..TagDefinition::new(key, TagBody::Rule(rule))
    })
}
