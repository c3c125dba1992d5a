//! The trial of a rule: its count and first members, or what is wrong with it and where.

mod marks;

use axum::extract::State;
use domain::{TagBody, Time, UserKey};
use maud::{Markup, html};
use rules::{Diagnostic, PlacedDiagnostic, Severity, Suggestion};
use serde::Deserialize;

use self::marks::marked;
use super::explanation;
use super::format::{encoded, grouped, named, percent};
use super::layout::{Page, page};
use super::parts::{Setting, bar, exact, in_backticks, rule_address, user_link};
use super::phrase::Phrase;
use super::reader::Reader;
use crate::Error;
use crate::app::{App, now};
use crate::asked::{Asked, cursor};
use crate::ports::{Overview, RuleAnswer, RuleQuestion};
use crate::problem::Problem;

/// Members on a page.
const MEMBERS: usize = 20;

/// Rules of tags that are shown to begin with.
const EXAMPLES: usize = 4;

#[derive(Default, Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    rule: String,
    #[serde(default)]
    as_of: String,
    after: Option<String>,
    /// Anything: all users are counted, however many there are.
    exact: Option<String>,
}

/// What a trial came to.
enum Outcome {
    NotAsked,
    InvalidAsOf,
    Mistaken(Vec<Diagnostic>),
    Answered(RuleAnswer),
}

/// `GET /rules?rule=&as_of=&after=&exact=`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    Asked(query): Asked<Query>,
) -> Result<Page, Problem> {
    let overview = app.overview().await?;
    let outcome = outcome(&app, &query).await?;
    let zone = &app.config.zone;
    let setting = Setting {
        language: reader.language,
        zone,
        now: now(),
    };
    let title = setting.text(Phrase::TryRule);
    let content = html! {
        div.title { h1 { (title) } }
        p.lead { (setting.text(Phrase::RuleIntroduction)) }
        (form(&query, &setting))
        div #answer role="status" {
            @match &outcome {
                Outcome::NotAsked => (examples(&overview, &setting)),
                Outcome::InvalidAsOf => p.failure { (setting.text(Phrase::InvalidAsOf)) },
                Outcome::Mistaken(diagnostics) => {
                    (mistakes(Phrase::Problems, diagnostics, &query, &setting))
                },
                Outcome::Answered(answer) => (answered(answer, &query, &reader, &setting)),
            }
        }
    };
    Ok(page(&reader, zone, title, &content))
}

async fn outcome(app: &App, query: &Query) -> Result<Outcome, Problem> {
    if query.rule.trim().is_empty() {
        return Ok(Outcome::NotAsked);
    }
    let as_of = match query.as_of.trim() {
        "" => None,
        text => match Time::parse(text) {
            Some(time) => Some(time),
            None => return Ok(Outcome::InvalidAsOf),
        },
    };
    let question = RuleQuestion {
        on: None,
        rule: query.rule.clone(),
        as_of,
        after: cursor(query.after.as_deref())?,
        limit: MEMBERS,
        estimate: query.exact.is_none() && query.after.is_none(),
    };
    match app.compute(question).await {
        Ok(answer) => Ok(Outcome::Answered(answer)),
        Err(Error::Rule(diagnostics)) => Ok(Outcome::Mistaken(diagnostics)),
        Err(error) => Err(Problem::from(error)),
    }
}

fn form(query: &Query, setting: &Setting) -> Markup {
    let lines = query.rule.lines().count().clamp(3, 16);
    html! {
        form.trial action="/rules" {
            label for="rule" { (setting.text(Phrase::RuleText)) }
            // A browser drops the first line break inside, so one is put there.
            textarea #rule name="rule" rows=(lines) required spellcheck="false"
                autocapitalize="off" autocomplete="off" { "\n" (query.rule) }
            div.row {
                div {
                    label for="as-of" { (setting.text(Phrase::AsOfOptional)) }
                    input #as-of name="as_of" value=(query.as_of) autocomplete="off"
                        aria-describedby="as-of-hint" size="24";
                    small #as-of-hint { (setting.text(Phrase::AsOfHint)) }
                }
                small.keys { (setting.text(Phrase::ComputeHint)) }
                button.main { (setting.text(Phrase::Compute)) }
            }
        }
    }
}

/// Rules of what is defined here: two tags combined, and the rules of some tags, of different
/// categories as far as there are.
fn examples(overview: &Overview, setting: &Setting) -> Markup {
    let mut examples = Vec::new();
    if let [first, second, ..] = overview.tags.as_slice() {
        let (first, second) = (&first.definition.key, &second.definition.key);
        let combined = format!("tag({first}) and not tag({second})");
        examples.push((setting.text(Phrase::ExampleOfTags), combined));
    }
    let mut categories = Vec::new();
    for tag in &overview.tags {
        let TagBody::Rule(rule) = &tag.definition.body else {
            continue;
        };
        if examples.len() <= EXAMPLES && !categories.contains(&&tag.definition.category) {
            categories.push(&tag.definition.category);
            let key = tag.definition.key.as_str();
            let name = named(&tag.definition.name, key, setting.language);
            examples.push((name, rule.clone()));
        }
    }
    html! {
        @if !examples.is_empty() {
            section {
                h2 { (setting.text(Phrase::Examples)) }
                ul.examples {
                    @for (name, rule) in &examples {
                        li {
                            span.quiet { (name) }
                            a href=(rule_address(rule)) { code { (rule) } }
                        }
                    }
                }
            }
        }
    }
}

fn answered(answer: &RuleAnswer, query: &Query, reader: &Reader, setting: &Setting) -> Markup {
    let users = if answer.count == 1 {
        Phrase::UserMatches
    } else {
        Phrase::UsersMatch
    };
    html! {
        section.answer {
            div.headline {
                strong {
                    @match answer.error {
                        Some(error) => (Phrase::Estimated.with(
                            setting.language,
                            &[&grouped(answer.count), &grouped(error)],
                        )),
                        None => (grouped(answer.count)),
                    }
                }
                " " (setting.text(users)) " · "
                (Phrase::ShareOfKnown.with(
                    setting.language,
                    &[&percent(answer.count, answer.known_users), &grouped(answer.known_users)],
                ))
                (bar(answer.count, &[], answer.known_users))
            }
            p.quiet { (setting.text(Phrase::AsOf)) " " (exact(answer.data_as_of, setting)) }
            @if answer.error.is_some() {
                p.quiet {
                    (setting.text(Phrase::EstimatedFrom)) " · "
                    a href=(reader.address_with("exact", "1")) { (setting.text(Phrase::CountExactly)) }
                }
            }
        }
        @if !answer.diagnostics.is_empty() {
            (mistakes(Phrase::Remarks, &answer.diagnostics, query, setting))
        }
        section {
            h2 { (setting.text(Phrase::WhyMatches)) }
            (explanation::question(&query.rule, query.as_of.trim(), setting))
        }
        @if !answer.members.is_empty() { (members(answer, reader, setting)) }
    }
}

fn members(answer: &RuleAnswer, reader: &Reader, setting: &Setting) -> Markup {
    let next = |user: &UserKey| reader.address_with("after", &user.to_string());
    html! {
        section {
            h2 {
                (setting.text(match answer.error {
                    Some(_) => Phrase::SomeMatches,
                    None => Phrase::FirstMatches,
                }))
            }
            ul.users { @for user in &answer.members { li { (user_link(user)) } } }
            @if let (Some(user), None) = (&answer.next, answer.error) {
                p.more { a rel="next" href=(next(user)) { (setting.text(Phrase::NextMembers)) " →" } }
            }
        }
    }
}

/// The rule with its doubtful places marked, and each problem in words.
fn mistakes(title: Phrase, diagnostics: &[Diagnostic], query: &Query, setting: &Setting) -> Markup {
    let language = setting.language;
    let diagnostics = PlacedDiagnostic::all(diagnostics, &query.rule, language);
    html! {
        section.mistakes {
            h2 { (setting.text(title)) }
            pre.rule tabindex="0" { code { (marked(&query.rule, &diagnostics)) } }
            ol {
                @for diagnostic in &diagnostics { (mistake(diagnostic, query, setting)) }
            }
        }
    }
}

fn mistake(diagnostic: &PlacedDiagnostic, query: &Query, setting: &Setting) -> Markup {
    let (class, severity) = match diagnostic.severity {
        Severity::Error => ("error", Phrase::Error),
        Severity::Warning => ("warning", Phrase::Warning),
        Severity::Hint => ("hint", Phrase::Hint),
    };
    let place = [diagnostic.line.to_string(), diagnostic.column.to_string()];
    html! {
        li class=(class) {
            span.severity { (setting.text(severity)) }
            span.place { (Phrase::Place.with(setting.language, &[&place[0], &place[1]])) }
            p { (in_backticks(&diagnostic.message)) }
            @if let Some(suggestion) = &diagnostic.suggestion {
                a.suggestion href=(corrected_address(suggestion, query)) {
                    @if suggestion.replacement.is_empty() {
                        (setting.text(Phrase::Remove))
                    } @else {
                        (Phrase::UseSuggestion.with(setting.language, &[&suggestion.replacement]))
                    }
                }
            }
        }
    }
}

fn corrected_address(suggestion: &Suggestion, query: &Query) -> String {
    let address = rule_address(&suggestion.apply(&query.rule));
    match query.as_of.trim() {
        "" => address,
        as_of => format!("{address}&as_of={}", encoded(as_of)),
    }
}
