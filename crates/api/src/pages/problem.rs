//! The page of a problem.

use axum::http::StatusCode;
use maud::html;

use super::layout::{Page, page};
use super::phrase::Phrase;
use super::reader::Reader;
use crate::app::App;
use crate::problem::Problem;

/// The problem as a page.
pub(crate) fn problem_page(app: &App, reader: &Reader, problem: &Problem) -> Page {
    let title = match problem.status {
        StatusCode::NOT_FOUND => Phrase::NotFoundTitle,
        StatusCode::SERVICE_UNAVAILABLE => Phrase::TryAgainTitle,
        status if status.is_server_error() => Phrase::BugTitle,
        _ => Phrase::InvalidTitle,
    };
    let title = title.text(reader.language);
    let content = html! {
        section.empty {
            p.above { (problem.status.as_str()) }
            h1 { (title) }
            p.lead { (problem.message) }
            p { a href="/" { "← " (Phrase::BackToOverview.text(reader.language)) } }
        }
    };
    page(reader, &app.config.zone, title, &content)
}
