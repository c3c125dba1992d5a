//! The pages for people, in 简体中文 and English, made on the server.

mod assets;
mod audiences;
mod explanation;
mod format;
mod highlight;
mod layout;
mod lineage;
mod overview;
mod parts;
mod phrase;
mod problem;
pub(crate) mod reader;
mod rule;
mod tag;
mod trend;
mod upkeep;
mod user;
mod version;
mod versions;

use axum::Router;
use axum::routing::get;

use crate::app::App;

pub(crate) use problem::problem_page;

/// The routes of the pages.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(overview::show))
        .route("/tags/{key}", get(tag::show))
        .route("/tags/{key}/versions/{version}", get(version::show))
        .route("/tags/{key}/explain", get(explanation::of_tag))
        .route("/audiences", get(audiences::show))
        .route("/upkeep", get(upkeep::show))
        .route("/rules", get(rule::show))
        .route("/rules/explain", get(explanation::of_rule))
        .route("/users", get(user::find))
        .route("/users/{user}", get(user::show))
        .route("/assets/style.css", get(assets::style))
        .route("/assets/page.js", get(assets::script))
        .route("/assets/icon.svg", get(assets::icon))
}
