//! `muster compute`.

use std::collections::HashSet;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use domain::{Language, TagKey, Time};

use super::output::{Output, grouped, table};
use crate::command_line::Compute;
use crate::compute::{self, Clock, Computed};
use crate::engine::Engine;
use crate::import::options::instant;
use crate::mistakes::Problems;
use crate::platform::{Platform, now};
use crate::refresh;

/// `muster compute`
pub(super) fn compute(
    asked: &Compute,
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    let as_of = match &asked.as_of {
        Some(written) => instant(written, "--as-of")?,
        None => now(),
    };
    let only = asked
        .tags
        .iter()
        .map(|key| TagKey::new(key))
        .collect::<Result<Vec<_>, _>>()?;
    let mut engine = Engine::read_as_of(platform, Some(as_of))?;
    if engine.definitions.tags.is_empty() {
        anyhow::bail!("there are no tags: `muster apply PATH` takes over definitions");
    }
    let computed = match asked.due {
        true => refresh::run_due(&mut engine, &Clock::at(as_of))?,
        false => Some(compute::compute(&mut engine, as_of, &only)?),
    };
    let next = refresh::next_due(&engine)?;
    let Some(computed) = computed else {
        let json =
            serde_json::json!({ "tags": [], "unchanged": 0, "failed": [], "next_run": next });
        let text = format!("nothing is due{}", and_next(next));
        output.either(&json, &text)?;
        return Ok(ExitCode::SUCCESS);
    };
    let all = engine.book.problems.iter();
    let mistakes: Vec<&Problems> = all.filter(|problems| problems.is_fatal()).collect();
    let json = json(&computed, &mistakes, (as_of, next), output.language());
    let mut text = text(&computed, as_of, output.language());
    if asked.due {
        text += &and_next(next);
    }
    output.either(&json, &text)?;
    output.tell_problems(mistakes);
    Ok(if computed.failed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// When there is something to do again.
fn and_next(next: Option<Time>) -> String {
    next.map_or_else(String::new, |next| {
        format!("; the next tag is due at {next}")
    })
}

fn counts(computed: &Computed) -> Vec<(String, Option<String>, u64)> {
    let tags: HashSet<&TagKey> = computed.tags.iter().collect();
    let of_computed = |key: &TagKey| tags.contains(key);
    let slots = computed.results.iter().flat_map(|results| results.iter());
    let slots = slots.filter(|(slot, _)| of_computed(&slot.tag));
    slots
        .map(|(slot, members)| {
            (
                slot.tag.to_string(),
                slot.value.as_deref().map(ToOwned::to_owned),
                members.len(),
            )
        })
        .collect()
}

fn known_users(computed: &Computed) -> u64 {
    let results = computed.results.as_ref();
    results.map_or(0, |results| results.universe().len())
}

fn json(
    computed: &Computed,
    mistakes: &[&Problems],
    (as_of, next): (Time, Option<Time>),
    language: Language,
) -> serde_json::Value {
    let problems: Vec<_> = mistakes
        .iter()
        .map(|problems| problems.json(language))
        .collect();
    let tags: Vec<_> = counts(computed)
        .into_iter()
        .map(
            |(tag, value, count)| serde_json::json!({ "tag": tag, "value": value, "count": count }),
        )
        .collect();
    let failed: Vec<_> = computed
        .failed
        .iter()
        .map(|(tag, reason)| serde_json::json!({ "tag": tag, "error": reason.of(language) }))
        .collect();
    serde_json::json!({
        "as_of": as_of,
        "known_users": known_users(computed),
        "tags": tags,
        "unchanged": computed.unchanged.len(),
        "failed": failed,
        "problems": problems,
        "seconds": computed.duration.as_secs_f64(),
        "next_run": next,
    })
}

/// How many tags are listed one by one.
const LISTED: usize = 60;

fn text(computed: &Computed, as_of: Time, language: Language) -> String {
    let counts = counts(computed);
    let mut text = String::new();
    if counts.len() <= LISTED {
        let rows: Vec<Vec<String>> = counts
            .iter()
            .map(|(tag, value, count)| {
                let name = match value {
                    Some(value) => format!("{tag} = {value}"),
                    None => tag.clone(),
                };
                vec![name, grouped(*count)]
            })
            .collect();
        text += &table(&rows);
    }
    let entered: u64 = computed
        .changes
        .changes
        .iter()
        .map(|change| change.entered.len())
        .sum();
    let left: u64 = computed
        .changes
        .changes
        .iter()
        .map(|change| change.left.len())
        .sum();
    text += &format!(
        "{} tags of {} users as of {}, in {:.2} s; {} entered, {} left",
        grouped(computed.tags.len() as u64),
        grouped(known_users(computed)),
        as_of,
        computed.duration.as_secs_f64(),
        grouped(entered),
        grouped(left),
    );
    if !computed.unchanged.is_empty() {
        text += &format!(
            "; {} more cannot have changed",
            grouped(computed.unchanged.len() as u64)
        );
    }
    for (tag, reason) in computed.failed.iter().take(LISTED) {
        text += &format!("\n{tag} failed: {}", reason.of(language));
    }
    if !computed.failed.is_empty() {
        text += &format!(
            "\n{} tags failed and keep the members that they had",
            grouped(computed.failed.len() as u64)
        );
    }
    text
}
