//! The page of one tag: its rule, its values, how it went, its freshness, its members.

mod rule;

use std::collections::BTreeMap;

use axum::extract::State;
use domain::{LocalizedText, Supplier, TagBody, TagDefinition, TagStatus, TagValue};
use maud::{Markup, html};
use rules::sentence::sentence_of_body;
use rules::tree::{Node, Rule};
use serde::Deserialize;

pub(super) use self::rule::names_of_values;
use self::rule::{rule, value_name};
use super::explanation;
use super::format::{duration, encoded, grouped, named, percent, tag_value};
use super::layout::{Page, page};
use super::lineage;
use super::parts::{
    Setting, as_of, bar, can_be_stacked, exact, in_backticks, moment, share_cells, state_pill,
    tag_address, user_link, value_bar,
};
use super::phrase::Phrase;
use super::reader::Reader;
use super::trend;
use super::versions;
use crate::Error;
use crate::app::{App, now};
use crate::asked::{Asked, TagInPath, cursor, unknown_tag};
use crate::ports::past::TagTrend;
use crate::ports::{MemberPage, Overview, TagKind, TagOverview, TagPage};
use crate::problem::Problem;

/// Members on a page.
const MEMBERS: usize = 20;

#[derive(Deserialize)]
pub(super) struct Query {
    value: Option<TagValue>,
    after: Option<String>,
}

/// `GET /tags/{key}?value=&after=`
pub(super) async fn show(
    State(app): State<App>,
    TagInPath(key): TagInPath,
    reader: Reader,
    Asked(query): Asked<Query>,
) -> Result<Page, Problem> {
    let overview = app.overview().await?;
    let tag = overview
        .tag(&key)
        .ok_or_else(|| unknown_tag(key.as_str()))?;
    let asked = TagPage {
        tag: key.clone(),
        value: query.value.clone(),
        on: None,
        after: cursor(query.after.as_deref())?,
        limit: MEMBERS,
    };
    let has_members = has_members(&tag.definition);
    let (members, versions) = app
        .ask(move |platform| {
            let members = match has_members {
                true => platform.members.tag_members(&asked)?,
                false => MemberPage::default(),
            };
            Ok((members, platform.life.versions(&asked.tag)?))
        })
        .await?;
    let (trend, uses) = app
        .ask(move |platform| {
            // A draft has no past, and a tag with mistakes no lineage.
            let trend = match platform.past.trend(&key, trend::DAYS) {
                Err(Error::NotFound(_) | Error::Invalid(_)) => TagTrend::default(),
                trend => trend?,
            };
            let uses = platform.lineage.uses(key.as_str(), Some("tag"));
            Ok((trend, uses.unwrap_or_default()))
        })
        .await?;
    let zone = &app.config.zone;
    let setting = Setting {
        language: reader.language,
        zone,
        now: now(),
    };
    let shown = versions
        .iter()
        .find(|version| version.number == tag.versions.shown);
    let written = shown.and_then(|version| version.body.as_deref());
    let title = named(
        &tag.definition.name,
        tag.definition.key.as_str(),
        reader.language,
    );
    let content = html! {
        (heading(tag, title, overview.known_users, &setting))
        (versions::remark(tag, &setting))
        @if let Some(said) = said(&tag.definition, &overview, &setting) { p.sentence { (said) } }
        div.sheet {
            div {
                (rule(&tag.definition, written, &setting))
                @if !tag.values.is_empty() { (values(tag, overview.known_users, &setting)) }
                (trend::section(&trend, &setting))
                @for uses in &uses { (lineage::section(uses, &setting)) }
                (freshness(tag, &setting))
                @if has_members { (question(&tag.definition, &setting)) }
                (versions::list(tag, &versions, &setting))
            }
            @if has_members { (member_list(tag, &members, &query, &reader, &setting)) }
        }
    };
    Ok(page(&reader, zone, title, &content))
}

fn heading(tag: &TagOverview, title: &str, everybody: u64, setting: &Setting) -> Markup {
    let definition = &tag.definition;
    html! {
        p.above {
            a href="/" { (setting.text(Phrase::Tags)) }
            @if !definition.category.is_empty() {
                " / " a href={ "/?category=" (encoded(&definition.category)) } {
                    (definition.category)
                }
            }
        }
        div.title {
            h1 { (title) }
            @if title != definition.key.as_str() { code.key { (definition.key) } }
            span.kind { (setting.text(kind(tag))) }
            (state_pill(definition.state(), setting))
        }
        @if !definition.description.is_empty() {
            p.lead { (named(&definition.description, "", setting.language)) }
        }
        div.headline {
            strong { (grouped(tag.count)) }
            " " (Phrase::ShareOfKnown.with(
                setting.language,
                &[&percent(tag.count, everybody), &grouped(everybody)],
            ))
            (bar(tag.count, &tag.values, everybody))
        }
        @if let Some(error) = &tag.freshness.error {
            p.failure role="status" {
                (setting.text(Phrase::FailedSince)) br; span.cause { (in_backticks(error.of(setting.language))) }
            }
        }
        @if let Some(note) = &tag.freshness.note {
            p.note role="status" { (in_backticks(note.of(setting.language))) }
        }
    }
}

/// What sort of tag it is, by how it is defined.
fn kind(tag: &TagOverview) -> Phrase {
    match (&tag.definition.body, tag.kind) {
        (TagBody::Rfm(_), _) => Phrase::Rfm,
        (TagBody::Lifecycle(_), _) => Phrase::Lifecycle,
        (TagBody::Lookalike(_), _) => Phrase::Lookalike,
        (TagBody::Sql(_), _) => Phrase::SqlKind,
        (TagBody::Supplied(supplied), _) => match supplied.by {
            Supplier::Import => Phrase::ImportedKind,
            Supplier::Hand => Phrase::ByHandKind,
        },
        (TagBody::Rule(text) | TagBody::Value(text), TagKind::Metric) if is_score(text) => {
            Phrase::Score
        }
        (_, TagKind::Condition) => Phrase::Condition,
        (_, TagKind::Layered) => Phrase::Layered,
        (_, TagKind::Metric) => Phrase::Metric,
    }
}

fn is_score(text: &str) -> bool {
    let is_sum =
        |rule| matches!(rule, Rule::Expression(sum) if matches!(sum.node, Node::Points(_)));
    rules::parse(text).is_ok_and(is_sum)
}

/// Whether users can have it: it was published, and is not archived.
fn has_members(definition: &TagDefinition) -> bool {
    matches!(definition.state(), TagStatus::Published | TagStatus::Paused)
}

/// The rule as a sentence.
fn said(definition: &TagDefinition, overview: &Overview, setting: &Setting) -> Option<String> {
    let language = setting.language;
    sentence_of_body(&definition.body, language, &overview.names())
}

/// Asks why a user has the tag, or has not.
fn question(definition: &TagDefinition, setting: &Setting) -> Markup {
    let address = format!("{}/explain", tag_address(definition.key.as_str()));
    html! {
        section {
            h2 { (setting.text(Phrase::WhyUser)) }
            form.trial.ask action=(address) {
                (explanation::user_field(setting))
            }
        }
    }
}

fn values(tag: &TagOverview, everybody: u64, setting: &Setting) -> Markup {
    let address = tag_address(tag.definition.key.as_str());
    let is_stacked = can_be_stacked(tag.count, &tag.values);
    let tone_of = |at| if is_stacked { at } else { 0 };
    let names = names_of_values(&tag.definition);
    html! {
        section {
            h2 { (setting.text(Phrase::Values)) }
            table {
                thead {
                    tr {
                        th scope="col" { (setting.text(Phrase::Value)) }
                        th.number scope="col" { (setting.text(Phrase::Users)) }
                        th.share scope="col" { (setting.text(Phrase::Share)) }
                    }
                }
                tbody {
                    @for (at, value) in tag.values.iter().enumerate() {
                        tr {
                            th scope="row" {
                                a href={ (address) "?value=" (encoded(value.value.as_str())) "#members" } {
                                    (value_name(&names, value.value.as_str(), setting))
                                }
                            }
                            (share_cells(value.count, everybody, &value_bar(tone_of(at), value.count, everybody)))
                        }
                    }
                }
            }
        }
    }
}

fn freshness(tag: &TagOverview, setting: &Setting) -> Markup {
    let fresh = &tag.freshness;
    html! {
        section {
            dl.facts {
                div { dt { (setting.text(Phrase::AsOf)) } dd { (as_of(fresh, setting)) } }
                @if let Some(time) = fresh.last_success {
                    div { dt { (setting.text(Phrase::LastSuccess)) } dd { (moment(time, setting)) } }
                }
                @if let Some(computed) = tag.versions.computed {
                    div { dt { (setting.text(Phrase::MembersOf)) } dd { (Phrase::Version.with(setting.language, &[&computed.to_string()])) } }
                }
                @if let Some(took) = fresh.duration {
                    div { dt { (setting.text(Phrase::Duration)) } dd { (duration(took)) } }
                }
                div { dt { (setting.text(Phrase::Refreshed)) } dd { (policy(tag, setting)) } }
                div { dt { (setting.text(Phrase::NextRun)) } dd { (next_run(tag, setting)) } }
                @if let Some(zone) = &tag.definition.timezone {
                    div { dt { (setting.text(Phrase::TimeZone)) } dd { (zone) } }
                }
                @if let Some(time) = tag.definition.as_of {
                    div { dt { (setting.text(Phrase::Snapshot)) } dd { (exact(time, setting)) } }
                }
            }
        }
    }
}

/// How the tag is kept fresh.
fn policy(tag: &TagOverview, setting: &Setting) -> Markup {
    html! {
        @match &tag.definition.refresh {
            Some(policy) => { code { (policy) } },
            None => { (setting.text(Phrase::AsConfigured)) },
        }
    }
}

/// When the tag is computed next: the instant itself, for what is to come has no age.
fn next_run(tag: &TagOverview, setting: &Setting) -> Markup {
    match tag.freshness.next_run {
        Some(time) if time <= setting.now => html! { (setting.text(Phrase::AsSoonAsPossible)) },
        Some(time) => exact(time, setting),
        None => html! { (setting.text(Phrase::WhenAsked)) },
    }
}

fn member_list(
    tag: &TagOverview,
    members: &MemberPage,
    query: &Query,
    reader: &Reader,
    setting: &Setting,
) -> Markup {
    let address = tag_address(tag.definition.key.as_str());
    let has_values = members
        .members
        .iter()
        .any(|member| !member.values.is_empty());
    let names = names_of_values(&tag.definition);
    let title = match &query.value {
        Some(value) => Phrase::MembersWith.with(setting.language, &[value.as_str()]),
        None => setting.text(Phrase::Members).to_owned(),
    };
    html! {
        section #members {
            h2 { (title) " " span.count { (grouped(members.count)) } }
            @if query.value.is_some() {
                p { a href={ (address) "#members" } { (setting.text(Phrase::AllMembers)) } }
            }
            @if members.members.is_empty() {
                p.quiet { (setting.text(Phrase::NoMembers)) }
            } @else {
                table {
                    thead {
                        tr {
                            th scope="col" { (setting.text(Phrase::User)) }
                            @if has_values { th scope="col" { (setting.text(Phrase::Value)) } }
                        }
                    }
                    tbody {
                        @for member in &members.members {
                            tr {
                                td { (user_link(&member.user)) }
                                @if has_values { td.value { (listed(&member.values, &names, setting)) } }
                            }
                        }
                    }
                }
                p.more {
                    @if query.after.is_some() {
                        a href={ (address) "#members" } { "← " (setting.text(Phrase::FirstMembers)) }
                    }
                    @if let Some(next) = &members.next {
                        a rel="next"
                            href={ (reader.address_with("after", &next.to_string())) "#members" } {
                            (setting.text(Phrase::NextMembers)) " →"
                        }
                    }
                }
            }
        }
    }
}

/// What values are called, with commas between them.
pub(super) fn listed(
    values: &[TagValue],
    names: &BTreeMap<String, LocalizedText>,
    setting: &Setting,
) -> String {
    let called = |value: &TagValue| {
        let name = names.get(value.as_str());
        let name = name.map(|name| named(name, value.as_str(), setting.language).to_owned());
        name.unwrap_or_else(|| tag_value(value.as_str()))
    };
    let texts: Vec<String> = values.iter().map(called).collect();
    texts.join(", ")
}
