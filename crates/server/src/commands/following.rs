//! What follows from a command by itself: tags in real time are computed once something has come into the store.

use std::sync::Arc;

use anyhow::{Context, Result};
use tags::Change;

use super::output::{grouped, tell};
use crate::command_line::Command;
use crate::compute::Computed;
use crate::platform::Platform;
use crate::refresh;

/// Lets tags in real time follow what a command has brought.
pub(super) fn follow(command: &Command, platform: &Arc<Platform>) -> Result<()> {
    if !matches!(command, Command::Import(_)) {
        return Ok(());
    }
    let followed = refresh::follow_changes(platform);
    let followed = followed.context("all was imported, but tags in real time could not follow")?;
    if let Some(computed) = followed {
        tell(&told(&computed));
    }
    Ok(())
}

fn told(computed: &Computed) -> String {
    let users = |of: fn(&Change) -> u64| {
        let changes = computed.changes.changes.iter();
        grouped(changes.map(of).sum())
    };
    let mut told = format!(
        "{} tags in real time followed: {} entered, {} left",
        grouped(computed.tags.len() as u64),
        users(|change| change.entered.len()),
        users(|change| change.left.len()),
    );
    if !computed.failed.is_empty() {
        told += &format!("; {} failed: `muster tags --failed`", computed.failed.len());
    }
    told
}
