//! The `muster` command.

use std::process::ExitCode;

use clap::Parser;
use server::command_line::CommandLine;

/// ClickHouse brings its own allocator for its own memory; this one is for ours.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::commands::run(CommandLine::parse())
}
