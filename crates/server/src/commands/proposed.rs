//! Changes that are proposed, shown with what they would do, or made.

use std::process::ExitCode;

use anyhow::Result;
use domain::{Language, Said, Signature, UserSet};
use serde_json::{Value as Json, json};

use super::output::{Output, grouped};
use crate::changes::{Effect, Proposed};
use crate::command_line::{Previewed, Signing};
use crate::definitions::{Planned, Sort};
use crate::engine::Engine;
use crate::import::options::instant;
use crate::platform::now;

/// Shows what would change, and who would enter and leave.
pub(super) fn show(
    mut proposed: Proposed,
    asked: &Previewed,
    output: &mut Output,
) -> Result<ExitCode> {
    let as_of = match &asked.as_of {
        Some(written) => instant(written, "--as-of")?,
        None => now(),
    };
    let is_right = proposed.mistakes().next().is_none();
    let effects = if is_right {
        proposed.effects(as_of)?
    } else {
        Vec::new()
    };
    output.tell_problems(proposed.doubts().chain(proposed.mistakes()));
    let shown = Shown {
        proposed: &proposed,
        effects: &effects,
        examples: asked.examples,
    };
    if output.is_json() {
        output.line(&shown.json(output.language()).to_string())?;
    } else {
        for line in shown.lines(output.language()) {
            output.line(&line)?;
        }
    }
    Ok(if is_right {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Makes the changes, and says which.
pub(super) fn make(proposed: &mut Proposed, asked: &Signing, output: &mut Output) -> Result<()> {
    let signature = signature(asked);
    let at = signature.at;
    proposed.apply(signature)?;
    proposed.count_concerns(at)?;
    output.tell_problems(proposed.doubts());
    if output.is_json() {
        let shown = Shown {
            proposed,
            effects: &[],
            examples: 0,
        };
        return output.line(&shown.json(output.language()).to_string());
    }
    for planned in &proposed.plan.planned {
        output.line(&named(planned, output.language()))?;
    }
    Ok(())
}

/// Who asks for a change, and why.
pub(super) fn signature(asked: &Signing) -> Signature {
    let of_environment = || {
        let names = ["USER", "LOGNAME", "USERNAME"].into_iter();
        let mut names = names.filter_map(|name| std::env::var(name).ok());
        names.find(|name| !name.is_empty())
    };
    Signature {
        author: asked
            .author
            .clone()
            .or_else(of_environment)
            .unwrap_or_default(),
        reason: asked.reason.clone().unwrap_or_default(),
        at: now(),
    }
}

/// `~ tag whale`, and its state where that is not to be published.
fn named(planned: &Planned, language: Language) -> String {
    match planned.state() {
        Some(state) if state.is_proposal() || planned.changes_state() => {
            format!("{planned}   {}", state.said(language))
        }
        _ => planned.to_string(),
    }
}

/// What is shown of proposed changes.
struct Shown<'p> {
    proposed: &'p Proposed,
    effects: &'p [Effect],
    examples: usize,
}

impl Shown<'_> {
    fn effect_of(&self, planned: &Planned) -> Option<&Effect> {
        let mut effects = self.effects.iter();
        let found = effects.find(|effect| effect.tag.as_str() == planned.key);
        found.filter(|_| planned.sort == Sort::Tag)
    }

    /// The effects on tags that use what would change.
    fn further(&self) -> impl Iterator<Item = &Effect> {
        self.effects.iter().filter(|effect| !effect.is_direct)
    }

    fn lines(&self, language: Language) -> Vec<String> {
        let mut lines = Vec::new();
        for planned in &self.proposed.plan.planned {
            let effect = self.effect_of(planned);
            let rows = self.proposed.rows_of(planned);
            let rows = rows.map(|rows| format!("about {} rows to read", grouped(rows)));
            let told: Vec<String> = effect.map(told).into_iter().chain(rows).collect();
            let name = named(planned, language);
            lines.push(match told.as_slice() {
                [] => name,
                told => format!("{name}   {}", told.join("; ")),
            });
            let difference = planned.difference();
            lines.extend(
                difference
                    .iter()
                    .map(|line| format!("    {}", line.marked())),
            );
            lines.extend(effect.into_iter().flat_map(|effect| self.users(effect)));
        }
        for effect in self.further() {
            lines.push(format!(
                "  tag {} uses what changes   {}",
                effect.tag,
                told(effect)
            ));
            lines.extend(self.users(effect));
        }
        lines.push(self.proposed.plan.to_string());
        lines
    }

    /// The first users of each sort.
    fn users(&self, effect: &Effect) -> Vec<String> {
        let engine = &self.proposed.engine;
        let first = |what: &str, users: &UserSet| {
            let named = examples(engine, users, self.examples);
            let more = users.len() > named.len() as u64;
            let more = if more { ", …" } else { "" };
            (!named.is_empty()).then(|| format!("    {what}: {}{more}", named.join(", ")))
        };
        let mut lines = Vec::new();
        lines.extend(first("would enter", &effect.entered));
        lines.extend(first("would leave", &effect.left));
        for change in &effect.values {
            let value = change.slot.value.as_deref().unwrap_or_default();
            lines.push(format!(
                "    = {value}: {} would get it, {} would lose it",
                grouped(change.entered.len()),
                grouped(change.left.len())
            ));
        }
        lines
    }

    fn json(&self, language: Language) -> Json {
        let proposed = self.proposed;
        let problems = proposed.doubts().chain(proposed.mistakes());
        let problems: Vec<Json> = problems.map(|one| one.json(language)).collect();
        let planned = proposed.plan.planned.iter().map(|planned| {
            let effect = self.effect_of(planned);
            let mut json = effect.map_or_else(no_effect, |effect| self.effect(effect));
            if let Some(object) = json.as_object_mut() {
                let action = format!("{:?}", planned.action).to_lowercase();
                object.insert("kind".to_owned(), planned.sort.name().into());
                object.insert("key".to_owned(), planned.key.clone().into());
                object.insert("action".to_owned(), action.into());
                let state = planned.state().map(|state| state.name());
                object.insert("status".to_owned(), state.into());
                let rows = proposed.rows_of(planned);
                object.insert("rows_to_read".to_owned(), rows.into());
            }
            json
        });
        let further = self.further().map(|effect| {
            let mut json = self.effect(effect);
            if let Some(object) = json.as_object_mut() {
                object.insert("key".to_owned(), effect.tag.as_str().into());
            }
            json
        });
        json!({
            "changes": planned.collect::<Vec<Json>>(),
            "also": further.collect::<Vec<Json>>(),
            "unchanged": proposed.plan.unchanged,
            "problems": problems,
        })
    }

    fn effect(&self, effect: &Effect) -> Json {
        let engine = &self.proposed.engine;
        let values = effect.values.iter().map(|change| {
            json!({
                "value": change.slot.value,
                "would_get": change.entered.len(),
                "would_lose": change.left.len(),
            })
        });
        json!({
            "would_enter": effect.entered.len(),
            "would_leave": effect.left.len(),
            "entering": examples(engine, &effect.entered, self.examples),
            "leaving": examples(engine, &effect.left, self.examples),
            "values": values.collect::<Vec<Json>>(),
        })
    }
}

fn no_effect() -> Json {
    json!({ "would_enter": null, "would_leave": null })
}

fn told(effect: &Effect) -> String {
    format!(
        "{} would enter, {} would leave",
        grouped(effect.entered.len()),
        grouped(effect.left.len())
    )
}

fn examples(engine: &Engine, users: &UserSet, most: usize) -> Vec<String> {
    users
        .iter()
        .filter_map(|number| engine.key(number))
        .take(most)
        .collect()
}
