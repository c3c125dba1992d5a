//! Tags that people supply, on the command line.

use clap::{Args, Subcommand};

use super::{ImportFile, Signing};

/// `muster import tag`
#[derive(Args, Debug)]
pub struct ImportTag {
    #[command(flatten)]
    /// Which file, and how it is read.
    pub file: ImportFile,
    /// The column with the user's id
    #[arg(long, value_name = "COLUMN")]
    pub user: String,
    /// The column with the value, for a tag with values
    #[arg(long, value_name = "COLUMN")]
    pub value: Option<String>,
    /// The key of the tag, which is defined with `imported`
    #[arg(long, value_name = "KEY")]
    pub tag: String,
    /// Keep the members that it has; else those of the file take their place
    #[arg(long)]
    pub add: bool,
}

/// `muster tag`
#[derive(Debug, Subcommand)]
pub enum Tag {
    /// Set a tag for a user; a tag defined with `by_hand`
    Set(SetTag),
    /// Unset a tag for a user
    Unset(UnsetTag),
}

/// `muster tag set`
#[derive(Args, Debug)]
pub struct SetTag {
    /// The user's id
    pub user: String,
    /// The tag's key
    pub tag: String,
    /// The value, of a tag with values
    pub value: Option<String>,
    #[command(flatten)]
    /// Who, and why.
    pub signing: Signing,
}

/// `muster tag unset`
#[derive(Args, Debug)]
pub struct UnsetTag {
    /// The user's id
    pub user: String,
    /// The tag's key
    pub tag: String,
    #[command(flatten)]
    /// Who, and why.
    pub signing: Signing,
}
