//! The store from outside, one engine for all tests and a database for each.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test tells its failures"
)]

#[path = "store/agreement.rs"]
mod agreement;
#[path = "store/columns.rs"]
mod columns;
#[path = "store/fresh.rs"]
mod fresh;
#[path = "store/histories.rs"]
mod histories;
#[path = "store/identities.rs"]
mod identities;
#[path = "store/known.rs"]
mod known;
#[path = "store/news.rs"]
mod news;
#[path = "store/record.rs"]
mod record;
#[path = "store/results.rs"]
mod results;
#[path = "store/rows.rs"]
mod rows;
#[path = "store/sandbox.rs"]
mod sandbox;
#[path = "store/sandbox_attacks.rs"]
mod sandbox_attacks;
#[path = "store/sandbox_limits.rs"]
mod sandbox_limits;
