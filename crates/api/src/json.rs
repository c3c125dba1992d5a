//! The JSON interface, version 1.

mod audiences;
mod by_hand;
mod explanation;
mod life;
mod lineage;
mod operations;
mod past;
mod rules;
mod tags;
mod users;

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post, put};
use domain::{LocalizedText, Span, Time};
use serde::Serialize;

use crate::app::App;
use crate::asked::{Sent, TagInPath};
use crate::pages::reader::Reader;
use crate::ports::Freshness;
use crate::ports::life::Step;
use crate::problem::Problem;

/// Members on a page, if the asker does not say.
const PAGE: usize = 100;
/// The most members on a page.
const LONGEST_PAGE: usize = 10_000;

/// The routes of the JSON interface.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/tags", get(tags::list))
        .route("/api/v1/tags/{key}", get(tags::one).put(life::put))
        .route("/api/v1/tags/{key}/versions", get(life::versions))
        .merge(steps())
        .route("/api/v1/tags/{key}/members", get(tags::members))
        .route("/api/v1/tags/{key}/changes", get(past::changes))
        .route("/api/v1/tags/{key}/trend", get(past::trend))
        .route("/api/v1/uses", get(lineage::uses))
        .route("/api/v1/duplicates", get(lineage::duplicates))
        .route("/api/v1/unused", get(lineage::unused))
        .route("/api/v1/tags/{key}/explain", get(explanation::of_tag))
        .route("/api/v1/users/{user}", get(users::one))
        .route("/api/v1/users/{user}/tags", get(users::tags))
        .route(
            "/api/v1/users/{user}/tags/{tag}",
            put(by_hand::set).delete(by_hand::unset),
        )
        .route("/api/v1/rules/count", post(rules::count))
        .route("/api/v1/rules/members", post(rules::members))
        .route("/api/v1/rules/explain", post(explanation::of_rule))
        .route("/api/v1/audiences", get(audiences::list))
        .route("/healthz", get(operations::health))
        .route("/readyz", get(operations::readiness))
        .route("/metrics", get(operations::metrics))
}

/// A route for each step in the life of a tag.
fn steps() -> Router<App> {
    let all = [
        ("submit", Step::Submit),
        ("publish", Step::Publish),
        ("resume", Step::Resume),
        ("pause", Step::Pause),
        ("archive", Step::Archive),
        ("withdraw", Step::Withdraw),
        ("rollback", Step::RollBack { to: None }),
    ];
    let mut routes = Router::new();
    for (name, step) in all {
        let make = move |State(app): State<App>,
                         TagInPath(key): TagInPath,
                         reader: Reader,
                         Sent(sent): Sent<life::StepSent>| {
            life::step(app, key, reader, (step, sent))
        };
        routes = routes.route(&format!("/api/v1/tags/{{key}}/{name}"), post(make));
    }
    routes
}

/// How many members are asked for.
fn limit(asked: Option<usize>, longest: usize) -> Result<usize, Problem> {
    match asked {
        None => Ok(PAGE),
        Some(limit) if (1..=longest).contains(&limit) => Ok(limit),
        Some(_) => Err(Problem::invalid(format!("`limit` must be 1 to {longest}"))),
    }
}

/// How fresh a result is, as it is answered.
#[derive(Serialize)]
struct FreshnessAnswer {
    data_as_of: Option<Time>,
    last_success: Option<Time>,
    duration_ms: Option<i64>,
    next_run: Option<Time>,
    state: &'static str,
    error: Option<LocalizedText>,
    note: Option<LocalizedText>,
}

impl From<&Freshness> for FreshnessAnswer {
    fn from(freshness: &Freshness) -> Self {
        Self {
            data_as_of: freshness.data_as_of,
            last_success: freshness.last_success,
            duration_ms: freshness.duration.map(Span::millis),
            next_run: freshness.next_run,
            state: freshness.state.name(),
            error: freshness.error.clone(),
            note: freshness.note.clone(),
        }
    }
}
