//! Tags to clear up: those that mean the same, and those that nobody needs.

use axum::extract::State;
use domain::TagKey;
use maud::{Markup, html};

use super::layout::{Page, page};
use super::parts::{Setting, tag_address};
use super::phrase::Phrase;
use super::reader::Reader;
use crate::app::{App, now};
use crate::ports::lineage::UnusedTag;
use crate::problem::Problem;

/// After so many days without a question a tag is unused.
const DAYS: u32 = 30;
/// So many are listed; the JSON interface has them all.
const LISTED: usize = 500;

/// `GET /upkeep`
pub(super) async fn show(State(app): State<App>, reader: Reader) -> Result<Page, Problem> {
    let (duplicates, unused) = app
        .ask(|platform| {
            let duplicates = platform.lineage.duplicates()?;
            Ok((duplicates, platform.lineage.unused(DAYS)?))
        })
        .await?;
    let zone = &app.config.zone;
    let setting = Setting {
        language: reader.language,
        zone,
        now: now(),
    };
    let content = html! {
        div.title { h1 { (setting.text(Phrase::Upkeep)) } }
        (same(&duplicates, &setting))
        (unneeded(&unused, &setting))
    };
    Ok(page(&reader, zone, setting.text(Phrase::Upkeep), &content))
}

fn same(duplicates: &[Vec<TagKey>], setting: &Setting) -> Markup {
    html! {
        section #duplicates {
            h2 { (setting.text(Phrase::Duplicates)) " " span.count { (duplicates.len()) } }
            @if duplicates.is_empty() {
                p.quiet { (setting.text(Phrase::NoDuplicates)) }
            } @else {
                ul {
                    @for tags in duplicates.iter().take(LISTED) {
                        li { ul.things { @for tag in tags { li { (link(tag)) } } } }
                    }
                }
            }
        }
    }
}

fn unneeded(unused: &[UnusedTag], setting: &Setting) -> Markup {
    let days = Phrase::UnusedHint.with(setting.language, &[&DAYS.to_string()]);
    html! {
        section #unused {
            h2 { (setting.text(Phrase::Unused)) " " span.count { (unused.len()) } }
            p.quiet { (days) }
            @if !unused.is_empty() {
                table {
                    thead {
                        tr {
                            th scope="col" { (setting.text(Phrase::Tag)) }
                            th scope="col" { (setting.text(Phrase::LastAsked)) }
                        }
                    }
                    tbody {
                        @for tag in unused.iter().take(LISTED) {
                            tr {
                                th scope="row" { (link(&tag.tag)) }
                                td {
                                    @match tag.asked_on {
                                        Some(day) => time datetime=(day) { (day) },
                                        None => span.quiet { (setting.text(Phrase::NeverAsked)) },
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

fn link(tag: &TagKey) -> Markup {
    html! { a.key href=(tag_address(tag.as_str())) { (tag) } }
}
