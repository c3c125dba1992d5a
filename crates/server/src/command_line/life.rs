//! The life of a tag on the command line.

use clap::{Args, ValueEnum};

use crate::definitions::Sort;

/// Who changes something, and why.
#[derive(Args, Clone, Debug)]
pub struct Signing {
    /// Who makes the change [default: who is signed in to this machine]
    #[arg(long, value_name = "NAME")]
    pub author: Option<String>,
    /// Why the change is made
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
}

/// How much of what would happen is shown.
#[derive(Args, Clone, Debug)]
pub struct Previewed {
    /// How many of the users who would enter, and leave, are named
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub examples: usize,
    /// The instant for which it is computed [default: now]
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
}

/// `muster publish` and the other steps in the life of tags
#[derive(Args, Debug)]
pub struct Step {
    /// The tags
    #[arg(required = true, value_name = "TAG")]
    pub tags: Vec<String>,
    #[command(flatten)]
    /// Who, and why.
    pub signing: Signing,
    /// Only show what it would do: who would enter, and leave
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    /// How much is shown.
    pub previewed: Previewed,
}

/// `muster rollback`
#[derive(Args, Debug)]
pub struct RollBack {
    /// The tag
    #[arg(value_name = "TAG")]
    pub tag: String,
    /// The version that is put in force again [default: the last one that differs]
    #[arg(long, value_name = "VERSION")]
    pub to: Option<u64>,
    #[command(flatten)]
    /// Who, and why.
    pub signing: Signing,
    /// Only show what it would do: who would enter, and leave
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    /// How much is shown.
    pub previewed: Previewed,
}

/// `muster versions`
#[derive(Args, Debug)]
pub struct Versions {
    /// The key of the tag
    #[arg(value_name = "TAG")]
    pub key: String,
    /// Show what differs between two versions instead
    #[arg(long, num_args = 2, value_names = ["A", "B"])]
    pub diff: Option<Vec<u64>>,
    /// The versions of another definition than a tag
    #[arg(long, value_enum, default_value_t = Definition::Tag)]
    pub of: Definition,
}

/// The sorts of definitions.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Definition {
    /// A tag.
    Tag,
    /// An audience.
    Audience,
    /// A list.
    List,
    /// A table.
    Table,
    /// An event of the tracking plan.
    Event,
}

impl From<Definition> for Sort {
    fn from(definition: Definition) -> Self {
        match definition {
            Definition::Tag => Self::Tag,
            Definition::Audience => Self::Audience,
            Definition::List => Self::List,
            Definition::Table => Self::Table,
            Definition::Event => Self::Event,
        }
    }
}
