//! `muster explain`.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, bail};
use api::ports::explanation::Subject;
use domain::UserNumber;

use super::output::Output;
use crate::command_line::Explain;
use crate::engine::Engine;
use crate::explain::{self, Explained};
use crate::import::options::instant;
use crate::platform::{Platform, now};

/// `muster explain`
pub(super) fn explain(
    wanted: &Explain,
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    let as_of = wanted
        .as_of
        .as_deref()
        .map(|written| instant(written, "--as-of"))
        .transpose()?;
    let engine = Engine::read_as_of(platform, as_of)?;
    let number = known_user(&engine, &wanted.user)?;
    let key = engine.key(number).unwrap_or_default();
    let user = Explained { number, key: &key };
    let asked = Subject::Rule(wanted.expression.clone());
    let explanation = explain::of_engine(&engine, &asked, user, as_of, now())?;
    let text = explain::text(&explanation, output.language());
    output.either(&serde_json::to_value(&explanation)?, &text)?;
    Ok(ExitCode::SUCCESS)
}

/// The number of a user who must be known.
pub(super) fn known_user(engine: &Engine, written: &str) -> Result<UserNumber> {
    match engine.users.user(written) {
        Some(number) => Ok(number),
        None => bail!(
            "nobody is known as `{written}`: ids are case-sensitive; kinds may be written, as in `anonymous:ID`"
        ),
    }
}
