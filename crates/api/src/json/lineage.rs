//! What uses what.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::asked::Asked;
use crate::ports::lineage::{Thing, Uses};
use crate::problem::Problem;

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
