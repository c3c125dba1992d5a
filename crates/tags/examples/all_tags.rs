//! Measures how long all tags of all users take once feature values are there:
//! `cargo run --release -p tags --example all_tags -- [users] [tags] [features] [threads]`.
//!
//! Rules are random, with one to four conditions on numbers; about one user in twenty has each.

use std::num::NonZeroUsize;
use std::time::Instant;

use domain::{TagKey, Time};
use features::{BLOCK_USERS, Feature, FeatureBlock, FeatureColumn, NumberMeaning};
use rules::{CheckOptions, Vocabulary};
use tags::{Config, GivenFeatures, Inputs, TagProgram, TagSource, Users, compute};

/// Why there is no measurement.
type Failure = Box<dyn std::error::Error>;

/// Values are spread evenly from 0 to here.
const GREATEST: u64 = 1_000_000;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(end)) >> 64) as u64
    }
}

fn rule(random: &mut Random, features: u64) -> String {
    let count = 1 + random.below(4);
    let share = 0.05_f64.powf(1.0 / count as f64);
    let part = (share * GREATEST as f64) as u64;
    let condition = |random: &mut Random| {
        let feature = random.below(features);
        let jitter = random.below(GREATEST / 50);
        match random.below(3) {
            0 => format!("f{feature} >= {}", GREATEST - part + jitter),
            1 => format!("f{feature} < {}", part + jitter),
            _ => {
                let least = random.below(GREATEST - part);
                format!("f{feature} between {least} and {}", least + part)
            }
        }
    };
    (0..count)
        .map(|_| condition(random))
        .collect::<Vec<_>>()
        .join(" and ")
}

fn sources(random: &mut Random, tags: u64, features: u64) -> Result<Vec<TagSource>, Failure> {
    let (vocabulary, options) = (Vocabulary::default(), CheckOptions::default());
    (0..tags)
        .map(|number| {
            let text = rule(random, features);
            let checked = rules::read(&text, &vocabulary, &options)
                .map_err(|problems| format!("{text}: {problems:?}"))?;
            let key = TagKey::new(&format!("t{number}"))?;
            let rule = checked.rule;
            Ok(TagSource::of_rule(key, rule))
        })
        .collect()
}

fn block(random: &mut Random, first: u32, users: u32, columns: usize) -> FeatureBlock {
    let column = |random: &mut Random| FeatureColumn::Number {
        scale: 0,
        meaning: NumberMeaning::Number,
        mantissas: (0..users).map(|_| random.below(GREATEST) as i64).collect(),
        wide: Default::default(),
    };
    FeatureBlock {
        users: (first..first + users).collect(),
        columns: (0..columns).map(|_| column(random)).collect(),
    }
}

/// CPU-seconds of this process so far: its own, and the system's for it (most of them for fresh
/// memory).
fn cpu_seconds() -> (f64, f64) {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let seconds = |place: usize| {
        let ticks = fields
            .get(place)
            .and_then(|field| field.parse::<f64>().ok());
        ticks.unwrap_or_default() / 100.0
    };
    (seconds(11), seconds(12))
}

/// Peak memory in MiB.
fn peak_memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok())
        .unwrap_or(0.0)
        / 1_024.0
}

#[allow(clippy::print_stdout)]
fn main() -> Result<(), Failure> {
    let arguments: Vec<u64> = std::env::args()
        .skip(1)
        .map(|text| text.parse())
        .collect::<Result<_, _>>()?;
    let argument = |place: usize, usual: u64| arguments.get(place).copied().unwrap_or(usual);
    let users = u32::try_from(argument(0, 1_000_000))?;
    let (tags, features) = (argument(1, 15_000), argument(2, 150));
    let mut config = Config::default();
    config.threads = NonZeroUsize::new(argument(3, 0) as usize).unwrap_or(config.threads);

    let mut random = Random(42);
    let sources = sources(&mut random, tags, features)?;
    let now = Time::from_millis(1_700_000_000_000);
    let started = Instant::now();
    let program = TagProgram::compile(&sources, now, &Inputs::default())?;
    println!(
        "compiled {tags} tags in {:.2} s",
        started.elapsed().as_secs_f64()
    );
    let columns = program
        .features()
        .filter(|feature| matches!(feature, Feature::Attribute { .. }))
        .count();
    let blocks = (0..users)
        .step_by(BLOCK_USERS)
        .map(|first| {
            block(
                &mut random,
                first,
                (users - first).min(BLOCK_USERS as u32),
                columns,
            )
        })
        .collect();
    let given = GivenFeatures { now, blocks };
    println!(
        "{columns} features of {users} users are there, {:.0} MiB",
        peak_memory()
    );

    for round in 1..=3 {
        let (started, cpu) = (Instant::now(), cpu_seconds());
        let refreshed = compute(&given, &program, &Users::All, None, &config)?;
        let wall = started.elapsed().as_secs_f64();
        let after = cpu_seconds();
        let (own, system) = (after.0 - cpu.0, after.1 - cpu.1);
        let memberships: u64 = refreshed
            .results
            .iter()
            .map(|(_, members)| members.len())
            .sum();
        println!(
            "round {round}: {wall:.2} s, {own:.2} + {system:.2} CPU-seconds, {:.1} tags a user, rows {} MiB, peak {:.0} MiB",
            memberships as f64 / f64::from(users),
            refreshed.results.rows().size() >> 20,
            peak_memory(),
        );
    }
    Ok(())
}
