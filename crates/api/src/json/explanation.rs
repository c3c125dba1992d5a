//! Why a user has a tag, is in an audience, matches a rule, or why not.

use axum::Json;
use axum::extract::State;
use domain::Time;
use serde::Deserialize;

use crate::app::App;
use crate::asked::{Asked, Sent, TagInPath, unknown_user};
use crate::pages::reader::Reader;
use crate::ports::explanation::{Explanation, ExplanationQuestion, Subject};
use crate::problem::Problem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    user: String,
    as_of: Option<Time>,
}

/// `GET /api/v1/tags/{key}/explain?user=&as_of=`
pub(super) async fn of_tag(
    State(app): State<App>,
    TagInPath(key): TagInPath,
    Asked(query): Asked<Query>,
) -> Result<Json<Explanation>, Problem> {
    let user = query.user.parse();
    let question = ExplanationQuestion {
        of: Subject::Tag(key),
        user: user.map_err(|_| unknown_user(&query.user))?,
        as_of: query.as_of,
    };
    let found = app.explain(question).await?;
    found.map(Json).ok_or_else(|| unknown_user(&query.user))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleQuestion {
    rule: String,
    user: String,
    as_of: Option<Time>,
}

/// `POST /api/v1/rules/explain` with `{"rule": …, "user": …, "as_of": …}`
pub(super) async fn of_rule(
    State(app): State<App>,
    reader: Reader,
    Sent(sent): Sent<RuleQuestion>,
) -> Result<Json<Explanation>, Problem> {
    let user = sent.user.parse();
    let question = ExplanationQuestion {
        of: Subject::Rule(sent.rule.clone()),
        user: user.map_err(|_| unknown_user(&sent.user))?,
        as_of: sent.as_of,
    };
    let found = app.explain(question).await;
    let found = found.map_err(|error| Problem::of_rule(error, &sent.rule, reader.language))?;
    found.map(Json).ok_or_else(|| unknown_user(&sent.user))
}
