//! The life of a tag: its versions, what a change would do, and changes.

use axum::Json;
use axum::extract::State;
use domain::{Language, Signature, TagDefinition, TagKey, TagStatus, Time, UserKey};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::app::{App, now};
use crate::asked::{Sent, TagInPath};
use crate::pages::reader::Reader;
use crate::ports::life::{
    Line, Previewed, SomeUsers, Stands, Step, TagChange, TagEffect, TagVersion, WhatIf,
};
use crate::problem::{DefinitionProblem, Problem};

/// Users named of those who would enter and leave, if the asker does not say.
const EXAMPLES: usize = 5;
/// The most users named.
const MOST_EXAMPLES: usize = 1_000;

#[derive(Serialize)]
pub(super) struct VersionList {
    tag: TagKey,
    versions: Vec<VersionAnswer>,
}

#[derive(Serialize)]
struct VersionAnswer {
    version: u64,
    /// `null`: the tag was removed.
    status: Option<TagStatus>,
    in_force: bool,
    author: String,
    reason: String,
    at: Time,
    /// As files write it.
    definition: Option<String>,
    /// From the version before.
    difference: Vec<String>,
}

impl From<TagVersion> for VersionAnswer {
    fn from(version: TagVersion) -> Self {
        Self {
            version: version.number,
            status: version.status,
            in_force: version.stands == Stands::InForce,
            author: version.signature.author,
            reason: version.signature.reason,
            at: version.signature.at,
            definition: version.text,
            difference: version.difference.iter().map(Line::marked).collect(),
        }
    }
}

/// `GET /api/v1/tags/{key}/versions`
pub(super) async fn versions(
    State(app): State<App>,
    TagInPath(tag): TagInPath,
) -> Result<Json<VersionList>, Problem> {
    let asked = tag.clone();
    let versions = app
        .ask(move |platform| platform.life.versions(&asked))
        .await?;
    Ok(Json(VersionList {
        tag,
        versions: versions.into_iter().map(VersionAnswer::from).collect(),
    }))
}

/// Who changes something and why, and whether it is only tried.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct StepSent {
    author: String,
    reason: String,
    dry_run: bool,
    examples: Option<usize>,
    as_of: Option<Time>,
    /// The version to which it is rolled back.
    to: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DefinitionSent {
    /// As a file of definitions has it; its key may be left out.
    definition: serde_json::Map<String, Value>,
    #[serde(default)]
    author: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    dry_run: bool,
    examples: Option<usize>,
    as_of: Option<Time>,
}

#[derive(Serialize)]
pub(super) struct ChangeAnswer {
    tag: TagKey,
    /// Whether it was made; `false`: it was only tried.
    made: bool,
    difference: Vec<String>,
    effects: Vec<EffectAnswer>,
    problems: Vec<DefinitionProblem>,
}

#[derive(Serialize)]
struct EffectAnswer {
    tag: TagKey,
    direct: bool,
    would_enter: u64,
    would_leave: u64,
    entering: Vec<UserKey>,
    leaving: Vec<UserKey>,
    values: Vec<ValueAnswer>,
}

#[derive(Serialize)]
struct ValueAnswer {
    value: String,
    would_get: u64,
    would_lose: u64,
}

impl From<TagEffect> for EffectAnswer {
    fn from(effect: TagEffect) -> Self {
        let (
            SomeUsers {
                count: would_enter,
                first: entering,
            },
            SomeUsers {
                count: would_leave,
                first: leaving,
            },
        ) = (effect.entering, effect.leaving);
        let value = |value: crate::ports::life::ValueEffect| ValueAnswer {
            value: value.value,
            would_get: value.entering,
            would_lose: value.leaving,
        };
        Self {
            tag: effect.tag,
            direct: effect.is_direct,
            would_enter,
            would_leave,
            entering,
            leaving,
            values: effect.values.into_iter().map(value).collect(),
        }
    }
}

/// `PUT /api/v1/tags/{key}` with `{"definition": …, "author": …, "reason": …, "dry_run": …, "examples": …}`
pub(super) async fn put(
    State(app): State<App>,
    TagInPath(key): TagInPath,
    reader: Reader,
    Sent(sent): Sent<DefinitionSent>,
) -> Result<Json<ChangeAnswer>, Problem> {
    let mut written = sent.definition;
    let named = written.insert("key".to_owned(), key.as_str().into());
    if named.is_some_and(|named| named != key.as_str()) {
        let message =
            format!("the definition has another key than the address, which names `{key}`");
        return Err(Problem::invalid(message));
    }
    let definition: TagDefinition = serde_json::from_value(Value::Object(written))
        .map_err(|error| Problem::invalid(error.to_string()))?;
    let asked = StepSent {
        author: sent.author,
        reason: sent.reason,
        dry_run: sent.dry_run,
        examples: sent.examples,
        as_of: sent.as_of,
        to: None,
    };
    let change = TagChange::Put(Box::new(definition));
    tried_or_made(&app, change, asked, reader.language).await
}

/// `POST /api/v1/tags/{key}/publish` and the other steps, with `{"author": …, "reason": …, "dry_run": …}`
pub(super) async fn step(
    app: App,
    key: TagKey,
    reader: Reader,
    (step, sent): (Step, StepSent),
) -> Result<Json<ChangeAnswer>, Problem> {
    let step = match step {
        Step::RollBack { .. } => Step::RollBack { to: sent.to },
        _ if sent.to.is_some() => {
            return Err(Problem::invalid("`to` goes with a roll-back only"));
        }
        step => step,
    };
    let change = TagChange::Step(key, step);
    tried_or_made(&app, change, sent, reader.language).await
}

async fn tried_or_made(
    app: &App,
    change: TagChange,
    asked: StepSent,
    language: Language,
) -> Result<Json<ChangeAnswer>, Problem> {
    let tag = change.tag().clone();
    let answer = if asked.dry_run {
        let previewed = Previewed {
            examples: asked.examples.unwrap_or(EXAMPLES).min(MOST_EXAMPLES),
            as_of: asked.as_of,
        };
        app.preview(change, previewed).await
    } else {
        let signature = Signature {
            author: asked.author,
            reason: asked.reason,
            at: now(),
        };
        app.ask(move |platform| platform.life.make(&change, &signature))
            .await
    };
    let WhatIf {
        difference,
        effects,
        mistakes,
        doubts,
    } = answer.map_err(|error| Problem::of_definitions(error, language))?;
    let problems = mistakes.iter().chain(&doubts);
    Ok(Json(ChangeAnswer {
        tag,
        made: !asked.dry_run,
        difference: difference.iter().map(Line::marked).collect(),
        effects: effects.into_iter().map(EffectAnswer::from).collect(),
        problems: problems
            .map(|problems| DefinitionProblem::new(problems, language))
            .collect(),
    }))
}
