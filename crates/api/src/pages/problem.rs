//! The page of a problem.

use axum::http::StatusCode;
use maud::html;
use rules::PlacedDiagnostic;

use super::layout::{Page, page};
use super::parts::in_backticks;
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
            p.lead { (in_backticks(problem.message.of(reader.language))) }
            @if !problem.diagnostics.is_empty() {
                ul.said {
                    @for said in &problem.diagnostics {
                        li {
                            span.place { (place(said, reader)) } " " (in_backticks(&said.message))
                        }
                    }
                }
            }
            p { a href="/" { "← " (Phrase::BackToOverview.text(reader.language)) } }
        }
    };
    page(reader, &app.config.zone, title, &content)
}

fn place(said: &PlacedDiagnostic, reader: &Reader) -> String {
    let [line, column] = [said.line, said.column].map(|number| number.to_string());
    Phrase::Place.with(reader.language, &[&line, &column])
}
