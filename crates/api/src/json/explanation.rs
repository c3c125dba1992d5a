//! Why a user has a tag, or has not.

use axum::Json;
use axum::extract::State;
use domain::Time;
use serde::Deserialize;

use crate::app::App;
use crate::asked::{Asked, TagInPath, unknown_user};
use crate::ports::explanation::Explanation;
use crate::problem::Problem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    user: String,
    as_of: Option<Time>,
}

/// `GET /api/v1/tags/{key}/explain?user=&as_of=`
pub(super) async fn show(
    State(app): State<App>,
    TagInPath(key): TagInPath,
    Asked(query): Asked<Query>,
) -> Result<Json<Explanation>, Problem> {
    let user = query.user.parse();
    let user = user.map_err(|_| unknown_user(&query.user))?;
    let found = app
        .ask(move |platform| platform.members.explain(&key, &user, query.as_of))
        .await?;
    found.map(Json).ok_or_else(|| unknown_user(&query.user))
}
