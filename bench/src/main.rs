//! `make bench`: what the product takes, beside what ClickHouse alone takes, in the same run on
//! the same data.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the table is what this program is for, and progress goes beside it"
)]

mod algebra;
mod arguments;
mod clickhouse;
mod event_baselines;
mod fill;
mod folder;
mod given_features;
mod import;
mod linear;
mod measure;
mod new_tag;
mod random;
mod refresh;
mod report;
mod runner;
mod some_users;
mod start;
mod state;

use std::process::ExitCode;

use clap::Parser;

use self::arguments::Arguments;

fn main() -> ExitCode {
    server::memory::keep_freed_memory();
    match runner::run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
