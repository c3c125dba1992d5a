//! `muster plan`, `muster apply`, `muster export` and `muster scenario run`.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use domain::{Language, TagKey};

use super::output::{Output, grouped};
use crate::changes::{self, Effect, Proposed};
use crate::command_line::{Definitions, Export, ScenarioRun};
use crate::definitions::{self, LARGEST_WRITTEN_LIST, Planned, Prune};
use crate::platform::Platform;
use crate::scenario;

/// `muster plan`
pub(super) fn plan(
    asked: &Definitions,
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    let mut proposed = changes::propose(platform, &asked.paths, prune(asked))?;
    let is_right = proposed.mistakes().next().is_none();
    let effects = if is_right {
        proposed.effects()?
    } else {
        BTreeMap::new()
    };
    let problems = proposed.doubts().chain(proposed.mistakes());
    problems.for_each(|problems| output.tell_problems(problems));
    if output.is_json() {
        output.line(&json(&proposed, &effects, output.language()).to_string())?;
    } else {
        for planned in &proposed.plan.planned {
            output.line(&line(&proposed, planned, &effects))?;
            for line in planned.difference() {
                output.line(&format!("    {}", line.marked()))?;
            }
        }
        output.line(&proposed.plan.to_string())?;
    }
    Ok(if is_right {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// `muster apply`
pub(super) fn apply(
    asked: &Definitions,
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    let mut proposed = changes::propose(platform, &asked.paths, prune(asked))?;
    proposed.apply()?;
    proposed.count_concerns()?;
    let doubts = proposed.doubts();
    doubts.for_each(|problems| output.tell_problems(problems));
    if output.is_json() {
        output.line(&json(&proposed, &BTreeMap::new(), output.language()).to_string())?;
    } else {
        for planned in &proposed.plan.planned {
            output.line(&planned.to_string())?;
        }
        let plan = &proposed.plan;
        let told = plan
            .to_string()
            .replace(" to add", " added")
            .replace(" to change", " changed");
        output.line(&told.replace(" to remove", " removed"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// `muster export`
pub(super) fn export(
    asked: &Export,
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    let stored = platform.wait(platform.catalog.definitions())?;
    let mut members = BTreeMap::new();
    for list in &stored.lists {
        let key = &list.definition.key;
        if stored
            .member_counts
            .get(key)
            .is_none_or(|count| *count <= LARGEST_WRITTEN_LIST as u64)
        {
            let texts = platform.wait(platform.catalog.members(key))?;
            members.insert(key.clone(), texts.into_iter().collect());
        }
    }
    let files = definitions::export(&stored, &members);
    for file in &files {
        let path = asked.dir.join(&file.path);
        let failed = || format!("`{}` cannot be written", path.display());
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(failed)?;
        }
        std::fs::write(&path, &file.text).with_context(failed)?;
    }
    let json: Vec<&String> = files.iter().map(|file| &file.path).collect();
    let text = format!("{} files in `{}`", files.len(), asked.dir.display());
    output.either(&serde_json::json!({ "files": json }), &text)?;
    Ok(ExitCode::SUCCESS)
}

/// `muster scenario run`
pub(super) fn scenarios(asked: &ScenarioRun, output: &mut Output) -> Result<ExitCode> {
    let format = if output.is_json() {
        scenario::Format::Json
    } else {
        scenario::Format::Text
    };
    let summary = scenario::run(&asked.files, format, output.writer())?;
    Ok(if summary.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn prune(asked: &Definitions) -> Prune {
    if asked.prune {
        Prune::Remove
    } else {
        Prune::Keep
    }
}

fn effect_of(planned: &Planned, effects: &BTreeMap<TagKey, Effect>) -> Option<Effect> {
    effects.get(&TagKey::new(&planned.key).ok()?).copied()
}

fn line(proposed: &Proposed, planned: &Planned, effects: &BTreeMap<TagKey, Effect>) -> String {
    let effect = effect_of(planned, effects).map(|effect| {
        format!(
            "{} would enter, {} would leave",
            grouped(effect.entered),
            grouped(effect.left)
        )
    });
    let rows = proposed
        .rows_of(planned)
        .map(|rows| format!("about {} rows to read", grouped(rows)));
    let told: Vec<String> = effect.into_iter().chain(rows).collect();
    match told.as_slice() {
        [] => planned.to_string(),
        told => format!("{planned}   {}", told.join("; ")),
    }
}

fn json(
    proposed: &Proposed,
    effects: &BTreeMap<TagKey, Effect>,
    language: Language,
) -> serde_json::Value {
    let problems: Vec<_> = proposed
        .doubts()
        .chain(proposed.mistakes())
        .map(|problems| problems.json(language))
        .collect();
    let planned: Vec<_> = proposed
        .plan
        .planned
        .iter()
        .map(|planned| {
            let effect = effect_of(planned, effects);
            serde_json::json!({
                "kind": planned.sort.name(),
                "key": planned.key,
                "action": format!("{:?}", planned.action).to_lowercase(),
                "would_enter": effect.map(|effect| effect.entered),
                "would_leave": effect.map(|effect| effect.left),
                "rows_to_read": proposed.rows_of(planned),
            })
        })
        .collect();
    serde_json::json!({
        "changes": planned,
        "unchanged": proposed.plan.unchanged,
        "problems": problems,
    })
}
