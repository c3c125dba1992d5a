//! What is measured, and at which size.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use domain::Time;
use quest_platform::Settings;

/// Measures Muster against ClickHouse in the same run.
#[derive(Parser, Debug, Clone)]
#[command(name = "muster-bench")]
pub struct Arguments {
    /// Users
    #[arg(long, default_value_t = 100_000)]
    pub users: u32,
    /// Events in 30 days
    #[arg(long, default_value_t = 10_000_000)]
    pub events: u64,
    /// Random tags
    #[arg(long, default_value_t = 1_500)]
    pub tags: usize,
    /// Equal seeds give equal data and rules
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The parts to run [default: all of them but `linear`, in this order]
    #[arg(long, value_enum, num_args = 1..)]
    pub part: Vec<Part>,
    /// Where data are put; what the parts write there is removed at the end, but for --keep
    #[arg(long, default_value = "muster-data-bench")]
    pub data: PathBuf,
    /// Leave the data, so that later runs can repeat single parts
    #[arg(long)]
    pub keep: bool,
    /// Runs one part in this process and prints rows as JSON lines
    #[arg(long, hide = true)]
    pub child: bool,
}

/// A piece of work that is measured in a process of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// A CSV of events, at most ten million of them
    Import,
    /// All tags from feature values in memory
    Features,
    /// Users and events into the store that the parts below use
    Fill,
    /// All tags from events, results stored
    Events,
    /// All tags from events, a fifth of them of every other sort: sequences, streaks, percentiles
    Mixed,
    /// A refresh of 1, 100 and 10,000 given users
    SomeUsers,
    /// The count of a rule that is no tag yet
    NewTag,
    /// And, or, not over ten stored tags
    Algebra,
    /// Opening the store and loading the results
    Start,
    /// All tags from events for a tenth, three tenths and all of the users, and of the events
    Linear,
    /// One size of those
    #[value(hide = true)]
    OneSize,
}

/// The last instant of the data, and the instant of evaluation: 2026-11-01T00:00:00Z.
pub const NOW: Time = Time::from_millis(1_793_491_200_000);

impl Arguments {
    /// The parts that run.
    pub fn parts(&self) -> Vec<Part> {
        if !self.part.is_empty() {
            return self.part.clone();
        }
        let all = Part::value_variants().iter().copied();
        all.filter(|part| !matches!(part, Part::Linear | Part::OneSize))
            .collect()
    }

    /// The platform whose data are measured.
    pub fn settings(&self) -> Settings {
        Settings {
            seed: self.seed,
            users: self.users,
            events: self.events,
            now: NOW,
        }
    }
}
