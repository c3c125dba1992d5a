//! The page of one version of a tag: who made it and why, what differs, and what it would do.

use axum::extract::{Path, State};
use maud::{Markup, html};
use serde::Deserialize;

use super::format::{grouped, named};
use super::layout::{Page, page};
use super::parts::{Setting, exact, state_pill, tag_address, user_link};
use super::phrase::Phrase;
use super::reader::Reader;
use crate::app::{App, now};
use crate::asked::{Asked, unknown_tag};
use crate::ports::life::{
    Line, Previewed, SomeUsers, Stands, Step, TagChange, TagEffect, TagVersion, WhatIf,
};
use crate::problem::Problem;

/// Users named of those who would enter and leave.
const EXAMPLES: usize = 10;

#[derive(Deserialize)]
pub(super) struct Query {
    /// Whether it is asked what the version would do.
    effect: Option<String>,
}

/// `GET /tags/{key}/versions/{version}?effect=`
pub(super) async fn show(
    State(app): State<App>,
    Path((key, number)): Path<(String, u64)>,
    reader: Reader,
    Asked(query): Asked<Query>,
) -> Result<Page, Problem> {
    let tag = domain::TagKey::new(&key).map_err(|_| unknown_tag(&key))?;
    let asked = tag.clone();
    let versions = app
        .ask(move |platform| platform.life.versions(&asked))
        .await?;
    let version = versions.iter().find(|version| version.number == number);
    let version = version
        .ok_or_else(|| Problem::not_found(format!("tag `{tag}` has no version {number}")))?;
    let effect = match query.effect {
        Some(_) if can_be_tried(version) => {
            let step = match version.stands {
                Stands::Draft => Step::Publish,
                Stands::InForce | Stands::Past => Step::RollBack { to: Some(number) },
            };
            let asked = Previewed {
                examples: EXAMPLES,
                as_of: None,
            };
            let change = TagChange::Step(tag.clone(), step);
            let effect = app.preview(change, asked).await;
            Some(effect.map_err(|error| Problem::of_definitions(error, reader.language))?)
        }
        _ => None,
    };
    let overview = app.overview().await?;
    let name = overview.tag(&tag).map_or(key.as_str(), |tag| {
        named(&tag.definition.name, &key, reader.language)
    });
    let zone = &app.config.zone;
    let setting = Setting {
        language: reader.language,
        zone,
        now: now(),
    };
    let title = Phrase::Version.with(reader.language, &[&number.to_string()]);
    let content = html! {
        p.above {
            a href="/" { (setting.text(Phrase::Tags)) }
            " / " a href=(tag_address(&key)) { (name) }
        }
        div.title {
            h1 { (title) }
            @if let Some(status) = version.status { (state_pill(status, &setting)) }
            @if version.stands == Stands::InForce {
                span.kind { (setting.text(Phrase::InForce)) }
            }
        }
        (signed(version, &setting))
        section {
            h2 { (setting.text(Phrase::DifferenceToBefore)) }
            (difference(&version.difference))
        }
        @match &effect {
            Some(effect) => (what_if(effect, &setting)),
            None if can_be_tried(version) => {
                form.trial {
                    input type="hidden" name="effect" value="1";
                    button.main { (setting.text(Phrase::WhatIf)) }
                }
            },
            None => {},
        }
    };
    let title = format!("{name} · {title}");
    Ok(page(&reader, zone, &title, &content))
}

/// Whether it makes sense to ask what the version would do.
fn can_be_tried(version: &TagVersion) -> bool {
    version.text.is_some() && version.stands != Stands::InForce
}

fn signed(version: &TagVersion, setting: &Setting) -> Markup {
    let signature = &version.signature;
    html! {
        section {
            dl.facts {
                div { dt { (setting.text(Phrase::When)) } dd { (exact(signature.at, setting)) } }
                @if !signature.author.is_empty() {
                    div { dt { (setting.text(Phrase::Author)) } dd { (signature.author) } }
                }
                @if !signature.reason.is_empty() {
                    div { dt { (setting.text(Phrase::Reason)) } dd { (signature.reason) } }
                }
            }
        }
    }
}

/// What differs between two texts.
pub(super) fn difference(lines: &[Line]) -> Markup {
    html! {
        pre.rule.difference tabindex="0" {
            code {
                @for line in lines {
                    @match line {
                        Line::Same(_) => (line),
                        Line::Removed(_) => { del { (line) } },
                        Line::Added(_) => { ins { (line) } },
                    }
                    "\n"
                }
            }
        }
    }
}

fn what_if(effect: &WhatIf, setting: &Setting) -> Markup {
    let (direct, further): (Vec<_>, Vec<_>) =
        effect.effects.iter().partition(|effect| effect.is_direct);
    html! {
        section #effect {
            h2 { (setting.text(Phrase::WhatIf)) }
            @if !effect.mistakes.is_empty() {
                p.failure role="status" { (setting.text(Phrase::VersionHasMistakes)) }
            }
            @for effect in direct { (of_tag(effect, setting)) }
            @if !further.is_empty() {
                h2 { (setting.text(Phrase::TagsThatUseIt)) }
                @for effect in further {
                    p { a href=(tag_address(effect.tag.as_str())) { code { (effect.tag) } } }
                    (of_tag(effect, setting))
                }
            }
        }
    }
}

fn of_tag(effect: &TagEffect, setting: &Setting) -> Markup {
    html! {
        div.effect {
            (some_users(Phrase::WouldEnter, &effect.entering, setting))
            (some_users(Phrase::WouldLeave, &effect.leaving, setting))
        }
        @if !effect.values.is_empty() {
            table {
                thead {
                    tr {
                        th scope="col" { (setting.text(Phrase::Value)) }
                        th.number scope="col" { (setting.text(Phrase::Entering)) }
                        th.number scope="col" { (setting.text(Phrase::Leaving)) }
                    }
                }
                tbody {
                    @for value in &effect.values {
                        tr {
                            th scope="row" { (value.value) }
                            td.number { "+" (grouped(value.entering)) }
                            td.number { "−" (grouped(value.leaving)) }
                        }
                    }
                }
            }
        }
    }
}

fn some_users(phrase: Phrase, users: &SomeUsers, setting: &Setting) -> Markup {
    html! {
        div {
            strong { (phrase.with(setting.language, &[&grouped(users.count)])) }
            @if !users.first.is_empty() {
                ul { @for user in &users.first { li { (user_link(user)) } } }
            }
        }
    }
}
