//! `muster tags`, as clap sees it.

use clap::Args;

/// `muster tags`
#[derive(Args, Debug)]
pub struct Tags {
    /// Only those whose last computation failed
    #[arg(long)]
    pub failed: bool,
    /// Only those that are not fresh: due, failed, never computed, or of an older version than their definition
    #[arg(long)]
    pub stale: bool,
    /// Those that mean the same, a line for each meaning
    #[arg(long, conflicts_with_all = ["failed", "stale", "as_of", "tags", "unused"])]
    pub duplicates: bool,
    /// Those that no rule uses, and that nobody has asked for in the last days
    #[arg(long, conflicts_with_all = ["failed", "stale", "as_of", "tags"])]
    pub unused: bool,
    /// How many days, for those that are unused
    #[arg(long, requires = "unused", default_value_t = 30)]
    pub days: u32,
    /// The instant at which they are looked at [default: now]
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// Only these
    #[arg(value_name = "TAG")]
    pub tags: Vec<String>,
}
