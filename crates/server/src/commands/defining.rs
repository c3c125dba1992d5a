//! `muster plan`, `muster apply`, `muster export` and `muster scenario run`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use domain::{TagBody, TagDefinition};

use super::output::Output;
use crate::changes;
use crate::command_line::{Apply, Definitions, Export, Plan, ScenarioRun};
use crate::definitions::{self, LARGEST_WRITTEN_LIST, Prune};
use crate::lookalike;
use crate::platform::Platform;
use crate::scenario;

/// `muster plan`
pub(super) fn plan(
    asked: &Plan,
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    let Definitions { paths, .. } = &asked.definitions;
    let proposed = changes::propose(platform, paths, prune(&asked.definitions))?;
    super::proposed::show(proposed, &asked.previewed, output)
}

/// `muster apply`
pub(super) fn apply(
    asked: &Apply,
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    let Definitions { paths, .. } = &asked.definitions;
    let mut proposed = changes::propose(platform, paths, prune(&asked.definitions))?;
    super::proposed::make(&mut proposed, &asked.signing, output)?;
    if !output.is_json() {
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
    let mut stored = platform.wait(platform.catalog.definitions())?;
    if asked.expanded {
        let tags = stored.tags.iter();
        let mut tags: Vec<TagDefinition> = tags.map(|tag| tag.definition.clone()).collect();
        lookalike::recall(platform, &mut tags)?;
        for (stored, tag) in Arc::make_mut(&mut stored).tags.iter_mut().zip(tags) {
            stored.definition.body = written_out(tag.body);
        }
    }
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
    let summary = scenario::run(&asked.files, format, output.language(), output.writer())?;
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

/// The rule or the cases that a body stands for; a lookalike of which nothing was learned stands
/// for none.
fn written_out(body: TagBody) -> TagBody {
    let is_unlearned =
        matches!(&body, TagBody::Lookalike(lookalike) if lookalike.learned.is_none());
    let expanded = rules::expanded(&body).filter(|_| !is_unlearned);
    match expanded.map(Cow::into_owned) {
        Some(expanded) => expanded,
        None => body,
    }
}
