//! `muster members` and `muster count`.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use domain::UserNumber;
use rules::PlacedDiagnostic;

use super::output::{Output, grouped};
use crate::ask::{self, Answer, Question};
use crate::asked;
use crate::command_line::{Asked, Count, Members, MembersFormat};
use crate::engine::Engine;
use crate::import::options::instant;
use crate::platform::Platform;

/// `muster count`
pub(super) fn count(
    asked: &Count,
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    let (_, answer) = answered(platform, &asked.asked, asked.estimate, output)?;
    let (count, known) = (answer.count(), answer.known());
    let mut json = serde_json::json!({
        "count": count.count,
        "known_users": known.count,
        "as_of": answer.as_of.to_string(),
        "rows_to_read": answer.rows,
        "diagnostics": placed(&answer, output),
    });
    let text = if answer.sample.is_everyone() {
        format!(
            "{} of {} known users",
            grouped(count.count),
            grouped(known.count)
        )
    } else {
        json["error"] = count.error.into();
        format!(
            "about {} ± {} of {} known users (95 %, from {:.0} % of them)",
            grouped(count.count),
            grouped(count.error),
            grouped(known.count),
            answer.sample.share() * 100.0
        )
    };
    let text = format!("{text}, as of {}", answer.as_of);
    output.either(&json, &text)?;
    Ok(ExitCode::SUCCESS)
}

/// `muster members`
pub(super) fn members(
    asked: &Members,
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    let (engine, answer) = answered(platform, &asked.asked, false, output)?;
    let format = if output.is_json() {
        MembersFormat::Ndjson
    } else {
        asked.format
    };
    let mut users: Vec<(String, UserNumber)> = answer
        .users
        .iter()
        .filter_map(|number| Some((engine.key(number)?, number)))
        .collect();
    users.sort_unstable();
    users.truncate(asked.limit.unwrap_or(usize::MAX));
    if format == MembersFormat::Csv {
        output.line(if has_values(&answer) {
            "user,value"
        } else {
            "user"
        })?;
    }
    for (key, number) in users {
        let line = match format {
            MembersFormat::Ids => key,
            MembersFormat::Csv => {
                let value = value(&answer, number);
                csv_record([key.as_str()].into_iter().chain(value.as_deref()))?
            }
            MembersFormat::Ndjson => json_line(&key, value(&answer, number)),
        };
        output.line(&line)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What is doubtful about the rule, as a program reads it.
fn placed(answer: &Answer, output: &Output) -> Vec<PlacedDiagnostic> {
    let problems = answer.problems.iter();
    problems
        .flat_map(|problems| problems.placed(output.language()))
        .collect()
}

fn answered(
    platform: &Arc<Platform>,
    wanted: &Asked,
    estimate: bool,
    output: &Output,
) -> Result<(Engine, Answer)> {
    let as_of = wanted
        .as_of
        .as_deref()
        .map(|written| instant(written, "--as-of"))
        .transpose()?;
    let engine = Engine::read_as_of(platform, as_of)?;
    let question = Question {
        expression: wanted.expression.clone(),
        value: wanted.value.clone(),
        as_of,
        on: wanted.on,
        estimate,
    };
    let answer = ask::ask(&engine, &question)?;
    asked::note(platform, answer.tags.iter().cloned());
    if let Some(problems) = &answer.problems {
        output.tell_problems([problems]);
    }
    Ok((engine, answer))
}

fn has_values(answer: &Answer) -> bool {
    answer.metric.is_some() || !answer.values.is_empty()
}

/// The value of a user as text: of a metric, or of the layers that hold, with `|` between.
fn value(answer: &Answer, user: UserNumber) -> Option<String> {
    if let Some(metric) = &answer.metric {
        return metric
            .value(user)
            .map(|value| crate::display::value(&value));
    }
    if answer.values.is_empty() {
        return None;
    }
    let held = answer
        .values
        .iter()
        .filter(|(_, users)| users.contains(user));
    let held: Vec<Arc<str>> = held.filter_map(|(value, _)| value.clone()).collect();
    Some(held.join("|"))
}

/// A line of CSV.
pub(super) fn csv_record<'f>(fields: impl IntoIterator<Item = &'f str>) -> Result<String> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(Vec::new());
    writer.write_record(fields)?;
    let bytes = writer
        .into_inner()
        .map_err(|error| anyhow::anyhow!(error.to_string()))?;
    Ok(String::from_utf8_lossy(&bytes)
        .trim_end_matches('\n')
        .to_owned())
}

fn json_line(key: &str, value: Option<String>) -> String {
    match value {
        Some(value) => serde_json::json!({ "user": key, "value": value }).to_string(),
        None => serde_json::json!({ "user": key }).to_string(),
    }
}
