//! `muster import`.

use std::io::{IsTerminal, stderr};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use catalog::Change;
use domain::{ListDefinition, ListKind, LocalizedText};
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use sources::files::FileSource;

use super::output::{Output, grouped, tell};
use crate::command_line::{ImportEvents, ImportList, ImportProfiles};
use crate::import::{Import, Outcome, options};
use crate::platform::{Platform, now};

/// `muster import events`
pub(super) fn events(
    asked: &ImportEvents,
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    rows(
        options::events(asked, platform)?,
        ["event", "events"],
        platform,
        output,
    )
}

/// `muster import profiles`
pub(super) fn profiles(
    asked: &ImportProfiles,
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    rows(
        options::profiles(asked, platform)?,
        ["profile", "profiles"],
        platform,
        output,
    )
}

/// `muster import holdings`
pub(super) fn holdings(
    asked: &ImportProfiles,
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    rows(
        options::holdings(asked, platform)?,
        ["holder", "holders"],
        platform,
        output,
    )
}

fn rows(
    import: Import,
    nouns: [&str; 2],
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    let rejects = import.rejects.path().display().to_string();
    let bar = bar(import.input.bytes());
    let began = Instant::now();
    let outcome = import.run(platform, &mut |progress, outcome| {
        bar.set_position(progress.bytes_read());
        bar.set_message(rate(outcome.read, began));
    })?;
    bar.finish_and_clear();
    let json = serde_json::json!({
        "read": outcome.read,
        "added": outcome.added,
        "duplicates": outcome.duplicates,
        "rejected": outcome.rejected,
        "new_users": outcome.new_users,
        "resumed_after": outcome.resumed_after,
        "imported_before": outcome.imported_before.map(|at| at.to_string()),
        "seconds": began.elapsed().as_secs_f64(),
    });
    output.either(&json, &told(&outcome, nouns, &rejects, began))?;
    Ok(ExitCode::SUCCESS)
}

fn told(outcome: &Outcome, [one, many]: [&str; 2], rejects: &str, began: Instant) -> String {
    if let Some(at) = outcome.imported_before {
        return format!("this file was imported before, at {at}: nothing was added");
    }
    let mut text = format!(
        "{}, {}, in {:.1} s ({})",
        plural(outcome.added, one, many),
        plural(outcome.new_users, "new user", "new users"),
        began.elapsed().as_secs_f64(),
        rate(outcome.read, began),
    );
    if outcome.resumed_after > 0 {
        text += &format!(
            "\nwent on after {} rows of an earlier run",
            grouped(outcome.resumed_after)
        );
    }
    if outcome.duplicates > 0 {
        let repeats = plural(
            outcome.duplicates,
            "repeat, known by its",
            "repeats, known by their",
        );
        text += &format!("\n{repeats} message id, dropped");
    }
    if outcome.rejected > 0 {
        text += &format!(
            "\n{} refused: lines and reasons are in `{rejects}`",
            plural(outcome.rejected, "row was", "rows were")
        );
    }
    text
}

/// `muster import list`
pub(super) fn list(
    asked: &ImportList,
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    let (mut import, key) = options::list(asked, platform)?;
    let kind = if asked.user.is_some() {
        ListKind::Users
    } else {
        ListKind::Values
    };
    let definitions = platform.wait(platform.catalog.definitions())?;
    let known = definitions
        .lists
        .iter()
        .find(|list| list.definition.key == key);
    match known {
        Some(list) if list.definition.kind != kind => anyhow::bail!(
            "list `{key}` holds {}: take another key",
            if kind == ListKind::Users {
                "values"
            } else {
                "users"
            }
        ),
        Some(_) => {}
        None => {
            let list = ListDefinition {
                key: key.clone(),
                name: LocalizedText::default(),
                description: LocalizedText::default(),
                kind,
            };
            platform.wait(platform.catalog.apply(&[Change::PutList(list)], now()))?;
        }
    }
    let (mut read, mut added, mut rejected) = (0_u64, 0_u64, 0_u64);
    for batch in FileSource::open(&import.input, &import.mapping, &import.options)? {
        let batch = batch?;
        import.rejects.keep(&batch.rejected)?;
        let members: Vec<&str> = batch.members.keys.iter().collect();
        read += members.len() as u64;
        rejected += batch.rejected.len() as u64;
        added += platform.wait(platform.catalog.add_members(&key, &members))?;
    }
    let json =
        serde_json::json!({ "list": key, "read": read, "added": added, "rejected": rejected });
    let mut text = format!(
        "list `{key}`: {} of {} rows are new members",
        grouped(added),
        grouped(read)
    );
    if rejected > 0 {
        let path = import.rejects.path().display();
        let rows = plural(rejected, "row was", "rows were");
        text += &format!("\n{rows} refused: lines and reasons are in `{path}`");
    }
    output.either(&json, &text)?;
    Ok(ExitCode::SUCCESS)
}

/// A bar for people at a terminal, with rate and remaining time.
pub(super) fn bar(bytes: u64) -> ProgressBar {
    if !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes}  {msg}  {eta} left");
    let bar = ProgressBar::new(bytes);
    match style {
        Ok(style) => bar.with_style(style),
        Err(error) => {
            tell(&error.to_string());
            bar
        }
    }
}

/// A number and its noun.
pub(super) fn plural(number: u64, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        grouped(number),
        if number == 1 { one } else { many }
    )
}

pub(super) fn rate(rows: u64, began: Instant) -> String {
    let seconds = began.elapsed().as_secs_f64().max(0.001);
    format!("{} rows/s", HumanCount((rows as f64 / seconds) as u64))
}
