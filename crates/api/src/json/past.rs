//! The past of tags: how the count went, and who entered and left.

use axum::Json;
use axum::extract::State;
use domain::{Date, TagKey, TagValue, Time, UserKey, When};
use serde::{Deserialize, Serialize};

use super::{LONGEST_PAGE, limit};
use crate::app::App;
use crate::asked::{Asked, TagInPath, cursor};
use crate::ports::past::{DifferenceQuestion, MovedUser, RunDelta, TrendPoint};
use crate::problem::Problem;

/// Days of a trend, if the asker does not say.
const DAYS: u32 = 30;
/// The most days of a trend.
const MOST_DAYS: u32 = 3_660;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TrendQuery {
    days: Option<u32>,
}

#[derive(Serialize)]
pub(super) struct TrendAnswer {
    tag: TagKey,
    timezone: String,
    recorded_since: Option<Time>,
    points: Vec<PointAnswer>,
    last_changes: Vec<DeltaAnswer>,
}

#[derive(Serialize)]
struct PointAnswer {
    day: Date,
    at: Time,
    count: u64,
    values: Vec<ValueAnswer>,
    entered: Option<u64>,
    left: Option<u64>,
}

#[derive(Serialize)]
struct ValueAnswer {
    value: TagValue,
    count: u64,
}

#[derive(Serialize)]
struct DeltaAnswer {
    at: Time,
    entered: u64,
    left: u64,
}

impl From<TrendPoint> for PointAnswer {
    fn from(point: TrendPoint) -> Self {
        let values = point.values.into_iter();
        Self {
            day: point.day,
            at: point.at,
            count: point.count,
            values: values
                .map(|(value, count)| ValueAnswer { value, count })
                .collect(),
            entered: point.entered,
            left: point.left,
        }
    }
}

impl From<RunDelta> for DeltaAnswer {
    fn from(delta: RunDelta) -> Self {
        Self {
            at: delta.at,
            entered: delta.entered,
            left: delta.left,
        }
    }
}

/// `GET /api/v1/tags/{key}/trend?days=`
pub(super) async fn trend(
    State(app): State<App>,
    TagInPath(tag): TagInPath,
    Asked(query): Asked<TrendQuery>,
) -> Result<Json<TrendAnswer>, Problem> {
    let days = query.days.unwrap_or(DAYS);
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(Problem::invalid(format!("`days` must be 1 to {MOST_DAYS}")));
    }
    let asked = tag.clone();
    let trend = app
        .ask(move |platform| platform.past.trend(&asked, days))
        .await?;
    Ok(Json(TrendAnswer {
        tag,
        timezone: trend.zone,
        recorded_since: trend.since,
        points: trend.points.into_iter().map(PointAnswer::from).collect(),
        last_changes: trend.changes.into_iter().map(DeltaAnswer::from).collect(),
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangesQuery {
    from: When,
    to: Option<When>,
    after: Option<String>,
    limit: Option<usize>,
}

#[derive(Serialize)]
pub(super) struct ChangesAnswer {
    tag: TagKey,
    /// The instants of the runs that are compared.
    from: Time,
    to: Time,
    entered: u64,
    left: u64,
    changed: u64,
    users: Vec<MovedAnswer>,
    next: Option<UserKey>,
}

#[derive(Serialize)]
struct MovedAnswer {
    user: UserKey,
    change: &'static str,
    before: Vec<TagValue>,
    after: Vec<TagValue>,
}

impl From<MovedUser> for MovedAnswer {
    fn from(moved: MovedUser) -> Self {
        Self {
            user: moved.user,
            change: moved.change,
            before: moved.before,
            after: moved.after,
        }
    }
}

/// `GET /api/v1/tags/{key}/changes?from=&to=&after=&limit=`
pub(super) async fn changes(
    State(app): State<App>,
    TagInPath(tag): TagInPath,
    Asked(query): Asked<ChangesQuery>,
) -> Result<Json<ChangesAnswer>, Problem> {
    let asked = DifferenceQuestion {
        tag: tag.clone(),
        from: query.from,
        to: query.to,
        after: cursor(query.after.as_deref())?,
        limit: limit(query.limit, LONGEST_PAGE)?,
    };
    let found = app
        .ask(move |platform| platform.past.difference(&asked))
        .await?;
    Ok(Json(ChangesAnswer {
        tag,
        from: found.from,
        to: found.to,
        entered: found.entered,
        left: found.left,
        changed: found.changed,
        users: found.users.into_iter().map(MovedAnswer::from).collect(),
        next: found.next,
    }))
}
