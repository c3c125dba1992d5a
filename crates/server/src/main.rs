//! The `muster` command.

use std::process::ExitCode;

use clap::Parser;
use server::command_line::CommandLine;

fn main() -> ExitCode {
    server::memory::keep_freed_memory();
    server::commands::run(CommandLine::parse())
}
