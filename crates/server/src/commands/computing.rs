//! `muster compute`.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use domain::{Language, TagKey};

use super::output::{Output, grouped, table};
use crate::command_line::Compute;
use crate::compute::{self, Computed};
use crate::engine::Engine;
use crate::import::options::instant;
use crate::mistakes::Problems;
use crate::platform::{Platform, now};

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
    let computed = compute::compute(&mut engine, as_of, &only)?;
    let all = engine.book.problems.iter();
    let mistakes: Vec<&Problems> = all.filter(|problems| problems.is_fatal()).collect();
    let json = json(&computed, &mistakes, output.language());
    output.either(&json, &text(&computed))?;
    for problems in &mistakes {
        output.tell_problems(problems);
    }
    Ok(if computed.failed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn counts(computed: &Computed) -> Vec<(String, Option<String>, u64)> {
    let of_computed = |key: &TagKey| computed.tags.contains(key);
    let slots = computed
        .results
        .iter()
        .filter(|(slot, _)| of_computed(&slot.tag));
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

fn json(computed: &Computed, mistakes: &[&Problems], language: Language) -> serde_json::Value {
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
        .map(|(tag, reason)| serde_json::json!({ "tag": tag, "error": reason }))
        .collect();
    serde_json::json!({
        "as_of": computed.results.now().to_string(),
        "known_users": computed.results.universe().len(),
        "tags": tags,
        "failed": failed,
        "problems": problems,
        "seconds": computed.duration.as_secs_f64(),
    })
}

/// How many tags are listed one by one.
const LISTED: usize = 60;

fn text(computed: &Computed) -> String {
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
        grouped(computed.results.universe().len()),
        computed.results.now(),
        computed.duration.as_secs_f64(),
        grouped(entered),
        grouped(left),
    );
    if !computed.failed.is_empty() {
        text += &format!(
            "\n{} tags have mistakes and were left out",
            computed.failed.len()
        );
    }
    text
}
