//! `muster config check`, `muster user` and `muster sql`.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, bail};
use serde_json::{Map, Value as Json};

use super::explaining::known_user;
use super::output::{Output, tell};
use crate::ask::{self, Question};
use crate::command_line::{Sql, User};
use crate::config::Config;
use crate::engine::Engine;
use crate::import::options::instant;
use crate::platform::{Platform, now};
use crate::{as_sql, display, profile};

/// `muster config check`
pub(super) fn config(config: &Config, output: &mut Output) -> Result<ExitCode> {
    output.either(
        &serde_json::to_value(config)?,
        &toml::to_string_pretty(config)?,
    )?;
    if !config.server.listen.ip().is_loopback() {
        tell(
            "warning: `[server] listen` is open to other machines, and the HTTP interface has no sign-in: \
             put a proxy that asks who is there in front of it",
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// `muster sql`
pub(super) fn sql(asked: &Sql, platform: &Arc<Platform>, output: &mut Output) -> Result<ExitCode> {
    let now = match &asked.as_of {
        Some(written) => instant(written, "--as-of")?,
        None => now(),
    };
    let engine = Engine::read_as_of(platform, Some(now))?;
    let question = Question {
        expression: asked.expression.clone(),
        ..Question::default()
    };
    let (rule, problems) = ask::read(&engine, &question)?;
    if let Some(problems) = problems {
        output.tell_problems([&problems]);
    }
    match as_sql::query(&engine, &rule, now)? {
        Ok(query) => {
            let text = query.with_literals();
            output.either(
                &serde_json::json!({ "sql": text, "as_of": now.to_string() }),
                &text,
            )?;
            Ok(ExitCode::SUCCESS)
        }
        Err(folds) => bail!(
            "this rule has no SQL form: {folds}. Muster folds the histories for it: `muster count` gives the number"
        ),
    }
}

/// `muster user`
pub(super) fn user(
    asked: &User,
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    let engine = Engine::read(platform)?;
    let number = known_user(&engine, &asked.user)?;
    let attributes = profile::attributes(&engine, number, now())?;
    let events = profile::recent_events(&engine, number, now(), asked.events)?;
    let tags = tags(&engine, number);
    let key = engine.key(number).unwrap_or_default();
    if output.is_json() {
        let attributes: Map<String, Json> = attributes
            .iter()
            .map(|(path, value)| (path.clone(), value.to_json()))
            .collect();
        let events: Vec<Json> = events
            .iter()
            .map(|event| {
                let properties: Map<String, Json> = event
                    .properties
                    .iter()
                    .map(|(path, value)| (path.clone(), value.to_json()))
                    .collect();
                serde_json::json!({
                    "event": event.name.as_str(), "time": event.time.to_string(),
                    "source": event.source, "properties": properties,
                })
            })
            .collect();
        let tags: Map<String, Json> = tags
            .into_iter()
            .map(|(tag, values)| (tag, serde_json::json!(values)))
            .collect();
        let json = serde_json::json!({
            "user": key, "identities": engine.users.identities(number), "attributes": attributes, "tags": tags, "events": events,
        });
        output.line(&json.to_string())?;
        return Ok(ExitCode::SUCCESS);
    }
    output.line(&key)?;
    let identities = engine.users.identities(number);
    for other in identities.iter().filter(|other| **other != key) {
        output.line(&format!("  also {other}"))?;
    }
    output.line("\nprofile")?;
    for (path, value) in &attributes {
        output.line(&format!("  {path} = {}", display::value(value)))?;
    }
    output.line("\ntags")?;
    for (tag, values) in &tags {
        match values.as_slice() {
            [] => output.line(&format!("  {tag}"))?,
            values => output.line(&format!("  {tag} = {}", values.join(", ")))?,
        }
    }
    output.line("\nrecent events")?;
    for event in &events {
        let properties: Vec<String> = event
            .properties
            .iter()
            .map(|(path, value)| format!("{path}={}", display::value(value)))
            .collect();
        output.line(&format!(
            "  {}  {}  {}",
            event.time,
            event.name,
            properties.join(" ")
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The tags of a user by the last results, with their values.
fn tags(engine: &Engine, user: domain::UserNumber) -> Vec<(String, Vec<String>)> {
    let mut tags: Vec<(String, Vec<String>)> = Vec::new();
    for held in engine
        .results
        .iter()
        .flat_map(|results| results.tags_of(user))
    {
        let layer = held.slot.value.as_deref().map(ToOwned::to_owned);
        let value = layer.or_else(|| held.value.as_ref().map(display::value));
        let key = held.slot.tag.to_string();
        match tags.last_mut().filter(|(tag, _)| *tag == key) {
            Some((_, values)) => values.extend(value),
            None => tags.push((key, value.into_iter().collect())),
        }
    }
    tags
}
