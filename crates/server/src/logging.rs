//! Log lines on standard error.

use std::io::{IsTerminal, stderr};

use anyhow::{Context, Result};
use tracing_subscriber::EnvFilter;

use crate::config::{LogConfig, LogFormat};

/// Starts logging as configured; once in a process.
///
/// # Errors
/// The level is no filter.
pub fn start(config: &LogConfig) -> Result<()> {
    let filter = EnvFilter::builder().parse(&config.level).with_context(|| {
        format!(
            "`[log] level = \"{}\"` is no level and no filter",
            config.level
        )
    })?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(stderr)
        .with_ansi(stderr().is_terminal());
    match config.format {
        LogFormat::Text => lines.with_target(false).compact().init(),
        LogFormat::Json => lines.json().init(),
    }
    Ok(())
}
