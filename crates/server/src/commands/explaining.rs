//! `muster explain`.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, bail};
use domain::{TagKey, UserNumber};

use super::output::Output;
use crate::command_line::Explain;
use crate::engine::Engine;
use crate::explain::{self, Explanation, Measured, Reason};
use crate::import::options::instant;
use crate::platform::{Platform, now};

/// `muster explain`
pub(super) fn explain(
    asked: &Explain,
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    let engine = Engine::read(platform)?;
    let tag = TagKey::new(&asked.tag)?;
    let user = known_user(&engine, &asked.user)?;
    let as_of = asked
        .as_of
        .as_deref()
        .map(|written| instant(written, "--as-of"))
        .transpose()?;
    let explanation = explain::explain(&engine, &tag, user, as_of.unwrap_or_else(now))?;
    output.either(&serde_json::to_value(&explanation)?, &text(&explanation))?;
    Ok(ExitCode::SUCCESS)
}

/// The number of a user who must be known.
pub(super) fn known_user(engine: &Engine, written: &str) -> Result<UserNumber> {
    match engine.users.number(written) {
        Some(number) => Ok(number),
        None => bail!(
            "nobody is known as `{written}`: ids are case-sensitive, and anonymous visitors are written `anonymous:ID`"
        ),
    }
}

fn text(explanation: &Explanation) -> String {
    let Explanation {
        tag,
        user,
        has,
        values,
        as_of,
        rule,
    } = explanation;
    let verdict = match (has, values.as_slice()) {
        (false, _) => format!("{user} does not have {tag}"),
        (true, []) => format!("{user} has {tag}"),
        (true, values) => format!("{user} has {tag} = {}", values.join(", ")),
    };
    let mut text = format!("{verdict}, as of {as_of}\n");
    for reason in rule {
        write(&mut text, reason, 1);
    }
    text
}

fn write(text: &mut String, reason: &Reason, depth: usize) {
    let mark = if reason.holds { "✓" } else { "✗" };
    *text += &format!("{}{mark} {}\n", "  ".repeat(depth), reason.text);
    for measured in &reason.measured {
        *text += &format!("{}  = {}\n", "  ".repeat(depth), shown(measured));
    }
    for part in &reason.parts {
        write(text, part, depth + 1);
    }
}

fn shown(measured: &Measured) -> String {
    let value = measured.value.as_deref().unwrap_or("no value");
    match &measured.window {
        None | Some([None, None]) => value.to_owned(),
        Some([None, Some(until)]) => format!("{value}   (until {until})"),
        Some([Some(from), until]) => {
            format!(
                "{value}   ({from} … {})",
                until.as_deref().unwrap_or_default()
            )
        }
    }
}
