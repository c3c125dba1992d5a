//! The page that says why a user has a tag, or has not.

use axum::extract::State;
use domain::Time;
use maud::{Markup, html};
use serde::Deserialize;

use super::format::named;
use super::layout::{Page, page};
use super::parts::{Setting, exact, rule_block, tag_address, user_link};
use super::phrase::Phrase;
use super::reader::Reader;
use crate::app::{App, now};
use crate::asked::{Asked, TagInPath, unknown_user};
use crate::ports::explanation::{Change, Explanation, Joint, Measured, Reason, Window};
use crate::problem::Problem;

#[derive(Deserialize)]
pub(super) struct Query {
    user: String,
}

/// `GET /tags/{key}/explain?user=`
pub(super) async fn show(
    State(app): State<App>,
    TagInPath(key): TagInPath,
    reader: Reader,
    Asked(query): Asked<Query>,
) -> Result<Page, Problem> {
    let unknown = || unknown_user(query.user.trim());
    let user = query.user.trim().parse().map_err(|_| unknown())?;
    let found = app
        .ask(move |platform| {
            let explanation = platform.members.explain(&key, &user, None)?;
            Ok(explanation.map(|explanation| (explanation, user)))
        })
        .await?;
    let (explanation, user) = found.ok_or_else(unknown)?;
    let zone = &app.config.zone;
    let setting = Setting {
        language: reader.language,
        zone,
        now: now(),
    };
    let key = explanation.tag.as_str();
    let title = named(&explanation.name, key, reader.language);
    let content = html! {
        p.above { a href=(tag_address(key)) { (title) } }
        div.title {
            h1 { (verdict(&explanation, &setting)) " " (user_link(&user)) }
            @if !explanation.values.is_empty() {
                span.kind { (explanation.values.join(", ")) }
            }
        }
        p.lead { (explanation.sentence.of(setting.language)) }
        p.quiet { (setting.text(Phrase::AsOf)) " " (exact(explanation.as_of, &setting)) }
        section { ul.reasons { @for reason in &explanation.rule { (shown(reason, &setting)) } } }
        @if let Some(change) = &explanation.change { (changed(change, &setting)) }
    };
    Ok(page(&reader, zone, title, &content))
}

fn verdict(explanation: &Explanation, setting: &Setting) -> &'static str {
    setting.text(match explanation.has {
        true => Phrase::HasTag,
        false => Phrase::HasNotTag,
    })
}

fn shown(reason: &Reason, setting: &Setting) -> Markup {
    if let (Some(value), Some(earlier)) = (&reason.value, &reason.comes_after) {
        return passed_over(reason, value, earlier, setting);
    }
    let said = reason.sentence.of(setting.language);
    html! {
        li {
            (mark(reason.holds))
            @if let Some(value) = &reason.value { b { (value) } " " }
            @match reason.joint {
                Some(joint) => (joined(joint, setting)),
                None => { (said) (rule_block(&reason.text)) },
            }
            @if !reason.measured.is_empty() {
                dl.facts { @for one in &reason.measured { (measured(one, setting)) } }
            }
            @if reason.are_above {
                p.quiet { (setting.text(Phrase::RuleAbove)) }
            } @else if !reason.parts.is_empty() {
                ul.reasons { @for part in &reason.parts { (shown(part, setting)) } }
            }
        }
    }
}

/// A case that another one comes before.
fn passed_over(reason: &Reason, value: &str, earlier: &str, setting: &Setting) -> Markup {
    html! {
        li.quiet {
            span.mark { "· " } b { (value) } " "
            (reason.sentence.of(setting.language)) " "
            (Phrase::ComesAfter.with(setting.language, &[earlier]))
        }
    }
}

fn mark(holds: bool) -> Markup {
    html! { span.mark { @if holds { "✓ " } @else { "✗ " } } }
}

fn joined(joint: Joint, setting: &Setting) -> String {
    match joint {
        Joint::All => setting.text(Phrase::AllOf).to_owned(),
        Joint::Any => setting.text(Phrase::AnyOf).to_owned(),
        Joint::AtLeast(count) => Phrase::AtLeastOf.with(setting.language, &[&count.to_string()]),
        Joint::Not => setting.text(Phrase::NoneOf).to_owned(),
    }
}

fn measured(measured: &Measured, setting: &Setting) -> Markup {
    html! {
        div {
            dt { code { (measured.text) } }
            dd {
                b { (value(measured, setting)) }
                @if let Some(compared) = &measured.compared { " " code { (compared) } }
                @if measured.is_above { " " (setting.text(Phrase::SeeAbove)) } @else {
                @if let Some(window) = measured.window { br; (instants(window, setting)) }
                @if let Some(at) = measured.set_at {
                    br; (setting.text(Phrase::SetAt)) " " (exact(at, setting))
                }
                (events(measured, setting))
                }
            }
        }
    }
}

fn value<'m>(measured: &'m Measured, setting: &Setting) -> &'m str {
    match &measured.value {
        Some(value) => value,
        None => setting.text(Phrase::NoValue),
    }
}

fn instants(window: Window, setting: &Setting) -> Markup {
    let bound = |at: Option<Time>| html! { @if let Some(at) = at { (exact(at, setting)) } };
    match window {
        Window::Empty => html! { (setting.text(Phrase::EmptyWindow)) },
        Window::Between { from, to } => html! { (bound(from)) " … " (bound(Some(to))) },
    }
}

fn events(measured: &Measured, setting: &Setting) -> Markup {
    let counted = measured.counted.unwrap_or_default();
    html! {
        @if counted > 0 {
            br; (Phrase::EventsCounted.with(setting.language, &[&counted.to_string()]))
            ul.evidence {
                @for event in &measured.events {
                    li {
                        (exact(event.time, setting)) " " (event.event)
                        @for (path, value) in &event.properties {
                            " " code { (path) "=" (value) }
                        }
                    }
                }
            }
        }
    }
}

fn changed(change: &Change, setting: &Setting) -> Markup {
    let heading = match change.had {
        true => Phrase::HadItAt,
        false => Phrase::HadItNotAt,
    };
    html! {
        section {
            h2 { (setting.text(heading)) " " (exact(change.before, setting)) }
            ul.reasons {
                @for part in &change.parts {
                    li {
                        (mark(part.held)) "→ " (mark(part.holds))
                        (part.sentence.of(setting.language))
                        @for (before, after) in part.before.iter().zip(&part.after) {
                            @if before.value != after.value {
                                p {
                                    code { (after.text) } " "
                                    (value(before, setting)) " → " (value(after, setting))
                                }
                            }
                        }
                    }
                }
            }
            @if !change.is_reproduced { p.quiet { (setting.text(Phrase::NotReproduced)) } }
        }
    }
}
