//! The process: configuration, wiring, the `muster` command line.

pub mod as_sql;
pub mod ask;
pub mod changes;
pub mod command_line;
pub mod commands;
pub mod compute;
pub mod concerns;
pub mod config;
pub mod cost;
pub mod definitions;
pub mod demo;
pub mod display;
pub mod ending;
pub mod engine;
pub mod explain;
pub mod import;
pub mod logging;
pub mod one_user;
pub mod platform;
pub mod profile;
pub mod rulebook;
pub mod scenario;
pub mod service;
pub mod sets;
pub mod situation;
mod table;
pub mod users;
