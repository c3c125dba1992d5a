//! The overview: all tags by category, with counts, shares and freshness.

use axum::extract::State;
use domain::TagStatus;
use maud::{Markup, html};
use serde::Deserialize;

use super::format::{duration, encoded, grouped, named};
use super::layout::{Page, page};
use super::parts::{
    Setting, as_of, bar, can_be_stacked, failure, moment, share_cells, state_pill, tag_address,
    tone,
};
use super::phrase::Phrase;
use super::reader::Reader;
use crate::app::{App, now};
use crate::asked::Asked;
use crate::found::{Search, searched_text};
use crate::ports::{FreshnessState, Overview, TagKind, TagOverview};
use crate::problem::Problem;

/// The most tags on one page: a catalogue is one page, many thousands are many.
const LONGEST: usize = 600;
/// The most values beside a tag.
const LISTED_VALUES: usize = 6;

#[derive(Default, Deserialize)]
pub(super) struct Query {
    q: Option<String>,
    category: Option<String>,
    failed: Option<String>,
    state: Option<TagStatus>,
    from: Option<usize>,
}

/// The tags of a page, and which of all they are.
struct Shown<'a> {
    tags: Vec<&'a TagOverview>,
    found: usize,
    from: usize,
}

impl Shown<'_> {
    /// Whether everything that was found is on this page.
    fn is_whole(&self) -> bool {
        self.tags.len() == self.found
    }

    fn next(&self) -> Option<usize> {
        let next = self.from.saturating_add(self.tags.len());
        (next < self.found).then_some(next)
    }
}

/// `GET /?q=&category=&failed=&state=&from=`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    Asked(query): Asked<Query>,
) -> Result<Page, Problem> {
    let overview = app.overview().await?;
    let zone = &app.config.zone;
    let setting = Setting {
        language: reader.language,
        zone,
        now: now(),
    };
    let content = if overview.tags.is_empty() {
        nothing_defined(&setting)
    } else {
        content(&overview, &query, &reader, &setting)
    };
    Ok(page(&reader, zone, setting.text(Phrase::Tags), &content))
}

fn nothing_defined(setting: &Setting) -> Markup {
    html! {
        section.empty {
            h1 { (setting.text(Phrase::NoTags)) }
            p { (setting.text(Phrase::NoTagsHint)) }
            pre.rule tabindex="0" { code { "muster apply definitions.yaml\nmuster compute" } }
        }
    }
}

fn content(overview: &Overview, query: &Query, reader: &Reader, setting: &Setting) -> Markup {
    let search = Search::new(query.q.as_deref(), query.category.as_deref());
    let search = search.in_state(query.state);
    let found: Vec<&TagOverview> = search
        .among(&overview.tags)
        .filter(|tag| query.failed.is_none() || tag.freshness.error.is_some())
        .collect();
    let from = query.from.unwrap_or(0);
    let shown = Shown {
        tags: found.iter().skip(from).take(LONGEST).copied().collect(),
        found: found.len(),
        from,
    };
    let groups = by_category(&shown.tags);
    html! {
        (summary(overview, setting))
        (failures(overview, query, setting))
        (search_form(query, &shown, setting))
        div.columns {
            (category_list(&by_category(&found), shown.is_whole(), setting))
            div.groups {
                @for (at, (category, tags)) in groups.iter().enumerate() {
                    (group(at, category, tags, overview.known_users, setting))
                }
                p #nothing-found .quiet hidden[!groups.is_empty()] {
                    (setting.text(Phrase::NothingFound))
                }
                @if query.state.is_none() && has_archived(overview) {
                    p.more { a href="/?state=archived" { (setting.text(Phrase::ArchivedTags)) } }
                }
                @if let Some(next) = shown.next() {
                    p.more {
                        a href=(reader.address_with("from", &next.to_string())) {
                            (setting.text(Phrase::NextTags)) " →"
                        }
                    }
                }
            }
        }
    }
}

fn has_archived(overview: &Overview) -> bool {
    let mut tags = overview.tags.iter();
    tags.any(|tag| tag.definition.state() == TagStatus::Archived)
}

/// The categories in order of their first tag, those without one last.
fn by_category<'a>(tags: &[&'a TagOverview]) -> Vec<(&'a str, Vec<&'a TagOverview>)> {
    let mut groups: Vec<(&str, Vec<&TagOverview>)> = Vec::new();
    for tag in tags {
        let category = tag.definition.category.as_str();
        match groups.iter_mut().find(|(known, _)| *known == category) {
            Some((_, group)) => group.push(tag),
            None => groups.push((category, vec![tag])),
        }
    }
    groups.sort_by_key(|(category, _)| category.is_empty());
    groups
}

fn summary(overview: &Overview, setting: &Setting) -> Markup {
    let number = |number: u64, phrase: Phrase| {
        html! { div { dt { (setting.text(phrase)) } dd { (grouped(number)) } } }
    };
    let length = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
    html! {
        h1.unseen { (setting.text(Phrase::Tags)) }
        dl.summary {
            (number(overview.known_users, Phrase::KnownUsers))
            (number(length(overview.tags.len()), Phrase::DefinedTags))
            (number(length(overview.audiences.len()), Phrase::DefinedAudiences))
            div {
                dt {
                    (setting.text(Phrase::LastComputed))
                    @if let Some(last) = overview.last_computation {
                        " · " (Phrase::Took.with(setting.language, &[&duration(last.duration)]))
                    }
                }
                dd {
                    @match overview.last_computation {
                        Some(last) => (moment(last.finished_at, setting)),
                        None => (setting.text(Phrase::NotComputed)),
                    }
                }
            }
        }
    }
}

fn failures(overview: &Overview, query: &Query, setting: &Setting) -> Markup {
    let failed = overview
        .tags
        .iter()
        .filter(|tag| tag.freshness.error.is_some())
        .count();
    let sentence = match failed {
        1 => setting.text(Phrase::FailedTag).to_owned(),
        failed => Phrase::FailedTags.with(setting.language, &[&failed.to_string()]),
    };
    html! {
        @if failed > 0 {
            p.failure {
                (sentence) " "
                @if query.failed.is_none() {
                    a href="/?failed=1" { (setting.text(Phrase::ShowFailed)) }
                } @else {
                    a href="/" { (setting.text(Phrase::AllTags)) }
                }
            }
        }
    }
}

/// The search works without a script; with one, it filters what is there while one types.
fn search_form(query: &Query, shown: &Shown, setting: &Setting) -> Markup {
    let is_whole = shown.is_whole() && query.q.as_deref().unwrap_or("").is_empty();
    html! {
        form.search action="/" role="search" aria-label=(setting.text(Phrase::SearchTags))
            data-filters=[is_whole.then_some("")] {
            label.unseen for="search" { (setting.text(Phrase::SearchTags)) }
            input #search name="q" type="search" autocomplete="off" spellcheck="false"
                value=[query.q.as_deref()] placeholder=(setting.text(Phrase::SearchHint));
            @if let Some(category) = &query.category {
                input type="hidden" name="category" value=(category);
            }
            @if let Some(state) = query.state {
                input type="hidden" name="state" value=(state.name());
            }
            @if let Some(failed) = &query.failed {
                input type="hidden" name="failed" value=(failed);
            }
            button { (setting.text(Phrase::Search)) }
            output #shown for="search" data-phrase=(setting.text(Phrase::ShownTags)) {
                (Phrase::ShownTags.with(setting.language, &[&shown.tags.len().to_string()]))
            }
        }
    }
}

/// All categories of what was found: those of this page as places on it, else as pages of their own.
fn category_list(
    groups: &[(&str, Vec<&TagOverview>)],
    is_whole: bool,
    setting: &Setting,
) -> Markup {
    let address = |at: usize, category: &str| match is_whole {
        true => format!("#category-{at}"),
        false => format!("/?category={}", encoded(category)),
    };
    html! {
        nav.categories aria-label=(setting.text(Phrase::Categories)) {
            ul {
                @for (at, (category, tags)) in groups.iter().enumerate() {
                    li {
                        a href=(address(at, category)) {
                            span { (category_name(category, setting)) }
                            span.count { (tags.len()) }
                        }
                    }
                }
            }
        }
    }
}

fn category_name<'a>(category: &'a str, setting: &Setting) -> &'a str {
    if category.is_empty() {
        setting.text(Phrase::NoCategory)
    } else {
        category
    }
}

fn group(
    at: usize,
    category: &str,
    tags: &[&TagOverview],
    everybody: u64,
    setting: &Setting,
) -> Markup {
    html! {
        section.group id={ "category-" (at) } {
            h2 { (category_name(category, setting)) }
            table {
                thead {
                    tr {
                        th scope="col" { (setting.text(Phrase::Tag)) }
                        th.number scope="col" { (setting.text(Phrase::Users)) }
                        th.share scope="col" { (setting.text(Phrase::Share)) }
                        th.when scope="col" { (setting.text(Phrase::AsOf)) }
                    }
                }
                tbody {
                    @for tag in tags { (row(tag, everybody, setting)) }
                }
            }
        }
    }
}

fn row(tag: &TagOverview, everybody: u64, setting: &Setting) -> Markup {
    let key = tag.definition.key.as_str();
    let name = named(&tag.definition.name, key, setting.language);
    html! {
        tr data-text=(searched_text(tag)) {
            th scope="row" {
                a.name href=(tag_address(key)) { (name) }
                @if name != key { " " code.key { (key) } }
                @if tag.definition.state() != TagStatus::Published {
                    " " (state_pill(tag.definition.state(), setting))
                }
                @if tag.versions.draft.is_some() { " " (state_pill(TagStatus::Draft, setting)) }
                @if tag.kind == TagKind::Layered && !tag.values.is_empty() {
                    (value_list(tag))
                }
                @if let Some(error) = &tag.freshness.error {
                    (failure(error, setting))
                } @else if tag.freshness.state == FreshnessState::Due {
                    " " span.waiting { (setting.text(Phrase::Waiting)) }
                }
            }
            (share_cells(tag.count, everybody, &bar(tag.count, &tag.values, everybody)))
            td.when { (as_of(&tag.freshness, setting)) }
        }
    }
}

/// The first values of a tag, in the tones of its bar.
fn value_list(tag: &TagOverview) -> Markup {
    let is_stacked = can_be_stacked(tag.count, &tag.values);
    let class = |at| {
        if is_stacked {
            format!("tone-{}", tone(at))
        } else {
            "plain".to_owned()
        }
    };
    html! {
        ul.values {
            @for (at, value) in tag.values.iter().take(LISTED_VALUES).enumerate() {
                li class=(class(at)) { (value.value) }
            }
            @if tag.values.len() > LISTED_VALUES {
                li.plain { "+" (tag.values.len() - LISTED_VALUES) }
            }
        }
    }
}
