//! The commands that ask what uses what.

use clap::{Args, ValueEnum};

/// `muster uses`
#[derive(Args, Debug)]
pub struct Uses {
    /// The key of a tag, audience, list or table, the name of an event or of a view, or the path of an attribute
    pub key: String,
    /// What it is the key of, where several things have it
    #[arg(long, value_enum)]
    pub kind: Option<UsedKind>,
}

/// What can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum UsedKind {
    /// A tag.
    Tag,
    /// An audience.
    Audience,
    /// A list.
    List,
    /// A table.
    Table,
    /// An event.
    Event,
    /// An attribute.
    Attribute,
    /// A view that the queries of SQL tags read.
    View,
}
