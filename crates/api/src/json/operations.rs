//! What those who run the server ask: is it alive, is it ready, how is it doing.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Serialize;

use crate::Error;
use crate::app::App;
use crate::metrics::CONTENT_TYPE;
use crate::problem::Problem;

#[derive(Serialize)]
pub(super) struct Status {
    status: &'static str,
}

/// `GET /healthz`: the process answers.
pub(super) async fn health() -> Json<Status> {
    Json(Status { status: "ok" })
}

/// `GET /readyz`: questions can be answered.
pub(super) async fn readiness(State(app): State<App>) -> Result<Json<Status>, Problem> {
    match app.ask(|platform| Ok(platform.catalogue.unready())).await? {
        None => Ok(Json(Status { status: "ready" })),
        Some(reason) => Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "not_ready",
            reason,
        )),
    }
}

/// `GET /metrics`: OpenMetrics text for Prometheus.
pub(super) async fn metrics(State(app): State<App>) -> Result<impl IntoResponse, Problem> {
    let overview = app.overview().await?;
    let text = app
        .metrics
        .text(&overview)
        .map_err(|error| Error::Bug(error.to_string()))?;
    Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], text))
}
