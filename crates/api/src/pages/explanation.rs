//! The page that says why a user has a tag, is in an audience or matches a rule, or why not.

use axum::extract::State;
use domain::{Language, Time, UserKey};
use maud::{Markup, html};
use serde::Deserialize;

use super::format::{named, tag_value};
use super::layout::{Page, page};
use super::parts::{
    Setting, audience_address, exact, rule_address, rule_block, tag_address, user_link,
};
use super::phrase::Phrase;
use super::reader::Reader;
use super::tag::names_of_values;
use crate::app::{App, now};
use crate::asked::{Asked, TagInPath, unknown_user};
use crate::ports::explanation::{
    Change, Explanation, ExplanationQuestion, Joint, Measured, Reason, Subject, Window,
};
use crate::problem::Problem;

/// Of more conditions that may give points, those that do not hold are folded away.
const FEW_POINTS: usize = 5;

/// Longer expressions are folded away.
const LONGEST_EXPRESSION: usize = 80;

#[derive(Deserialize)]
pub(super) struct Query {
    user: String,
}

/// `GET /tags/{key}/explain?user=`
pub(super) async fn of_tag(
    State(app): State<App>,
    TagInPath(key): TagInPath,
    reader: Reader,
    Asked(query): Asked<Query>,
) -> Result<Page, Problem> {
    let user = user(&query.user)?;
    let question = ExplanationQuestion {
        of: Subject::Tag(key),
        user: user.clone(),
        as_of: None,
    };
    let found = app.explain(question).await?;
    let explanation = found.ok_or_else(|| unknown_user(query.user.trim()))?;
    let explanation = called(explanation, &app, reader.language).await?;
    Ok(told(&explanation, &user, &app, &reader))
}

#[derive(Deserialize)]
pub(super) struct RuleQuery {
    rule: String,
    user: String,
    #[serde(default)]
    as_of: String,
}

/// `GET /rules/explain?rule=&user=&as_of=`; the rule may be the key of a tag or of an audience.
pub(super) async fn of_rule(
    State(app): State<App>,
    reader: Reader,
    Asked(query): Asked<RuleQuery>,
) -> Result<Page, Problem> {
    let user = user(&query.user)?;
    let as_of = match query.as_of.trim() {
        "" => None,
        text => Some(
            Time::parse(text)
                .ok_or_else(|| Problem::invalid(Phrase::InvalidAsOf.text(reader.language)))?,
        ),
    };
    let question = ExplanationQuestion {
        of: Subject::Rule(query.rule.clone()),
        user: user.clone(),
        as_of,
    };
    let found = app.explain(question).await;
    let found = found.map_err(|error| Problem::of_rule(error, &query.rule, reader.language))?;
    let explanation = found.ok_or_else(|| unknown_user(query.user.trim()))?;
    let explanation = called(explanation, &app, reader.language).await?;
    Ok(told(&explanation, &user, &app, &reader))
}

/// The explanation with the values of a tag as people call them.
async fn called(
    mut explanation: Explanation,
    app: &App,
    language: Language,
) -> Result<Explanation, Problem> {
    let names = match &explanation.of {
        Subject::Tag(key) => {
            let overview = app.overview().await?;
            let tag = overview.tag(key);
            tag.map(|tag| names_of_values(&tag.definition))
        }
        Subject::Audience(_) | Subject::Rule(_) => None,
    };
    let names = names.unwrap_or_default();
    let cases = explanation.rule.iter_mut();
    let of_cases = cases.flat_map(|case| case.value.iter_mut().chain(&mut case.comes_after));
    for value in of_cases.chain(&mut explanation.values) {
        *value = match names.get(value) {
            Some(name) => named(name, value, language).to_owned(),
            None => tag_value(value),
        };
    }
    Ok(explanation)
}

fn user(written: &str) -> Result<UserKey, Problem> {
    let written = written.trim();
    written.parse().map_err(|_| unknown_user(written))
}

/// The form that asks why one user matches a rule, or does not.
pub(super) fn question(rule: &str, as_of: &str, setting: &Setting) -> Markup {
    html! {
        form.trial.ask action="/rules/explain" {
            input type="hidden" name="rule" value=(rule);
            @if !as_of.is_empty() { input type="hidden" name="as_of" value=(as_of); }
            (user_field(setting))
        }
    }
}

/// Where the user is written, and the button.
pub(super) fn user_field(setting: &Setting) -> Markup {
    html! {
        input name="user" required autocomplete="off" spellcheck="false"
            aria-label=(setting.text(Phrase::User)) placeholder=(setting.text(Phrase::User));
        button { (setting.text(Phrase::Explain)) }
    }
}

fn told(explanation: &Explanation, user: &UserKey, app: &App, reader: &Reader) -> Page {
    let zone = &app.config.zone;
    let setting = Setting {
        language: reader.language,
        zone,
        now: now(),
    };
    let name = name(explanation, &setting);
    let verdict = verdict(explanation, &setting);
    let content = html! {
        (above(explanation, &name, &setting))
        div.title {
            h1 {
                (user_link(user)) " " (verdict)
                @if !name.is_empty() { " " (name) }
            }
            @if !explanation.values.is_empty() {
                span.kind { (explanation.values.join(", ")) }
            }
        }
        p.quiet { (setting.text(Phrase::AsOf)) " " (exact(explanation.as_of, &setting)) }
        p.sentence { (explanation.sentence.of(setting.language)) }
        section { ul.reasons { @for reason in &explanation.rule { (shown(reason, &setting)) } } }
        @if let Some(change) = &explanation.change { (changed(change, &explanation.of, &setting)) }
    };
    let title = format!("{user} {verdict} {name}");
    page(reader, zone, title.trim_end(), &content)
}

/// What is explained, as people call it; a rule has no name.
fn name(explanation: &Explanation, setting: &Setting) -> String {
    let key = match &explanation.of {
        Subject::Tag(key) => key.as_str(),
        Subject::Audience(key) => key.as_str(),
        Subject::Rule(_) => return String::new(),
    };
    named(&explanation.name, key, setting.language).to_owned()
}

/// Where it belongs: the way back.
fn above(explanation: &Explanation, name: &str, setting: &Setting) -> Markup {
    let way = |to: &str, phrase: Phrase, own: String, key: &str| {
        html! {
            p.above {
                a href=(to) { (setting.text(phrase)) }
                " / " a href=(own) { (name) }
                @if name != key { " " code.key { (key) } }
            }
        }
    };
    match &explanation.of {
        Subject::Tag(key) => way("/", Phrase::Tags, tag_address(key.as_str()), key.as_str()),
        Subject::Audience(key) => {
            let own = audience_address(key.as_str());
            way("/audiences", Phrase::Audiences, own, key.as_str())
        }
        Subject::Rule(text) => html! {
            p.above { a href=(rule_address(text)) { (setting.text(Phrase::TryRule)) } }
            (rule_block(text))
        },
    }
}

fn verdict(explanation: &Explanation, setting: &Setting) -> &'static str {
    setting.text(match (&explanation.of, explanation.has) {
        (Subject::Tag(_), true) => Phrase::HasTag,
        (Subject::Tag(_), false) => Phrase::HasNotTag,
        (Subject::Audience(_), true) => Phrase::IsInAudience,
        (Subject::Audience(_), false) => Phrase::IsNotInAudience,
        (Subject::Rule(_), true) => Phrase::MatchesRule,
        (Subject::Rule(_), false) => Phrase::MatchesNotRule,
    })
}

fn shown(reason: &Reason, setting: &Setting) -> Markup {
    match (&reason.value, &reason.comes_after) {
        (Some(value), Some(earlier)) => passed_over(reason, value, earlier, setting),
        (Some(value), None) => part(reason, &html! { b { (value) } " " }, setting),
        (None, _) => part(reason, &html! {}, setting),
    }
}

/// A part, with what it gives if it holds before it.
fn part(reason: &Reason, gives: &Markup, setting: &Setting) -> Markup {
    let said = reason.sentence.of(setting.language);
    // The sum of points is told with its sentence.
    let is_sum = reason.joint == Some(Joint::Points);
    let measures = reason
        .measured
        .get(usize::from(is_sum)..)
        .unwrap_or_default();
    html! {
        li {
            (mark(reason.holds)) (gives)
            @match reason.joint {
                None => { (said) (expression(&reason.text)) },
                Some(Joint::Points) => { (said) (sum(reason, setting)) (expression(&reason.text)) },
                Some(joint) => (joined(joint, setting)),
            }
            @if !measures.is_empty() {
                dl.facts { @for one in measures { (measured(one, setting)) } }
            }
            @if reason.are_above {
                p.quiet { (setting.text(Phrase::RuleAbove)) }
            } @else if is_sum {
                (points(&reason.parts, setting))
            } @else if !reason.parts.is_empty() {
                ul.reasons { @for part in &reason.parts { (shown(part, setting)) } }
            }
        }
    }
}

fn sum(reason: &Reason, setting: &Setting) -> String {
    let value = reason.measured.first().and_then(|sum| sum.value.as_deref());
    match value {
        Some(value) => Phrase::ItIs.with(setting.language, &[value]),
        None => setting.text(Phrase::ItIsMissing).to_owned(),
    }
}

/// What gives points: what holds, and folded what does not; of few all are seen.
fn points(parts: &[Reason], setting: &Setting) -> Markup {
    let (given, others): (Vec<&Reason>, Vec<&Reason>) = parts.iter().partition(|part| part.holds);
    let worth = |of: &Reason| {
        let points = of.value.as_deref().unwrap_or_default();
        let phrase = match points {
            "1" => Phrase::PointOf,
            _ => Phrase::PointsOf,
        };
        html! { b { (phrase.with(setting.language, &[points])) } }
    };
    html! {
        ul.reasons { @for one in given { (part(one, &worth(one), setting)) } }
        @if !others.is_empty() {
            details.others open[parts.len() <= FEW_POINTS] {
                summary { (Phrase::OthersHoldNot.with(setting.language, &[&others.len().to_string()])) }
                ul.reasons { @for one in others { (part(one, &worth(one), setting)) } }
            }
        }
    }
}

/// A part as it is written, folded where it is long.
fn expression(text: &str) -> Markup {
    html! {
        @match beginning(text) {
            None => (rule_block(text)),
            Some(beginning) => details { summary { code { (beginning) "…" } } (rule_block(text)) },
        }
    }
}

/// An expression within a line.
fn inline(text: &str) -> Markup {
    html! {
        @match beginning(text) {
            None => code { (text) },
            Some(beginning) => code title=(text) { (beginning) "…" },
        }
    }
}

/// The beginning of an expression that is long.
fn beginning(text: &str) -> Option<&str> {
    let (end, _) = text.char_indices().nth(LONGEST_EXPRESSION)?;
    text.get(..end)
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
        Joint::Points => setting.text(Phrase::PointsAddedUp).to_owned(),
    }
}

fn measured(measured: &Measured, setting: &Setting) -> Markup {
    html! {
        div {
            dt { (inline(&measured.text)) }
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

fn changed(change: &Change, of: &Subject, setting: &Setting) -> Markup {
    let heading = match (of, change.had) {
        (Subject::Audience(_), true) => Phrase::WasInItAt,
        (Subject::Audience(_), false) => Phrase::WasNotInItAt,
        (Subject::Tag(_) | Subject::Rule(_), true) => Phrase::HadItAt,
        (Subject::Tag(_) | Subject::Rule(_), false) => Phrase::HadItNotAt,
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
                                    (inline(&after.text)) " "
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
