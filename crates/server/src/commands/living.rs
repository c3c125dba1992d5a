//! `muster versions`, `muster rollback`, `muster publish` and the other steps in the life of tags.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, bail};
use api::ports::life::{Stands, TagVersion};
use domain::{Language, Said, TagKey};
use serde_json::{Value as Json, json};

use super::output::Output;
use super::proposed;
use crate::changes::Proposed;
use crate::command_line::{Previewed, RollBack, Signing, Step as Asked, Versions as VersionsOf};
use crate::definitions::Line;
use crate::life::{self, Step, Versions};
use crate::platform::Platform;

/// `muster publish`, `pause`, `resume`, `archive`, `submit` and `withdraw`
pub(super) fn step(
    step: Step,
    asked: &Asked,
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    let tags = asked.tags.iter().map(|key| TagKey::new(key));
    let tags = tags.collect::<Result<Vec<_>, _>>()?;
    let proposed = life::propose(platform, &tags, step)?;
    let previewed = asked.dry_run.then_some(&asked.previewed);
    tried_or_made(proposed, previewed, &asked.signing, output)
}

/// `muster rollback`
pub(super) fn roll_back(
    asked: &RollBack,
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    let step = Step::RollBack { to: asked.to };
    let proposed = life::propose(platform, &[TagKey::new(&asked.tag)?], step)?;
    let previewed = asked.dry_run.then_some(&asked.previewed);
    tried_or_made(proposed, previewed, &asked.signing, output)
}

fn tried_or_made(
    mut proposed: Proposed,
    previewed: Option<&Previewed>,
    signing: &Signing,
    output: &mut Output,
) -> Result<ExitCode> {
    if let Some(previewed) = previewed {
        return proposed::show(proposed, previewed, output);
    }
    proposed::make(&mut proposed, signing, output)?;
    Ok(ExitCode::SUCCESS)
}

/// `muster versions`
pub(super) fn versions(
    asked: &VersionsOf,
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    let versions = Versions::of(platform, asked.of.into(), &asked.key)?;
    match asked.diff.as_deref() {
        None => {
            let all: Vec<Json> = versions.0.iter().map(json_of).collect();
            let text = text(&versions, output.language());
            output.either(&json!({ "versions": all }), &text)?;
        }
        Some([from, to]) => {
            let lines = versions.difference(*from, *to)?;
            let lines: Vec<String> = lines.iter().map(Line::marked).collect();
            output.either(&json!({ "difference": lines }), &lines.join("\n"))?;
        }
        Some(_) => bail!("`--diff` takes two versions"),
    }
    Ok(ExitCode::SUCCESS)
}

fn json_of(version: &TagVersion) -> Json {
    let signature = &version.signature;
    json!({
        "version": version.number,
        "status": version.status.map(|status| status.name()),
        "in_force": version.stands == Stands::InForce,
        "author": signature.author,
        "reason": signature.reason,
        "at": signature.at.to_string(),
        "definition": version.text,
        "difference": version.difference.iter().map(Line::marked).collect::<Vec<_>>(),
    })
}

/// A line for each version; an arrow is before the one in force.
fn text(versions: &Versions, language: Language) -> String {
    let row = |version: &TagVersion| {
        let mark = if version.stands == Stands::InForce {
            "→"
        } else {
            " "
        };
        let state = match (version.status, &version.text, language) {
            (Some(status), _, _) => status.said(language),
            (None, Some(_), _) => String::new(),
            (None, None, Language::Chinese) => "已删除".to_owned(),
            (None, None, Language::English) => "removed".to_owned(),
        };
        let signature = &version.signature;
        let why = match (signature.author.as_str(), signature.reason.as_str()) {
            ("", reason) => reason.to_owned(),
            (author, "") => author.to_owned(),
            (author, reason) => format!("{author}: {reason}"),
        };
        let (number, at) = (version.number, signature.at);
        format!("{mark} {number:>3}  {state:<9}  {at}  {why}\n")
    };
    versions.0.iter().map(row).collect()
}
