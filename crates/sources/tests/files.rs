//! Files of every kind through the public face: corpus, compression, Parquet, resuming.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

#[path = "files/compressed.rs"]
mod compressed;
#[path = "files/corpus.rs"]
mod corpus;
#[path = "files/parquet.rs"]
mod parquet;
#[path = "files/published.rs"]
mod published;
#[path = "files/resume.rs"]
mod resume;
#[path = "files/support.rs"]
mod support;
