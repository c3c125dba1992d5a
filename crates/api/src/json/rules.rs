//! Rules that are asked without being defined: how many users, and who.

use axum::Json;
use axum::extract::State;
use domain::{Language, Time, UserKey, When};
use rules::PlacedDiagnostic;
use serde::{Deserialize, Serialize};

use super::{LONGEST_PAGE, limit};
use crate::app::App;
use crate::asked::{Sent, cursor};
use crate::pages::reader::Reader;
use crate::ports::{RuleAnswer, RuleQuestion};
use crate::problem::Problem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CountQuestion {
    rule: String,
    as_of: Option<Time>,
    on: Option<When>,
    #[serde(default)]
    estimate: bool,
}

#[derive(Serialize)]
pub(super) struct CountAnswer {
    count: u64,
    /// Of an estimate: how far off `count` is at most, in 95 of 100 cases.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<u64>,
    known_users: u64,
    data_as_of: Time,
    /// About.
    rows_to_read: u64,
    diagnostics: Vec<PlacedDiagnostic>,
}

/// `POST /api/v1/rules/count` with `{"rule": …, "as_of": …, "on": …, "estimate": …}`
pub(super) async fn count(
    State(app): State<App>,
    reader: Reader,
    Sent(sent): Sent<CountQuestion>,
) -> Result<Json<CountAnswer>, Problem> {
    let question = RuleQuestion {
        rule: sent.rule,
        as_of: sent.as_of,
        on: sent.on,
        after: None,
        limit: 0,
        estimate: sent.estimate,
    };
    let (answer, diagnostics) = compute(&app, question, reader.language).await?;
    Ok(Json(CountAnswer {
        count: answer.count,
        error: answer.error,
        known_users: answer.known_users,
        data_as_of: answer.data_as_of,
        rows_to_read: answer.rows_to_read,
        diagnostics,
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MembersQuestion {
    rule: String,
    as_of: Option<Time>,
    on: Option<When>,
    after: Option<String>,
    limit: Option<usize>,
}

#[derive(Serialize)]
pub(super) struct MembersAnswer {
    count: u64,
    known_users: u64,
    data_as_of: Time,
    diagnostics: Vec<PlacedDiagnostic>,
    members: Vec<UserKey>,
    next: Option<UserKey>,
}

/// `POST /api/v1/rules/members` with `{"rule": …, "as_of": …, "on": …, "after": …, "limit": …}`
pub(super) async fn members(
    State(app): State<App>,
    reader: Reader,
    Sent(sent): Sent<MembersQuestion>,
) -> Result<Json<MembersAnswer>, Problem> {
    let question = RuleQuestion {
        rule: sent.rule,
        as_of: sent.as_of,
        on: sent.on,
        after: cursor(sent.after.as_deref())?,
        limit: limit(sent.limit, LONGEST_PAGE)?,
        estimate: false,
    };
    let (answer, diagnostics) = compute(&app, question, reader.language).await?;
    Ok(Json(MembersAnswer {
        count: answer.count,
        known_users: answer.known_users,
        data_as_of: answer.data_as_of,
        diagnostics,
        members: answer.members,
        next: answer.next,
    }))
}

async fn compute(
    app: &App,
    question: RuleQuestion,
    language: Language,
) -> Result<(RuleAnswer, Vec<PlacedDiagnostic>), Problem> {
    let rule = question.rule.clone();
    let answer = app.compute(question).await;
    let answer = answer.map_err(|error| Problem::of_rule(error, &rule, language))?;
    let diagnostics = PlacedDiagnostic::all(&answer.diagnostics, &rule, language);
    Ok((answer, diagnostics))
}
