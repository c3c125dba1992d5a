//! What uses what.

use axum::Json;
use axum::extract::State;
use domain::{Date, TagKey};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::asked::Asked;
use crate::ports::lineage::{Thing, Uses};
use crate::problem::Problem;

/// After so many days without a question a tag is unused, if the asker does not say.
const DAYS: u32 = 30;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UsesQuery {
    key: String,
    kind: Option<String>,
}

#[derive(Serialize)]
pub(super) struct UsesAnswer {
    uses: Vec<OneAnswer>,
}

#[derive(Serialize)]
struct OneAnswer {
    kind: &'static str,
    key: String,
    uses: Vec<ThingAnswer>,
    uses_indirectly: Vec<ThingAnswer>,
    used_by: Vec<ThingAnswer>,
    used_by_indirectly: Vec<ThingAnswer>,
}

#[derive(Serialize)]
struct ThingAnswer {
    kind: &'static str,
    key: String,
}

impl From<Thing> for ThingAnswer {
    fn from(thing: Thing) -> Self {
        Self {
            kind: thing.kind,
            key: thing.key,
        }
    }
}

impl From<Uses> for OneAnswer {
    fn from(uses: Uses) -> Self {
        let all = |things: Vec<Thing>| things.into_iter().map(ThingAnswer::from).collect();
        Self {
            kind: uses.thing.kind,
            key: uses.thing.key,
            uses: all(uses.uses),
            uses_indirectly: all(uses.uses_indirectly),
            used_by: all(uses.used_by),
            used_by_indirectly: all(uses.used_by_indirectly),
        }
    }
}

/// `GET /api/v1/uses?key=&kind=`
pub(super) async fn uses(
    State(app): State<App>,
    Asked(query): Asked<UsesQuery>,
) -> Result<Json<UsesAnswer>, Problem> {
    let found = app
        .ask(move |platform| platform.lineage.uses(&query.key, query.kind.as_deref()))
        .await?;
    Ok(Json(UsesAnswer {
        uses: found.into_iter().map(OneAnswer::from).collect(),
    }))
}

#[derive(Serialize)]
pub(super) struct DuplicatesAnswer {
    duplicates: Vec<Vec<TagKey>>,
}

/// `GET /api/v1/duplicates`
pub(super) async fn duplicates(State(app): State<App>) -> Result<Json<DuplicatesAnswer>, Problem> {
    let duplicates = app.ask(|platform| platform.lineage.duplicates()).await?;
    Ok(Json(DuplicatesAnswer { duplicates }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnusedQuery {
    days: Option<u32>,
}

#[derive(Serialize)]
pub(super) struct UnusedAnswer {
    days: u32,
    unused: Vec<UnusedTagAnswer>,
}

#[derive(Serialize)]
struct UnusedTagAnswer {
    tag: TagKey,
    asked_on: Option<Date>,
}

/// `GET /api/v1/unused?days=`
pub(super) async fn unused(
    State(app): State<App>,
    Asked(query): Asked<UnusedQuery>,
) -> Result<Json<UnusedAnswer>, Problem> {
    let days = query.days.unwrap_or(DAYS);
    let unused = app
        .ask(move |platform| platform.lineage.unused(days))
        .await?;
    let unused = unused.into_iter().map(|unused| UnusedTagAnswer {
        tag: unused.tag,
        asked_on: unused.asked_on,
    });
    Ok(Json(UnusedAnswer {
        days,
        unused: unused.collect(),
    }))
}
