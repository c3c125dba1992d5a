//! The page of one user: tags, attributes, recent events.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Redirect;
use domain::{Event, TagKey, Value};
use maud::{Markup, html};
use serde::Deserialize;

use super::format::{encoded, named, value};
use super::layout::{Page, page};
use super::parts::{Setting, exact, tag_address};
use super::phrase::Phrase;
use super::reader::Reader;
use super::tag::{listed, names_of_values};
use crate::app::{App, now};
use crate::asked::{Asked, UserInPath, unknown_user};
use crate::ports::{Overview, TagOverview, UserTags};
use crate::problem::Problem;

/// Events on a page.
const EVENTS: usize = 30;

#[derive(Deserialize)]
pub(super) struct FindQuery {
    user: String,
}

/// `GET /users?user=`: to the page of that user.
pub(super) async fn find(Asked(query): Asked<FindQuery>) -> Redirect {
    Redirect::to(&format!("/users/{}", encoded(query.user.trim())))
}

/// `GET /users/{user}`
pub(super) async fn show(
    State(app): State<App>,
    UserInPath(user): UserInPath,
    reader: Reader,
) -> Result<Page, Problem> {
    let key = user.to_string();
    let overview = app.overview().await?;
    let (profile, tags) = app
        .ask(move |platform| {
            let profile = platform.members.profile(&user, EVENTS)?;
            let tags = platform.members.user_tags(&user)?;
            Ok((profile, tags.unwrap_or_default()))
        })
        .await?;
    let profile = profile.ok_or_else(|| unknown_user(&key))?;
    let zone = &app.config.zone;
    let setting = Setting {
        language: reader.language,
        zone,
        now: now(),
    };
    let content = html! {
        p.above { (setting.text(Phrase::User)) }
        div.title { h1.key { (profile.user) } }
        div.sheet {
            div {
                (tag_list(&tags, &overview, &setting))
                (attribute_list(&profile.attributes, &setting))
            }
            (event_list(&profile.recent_events, &setting))
        }
    };
    Ok(page(&reader, zone, &key, &content))
}

fn tag_list(tags: &UserTags, overview: &Overview, setting: &Setting) -> Markup {
    let known = overview.tags.iter().map(|tag| (&tag.definition.key, tag));
    let known: HashMap<&TagKey, &TagOverview> = known.collect();
    html! {
        section {
            h2 { (setting.text(Phrase::UserTags)) " " span.count { (tags.tags.len()) } }
            @if tags.tags.is_empty() {
                p.quiet { (setting.text(Phrase::NoUserTags)) }
            } @else {
                ul.chips {
                    @for tag in &tags.tags {
                        @let key = tag.tag.as_str();
                        @let known = known.get(&tag.tag);
                        @let name = known.map_or(key, |known| {
                            named(&known.definition.name, key, setting.language)
                        });
                        @let names = known.map(|known| names_of_values(&known.definition));
                        @let names = names.unwrap_or_default();
                        li {
                            a href=(tag_address(key)) title=(key) {
                                (name)
                                @if !tag.values.is_empty() { b { (listed(&tag.values, &names, setting)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn attribute_list(attributes: &[(Arc<str>, Value)], setting: &Setting) -> Markup {
    html! {
        section {
            h2 { (setting.text(Phrase::Attributes)) }
            @if attributes.is_empty() {
                p.quiet { (setting.text(Phrase::NoAttributes)) }
            } @else {
                dl.facts {
                    @for (name, attribute) in attributes {
                        div { dt { (name) } dd { (value(attribute, setting.zone)) } }
                    }
                }
            }
        }
    }
}

fn event_list(events: &[Event], setting: &Setting) -> Markup {
    html! {
        section {
            h2 { (setting.text(Phrase::RecentEvents)) }
            @if events.is_empty() {
                p.quiet { (setting.text(Phrase::NoEvents)) }
            } @else {
                ol.events {
                    @for event in events {
                        li {
                            div.what { strong { (event.name) } (exact(event.time, setting)) }
                            @if !event.properties.is_empty() {
                                dl.properties {
                                    @for (name, property) in &event.properties {
                                        div { dt { (name) } dd { (value(property, setting.zone)) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
