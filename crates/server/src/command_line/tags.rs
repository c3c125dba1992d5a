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
    /// The instant at which they are looked at [default: now]
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// Only these
    #[arg(value_name = "TAG")]
    pub tags: Vec<String>,
}
