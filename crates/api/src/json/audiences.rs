//! Audiences: all of them, with their counts.

use axum::Json;
use axum::extract::State;
use domain::{AudienceKey, LocalizedText};
use serde::Serialize;

use super::FreshnessAnswer;
use crate::app::App;
use crate::ports::AudienceOverview;
use crate::problem::Problem;

#[derive(Serialize)]
pub(super) struct AudienceList {
    audiences: Vec<AudienceAnswer>,
    known_users: u64,
}

#[derive(Serialize)]
struct AudienceAnswer {
    key: AudienceKey,
    name: LocalizedText,
    description: LocalizedText,
    rule: String,
    count: Option<u64>,
    freshness: FreshnessAnswer,
}

impl From<&AudienceOverview> for AudienceAnswer {
    fn from(audience: &AudienceOverview) -> Self {
        Self {
            key: audience.key.clone(),
            name: audience.name.clone(),
            description: audience.description.clone(),
            rule: audience.rule.clone(),
            count: audience.count,
            freshness: FreshnessAnswer::from(&audience.freshness),
        }
    }
}

/// `GET /api/v1/audiences`
pub(super) async fn list(State(app): State<App>) -> Result<Json<AudienceList>, Problem> {
    let overview = app.overview().await?;
    Ok(Json(AudienceList {
        audiences: overview
            .audiences
            .iter()
            .map(AudienceAnswer::from)
            .collect(),
        known_users: overview.known_users,
    }))
}
