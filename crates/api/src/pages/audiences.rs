//! The audiences: their rules and counts.

use axum::extract::State;
use maud::{Markup, html};

use super::explanation;
use super::format::{grouped, named, percent};
use super::layout::{Page, page};
use super::parts::{Setting, as_of, bar, failure, rule_address, rule_block};
use super::phrase::Phrase;
use super::reader::Reader;
use crate::app::{App, now};
use crate::ports::AudienceOverview;
use crate::problem::Problem;

/// `GET /audiences`
pub(super) async fn show(State(app): State<App>, reader: Reader) -> Result<Page, Problem> {
    let overview = app.overview().await?;
    let zone = &app.config.zone;
    let setting = Setting {
        language: reader.language,
        zone,
        now: now(),
    };
    let title = setting.text(Phrase::Audiences);
    let content = html! {
        div.title { h1 { (title) } }
        p.lead { (setting.text(Phrase::AudiencesIntroduction)) }
        @if overview.audiences.is_empty() {
            p.quiet { (setting.text(Phrase::NoAudiences)) }
        }
        div.cards {
            @for audience in &overview.audiences {
                (card(audience, overview.known_users, &setting))
            }
        }
    };
    Ok(page(&reader, zone, title, &content))
}

fn card(audience: &AudienceOverview, everybody: u64, setting: &Setting) -> Markup {
    let key = audience.key.as_str();
    let name = named(&audience.name, key, setting.language);
    html! {
        article.card id=(key) {
            div.title {
                h2 { (name) }
                @if name != key { code.key { (key) } }
            }
            @if !audience.description.is_empty() {
                p { (named(&audience.description, "", setting.language)) }
            }
            @if let Some(count) = audience.count {
                div.headline {
                    strong { (grouped(count)) }
                    " " (percent(count, everybody))
                    (bar(count, &[], everybody))
                }
            }
            @if let Some(error) = &audience.freshness.error {
                (failure(error, setting))
            }
            (rule_block(&audience.rule))
            details {
                summary { (setting.text(Phrase::WhyIn)) }
                (explanation::question(&in_audience(key), "", setting))
            }
            p.more {
                a href=(rule_address(&audience.rule)) { (setting.text(Phrase::TryThisRule)) " →" }
                span.quiet { (as_of(&audience.freshness, setting)) }
            }
        }
    }
}

/// The rule that holds for the users of an audience; its key alone could also be a tag's.
fn in_audience(key: &str) -> String {
    format!("in audience({})", rules::printed_name(key))
}
