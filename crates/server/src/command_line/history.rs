//! The commands that ask for the past of tags.

use clap::{Args, ValueEnum};
use domain::When;

/// `muster changes`
#[derive(Args, Debug)]
pub struct Changes {
    /// The tag's key
    pub tag: String,
    /// From the end of that day, or from an instant
    #[arg(long, value_name = "DAY")]
    pub from: When,
    /// To the end of that day, or to an instant [default: the last computed]
    #[arg(long, value_name = "DAY")]
    pub to: Option<When>,
    /// How users are written
    #[arg(long, value_enum, default_value_t = ChangesFormat::Text)]
    pub format: ChangesFormat,
}

/// How the users of a difference are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ChangesFormat {
    /// `+ id` who entered, `- id` who left, `~ id` whose value changed; then the numbers.
    Text,
    /// With a header line.
    Csv,
    /// One object a line.
    Ndjson,
}

/// `muster trend`
#[derive(Args, Debug)]
pub struct Trend {
    /// The tag's key
    pub tag: String,
    /// So many days up to the last computation
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3_660))]
    pub days: u32,
}
